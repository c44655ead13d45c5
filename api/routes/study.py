"""`/api/study`, `/api/courses/{course_id}/path`, `…/time`: self-paced learning."""

from typing import Annotated

from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.paging import Page, Paging, page_of
from api.subject import Subject
from api.types import Body, Id, IdField
from services.content import interactions
from services.content.interactions import MOST_TOLD, Interaction, Report, Reported
from services.core import database
from services.notes.editing import FURTHEST
from services.progress import states
from services.study import api_sessions, course_path, sessions, times
from services.study.api_sessions import OpenSession
from services.study.course_path import CourseFound
from services.study.times import CheckpointTime, Learning, SessionTime

router = Subject(tags=['study'])

Seconds = Annotated[float, Field(ge=0, le=FURTHEST)]
Range = Annotated[list[Seconds], Field(min_length=2, max_length=2)]


class Beginning(Body):
    """Where to begin."""

    checkpoint_id: IdField = Field(examples=[1])


class Ending(Body):
    """What to end."""

    course_id: IdField = Field(examples=[1])


class Beat(Body):
    """A sign of life."""

    checkpoint_id: IdField = Field(examples=[1])
    plays: bool = Field(default=False, description='whether a video is playing')


class Interacted(Body):
    """What a learner did with a video or a document.

    Send it when it happens, and every 10 to 30 seconds while a video plays or a document is read.
    """

    checkpoint_id: IdField = Field(examples=[1])
    interaction_type: Interaction = Field(examples=['progress'])
    position: float | None = Field(
        default=None,
        ge=0,
        le=FURTHEST,
        examples=[0],
        description='where the learner is: seconds of a video, pages of a PDF counted from 0, or a share of a text',
    )
    watched: list[Range] = Field(
        default=[], max_length=MOST_TOLD, description='what played of a video since the last time: from, to, in seconds'
    )
    read: list[IdField] = Field(
        default=[],
        max_length=MOST_TOLD,
        description='the pages of a PDF, or the passages of a text, that were on the screen, counted from 1',
    )
    file_id: IdField | None = Field(default=None, description='which file it was, if it may have been replaced')


class StudyTime(Body):
    """How long a learner has studied a course, and each of its checkpoints."""

    course: str
    learner: str
    seconds: int
    steps: tuple[CheckpointTime, ...]


@router.post('/study/sessions', status_code=201)
async def begin(where: Beginning, actor: Person, once: Once) -> OpenSession:
    """Begin a learning session, or come to another checkpoint: what is open on this device goes on.

    A client is a device like a browser. Time counts from one sign of life to the next, on one device at a time.
    """
    return await once.write(OpenSession, api_sessions.begin, actor, where.checkpoint_id)


@router.post('/courses/{course_id}/study', status_code=201)
async def go_on(course_id: Id, actor: Person, once: Once) -> OpenSession:
    """Begin a learning session in a course, at the checkpoint where the learner goes on."""
    return await once.write(OpenSession, api_sessions.begin_course, actor, course_id)


@router.post('/study/sessions/end', status_code=204)
async def end(what: Ending, actor: Person) -> None:
    """End the learning session that is open on this device in a course; where none is, nothing happens."""
    await database.write(sessions.leave, actor, what.course_id)


@router.post('/study/beat')
async def beat(sign: Beat, actor: Person) -> OpenSession:
    """Say that the learner is still there; where no session is open, one begins."""
    return await database.write(api_sessions.beat, actor, sign.checkpoint_id, plays=sign.plays)


@router.post('/study/progress')
async def tell(told: Interacted, actor: Person, once: Once) -> Reported:
    """Tell what a learner did with a video or a document, which is a sign of life too.

    It counts as far as there was time for it: a video plays twice as fast as life at most, a page needs two seconds,
    a passage as many as it says. At 90 percent the checkpoint completes by itself.
    """
    await interactions.prepare(told.checkpoint_id)
    report = Report(
        interaction=told.interaction_type,
        position=told.position,
        watched=[(start, stop) for start, stop in told.watched],
        read=told.read,
        file_id=told.file_id,
    )
    return await once.write(Reported, interactions.tell, actor, told.checkpoint_id, report=report)


@router.get('/courses/{course_id}/path')
async def path(course_id: Id, actor: Person) -> CourseFound:
    """A course as one finds it: its modules and checkpoints, how far one is with each, and where to go on."""
    return await database.read(course_path.of_course, actor, course_id)


@router.get('/courses/{course_id}/time')
async def own_time(course_id: Id, actor: Person) -> StudyTime:
    """How long you have studied a course and each of its checkpoints, self-paced."""
    return _time(await database.read(times.own, actor, course_id))


@router.get('/courses/{course_id}/time/sessions')
async def own_sessions(course_id: Id, actor: Person, place: Paging) -> Page[SessionTime]:
    """Your own learning sessions in a course, the oldest first."""
    return _sessions(await database.read(times.own, actor, course_id), place)


@router.get('/courses/{course_id}/people/{user_id}/time')
async def time_of(course_id: Id, user_id: Id, actor: Person) -> StudyTime:
    """How long a learner has studied a course, for those who teach it."""
    return _time(await database.read(times.of_learner, actor, course_id, user_id))


@router.get('/courses/{course_id}/people/{user_id}/time/sessions')
async def sessions_of(course_id: Id, user_id: Id, actor: Person, place: Paging) -> Page[SessionTime]:
    """The learning sessions of a learner in a course, the oldest first, for those who teach it."""
    return _sessions(await database.read(times.of_learner, actor, course_id, user_id), place)


@router.post('/courses/{course_id}/pause', status_code=204)
async def pause(course_id: Id, actor: Person) -> None:
    """Leave a course for a while: nobody reminds, and what is done is kept."""
    await database.write(states.pause, actor, course_id)


@router.post('/courses/{course_id}/resume', status_code=204)
async def resume(course_id: Id, actor: Person) -> None:
    """Go on with a course that one has paused."""
    await database.write(states.resume, actor, course_id)


def _time(learning: Learning) -> StudyTime:
    return StudyTime(
        course=learning.course, learner=learning.learner, seconds=learning.seconds, steps=learning.checkpoints
    )


def _sessions(learning: Learning, place: Paging) -> Page[SessionTime]:
    return page_of(learning.sessions, place, by=lambda each: each.session_id)
