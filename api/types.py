"""What addresses and bodies are made of."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from services.core.errors import NotFound

LARGEST_ID = 2**31 - 1

_WHOLE = re.compile('-?(0|[1-9][0-9]*)')


def _spelled_as_a_number(sent: object) -> object:
    """Let one address lead to one thing: `1.0`, `+1` and `01` are numbers, but nobody has such an address."""
    if isinstance(sent, str) and not _WHOLE.fullmatch(sent):
        try:
            float(sent)
        except ValueError:
            return sent
        raise NotFound('There is nothing here.')
    return sent


Id = Annotated[int, Path(ge=1, le=LARGEST_ID), BeforeValidator(_spelled_as_a_number)]
"""An id in an address."""

IdField = Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True)]
"""An id in a body: a number, neither `"7"` nor `true`."""

_CANNOT_BE_STORED = re.compile('[\x00\ud800-\udfff]')
"""PostgreSQL takes no NUL, and half of a surrogate pair is no character."""


def that_can_be_looked_for(sent: str) -> str:
    """Return what is looked for; raises `ValueError` for characters that no name has."""
    if _CANNOT_BE_STORED.search(sent):
        raise ValueError('it holds a character that no name has')
    return sent


Group = Annotated[
    str,
    Query(max_length=80, description='the name of a group of the course: only its learners; empty: everybody'),
    AfterValidator(that_can_be_looked_for),
]
"""A group behind the question mark."""


def few(most: int) -> BeforeValidator:
    """Refuse an object with very many names before each is looked at: thousands of them would hold up all taps."""

    def check(sent: object) -> object:
        if isinstance(sent, dict) and len(sent) > most:
            raise PydanticCustomError('too_many', 'it has more than {most} names', {'most': most})
        return sent

    return BeforeValidator(check)


def _be_strict(schema: Any) -> None:
    """Make numbers and truth values in a schema strict; words, lists and moments come as JSON has them."""
    if isinstance(schema, dict):
        if schema.get('type') in {'int', 'float', 'bool'}:
            schema['strict'] = True
        for part in schema.values():
            _be_strict(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            _be_strict(part)


class Body(BaseModel):
    """What a client sends: nothing that we do not know, so that a misspelt name is told and not ignored.

    A number is a number and a truth value one: neither `"7"` nor `true` is taken for 7.
    """

    model_config = ConfigDict(extra='forbid', frozen=True, allow_inf_nan=False)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return how this is validated, with its numbers and truth values taken as they are."""
        schema = handler(source)
        _be_strict(schema)
        return schema

    @model_validator(mode='before')
    @classmethod
    def _can_be_stored(cls, sent: object) -> object:
        if any(_CANNOT_BE_STORED.search(text) for text in _texts(sent)):
            raise ValueError('a text in it holds a character that cannot be stored')
        return sent


class Shape(BaseModel):
    """What a client is answered, made of a value of a service that has the same names."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def plain_number(given: object) -> object:
    """Return a number of a service as JSON has it."""
    return float(given) if isinstance(given, Decimal) else given


def _plain_text(given: object) -> object:
    return given if given is None or isinstance(given, str) else str(given)


Exact = Annotated[float, BeforeValidator(plain_number)]
"""A number that is exact inside, and a plain number for clients."""

Said = Annotated[str, BeforeValidator(_plain_text)]
"""A text in English, of a phrase."""

SaidOrNot = Annotated[str | None, BeforeValidator(_plain_text)]
"""A phrase that may be missing, in English."""


class Made(BaseModel):
    """Something new is there."""

    id: int


def _texts(sent: object) -> Iterator[str]:
    waiting = [sent]  # not by recursion, which would end with an error at a depth that JSON can have
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part
