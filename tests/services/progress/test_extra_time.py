"""Extra time: a learner who has more of it has later due dates, by a share of the time that there was."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from services.content import checkpoint_views
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.people import groups
from services.progress.extra_time import own_due
from services.study import path
from tests.factories.classes import a_course
from tests.factories.people import a_guest

pytestmark = [pytest.mark.req('C7')]

DUE = datetime(2030, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ('days', 'percent', 'later'),
    [
        (4, 25, timedelta(days=1)),
        (4, 0, timedelta(0)),
        (14, 100, timedelta(days=14)),
        (400, 25, timedelta(days=3.5)),
        (-3, 300, timedelta(0)),
    ],
)
def test_a_due_date_moves_by_a_share_of_the_time_before_it(days: float, percent: int, later: timedelta) -> None:
    assert own_due(DUE, percent, since=DUE - timedelta(days=days)) == DUE + later
    assert own_due(None, percent, since=DUE) is None


@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_a_learner_sees_their_own_due_date_and_those_who_teach_that_of_the_course() -> None:
    with time_machine.travel(DUE - timedelta(days=4), tick=False):
        course = await a_course(checkpoints=1)
        lena, otto = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='Otto')
        (checkpoint,) = course.checkpoints
        await database.write(checkpoints.edit, course.teacher, checkpoint, Details(title='Wet', due_at=DUE))
        extra = {'user_id': lena.user_id, 'percent': 25}
        await database.write(groups.give_extra_time, course.teacher, course.course_id, **extra)

        for who, expected in (lena, DUE + timedelta(days=1)), (otto, DUE), (course.teacher, DUE):
            place = await database.read(path.place, who, course.course_id, checkpoint)
            listed = (await database.read(checkpoint_views.of_course, who, course.course_id))[0].checkpoints[0]
            in_full = await database.read(checkpoint_views.in_full, who, checkpoint)
            assert place.checkpoint.due_at == listed.due_at == in_full.due_at == expected
