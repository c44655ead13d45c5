"""Lists in pages: a cursor says where the last page ended, so that nothing is missed or doubled when rows come."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from services.core.errors import Invalid

T = TypeVar('T')

MOST = 200


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(description='the `cursor` of the next page; null on the last one')


class Place(BaseModel):
    """Which part is asked for."""

    limit: int
    after: int


def _place(
    limit: Annotated[int, Query(ge=1, le=MOST, description='how many, at most')] = 50,
    cursor: Annotated[str | None, Query(max_length=20, description='what `next` of the last page said')] = None,
) -> Place:
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal()):
        raise Invalid('This cursor is not one of ours. Begin without one.', field='cursor')
    return Place(limit=limit, after=int(cursor or 0))


Paging = Annotated[Place, Depends(_place)]


def page_from(rows: Sequence[T], place: Place, *, by: Callable[[T], int]) -> Page[T]:
    """Return a page of rows that were asked for after `place.after`, one more than its limit."""
    items = list(rows[: place.limit])
    return Page[T](items=items, next=str(by(items[-1])) if len(rows) > len(items) else None)


def page_of(everything: Sequence[T], place: Place, *, by: Callable[[T], int]) -> Page[T]:
    """Return a page of a list, in the order of the ids that `by` gives."""
    rest = sorted((item for item in everything if by(item) > place.after), key=by)
    return page_from(rest[: place.limit + 1], place, by=by)
