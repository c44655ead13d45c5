"""`/api/courses/{course_id}/classes`: the classes that are over, side by side, and each of them again."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import TypeAdapter

from api.answers import encoded
from api.paging import Page, Paging, page_of
from api.types import Id
from api.who import Person
from services.core import database
from services.live.replay import replay, retold
from services.live.replay.replay import Held
from services.live.replay.retold import ClassTold, GridThen, MovesTold

router = APIRouter(prefix='/courses/{course_id}/classes', tags=['classes'])

LONGEST = 7 * 24 * 3600

_GRID, _MOVES = TypeAdapter(GridThen), TypeAdapter(MovesTold)


@router.get('')
async def classes(course_id: Id, actor: Person, place: Paging) -> Page[Held]:
    """The classes of a course that are over, to be compared."""
    _, held = await database.read(replay.of_course, actor, course_id)
    return page_of(held, place, by=lambda each: each.session_id)


@router.get('/{session_id}')
async def one(course_id: Id, session_id: Id, actor: Person) -> ClassTold:
    """How a class went that is over: how long each step took, and when how many were done."""
    return await database.read(retold.of_class, actor, course_id, session_id)


@router.get('/{session_id}/grid', response_model=GridThen)
async def grid(
    course_id: Id,
    session_id: Id,
    actor: Person,
    second: Annotated[int, Query(ge=0, le=LONGEST, description='since the class began')],
) -> Response:
    """The grid of a class that is over as it was at any moment."""
    return await encoded(_GRID, retold.grid, actor, course_id, session_id, second)


@router.get('/{session_id}/moves', response_model=MovesTold)
async def moves(course_id: Id, session_id: Id, actor: Person) -> Response:
    """All that moved in a class that is over, from its beginning to its end."""
    return await encoded(_MOVES, retold.moves, actor, course_id, session_id)
