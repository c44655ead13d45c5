"""The learner's page listens for signs of life, and counts nothing where nothing is to be counted."""

from datetime import timedelta

import pytest
import time_machine
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction
from sqlalchemy import select
from sqlmodel import col

from models import Activity, LearningSession, Verb
from services.core import database
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.factories.study import a_morning, arrive, beat, learning_sessions, leave
from tests.support.eventually import found_soon
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from ui.content.lesson_context import Lesson
from ui.learn import learning, study_clock

pytestmark = [pytest.mark.req('S7', 'S8')]


def presses_a_key(user: User) -> None:
    assert user.client
    UserInteraction(user, {user.client.layout}, None).trigger('keydown')


async def started() -> list[int | None]:
    def query(tx: Transaction) -> list[int | None]:
        return list(tx.session.scalars(select(col(Activity.checkpoint_id)).where(col(Activity.verb) == Verb.STARTED)))

    return await database.read(query)


async def opens(user: User, course: CourseAtHand, checkpoint: int = 0) -> None:
    await user.open(f'/courses/{course.course_id}/learn/{course.checkpoints[checkpoint]}')


async def test_a_key_begins_the_session_and_starts_the_checkpoint(enter: Enter) -> None:
    course = await a_course()
    lena = await enter(await a_guest(code=course.code))
    await opens(lena, course)
    assert await learning_sessions() == []

    presses_a_key(lena)

    assert await found_soon(started) == [course.checkpoints[0]]
    presses_a_key(lena)
    (session,) = await learning_sessions()
    assert (session.checkpoint_id, session.pages_viewed) == (course.checkpoints[0], 1)
    assert await started() == [course.checkpoints[0]]


async def test_the_page_says_how_long_one_has_studied(enter: Enter) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, course.checkpoints[0])
        time.shift(100)
        await beat(learner, course.checkpoints[0])
        await leave(learner, course.course_id)
    lena = await enter(learner)

    await opens(lena, course)

    await lena.should_see('You have studied 1 min here', retries=RETRIES)
    (line,) = lena.find('You have studied 1 min here').elements
    assert line.props['href'] == f'/courses/{course.course_id}/time'


async def test_leaving_ends_the_session(enter: Enter) -> None:
    course = await a_course()
    lena = await enter(await a_guest(code=course.code))
    await opens(lena, course)
    presses_a_key(lena)
    await found_soon(learning_sessions)

    assert lena.client
    lena.client.delete()

    (session,) = await found_soon(ended_sessions)
    assert session.ended_by == 'left'


async def test_a_video_that_plays_is_a_sign_of_life(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def plays(lesson: Lesson) -> None:
        lesson.is_playing = True

    course = await a_course()
    lena = await enter(await a_guest(code=course.code))
    monkeypatch.setattr(learning, 'draw_lesson', plays)
    monkeypatch.setattr(study_clock, 'SAVE_EVERY', timedelta(seconds=0.05))

    await opens(lena, course)

    (session,) = await found_soon(sessions_with_a_video)
    assert session.videos_watched == 1


@pytest.mark.parametrize('who', ['teacher', 'learner in a preview'])
async def test_looking_is_not_studying(enter: Enter, who: str) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    if who == 'learner in a preview':
        details = Details(title='Look', is_preview=True)
        await database.write(checkpoints.edit, course.teacher, course.checkpoints[0], details=details)
    somebody = await enter(course.teacher if who == 'teacher' else learner)

    await opens(somebody, course)

    assert somebody.client
    assert 'keydown' not in {listener.type for listener in somebody.client.layout._event_listeners.values()}
    assert await learning_sessions() == []


async def ended_sessions() -> list[LearningSession]:
    return [session for session in await learning_sessions() if session.ended_at]


async def sessions_with_a_video() -> list[LearningSession]:
    return [session for session in await learning_sessions() if session.videos_watched]
