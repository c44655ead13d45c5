"""The words on a screen, in the language of the person who reads it.

Every text that a person reads goes through `_`, `ngettext` or `say`; `make messages` collects them. The reader's
language is that of the page being built, or of the client whose event is handled.

Some code draws for many readers: the tick of a room, a watcher of the hub, a timer of the event loop. It runs in the
context of the person whose tap has set it off, and so in their language. A page therefore gives such code only what
`for_reader` has bound, while the page is built or an event of its client is handled:

    room.screens.watch_own(user_id, for_reader(self.refresh), for_reader(self.show_figure))
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from gettext import NullTranslations
from typing import ParamSpec, TypeVar
from unicodedata import bidirectional

from nicegui import ui
from nicegui.slot import Slot, get_task_id

from services.core.errors import DomainError
from services.core.languages import translations
from services.core.phrases import Phrase, spoken

P = ParamSpec('P')
R = TypeVar('R')

_language: ContextVar[str] = ContextVar('language', default='')
_KEPT = 'language'

VALUE = re.compile(r'\{\w*\}')
LEADS = {'L': '\u200e', 'R': '\u200f'}
"""marks that nobody sees, which say in which direction a text runs: as Latin letters do, or as Arabic ones"""

Key = TypeVar('Key')
Word = TypeVar('Word')


def _(text: str, /, **values: object) -> str:
    """Return a text in the reader's language, with its named values."""
    words = reader()
    said = words.gettext(text)
    if not values:
        return said
    return _led(said, said.format(**{name: spoken(value, words) for name, value in values.items()}))


def ngettext(one: str, many: str, /, count: int, **values: object) -> str:
    """Return a text that depends on a number, in the reader's language."""
    words = reader()
    named = {name: spoken(value, words) for name, value in values.items()}
    said = words.ngettext(one, many, count)
    return _led(said, said.format(count=count, **named))


def say(said: Phrase | DomainError | str) -> str:
    """Return a phrase, or the sentence of a refusal, in the reader's language; a person's own words as they are."""
    if isinstance(said, DomainError):
        said = said.sentence
    if not isinstance(said, Phrase):
        return said
    words = reader()
    text = words.gettext(said.one) if said.count is None else words.ngettext(said.one, said.many, said.count)
    return _led(text, said.spoken(words))


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


def _led(said: str, filled: str) -> str:
    """Return a sentence that begins with a name so that it runs as its own words do: a text takes its direction from
    its first letter, and the name may be of another script.
    """
    if not said.startswith('{') or filled.isascii():  # all of it runs as Latin letters do
        return filled
    runs = _runs(said)
    return filled if runs in {'', _direction(filled)} else LEADS[runs] + filled


@cache
def _runs(said: str) -> str:
    return _direction(VALUE.sub('', said))


def _direction(text: str) -> str:
    """Return `L` where the first letter runs as Latin ones do, `R` as Arabic ones; empty where there is no letter."""
    return next((kind[:1].replace('A', 'R') for each in text if (kind := bidirectional(each)) in {'L', 'R', 'AL'}), '')


def _of_client() -> str:
    for slot in reversed(Slot.stacks.get(get_task_id(), ())):  # empty where one piece of code draws for many readers
        try:
            return str(slot.parent.client.storage.get(_KEPT, 'en'))
        except RuntimeError:  # what was pressed has gone meanwhile
            continue
    return 'en'
