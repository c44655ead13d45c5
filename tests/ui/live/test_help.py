"""Being stuck, as the people in the room see it: who asks, who comes, who only sees a number."""

from datetime import timedelta

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.core import clock, database
from services.courses import catalog
from services.live.help import queue
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class
from tests.support.learner import RETRIES, Learner
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L7')]


async def test_asking_waiting_and_being_helped(enter: Enter) -> None:
    klass = await a_class()
    lena, ines = Learner(await enter(klass.learner)), await enter(klass.teacher)
    await lena.opens(klass)
    await lena.is_at('Step 1')
    await ines.open(f'/courses/{klass.course_id}/live')
    await ines.should_see('Nobody needs you now.')

    press(lena.user, 'I’m stuck')
    await lena.sees('What does not work?')
    lena.user.find('What does not work?').type('It stays blue')
    press(lena.user, 'Ask for help')

    await lena.sees('You are next', 'step 1 · asked at')
    await ines.should_see('Lena Learner is stuck at step 1', retries=RETRIES)
    await ines.should_see('It stays blue')
    await ines.should_see('1 waiting')
    ines.find('I’m on it').click()
    await lena.sees('Ines Instructor is on the way')
    await ines.should_see('You are helping', retries=RETRIES)
    ines.find('Solved').click()

    await lena.user.should_not_see('is on the way', retries=RETRIES)
    await lena.sees('I’m stuck')
    await ines.should_see('Nobody needs you now.', retries=RETRIES)
    await assert_log_and_projections_agree()


async def test_it_works_now(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await lena.is_at('Step 1')
    press(lena.user, 'I’m stuck')
    press(lena.user, 'Not now')
    press(lena.user, 'I’m stuck')
    press(lena.user, 'Ask for help')
    await lena.sees('You are next')

    press(lena.user, 'It works now')

    await lena.user.should_not_see('You are next', retries=RETRIES)
    await lena.is_at('Step 1')
    assert len(lena.markers) == 1


async def test_tapping_done_is_enough(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await ask(klass)
    await lena.sees('You are next')

    lena.taps()

    await lena.is_at('Step 2')
    await lena.user.should_not_see('You are next')


async def test_a_refusal_is_said_and_the_page_goes_on(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    press(lena.user, 'I’m stuck')
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)

    press(lena.user, 'Ask for help')

    await lena.sees('archived this course')


async def test_a_classmate_who_has_done_the_checkpoint_may_help(enter: Enter) -> None:
    klass = await a_class(learners=['Otto Old', 'Lena Low'])
    await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    otto, lena = [Learner(await enter(who)) for who in klass.learners]
    await otto.opens(klass)
    await lena.opens(klass)
    await otto.is_at('Step 1')
    await ask(klass, words='It <b>stays</b> blue')
    await lena.sees('I’m stuck')
    await lena.user.should_not_see('Otto is stuck')

    lena.taps()
    await lena.sees('Otto is stuck', 'It &lt;b&gt;stays&lt;/b&gt; blue')
    await lena.user.should_not_see('Otto Old')
    press(lena.user, 'Help')
    await otto.sees('Lena is on the way')
    await lena.sees('You are helping Otto')
    press(lena.user, 'Done')

    await otto.user.should_not_see('on the way', retries=RETRIES)
    await assert_log_and_projections_agree()


async def test_a_classmate_who_is_a_moment_too_late_is_told_who_was_faster(enter: Enter) -> None:
    klass = await a_class(learners=['Otto Old', 'Lena Low'])
    await database.write(catalog.let_classmates_help, klass.teacher, klass.course_id, allowed=True)
    lena = Learner(await enter(klass.learners[1]))
    await lena.opens(klass)
    lena.taps()
    asked = await ask(klass)
    await lena.sees('Otto is stuck')
    await lena.is_at('Step 2')
    too_late = button(lena.user, 'Help')
    await database.write(queue.claim, klass.teacher, asked)

    UserInteraction[ui.element](lena.user, {too_late}, None).trigger('click', [])

    await lena.sees('Ines Instructor is already helping.')
    await lena.user.should_not_see('Otto is stuck')


async def test_an_instructor_who_is_a_moment_too_late_is_told_so(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    asked = await ask(klass)
    await ines.should_see('I’m on it', retries=RETRIES)
    await database.write(queue.withdraw, klass.learner, asked)

    ines.find('I’m on it').click()

    await ines.should_see('Lena Learner does not need help now.', retries=RETRIES)
    await ines.should_see('Nobody needs you now.', retries=RETRIES)


async def test_the_queue_says_how_long_each_has_waited(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()
    await ask(klass)
    now = clock.now()
    monkeypatch.setattr(clock, 'now', lambda: now + timedelta(minutes=7, seconds=5))
    ines = await enter(klass.teacher)

    await ines.open(f'/courses/{klass.course_id}/live')

    await ines.should_see('7 min')


@pytest.mark.req('L4')
async def test_the_projector_shows_a_number_and_no_name(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/projector')
    await ines.should_not_see('waiting for help')

    await ask(klass)

    await ines.should_see('1 waiting for help', retries=RETRIES)
    await ines.should_not_see('Lena')
    await ines.should_not_see('It stays blue')


async def test_the_switch_in_the_course(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}')

    ines.find('Classmates may help each other').click()

    await ines.should_see('Saved: classmates help each other', retries=RETRIES)
    facts = await database.read(catalog.facts, klass.teacher, klass.course_id)
    assert facts.classmates_help


async def ask(klass: ClassAtHand, *, words: str = 'It stays blue') -> int:
    return await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[0], words)


def press(user: User, label: str) -> None:
    """Press a native button."""
    UserInteraction[ui.element](user, {button(user, label)}, None).trigger('click', [])


def button(user: User, label: str) -> ui.element:
    elements = user.client.elements.values() if user.client else ()
    return next(e for e in elements if e.tag == 'button' and e.props.get('innerHTML') == label and e.visible)
