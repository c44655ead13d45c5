"""The pages at which people learn: what they keep, what they write, and who is in whose way."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from models import Activity, Verb
from services.access import Actor
from services.core import database
from services.core.database import Database
from services.core.errors import NotSaved
from services.core.transaction import Transaction
from services.study import open_pages, sessions
from services.study.open_pages import StudyPage
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest, another_device, sign_out
from tests.factories.study import a_morning, learning_sessions, seconds_at
from tests.support.queries import statements

pytestmark = [pytest.mark.req('S7', 'S8'), pytest.mark.usefixtures('db')]


@pytest.fixture
async def time() -> AsyncIterator[time_machine.Traveller]:
    """The time, which stands still until a test moves it."""
    with time_machine.travel(a_morning(), tick=False) as coordinates:
        yield coordinates


@pytest.fixture(autouse=True)
def _no_page_is_left() -> None:
    open_pages._open.clear()
    open_pages._in_hand.clear()


async def a_page(learner: Actor, course: CourseAtHand, checkpoint: int = 0) -> StudyPage:
    page = StudyPage(learner, course.course_id, course.checkpoints[checkpoint])
    await page.open()
    return page


async def starts() -> list[tuple[int | None, str]]:
    """At which checkpoints the log says that somebody started, and the tap ids."""

    def query(tx: Transaction) -> list[tuple[int | None, str]]:
        rows = tx.session.scalars(select(Activity).where(col(Activity.verb) == Verb.STARTED))
        return [(row.checkpoint_id, row.tap_id) for row in rows]

    return await database.read(query)


async def test_a_page_that_is_only_open_is_nothing(time: time_machine.Traveller) -> None:
    course = await a_course()
    page = await a_page(await a_guest(code=course.code), course)

    time.shift(60)
    await page.save()
    await page.leave()

    assert await learning_sessions() == []
    assert await starts() == []


async def test_the_first_touch_begins_the_session_and_starts_the_checkpoint_once(time: time_machine.Traveller) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    page = await a_page(learner, course)

    await page.use()
    time.shift(5)
    await page.use()
    again = await a_page(learner, course)
    await again.use()

    ((checkpoint, tap_id),) = await starts()
    assert (checkpoint, ':' in tap_id) == (course.checkpoints[0], False)
    assert [each.pages_viewed for each in await learning_sessions()] == [2]


async def test_what_moves_by_itself_when_a_page_comes_is_no_sign(time: time_machine.Traveller) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    page = await a_page(learner, course)

    await page.go_on()
    assert await learning_sessions() == []
    await page.use()
    time.shift(20)
    await page.go_on()

    assert (await learning_sessions())[0].active_seconds == 20
    assert len(await starts()) == 1
    next_page = await a_page(learner, course, checkpoint=1)
    await next_page.go_on()
    assert len(await starts()) == 1, 'the next step has come, but nobody has touched it'


async def test_what_is_done_in_class_is_still_to_be_started_alone(time: time_machine.Traveller) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    await mark(course.checkpoints[0], by=learner)
    page = await a_page(learner, course)

    await page.use()

    assert await starts() == [], 'completing has started it'


async def test_signs_are_kept_for_a_while_and_written_at_once_on_leaving(
    db: Database, time: time_machine.Traveller
) -> None:
    course = await a_course()
    page = await a_page(await a_guest(code=course.code), course)
    await page.use()

    with statements(db.engines.writing) as asked:
        for _ in range(4):
            time.shift(3)
            await page.use()
    assert asked == []
    assert await seconds_at() == {}
    time.shift(2)
    await page.leave()

    (session,) = await learning_sessions()
    assert (session.active_seconds, session.ended_by) == (12, 'left')
    assert session.ended_at == session.started_at + timedelta(seconds=12)


async def test_the_first_sign_after_a_pause_is_written_at_once(time: time_machine.Traveller) -> None:
    """Kept until the next save, it would look as if the pause had been longer than the limit."""
    course = await a_course()
    page = await a_page(await a_guest(code=course.code), course)
    await page.use()
    time.shift(119)
    await page.use()
    time.shift(10)
    await page.use()
    await page.save()

    assert (await learning_sessions())[0].active_seconds == 129


async def test_the_next_checkpoint_goes_on_with_the_session(time: time_machine.Traveller) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    first = await a_page(learner, course)
    await first.use()
    time.shift(20)
    second = await a_page(learner, course, checkpoint=1)
    time.shift(30)
    await first.leave()  # the browser is long gone from it
    await second.use()
    time.shift(40)
    await second.leave()

    (session,) = await learning_sessions()
    assert (session.pages_viewed, session.ended_by) == (2, 'left')
    assert await seconds_at() == {(session.id, course.checkpoints[0]): 20, (session.id, course.checkpoints[1]): 30}


async def test_another_device_takes_over_at_the_very_second(time: time_machine.Traveller) -> None:
    course = await a_course()
    phone = await a_guest(code=course.code)
    on_phone = await a_page(phone, course)
    await on_phone.use()
    on_tablet = await a_page(await another_device(of=phone), course, checkpoint=1)
    time.shift(6)
    await on_tablet.use()
    for _ in range(3):
        time.shift(4)
        await on_phone.use()
        time.shift(3)
        await on_tablet.use()
    await on_phone.save()
    await on_tablet.save()

    first, second = await learning_sessions()
    assert (first.active_seconds, second.active_seconds) == (6 + 9, 12)


async def test_a_video_that_plays_is_never_idle(time: time_machine.Traveller) -> None:
    course = await a_course()
    page = await a_page(await a_guest(code=course.code), course)
    await page.use()
    for _ in range(40):
        time.shift(15)
        await page.use(plays=True)

    (session,) = await learning_sessions()
    assert (session.active_seconds, session.idle_seconds, session.videos_watched) == (600, 0, 1)


async def test_nothing_is_lost_while_the_database_is_in_trouble(
    time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = await a_course()
    page = await a_page(await a_guest(code=course.code), course)
    await page.use()

    def in_trouble(*_: object, **__: object) -> None:
        raise NotSaved('The disk is full.')

    with monkeypatch.context() as trouble:
        trouble.setattr(sessions, 'beat', in_trouble)
        time.shift(20)
        await page.use()
    await page.save()

    assert (await learning_sessions())[0].active_seconds == 20


async def test_whoever_has_signed_out_is_told_nothing_here(time: time_machine.Traveller) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    page = await a_page(learner, course)
    await page.use()
    await sign_out(actor=learner)

    time.shift(20)
    await page.use()
    await page.use()
    await page.leave()

    assert [(each.ended_by, each.active_seconds) for each in await learning_sessions()] == [('signed_out', 0)]
