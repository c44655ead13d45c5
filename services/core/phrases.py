"""Phrases: texts for people as a key with named values, put into a language only where somebody reads them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from gettext import NullTranslations

ENGLISH = NullTranslations()
"""The language in which every key is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text for people, not yet in a language.

    `one` is its English, and the key of its translations, with `{named}` places for `values`.
    Where `many` is given, `count` decides between the two; it is the value `{count}` as well.
    """

    one: str
    many: str = ''
    count: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the phrase in English, for programs and logs."""
        return self.spoken(ENGLISH)

    def spoken(self, language: NullTranslations) -> str:
        """Return the phrase in a language; phrases among its values are put into the same one."""
        values = {name: spoken(value, language) for name, value in self.values.items()}
        if self.count is None:
            text = language.gettext(self.one)
            return text.format(**values) if values else text
        return language.ngettext(self.one, self.many, self.count).format(count=self.count, **values)


def phrase(text: str, /, **values: object) -> Phrase:
    """Return a phrase; `make messages` finds its text here."""
    return Phrase(one=text, values=values)


def plural(one: str, many: str, /, count: int, **values: object) -> Phrase:
    """Return a phrase that depends on a number."""
    return Phrase(one=one, many=many, count=count, values=values)


def lines(said: Sequence[Phrase]) -> Phrase:
    """Return several phrases as one of several lines."""
    values = {f'line_{number}': each for number, each in enumerate(said, start=1)}
    return Phrase(one='\n'.join(f'{{{name}}}' for name in values), values=values)


def stored(said: Phrase, *, most: int) -> str:
    """Return a phrase as a column of so many letters keeps it; one that does not fit is kept in English, cut."""
    written = json.dumps(_packed(said), ensure_ascii=False, default=str)
    return written if len(written) <= most else str(said)[:most]


def recalled(written: str) -> Phrase | str:
    """Return the phrase that a column keeps; what is no phrase is returned as it stands."""
    try:
        said = _unpacked(json.loads(written))
        str(said)
    except (ValueError, TypeError, KeyError, AttributeError):
        return written
    return said


def _packed(said: Phrase) -> list[object]:
    values = {name: _packed(value) if isinstance(value, Phrase) else value for name, value in said.values.items()}
    return [said.one, said.many, said.count, values]


def _unpacked(packed: list[object]) -> Phrase:
    one, many, count, values = packed
    if not isinstance(values, dict):
        raise TypeError(values)
    inside = {name: _unpacked(value) if isinstance(value, list) else value for name, value in values.items()}
    return Phrase(one=str(one), many=str(many), count=count if isinstance(count, int) else None, values=inside)


def spoken(value: object, language: NullTranslations) -> object:
    """Return a value as a person reads it in a language; what is no phrase stays what it is."""
    return value.spoken(language) if isinstance(value, Phrase) else value
