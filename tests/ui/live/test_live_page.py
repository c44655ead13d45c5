"""The page with which an instructor leads a class: its tab, its way out, and what is left after the end."""

import pytest
from nicegui.testing import User

from services.core import database
from services.live import sessions
from services.live.help import queue
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L1', 'L7')]


async def test_the_tab_says_how_many_wait_and_in_which_course(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    ines = await open_live(enter, klass)
    assert title_of(ines) == 'Soil · Waymark'

    await database.write(queue.ask, klass.learner, klass.session_id, klass.steps[0])

    await ines.should_see('Stuck at step 1 · just now', retries=RETRIES)
    assert title_of(ines) == '✋1 · Soil · Waymark'
    ines.find('Solved').click()
    await ines.should_see('Nobody needs you now.', retries=RETRIES)
    assert title_of(ines) == 'Soil · Waymark'


async def test_only_the_first_five_are_shown_until_the_others_are_asked_for(enter: Enter) -> None:
    klass = await a_class(learners=[f'Lena {letter}' for letter in 'ABCDEFG'])
    for learner in klass.learners:
        await join_class(klass, by=learner)
        await database.write(queue.ask, learner, klass.session_id, klass.steps[0])
    ines = await open_live(enter, klass)

    await ines.should_see('Lena E')
    await ines.should_not_see('Lena F')
    ines.find('2 more').click()

    await ines.should_see('Lena G', retries=RETRIES)
    ines.find('Show fewer').click()
    await ines.should_not_see('Lena F', retries=RETRIES)


async def test_the_end_of_a_class_shows_its_result(enter: Enter) -> None:
    klass = await a_class(steps=1, learners=['Lena Learner', 'Otto Other', 'Pia Pale'])
    lena, otto, _ = klass.learners
    for learner in (lena, otto):
        await join_class(klass, by=learner)
    await tap(klass, klass.steps[0], by=lena)
    await database.write(queue.ask, otto, klass.session_id, klass.steps[0])
    await database.write(sessions.end, klass.teacher, klass.course_id)

    ines = await open_live(enter, klass)

    await ines.should_see('The class has ended')
    await ines.should_see('50 % done')
    for heading in 'Finished everything (1)', 'Asked for help (1)', 'Was not there (1)':
        await ines.should_see(heading)
    await ines.should_see('Pia Pale')
    ines.find('Start another class').click()
    await ines.should_see('Pace', retries=RETRIES)


async def open_live(enter: Enter, klass: ClassAtHand) -> User:
    user = await enter(klass.teacher)
    await user.open(f'/courses/{klass.course_id}/live')
    return user


def title_of(user: User) -> str:
    assert user.client
    return user.client.title or ''
