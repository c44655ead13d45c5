"""The page that tells a learner, and those who teach them, how long they studied."""

from datetime import timedelta

import pytest
import time_machine

from services.access import Actor
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_guest
from tests.factories.study import a_morning, arrive, beat, leave
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from tests.ui.people.test_people import choose

pytestmark = [pytest.mark.req('S7', 'S8')]


async def studies(learner: Actor, course: CourseAtHand) -> None:
    """Let an hour and twenty minutes of study pass, ten idle minutes among them."""
    with time_machine.travel(a_morning(), tick=False) as time:
        await arrive(learner, course.checkpoints[0])
        for _ in range(80):
            time.shift(60)
            await beat(learner, course.checkpoints[0])
        time.shift(600)
        await beat(learner, course.checkpoints[0])
        await mark(course.checkpoints[0], by=learner)
        await leave(learner, course.course_id)


async def test_a_learner_sees_their_time(enter: Enter) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code, device='Firefox on Android')
    await studies(learner, course)
    lena = await enter(learner)

    with time_machine.travel(a_morning() + timedelta(hours=4)):  # on a Sunday, tomorrow is another week
        await lena.open(f'/courses/{course.course_id}/time')

    await lena.should_see('Your learning')
    await lena.should_see('You have studied 1 h 20 min here on your own.')
    await lena.should_see('Firefox on Android')
    await lena.should_see('<td>10 min</td>')
    await lena.should_see('>1 h 20 min</span></li>')
    await lena.should_see('On your own')
    await lena.should_not_see('In class')


async def test_before_anything_was_studied_the_page_says_so(enter: Enter) -> None:
    course = await a_course()
    lena = await enter(await a_guest(code=course.code))

    await lena.open(f'/courses/{course.course_id}/time')

    await lena.should_see('Nothing yet')


async def test_whoever_teaches_gets_there_from_the_people(enter: Enter) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code, name='Lena')
    await studies(learner, course)
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}/people')

    await choose(teacher, 'Lena', 'Study time')
    await teacher.should_see('Lena has studied 1 h 20 min here on their own.', retries=RETRIES)


async def test_others_find_nothing(enter: Enter) -> None:
    soil, air = await a_course(), await a_course(title='Air')
    learner, other = await a_guest(code=soil.code, name='Lena'), await a_guest(code=soil.code, name='Otto')
    await studies(learner, soil)

    for stranger in (air.teacher, other):
        user = await enter(stranger)
        answer = await user.http_client.get(f'/courses/{soil.course_id}/people/{learner.user_id}/time')
        assert answer.status_code == 404
        assert '1 h 20 min' not in answer.text


async def test_the_file_has_the_sessions(enter: Enter) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code, device='=1+1')
    await studies(learner, course)
    lena, teacher = await enter(learner), await enter(course.teacher)

    own = await lena.http_client.get(f'/courses/{course.course_id}/time.csv')
    theirs = await teacher.http_client.get(f'/courses/{course.course_id}/people/{learner.user_id}/time.csv')
    foreign = await lena.http_client.get(f'/courses/{course.course_id}/people/{learner.user_id}/time.csv')

    assert own.headers['content-type'].startswith('text/csv')
    assert own.text == theirs.text
    assert ",'=1+1,4800,600,1,0" in own.text
    assert foreign.status_code == 404
