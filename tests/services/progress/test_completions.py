"""Many complete a course at once: nobody waits for it, and nobody is forgotten."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, Verb
from services import projections
from services.access import Actor
from services.core import database, jobs
from services.core.database import Database
from services.courses import checkpoints
from services.people import participants
from services.progress import completions
from tests.factories.classes import CourseAtHand, a_course, assert_log_and_projections_agree, mark, percent
from tests.factories.people import a_guest
from tests.support.certificates import certificates_of
from tests.support.eventually import found_soon

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('S2', 'S10')]


@pytest.fixture(autouse=True)
def _two_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completions, 'IN_ONE_GO', 2)


async def many_at_half(*, learners: int = 5) -> tuple[CourseAtHand, list[Actor]]:
    """A course of two checkpoints, and learners who have done the first of them."""
    course = await a_course(checkpoints=2)
    crowd = [await a_guest(code=course.code, name=f'Learner {number}') for number in range(learners)]
    for learner in crowd:
        await mark(course.checkpoints[0], by=learner)
    return course, crowd


async def have_completed(crowd: list[Actor]) -> list[datetime | None]:
    theirs = select(col(Enrollment.completed_at)).where(col(Enrollment.user_id).in_([each.user_id for each in crowd]))
    return await database.read(lambda tx: list(tx.execute(theirs.order_by(col(Enrollment.id))).scalars()))


async def assert_all_are_certified(crowd: list[Actor]) -> None:
    assert None not in await have_completed(crowd)
    assert sorted(row.user_id for row in await certificates_of(*crowd)) == [each.user_id for each in crowd]
    await assert_log_and_projections_agree()


async def test_percentages_move_at_once_and_completions_follow_some_in_a_commit() -> None:
    course, crowd = await many_at_half()

    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])

    assert [await percent(course, each) for each in crowd] == [100] * 5
    assert await have_completed(crowd) == [None] * 5
    await assert_log_and_projections_agree()
    for count in 2, 2, 1, 0:
        assert await database.write(completions.complete_some) == count
    await assert_all_are_certified(crowd)
    assert not await database.read(completions.are_due)


async def test_few_complete_it_in_the_same_commit() -> None:
    course, crowd = await many_at_half(learners=2)

    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])

    await assert_all_are_certified(crowd)
    assert not await database.read(completions.are_due)


async def test_whoever_was_lifted_completes_whatever_happens_before_it_is_their_turn() -> None:
    course, crowd = await many_at_half()
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])

    await mark(course.checkpoints[0], by=crowd[2], verb=Verb.UNDONE)
    await mark(course.checkpoints[0], by=crowd[2])
    await mark(course.checkpoints[0], by=crowd[3], verb=Verb.UNDONE)
    await database.write(checkpoints.restore, course.teacher, course.checkpoints[1])
    await completions.complete_due()

    assert [await percent(course, each) for each in crowd] == [50, 50, 50, 0, 50]
    await assert_all_are_certified(crowd)


async def test_whoever_is_out_of_the_course_completes_it_when_they_are_back() -> None:
    course, crowd = await many_at_half()
    they = {'user_id': crowd[4].user_id}
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])

    await database.write(participants.remove, course.teacher, course.course_id, **they)
    await completions.complete_due()
    assert [bool(at) for at in await have_completed(crowd)] == [True] * 4 + [False]

    await database.write(participants.bring_back, course.teacher, course.course_id, **they)
    await completions.complete_due()
    await assert_all_are_certified(crowd)


async def test_a_crash_between_two_commits_forgets_nobody(db: Database, url: str) -> None:
    course, crowd = await many_at_half(learners=7)
    await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
    await database.write(completions.complete_some)
    database.close()

    database.open_at(url, projections.ALL)
    async with the_server_runs():
        await found_soon(lambda: are_completed(crowd))
    await assert_all_are_certified(crowd)


async def test_the_server_goes_on_as_soon_as_a_course_has_changed() -> None:
    course, crowd = await many_at_half(learners=6)
    async with the_server_runs():
        await asyncio.sleep(0)
        await database.write(checkpoints.delete, course.teacher, course.checkpoints[1])
        await found_soon(lambda: are_completed(crowd))
    await assert_all_are_certified(crowd)


async def are_completed(crowd: list[Actor]) -> bool:
    return None not in await have_completed(crowd)


@asynccontextmanager
async def the_server_runs() -> AsyncIterator[None]:
    task = jobs.start([completions.kind()])
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
