"""The pages on which a class is looked at again."""

import pytest
import time_machine
from nicegui import ui

from services.core import clock, database
from services.live import sessions
from services.people import groups
from tests.factories.classes import a_class, join_class, tap
from tests.support.grids import lines_of
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L11')]


async def test_a_class_that_is_over_is_in_the_list_and_can_be_opened(enter: Enter) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        klass = await a_class(checkpoints=2)
        await join_class(klass)
        await tap(klass, klass.checkpoints[0])
        time.shift(7541)
        await database.write(sessions.end, klass.teacher, klass.course_id)
    teacher = await enter(klass.teacher)

    await teacher.open(f'/courses/{klass.course_id}/classes')
    await teacher.should_see(f'/courses/{klass.course_id}/classes/{klass.session_id}')
    await teacher.should_see('<td>2 h 5 min</td>')
    await teacher.open(f'/courses/{klass.course_id}/classes/{klass.session_id}')
    await teacher.should_see('How each step went')
    await teacher.should_see('1 Step 1')
    teacher.find('Play').click()
    await teacher.should_see('Stop')


async def test_before_the_first_class_there_is_nothing_to_look_at(enter: Enter) -> None:
    klass = await a_class()
    teacher = await enter(klass.teacher)

    await teacher.open(f'/courses/{klass.course_id}/classes')
    await teacher.should_see('No class of this course is over yet')


@pytest.mark.req('C7')
async def test_a_group_is_looked_at_again_alone(enter: Enter) -> None:
    klass = await a_class(checkpoints=1, learners=['Lena Learner', 'Otto Other', 'Pia Pale'])
    lena, otto, pia = klass.learners
    for learner in (lena, otto):
        await join_class(klass, by=learner)
    await tap(klass, klass.checkpoints[0], by=lena)
    for learner, name in (lena, 'Blue & white'), (otto, 'Red'), (pia, 'Green'):
        await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=name)
    await database.write(sessions.end, klass.teacher, klass.course_id)
    teacher, address = await enter(klass.teacher), f'/courses/{klass.course_id}/classes'
    asked = '?group=Blue+%26+white'

    await teacher.open(f'{address}{asked}')
    await teacher.should_see('<td>1</td>')
    await teacher.should_see('<td>100 %</td>')
    await teacher.should_see(f'{address}/{klass.session_id}{asked}')
    await teacher.open(f'{address}/{klass.session_id}{asked}')
    (grid,) = teacher.find(kind=ui.aggrid).elements
    assert [line['n'] for line in lines_of(grid.options)] == ['Lena Learner']
    await teacher.open(f'{address}/{klass.session_id}?group=Green')
    await teacher.should_see('Nobody of this group joined this class.')
