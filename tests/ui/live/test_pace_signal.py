"""The pace signal on the pages of a class: three buttons on a phone, three shares for the instructor."""

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.live import pace_signals, rooms, sessions
from services.live.pace_signals import PaceSignal
from tests.factories.classes import a_class, join_class
from tests.support.eventually import eventually
from tests.support.learner import RETRIES, Learner
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L16')]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_signals, 'TOLD_EVERY', 0.02)


async def test_a_learner_says_too_fast_and_the_instructor_sees_a_share_without_a_name(enter: Enter) -> None:
    klass = await a_class(learners=[f'Lena {letter}' for letter in 'ABCDE'])
    front = await rooms.enter(klass.course_id)
    for learner in klass.learners[1:]:
        await join_class(klass, by=learner)
        front.arrive(learner.user_id)
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await lena.sees('How is the pace?')
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    await ines.should_not_see('Too fast: 0 %')

    await eventually(lambda: front.board.learner(klass.learner.user_id).joined)
    says(lena, 'too_fast')

    await ines.should_see('Too fast: 20 %', retries=RETRIES)
    await ines.should_see('20 % of those who are here find it too fast.')
    assert signal_buttons(lena).props['model-value'] == 'too_fast'


async def test_the_buttons_are_there_while_a_class_is_on(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    assert 'hidden' not in signal_buttons(lena).classes

    await database.write(sessions.end, klass.teacher, klass.course_id)

    await lena.sees('This class has ended')
    await eventually(lambda: 'hidden' in signal_buttons(lena).classes)
    assert signal_buttons(lena).props['options'] == [], 'without any, the browser cannot draw what is hidden'


async def test_a_second_signal_too_soon_goes_back_with_a_sentence(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    front = await rooms.enter(klass.course_id)
    await eventually(lambda: front.board.learner(klass.learner.user_id).joined)
    says(lena, 'too_slow')
    await eventually(lambda: front.pace_signals.of(klass.learner.user_id) is PaceSignal.TOO_SLOW)

    says(lena, 'just_right')

    await lena.sees('Wait a moment before you change what you say about the pace.')
    assert signal_buttons(lena).props['model-value'] == 'too_slow'


def signal_buttons(learner: Learner) -> ui.element:
    elements = learner.user.client.elements.values() if learner.user.client else ()
    return next(element for element in elements if element.tag == 'q-btn-toggle')


def says(learner: Learner, signal: str) -> None:
    UserInteraction(learner.user, {signal_buttons(learner)}, None).trigger(
        'update:modelValue', [signal, {'value': signal}]
    )
