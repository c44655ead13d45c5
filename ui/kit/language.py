"""The words on a screen, in the language of the person who reads it.

Every text that a person reads goes through `_`, `ngettext` or `say`; `make messages` collects them. The reader's
language is that of the page being built, or of the client whose event is handled.

Some code draws for many readers: the tick of a room, a watcher of the hub, a timer of the event loop. It runs in the
context of the person whose tap has set it off, and so in their language. A page therefore gives such code only what
`for_reader` has bound, while the page is built or an event of its client is handled:

    room.watch_own(user_id, for_reader(self.refresh), for_reader(self.show_figure))
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from gettext import NullTranslations
from typing import ParamSpec, TypeVar

from nicegui import ui
from nicegui.slot import Slot, get_task_id

from services.core.errors import DomainError
from services.core.languages import translations
from services.core.phrases import Phrase, spoken

P = ParamSpec('P')
R = TypeVar('R')

_language: ContextVar[str] = ContextVar('language', default='')
_KEPT = 'language'

Key = TypeVar('Key')
Word = TypeVar('Word')


def _(text: str, /, **values: object) -> str:
    """Return a text in the reader's language, with its named values."""
    words = reader()
    said = words.gettext(text)
    return said.format(**{name: spoken(value, words) for name, value in values.items()}) if values else said


def ngettext(one: str, many: str, /, count: int, **values: object) -> str:
    """Return a text that depends on a number, in the reader's language."""
    words = reader()
    said = {name: spoken(value, words) for name, value in values.items()}
    return words.ngettext(one, many, count).format(count=count, **said)


def say(said: Phrase | DomainError | str) -> str:
    """Return a phrase, or the sentence of a refusal, in the reader's language; a person's own words as they are."""
    if isinstance(said, DomainError):
        said = said.sentence
    return said.spoken(reader()) if isinstance(said, Phrase) else said


class Spoken(Mapping[Key, Word]):
    """A table of words that are put into the reader's language where they are looked up."""

    def __init__(self, words: Mapping[Key, Callable[[], Word]]) -> None:
        self._words = words

    def __getitem__(self, key: Key) -> Word:
        return self._words[key]()

    def __iter__(self) -> Iterator[Key]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)


def reader() -> NullTranslations:
    """Return the translations for whom the code that runs now draws."""
    return translations(language())


def language() -> str:
    """Return the language of the person for whom the code that runs now draws."""
    return _language.get() or _of_client()


@contextmanager
def reading(chosen: str) -> Iterator[None]:
    """Draw for a reader of this language."""
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


def for_reader(draw: Callable[P, R]) -> Callable[P, R]:
    """Bind code to the language of the reader of the page at hand, also when the tap of another person calls it."""
    chosen = language()

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with reading(chosen):
            return draw(*args, **kwargs)

    return drawn


def remember(chosen: str) -> None:
    """Keep the language for everything that is drawn later on the page being built."""
    ui.context.client.storage[_KEPT] = chosen


def _of_client() -> str:
    for slot in reversed(Slot.stacks.get(get_task_id(), ())):  # empty where one piece of code draws for many readers
        try:
            return str(slot.parent.client.storage.get(_KEPT, 'en'))
        except RuntimeError:  # what was pressed has gone meanwhile
            continue
    return 'en'
