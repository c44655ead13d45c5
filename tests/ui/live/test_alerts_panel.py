"""The panel of those who need a look, and the numbers behind it."""

from datetime import timedelta

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.courses import catalog
from services.live.alerts import monitor
from services.live.help import queue
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class, tap
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from ui.kit.text import Text

pytestmark = [pytest.mark.req('L8')]


@pytest.fixture(autouse=True)
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, 'PASS', 0.01)
    monkeypatch.setattr(monitor, 'HELD', timedelta(0))


async def test_who_needs_a_look_is_pointed_out_and_put_aside_for_all_who_teach(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Low', 'Pia Punctual', 'Otto Old'])
    laptop, tablet = await open_live(enter, klass), await open_live(enter, klass)
    await laptop.should_see('Nobody needs you now.')

    for who in klass.learners:
        await join_class(klass, by=who)
    for who in klass.learners[:2]:
        await tap(klass, klass.checkpoints[0], by=who)
        await tap(klass, klass.checkpoints[1], by=who)
    for screen in laptop, tablet:
        await screen.should_see('nothing done yet, the class 1.3 on average', retries=RETRIES)
        await screen.should_see('Otto Old: nothing done yet')
        await screen.should_not_see('Nobody needs you now.')

    laptop.find('Seen').click()

    for screen in laptop, tablet:
        await screen.should_see('Nobody needs you now.', retries=RETRIES)
    await laptop.open(f'/courses/{klass.course_id}/live')
    await laptop.should_see('Nobody needs you now.')


async def test_of_those_with_the_same_reason_who_has_done_least_comes_first(enter: Enter) -> None:
    names = ['Anna Almost', 'Lena Low', 'Otto Old', 'Pia Punctual', 'Quentin Quick']
    klass = await a_class(checkpoints=6, learners=names)
    laptop = await open_live(enter, klass)
    for who, done in zip(klass.learners, (2, 1, 0, 6, 6), strict=True):
        await join_class(klass, by=who)
        for checkpoint in klass.checkpoints[:done]:
            await tap(klass, checkpoint, by=who)

    await laptop.should_see('nothing done yet, the class 3 on average', retries=RETRIES)
    await laptop.should_see('1 done, the class 3 on average', retries=RETRIES)
    await laptop.should_see('2 done, the class 3 on average', retries=RETRIES)
    assert listed(laptop) == ['Otto Old', 'Lena Low', 'Anna Almost']


async def test_who_asks_for_help_stands_in_the_list_once(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Low', 'Pia Punctual', 'Otto Old'])
    otto = klass.learners[2]
    laptop = await open_live(enter, klass)
    for who in klass.learners:
        await join_class(klass, by=who)
    for who in klass.learners[:2]:
        await tap(klass, klass.checkpoints[0], by=who)
        await tap(klass, klass.checkpoints[1], by=who)
    await laptop.should_see('nothing done yet, the class 1.3 on average', retries=RETRIES)

    request = await database.write(queue.ask, otto, klass.session_id, klass.checkpoints[0], 'It leaks')

    await laptop.should_see('It leaks', retries=RETRIES)
    await laptop.should_not_see('nothing done yet, the class 1.3 on average', retries=RETRIES)

    await database.write(queue.withdraw, otto, request)

    await laptop.should_see('nothing done yet, the class 1.3 on average', retries=RETRIES)
    await laptop.should_not_see('It leaks')


async def test_the_numbers_are_changed_in_the_settings_of_the_course(enter: Enter) -> None:
    course = await a_course()
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}')
    checkpoints = setting(ines, 'Point out learners who are this many steps behind the middle of the class.')

    checkpoints.clear().type('4').trigger('blur')
    await ines.should_see('Saved', retries=RETRIES)
    facts = await database.read(catalog.facts, course.teacher, course.course_id)
    assert (facts.lag_percent, facts.lag_steps, facts.lag_minutes) == (70, 4, 5)

    checkpoints.clear().type('many').trigger('blur')
    await ines.should_see('Enter a number from 1 to 50.', retries=RETRIES)
    facts = await database.read(catalog.facts, course.teacher, course.course_id)
    assert facts.lag_steps == 4


def listed(user: User) -> list[str]:
    """The names in the list of alerts, from top to bottom."""
    (panel,) = [
        each for each in user.find(kind=ui.element).elements if each.tag == 'ul' and 'needs-list' in each.classes
    ]
    named = [who for row in panel.default_slot.children for who in row.default_slot.children[0].default_slot.children]
    return [each.text for each in named if isinstance(each, Text) and 'needs-name' in each.classes]


async def open_live(enter: Enter, klass: ClassAtHand) -> User:
    user = await enter(klass.teacher)
    await user.open(f'/courses/{klass.course_id}/live')
    return user


def setting(user: User, sentence: str) -> UserInteraction[ui.input]:
    assert user.client
    inputs = [each for each in user.client.elements.values() if isinstance(each, ui.input)]
    return UserInteraction(user, {each for each in inputs if each.props.get('aria-label') == sentence}, None)
