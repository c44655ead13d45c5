"""The words on a screen, in the language of the person who reads it.

Every text that a person reads goes through `_`, `ngettext` or `say`; `make messages` collects them. The reader's
language is that of the page being built, or of the client whose event is handled.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import TypeVar

from nicegui import ui
from nicegui.slot import Slot, get_task_id

from services.core.errors import DomainError
from services.core.languages import translations
from services.core.phrases import Phrase, plural
from services.core.phrases import phrase as _phrase

_language: ContextVar[str] = ContextVar('language', default='')
_KEPT = 'language'

Key = TypeVar('Key')
Word = TypeVar('Word')


def _(text: str, /, **values: object) -> str:
    """Return a text in the reader's language, with its named values."""
    return say(_phrase(text, **values))


def ngettext(one: str, many: str, /, count: int, **values: object) -> str:
    """Return a text that depends on a number, in the reader's language."""
    return say(plural(one, many, count, **values))


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


def remember(chosen: str) -> None:
    """Keep the language for everything that is drawn later on the page being built."""
    ui.context.client.storage[_KEPT] = chosen


def _of_client() -> str:
    stack = Slot.stacks.get(get_task_id())  # empty where one piece of code draws for many readers
    return str(stack[-1].parent.client.storage.get(_KEPT, 'en')) if stack else 'en'
