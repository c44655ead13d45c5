"""Texts of a report: phrases that stay without a language where a report is kept, and are English for programs."""

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, SerializationInfo

from services.core.phrases import Phrase, phrase

KEEP: Mapping[str, bool] = {'keep': True}
"""the context in which a report is written to be kept"""


def kept(said: Phrase) -> dict[str, object]:
    """Return a phrase as JSON keeps it."""
    values = {name: kept(value) if isinstance(value, Phrase) else _plain(value) for name, value in said.values.items()}
    return {'one': said.one, 'many': said.many, 'count': said.count, 'values': values}


def recalled(written: object) -> object:
    """Return the phrase that `kept` wrote; anything else as it is."""
    if not isinstance(written, dict):
        return written
    values = {name: recalled(value) for name, value in written['values'].items()}
    return Phrase(one=written['one'], many=written['many'], count=written['count'], values=values)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _written(said: Phrase, info: SerializationInfo) -> object:
    return kept(said) if info.context else str(said)


Words = Annotated[Phrase, BeforeValidator(recalled), PlainSerializer(_written, return_type=object)]
"""a text of ours in a report"""


def own(text: str) -> Phrase:
    """Return words that somebody typed as a text among ours; no language changes them."""
    return phrase('{text}', text=text)


def isolated(name: str) -> str:
    """Return a name or a title for a sentence of ours; one that is written from right to left does not turn it."""
    turns = any(unicodedata.bidirectional(letter) in {'R', 'AL'} for letter in name)
    return f'\u2068{name}\u2069' if turns else name


def day(date_: date) -> Phrase:
    """Return a date as people say it."""
    return phrase('{day} {month} {year}', day=date_.day, month=_MONTHS[date_.month - 1], year=date_.year)


_MONTHS = (
    phrase('January'),
    phrase('February'),
    phrase('March'),
    phrase('April'),
    phrase('May'),
    phrase('June'),
    phrase('July'),
    phrase('August'),
    phrase('September'),
    phrase('October'),
    phrase('November'),
    phrase('December'),
)
