"""What addresses and bodies are made of."""

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

LARGEST_ID = 2**31 - 1

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""An id in an address."""

IdField = Annotated[int, Field(ge=1, le=LARGEST_ID, strict=True)]
"""An id in a body: a number, neither `"7"` nor `true`."""

_CANNOT_BE_STORED = re.compile('[\x00\ud800-\udfff]')
"""PostgreSQL takes no NUL, and half of a surrogate pair is no character."""


class Body(BaseModel):
    """What a program sends: nothing that we do not know, so that a misspelt name is told and not ignored."""

    model_config = ConfigDict(extra='forbid', frozen=True, allow_inf_nan=False)

    @model_validator(mode='before')
    @classmethod
    def _can_be_stored(cls, sent: object) -> object:
        if any(_CANNOT_BE_STORED.search(text) for text in _texts(sent)):
            raise ValueError('a text in it holds a character that cannot be stored')
        return sent


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
