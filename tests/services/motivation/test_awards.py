"""Staff award points with a reason that the learner reads, and only so many on a day."""

import pytest
import time_machine

from models import PointReason
from services.core import clock, database
from services.core.errors import Invalid, Refused
from services.motivation import awards, parts
from services.motivation.parts import Part
from tests.factories.classes import a_class, assert_log_and_projections_agree
from tests.factories.people import an_admin
from tests.services.motivation.test_streaks import NOON, now

pytestmark = [pytest.mark.req('G1'), pytest.mark.usefixtures('db')]


@pytest.mark.both_databases
async def test_points_are_awarded_with_a_reason_and_each_award_counts() -> None:
    klass = await a_class()
    lena, given = klass.learner, {'points': 20, 'reason': '  A good   question '}
    for _ in range(2):
        await database.write(awards.award, klass.teacher, klass.course_id, lena.user_id, **given)

    stands = await now(lena)

    assert stands.points == 40
    assert {(each.reason, each.points, each.words, each.by) for each in stands.latest} == {
        (PointReason.AWARDED, 20, 'A good question', 'Ines Instructor')
    }
    await assert_log_and_projections_agree()


async def test_nobody_awards_more_than_so_many_points_on_a_day() -> None:
    klass = await a_class()
    most = {'points': 100, 'reason': 'Well done'}
    whom = klass.course_id, klass.learner.user_id
    with time_machine.travel(NOON, tick=False) as time:
        for _ in range(10):
            left = await database.write(awards.award, klass.teacher, *whom, **most)
        assert left == 0
        with pytest.raises(Refused, match='0 more points'):
            await database.write(awards.award, klass.teacher, *whom, points=1, reason='One more')
        assert await database.read(awards.left, await an_admin(), klass.course_id) == 1000, (
            'each has a day of their own'
        )

        time.move_to(clock.now().replace(hour=0).replace(day=3))
        assert await database.read(awards.left, klass.teacher, klass.course_id) == 1000


@pytest.mark.parametrize(
    ('points', 'reason', 'field'),
    [(0, 'Why', 'points'), (101, 'Why', 'points'), (5, ' ', 'reason'), (5, 'x' * 201, 'reason')],
)
async def test_an_award_without_a_reason_or_out_of_bounds_is_refused(points: int, reason: str, field: str) -> None:
    klass = await a_class()
    with pytest.raises(Invalid) as refused:
        await database.write(
            awards.award, klass.teacher, klass.course_id, klass.learner.user_id, points=points, reason=reason
        )
    assert refused.value.field == field


async def test_where_points_are_off_none_are_awarded() -> None:
    klass = await a_class()
    await database.write(parts.switch_course, klass.teacher, klass.course_id, part=Part.POINTS, on=False)
    with pytest.raises(Refused, match='switched off'):
        await database.write(
            awards.award, klass.teacher, klass.course_id, klass.learner.user_id, points=5, reason='Well done'
        )
