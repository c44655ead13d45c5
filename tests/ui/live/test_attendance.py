"""The attendance of a course: who came how often, found by name in a large class."""

import pytest
from nicegui import ui

from services.core import database
from services.live import sessions
from services.people import participants
from tests.factories.classes import a_class, join_class
from tests.support import menus
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L12')]

NAMES = [f'Learner {letter * 3}' for letter in 'abcdefghijklm']


async def test_a_learner_is_found_by_name_and_nobody_is_left_out_on_paper(enter: Enter) -> None:
    klass = await a_class(learners=[*NAMES, 'Zoë Zander'])
    await join_class(klass, by=klass.learners[0])
    await database.write(sessions.end, klass.teacher, klass.course_id)
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/attendance')
    await teacher.should_see('1 of 1 <span class="hint">100 %</span>')
    await teacher.should_see('0 of 1 <span class="hint">0 %</span>')

    teacher.find(kind=ui.input).type('ZOË')

    await teacher.should_see('1 of 14 learners')
    await teacher.should_see('Zoë Zander')
    await teacher.should_not_see('Learner aaa')

    teacher.find(kind=ui.input).clear()
    await teacher.should_see('Learner aaa')
    await teacher.should_not_see('of 14 learners')


async def test_each_class_says_how_many_of_those_came_who_were_enrolled_then(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    course = klass.teacher, klass.course_id
    await join_class(klass, by=klass.learners[0])
    await database.write(sessions.end, *course)
    await database.write(participants.remove, *course, user_id=klass.learners[1].user_id)
    await database.write(sessions.start, *course)
    teacher = await enter(klass.teacher)

    await teacher.open(f'/courses/{klass.course_id}/attendance')

    await teacher.should_see('>1 of 2</div>')
    await teacher.should_see('>0 of 1 · running</div>')
    await teacher.should_see('Otto Old</span><div class="hint">taken out</div>')


async def test_a_teacher_corrects_the_roll_of_a_class_and_takes_it_back(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    await join_class(klass, by=klass.learners[0])
    await database.write(sessions.end, klass.teacher, klass.course_id)
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/attendance/{klass.session_id}')
    await teacher.should_see('1 did not come')

    menus.choose(teacher, 'More for Otto Old', 'Is excused')
    await teacher.should_see('Otto Old: excused', retries=RETRIES)
    await teacher.should_see(f'as {klass.teacher.name} says', retries=RETRIES)
    menus.choose(teacher, 'More for Otto Old', 'Came late')
    await teacher.should_see('2 came', retries=RETRIES)
    teacher.find('Undo').click()
    await teacher.should_see('1 did not come', retries=RETRIES)

    await teacher.open(f'/courses/{klass.course_id}/attendance')
    await teacher.should_see('1 excused')
