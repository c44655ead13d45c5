"""What addresses and bodies are made of."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

LARGEST_ID = 2**31 - 1

Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""An id in an address."""

IdField = Annotated[int, Field(ge=1, le=LARGEST_ID)]
"""An id in a body."""


class Body(BaseModel):
    """What a program sends: nothing that we do not know, so that a misspelt name is told and not ignored."""

    model_config = ConfigDict(extra='forbid', frozen=True)


class Made(BaseModel):
    """Something new is there."""

    id: int
