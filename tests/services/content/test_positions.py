"""The rows that say how far learners are with videos and documents."""

from dataclasses import replace
from functools import partial

import pytest

from services.access import Actor
from services.content import positions
from services.content.positions import Position
from services.core import clock, database
from services.core.transaction import Transaction
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest
from tests.support.query_plans import scans

pytestmark = [pytest.mark.both_databases, pytest.mark.req('S3', 'S5'), pytest.mark.usefixtures('db')]


def blank(course: CourseAtHand, checkpoint: int, learner: Actor) -> Position:
    return Position(
        user_id=learner.user_id,
        checkpoint_id=course.checkpoints[checkpoint],
        course_id=course.course_id,
        file_id=None,
        started_at=clock.now(),
        updated_at=clock.now(),
    )


async def test_what_is_stored_is_found_again_by_its_learner_and_checkpoint() -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='Otto')
    wanted = [blank(course, 0, lena), blank(course, 1, lena), blank(course, 1, otto)]
    seen = ((0.0, 5.5), (7.25, 12.0))

    def work(tx: Transaction) -> None:
        held = positions.hold(tx, wanted)
        assert held == {each.key: each for each in wanted}
        moved = [replace(each, seen=seen, percent=50, position=12.0, plays=2) for each in list(held.values())[:2]]
        positions.store(tx, moved)

    await database.write(work)

    again = await database.write(positions.hold, wanted)
    assert [again[each.key].percent for each in wanted] == [50, 50, 0]
    found = await database.read(positions.find, lena.user_id, course.checkpoints[1])
    assert found == replace(wanted[1], seen=seen, percent=50, position=12.0, plays=2)
    assert await database.read(positions.find, otto.user_id, course.checkpoints[0]) is None


async def test_of_another_file_nothing_has_been_seen_but_what_was_done_stays_counted() -> None:
    course = await a_course()
    before = replace(blank(course, 0, await a_guest(code=course.code)), seen=((0.0, 9.0),), percent=90, plays=3)

    assert before.of_file(None) is before
    after = before.of_file(7)
    assert (after.file_id, after.seen, after.percent, after.position, after.plays) == (7, (), 0, 0.0, 3)


async def test_a_batch_is_found_by_its_keys() -> None:
    course = await a_course()
    lena = await a_guest(code=course.code, name='Lena')
    wanted = [blank(course, checkpoint, lena) for checkpoint in range(2)]
    await database.write(positions.hold, wanted)

    assert await database.write(scans, partial(positions.hold, wanted=wanted)) == []
