"""`/api/courses/{course_id}/live`: the class that is on: how it stands, leading it, and taking part in it."""

from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api.auth import Person
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id, IdField, Made
from services.core import database
from services.enums import NameDisplay
from services.live import sessions
from services.live.pace_signals import PaceSignal
from services.live.sessions import LONGEST_TIME
from services.live.stream import api_presence, polling
from services.live.stream.polling import Window
from services.live.stream.snapshots import ClassState, OwnState
from services.progress import enrollments

router = Subject(prefix='/courses/{course_id}/live', tags=['live'])

Responses = dict[int | str, dict[str, Any]]
LiveState = Annotated[ClassState | OwnState, Field(discriminator='view')]
Known = Annotated[str | None, Header(max_length=2000, description='the `ETag` of the state that one has')]


class Current(Body):
    """Where everybody is to be."""

    checkpoint_id: IdField | None = Field(description='null lets each go at their own pace', examples=[12])


class Led(BaseModel):
    """Where everybody is now."""

    checkpoint_id: int


class Pause(Body):
    """Why everybody stops."""

    reason: str = Field(default='', max_length=500, examples=['Look at the board'])


class Timer(Body):
    """How much time the class has."""

    minutes: int | None = Field(ge=1, le=LONGEST_TIME, description='null takes the time away', examples=[10])


class Projector(Body):
    """Which names the projector shows."""

    names: NameDisplay


class Pace(Body):
    """How the learner finds the pace of the class."""

    signal: PaceSignal | None = Field(description='null takes it back', examples=['too_fast'])


class Hidden(Body):
    """Whether one keeps off the projector."""

    hidden: bool = Field(examples=[True])


_SAME: Responses = {304: {'description': 'Nothing has moved since the state with this `ETag`. There is no body.'}}
_STATE: Responses = {
    200: {'headers': {'ETag': {'description': 'the version of this state', 'schema': {'type': 'string'}}}}
}


@router.get('', response_model=LiveState, responses={**_STATE, **_SAME})
async def state(
    course_id: Id,
    actor: Person,
    if_none_match: Annotated[
        str | None, Header(max_length=2000, description='the `ETag` of the state that one has')
    ] = None,
) -> Response:
    """How the class stands: all of it for those who teach, a learner's part for a learner. Ask every three seconds."""
    window = await polling.window(actor, course_id)
    if if_none_match and window.version in _versions(if_none_match):
        return Response(status_code=304, headers=_headers(window))
    return _answer(window)


@router.post('/start', status_code=201)
async def start(course_id: Id, actor: Person, once: Once) -> Made:
    """Start a class; while one is running, it is that one. The id is the `session_id` of the class."""
    return Made(id=await once.write(int, sessions.start, actor, course_id))


@router.post('/end', status_code=204)
async def end(course_id: Id, actor: Person) -> None:
    """End the class that is running; what was done stays."""
    await database.write(sessions.end, actor, course_id)


@router.put('/current', status_code=204)
async def lead_to(course_id: Id, current: Current, actor: Person) -> None:
    """Lead everybody to a checkpoint, or let each go on at their own pace."""
    await database.write(sessions.set_current, actor, course_id, current.checkpoint_id)


@router.post('/next')
async def lead_on(course_id: Id, actor: Person, once: Once) -> Led:
    """Lead everybody to the checkpoint after the current one; from their own pace to the first one."""
    return Led(checkpoint_id=await once.write(int, sessions.step, actor, course_id, 1))


@router.post('/previous')
async def lead_back(course_id: Id, actor: Person, once: Once) -> Led:
    """Lead everybody to the checkpoint before the current one."""
    return Led(checkpoint_id=await once.write(int, sessions.step, actor, course_id, -1))


@router.post('/pause', status_code=204)
async def pause(course_id: Id, actor: Person, pause: Pause) -> None:
    """Have everybody stop for a while; done again, it changes the reason that they are shown."""
    await database.write(sessions.pause, actor, course_id, pause.reason)


@router.post('/resume', status_code=204)
async def resume(course_id: Id, actor: Person) -> None:
    """Let everybody go on; the time for the current checkpoint goes on where it stood."""
    await database.write(sessions.resume, actor, course_id)


@router.put('/timer', status_code=204)
async def set_time(course_id: Id, timer: Timer, actor: Person) -> None:
    """Give the whole class a time from now on, led or not; it lasts until the class is led to another checkpoint."""
    await database.write(sessions.set_time, actor, course_id, timer.minutes)


@router.put('/names', status_code=204)
async def choose_names(course_id: Id, projector: Projector, actor: Person) -> None:
    """Choose by which names the projector shows learners."""
    await database.write(sessions.set_names, actor, course_id, projector.names)


@router.post('/join', response_model=OwnState, responses=_STATE)
async def join(course_id: Id, actor: Person) -> Response:
    """Take part in the class that is on, as opening its page does.

    One is here while requests of this client come, at least every ten seconds; after thirty seconds without one it
    has left. Joining again is coming back.
    """
    await api_presence.join(actor, course_id)
    return _answer(await polling.window(actor, course_id))


@router.post('/leave', status_code=204)
async def leave(course_id: Id, actor: Person) -> None:
    """Leave the class, as closing its page does."""
    await api_presence.leave(actor, course_id)


@router.put('/pace', status_code=204)
async def signal(course_id: Id, pace: Pace, actor: Person) -> None:
    """Say how the pace is. Those who teach see shares of five or more, and no names; it fades within five minutes."""
    await api_presence.signal(actor, course_id, pace.signal)


@router.put('/hidden', status_code=204)
async def hide(course_id: Id, choice: Hidden, actor: Person) -> None:
    """Choose whether one is shown on the projector."""
    await database.write(enrollments.hide, actor, course_id, choice.hidden)


def _answer(window: Window) -> Response:
    return Response(window.look().body, media_type='application/json', headers=_headers(window))


def _headers(window: Window) -> dict[str, str]:
    return {'etag': f'"{window.version}"', 'cache-control': 'private, no-cache', 'vary': 'authorization'}


def _versions(if_none_match: str) -> set[str]:
    """Return the versions that a client has, of which it may also say that they are weak."""
    return {tag.strip().removeprefix('W/').strip('"') for tag in if_none_match.split(',')}
