"""Watching videos: what is refused, and what comes of whatever a browser could tell."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from models import CheckpointKind, Verb
from services.access import Actor
from services.content import video_progress
from services.content.uploads import attaching
from services.content.uploads.slots import Part
from services.content.video_progress import Heartbeat
from services.content.video_tracker import Stretch, UnsavedWatching
from services.core import database
from services.core.errors import DomainError, Gone, NotEnrolled, NotFound, NotSignedIn, Refused, Removed
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.people import participants
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, percent
from tests.factories.people import a_guest, a_student, sign_out
from tests.factories.videos import a_viewer, logged, row, seconds_seen

pytestmark = [pytest.mark.req('S5', 'S6'), pytest.mark.usefixtures('db')]


@pytest.fixture
async def course(db: object) -> CourseAtHand:
    """A course whose first checkpoint is a video of a hundred seconds."""
    return await a_course(checkpoints=2)


NUMBERS = (math.nan, math.inf, -math.inf, -1.0, 1e300, 0.0, 50.0)


@pytest.mark.parametrize('elapsed', [*NUMBERS])
async def test_no_heartbeat_whatever_is_in_it_breaks_or_gains_anything(course: CourseAtHand, elapsed: float) -> None:
    lena = await a_viewer(course)
    await lena.watches(10)
    stretches = tuple(Stretch(start=a, stop=b, elapsed=min(elapsed, 0.5)) for a in NUMBERS for b in NUMBERS)

    for position in NUMBERS:
        told = UnsavedWatching(stretches=stretches, position=position, watched=elapsed)
        saved = await video_progress.save(
            Heartbeat(actor=lena.learner, checkpoint_id=lena.checkpoint, file_id=lena.video, told=told)
        )
        assert 0 <= saved.position <= lena.seconds
        assert saved.seen[0][0] == 0.0
        assert seconds_seen(saved) <= 10 + 3, 'at most a second from each place in half a second'
    assert await percent(course, lena.learner) == 0
    await assert_log_and_projections_agree()


async def archived(course: CourseAtHand, _: Actor) -> None:
    await database.write(catalog.archive, course.teacher, course.course_id, archived=True)


async def deleted(course: CourseAtHand, _: Actor) -> None:
    await database.write(catalog.delete, course.teacher, course.course_id)


async def checkpoint_deleted(course: CourseAtHand, _: Actor) -> None:
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[0])


async def made_a_preview(course: CourseAtHand, _: Actor) -> None:
    await database.write(
        checkpoints.edit,
        course.teacher,
        course.checkpoints[0],
        Details(title='Look', kind=CheckpointKind.VIDEO, is_preview=True),
    )


async def video_taken_away(course: CourseAtHand, _: Actor) -> None:
    await database.write(attaching.detach, course.teacher, course.checkpoints[0], Part.VIDEO)


async def taken_out(course: CourseAtHand, learner: Actor) -> None:
    await database.write(participants.remove, course.teacher, course.course_id, user_id=learner.user_id)


async def signed_out(_: CourseAtHand, learner: Actor) -> None:
    await sign_out(actor=learner)


@pytest.mark.parametrize(
    ('meanwhile', 'refusal'),
    [
        (archived, Gone),
        (deleted, Gone),
        (checkpoint_deleted, Gone),
        (made_a_preview, Refused),
        (video_taken_away, NotFound),
        (taken_out, Removed),
        (signed_out, NotSignedIn),
    ],
)
async def test_what_can_happen_while_somebody_watches(
    course: CourseAtHand,
    meanwhile: Callable[[CourseAtHand, Actor], Awaitable[None]],
    refusal: type[DomainError],
) -> None:
    lena = await a_viewer(course)
    assert lena.learner
    await lena.watches(85)
    before = await row(lena)
    await meanwhile(course, lena.learner)
    await lena.hears_nothing_for(15)

    with pytest.raises(refusal):
        await lena.is_asked()
    assert await row(lena) == before
    assert await logged(Verb.COMPLETED) == []
    await assert_log_and_projections_agree()


@pytest.mark.req('A2')
async def test_only_who_learns_in_the_course_is_counted(course: CourseAtHand) -> None:
    lena = await a_viewer(course)

    for somebody, refusal in ((None, NotSignedIn), (course.teacher, NotEnrolled), (await a_student(), NotEnrolled)):
        stranger = replace(lena, learner=somebody)
        stranger.__post_init__()
        with pytest.raises(refusal):
            await stranger.watches(10)
    lost = replace(lena, checkpoint=999_999)
    lost.__post_init__()
    with pytest.raises(NotFound):
        await lost.watches(10)
    assert await row(lena) is None


async def test_one_refused_heartbeat_does_not_harm_the_others(course: CourseAtHand) -> None:
    lena = await a_viewer(course)
    ben = replace(lena, learner=await a_guest(code=course.code, name='Ben'))
    stranger = replace(lena, learner=await a_student())
    for each in (ben, stranger):
        each.__post_init__()

    outcomes = await asyncio.gather(*(each.watches(5) for each in (lena, stranger, ben)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [type(None), NotEnrolled, type(None)]
    assert (lena.saved.percent, ben.saved.percent) == (5, 5)
