"""`/api/courses/{course_id}/classes`: the classes that are over, side by side, and each of them again."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from pydantic import TypeAdapter

from api.auth import Person
from api.paging import Page, Paging, page_of
from api.responses import encoded
from api.subject import Subject
from api.types import Group, Id
from services.core import database
from services.live.replay import api_views
from services.live.replay import classes as replay_classes
from services.live.replay.api_views import PastClass, PastGrid, PastMoves
from services.live.replay.classes import Held

router = Subject(prefix='/courses/{course_id}/classes', tags=['classes'])

LONGEST = 7 * 24 * 3600

_GRID, _MOVES = TypeAdapter(PastGrid), TypeAdapter(PastMoves)


@router.get('')
async def classes(course_id: Id, actor: Person, place: Paging, group: Group = '') -> Page[Held]:
    """The classes of a course that are over, to be compared."""
    found = await database.read(replay_classes.of_course, actor, course_id, group=group)
    return page_of(found.held, place, by=lambda each: each.session_id)


@router.get('/{session_id}')
async def one(course_id: Id, session_id: Id, actor: Person, group: Group = '') -> PastClass:
    """How a class went that is over: how long each checkpoint took, and when how many were done."""
    return await database.read(api_views.of_class, actor, course_id, session_id, group=group)


@router.get('/{session_id}/grid', response_model=PastGrid)
async def grid(
    course_id: Id,
    session_id: Id,
    actor: Person,
    second: Annotated[int, Query(ge=0, le=LONGEST, description='since the class began')],
    group: Group = '',
) -> Response:
    """The grid of a class that is over as it was at any moment."""
    return await encoded(_GRID, api_views.grid, actor, course_id, session_id, second, group=group)


@router.get('/{session_id}/moves', response_model=PastMoves)
async def moves(course_id: Id, session_id: Id, actor: Person, group: Group = '') -> Response:
    """All that moved in a class that is over, from its beginning to its end."""
    return await encoded(_MOVES, api_views.moves, actor, course_id, session_id, group=group)
