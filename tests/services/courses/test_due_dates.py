"""All due dates of a course move together, at the same time of day, and nothing else does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.assignments import rules
from services.core import database
from services.core.errors import Invalid, Refused
from services.courses import checkpoints, due_dates
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from tests.factories.assignments import AssignmentAtHand, an_assignment, seen_by
from tests.factories.classes import a_class

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q4', 'C4'), pytest.mark.both_databases]

BEFORE_SUMMER = datetime(2030, 3, 29, 17, 0, tzinfo=UTC)
"""18:00 in Berlin; two days later, clocks are put forward"""


async def test_dates_move_at_the_same_time_of_day_and_back_again() -> None:
    klass = await a_class(checkpoints=1)
    work = await an_assignment(klass=klass, due_at=BEFORE_SUMMER)
    details = Details(title='Read', kind=CheckpointKind.DOCUMENT, due_at=BEFORE_SUMMER + timedelta(days=1))
    second = await database.write(checkpoints.add_one, klass.teacher, klass.course_id, details=details)
    teacher = replace(klass.teacher, time_zone='Europe/Berlin')

    planned = await database.read(due_dates.plan, teacher, klass.course_id, days=7)
    assert [(each.checkpoint_id, each.was) for each in planned] == [
        (work.checkpoint_id, BEFORE_SUMMER),
        (second, BEFORE_SUMMER + timedelta(days=1)),
    ]
    assert planned[0].due_at == datetime(2030, 4, 5, 16, 0, tzinfo=UTC), 'still 18:00 in Berlin'
    assert (await seen_by(work)).due_at == BEFORE_SUMMER, 'a plan changes nothing'
    assert await database.write(due_dates.move, teacher, klass.course_id, days=7) == 2
    assert (await seen_by(work)).due_at == planned[0].due_at
    assert await database.write(due_dates.move, teacher, klass.course_id, days=-7) == 2
    assert (await seen_by(work)).due_at == BEFORE_SUMMER


async def test_a_later_date_that_was_agreed_on_stays() -> None:
    work = await an_assignment(due_at=BEFORE_SUMMER)
    agreed = BEFORE_SUMMER + timedelta(days=10)
    await extend(work, agreed)
    await database.write(due_dates.move, work.teacher, work.klass.course_id, days=3)
    assert (await seen_by(work)).due_at == agreed
    await database.write(due_dates.move, work.teacher, work.klass.course_id, days=30)
    assert (await seen_by(work)).due_at == BEFORE_SUMMER + timedelta(days=33), 'the usual date is later now'


async def test_what_cannot_be_moved_is_said() -> None:
    klass = await a_class(checkpoints=1)
    with pytest.raises(Refused, match='No step'):
        await database.write(due_dates.move, klass.teacher, klass.course_id, days=1)
    work = await an_assignment(klass=klass, due_at=BEFORE_SUMMER)
    for days in (1_001, -1_001):
        with pytest.raises(Invalid, match='from -1000 to 1000'):
            await database.write(due_dates.move, klass.teacher, klass.course_id, days=days)
    await database.write(checkpoints.delete, klass.teacher, work.checkpoint_id)
    assert await database.read(due_dates.plan, klass.teacher, klass.course_id, days=1) == ()


async def extend(work: AssignmentAtHand, due_at: datetime) -> None:
    await database.write(rules.extend, work.teacher, work.checkpoint_id, due_at=due_at, user_id=work.learner.user_id)
