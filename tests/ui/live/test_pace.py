"""The pace on the pages of a class: what a learner sees of a pause, and what an instructor leads with."""

from datetime import timedelta

import pytest
import time_machine
from nicegui import ui
from nicegui.testing import User

from services.activity import taps
from services.core import database
from services.core.clock import now
from services.core.errors import Refused
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.live import pacing, rooms, sessions
from services.people import groups
from tests.factories.classes import ClassAtHand, a_class, join_class, percent, tap
from tests.support.eventually import eventually
from tests.support.learner import RETRIES, Learner
from tests.ui.conftest import Enter
from ui.live import bell, class_time

pytestmark = [pytest.mark.req('L9')]


async def test_a_pause_is_shown_with_its_reason_and_nothing_can_be_tapped(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await lena.is_at('Step 1')
    assert not is_held(lena)

    await pause(klass, 'Look at the front')
    await lena.sees('The class is paused: Look at the front.')
    assert is_held(lena)
    assert lena.markers[0].props['data-label'] == 'Paused'
    await lena.is_at('Step 1')

    await database.write(sessions.resume, klass.teacher, klass.course_id)
    await lena.sees('The class goes on.')
    await lena.user.should_not_see('The class is paused', retries=RETRIES)
    assert not is_held(lena)
    lena.taps()
    await lena.is_at('Step 2')


async def test_a_tap_that_was_made_before_the_pause_arrived_counts(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await pause(klass, 'Listen')
    await lena.sees('The class is paused: Listen.')

    lena.taps()

    await lena.is_at('Step 2')
    assert is_held(lena), 'the next one waits for the class to go on'
    assert await percent(klass, klass.learner) == 33


async def test_a_forged_tap_in_a_pause_is_refused_with_the_reason(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await pause(klass, 'Listen')
    await lena.sees('The class is paused: Listen.')

    with time_machine.travel(now() + taps.CROSSING):
        lena.taps()
        await lena.sees('The class is paused: Listen. Tap again when the class goes on.')

    assert is_held(lena)
    assert await percent(klass, klass.learner) == 0


async def test_who_opens_the_page_during_a_pause_finds_it_paused(enter: Enter) -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    await pause(klass, '')
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)

    await lena.sees('The class is paused.')
    assert is_held(lena)
    await lena.user.should_not_see('Undo')


async def test_a_learner_reads_until_when_the_class_is_at_a_checkpoint(enter: Enter) -> None:
    klass = await a_timed_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)

    with time_machine.travel(now(), tick=False):
        await lead(klass, klass.checkpoints[0])

        end = (now() + timedelta(minutes=10)).astimezone()
        await lena.sees(f'The class is here until about {end:%-H}:')


@pytest.mark.req('C7')
async def test_a_learner_with_extra_time_reads_until_when_it_is_theirs(enter: Enter) -> None:
    klass = await a_timed_class()
    extra = {'user_id': klass.learner.user_id, 'percent': 100}
    await database.write(groups.give_extra_time, klass.teacher, klass.course_id, **extra)
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)

    with time_machine.travel(now(), tick=False):
        await lead(klass, klass.checkpoints[0])

        end = (now() + timedelta(minutes=20)).astimezone()
        await lena.sees(f'with your extra time you have until about {end:%-H}:')


async def test_the_instructor_leads_pauses_and_goes_on(enter: Enter) -> None:
    klass = await a_timed_class()
    room = await rooms.enter(klass.course_id)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')

    with time_machine.travel(now(), tick=False):
        ines.find('Next').click()
        await eventually(lambda: at(klass) == klass.checkpoints[0])
        await ines.should_see('10:00 left', retries=RETRIES)
    ines.find('Reason for the pause').type('Fire drill')
    ines.find('Pause the class').click()
    await ines.should_see('The class is paused: Fire drill.', retries=RETRIES)
    await ines.should_see('left · paused')

    ines.find('Go on').click()
    await ines.should_not_see('The class is paused', retries=RETRIES)
    assert room.board.session
    assert room.board.session.paused_at is None


async def test_when_most_are_done_next_is_the_filled_button(enter: Enter) -> None:
    klass = await a_class()
    await join_class(klass)
    await lead(klass, klass.checkpoints[0])
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    (after,) = ines.find('Next').elements
    assert 'button-primary' not in after.classes

    await tap(klass, klass.checkpoints[0])
    await ines.should_see('100 % are done with this step.', retries=RETRIES)
    assert 'button-primary' in after.classes
    ines.find('Next').click()

    await eventually(lambda: at(klass) == klass.checkpoints[1])
    await ines.should_not_see('are done with this step', retries=RETRIES)
    assert 'button-primary' not in after.classes


async def test_another_minute_is_given_to_everybody(enter: Enter) -> None:
    klass = await a_timed_class()
    await rooms.enter(klass.course_id)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    with time_machine.travel(now(), tick=False):
        await lead(klass, klass.checkpoints[0])
        await ines.should_see('10:00 left', retries=RETRIES)

        ines.find('+1 min').click()
        await ines.should_see('11:00 left', retries=RETRIES)
    await pause(klass, '')
    await ines.should_see('The class is paused.', retries=RETRIES)
    with pytest.raises(Refused, match='stands still in a pause'):
        await database.write(sessions.give_time, klass.teacher, klass.course_id)


@pytest.mark.parametrize('page', ['live', 'projector'])
async def test_keys_lead_and_pause(enter: Enter, page: str) -> None:
    klass = await a_class()
    await rooms.enter(klass.course_id)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/{page}')
    await ines.should_see('Keys')

    press(ines, 'n')
    await eventually(lambda: at(klass) == klass.checkpoints[0])
    press(ines, 'ArrowRight')
    await eventually(lambda: at(klass) == klass.checkpoints[1])
    press(ines, 'ArrowLeft')
    await eventually(lambda: at(klass) == klass.checkpoints[0])
    press(ines, ' ')
    await ines.should_see('The class is paused.', retries=RETRIES)
    press(ines, ' ')
    await ines.should_not_see('The class is paused.', retries=RETRIES)


async def test_keys_pressed_quickly_lead_step_by_step(enter: Enter) -> None:
    klass = await a_class()
    await rooms.enter(klass.course_id)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')

    for key in 'nnn':
        press(ines, key)

    await eventually(lambda: at(klass) == klass.checkpoints[2])


async def test_the_projector_shows_checkpoint_time_and_pause(enter: Enter) -> None:
    klass = await a_timed_class()
    await join_class(klass)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/projector')
    await ines.should_see('Each at their own pace')

    await lead(klass, klass.checkpoints[0])
    await ines.should_see('Now: 1  Wet the sample', retries=RETRIES)
    await ines.should_see('left')
    await pause(klass, 'Break until ten')
    await ines.should_see('The class is paused: Break until ten.', retries=RETRIES)


async def a_timed_class() -> ClassAtHand:
    klass = await a_class()
    details = Details(title='Wet the sample', estimated_minutes=10)
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], details)
    return klass


async def lead(klass: ClassAtHand, checkpoint: int | None) -> None:
    await database.write(sessions.set_current, klass.teacher, klass.course_id, checkpoint)


async def pause(klass: ClassAtHand, reason: str) -> None:
    await database.write(sessions.pause, klass.teacher, klass.course_id, reason)


def at(klass: ClassAtHand) -> int | None:
    session = rooms._rooms[klass.course_id].board.session
    return session.current_checkpoint_id if session else None


def is_held(lena: Learner) -> bool:
    (marker,) = lena.markers
    return bool(marker.props['disabled'])


def press(user: User, key: str) -> None:
    """Press a key while nothing has the focus: every keyboard of the page hears it."""
    assert user.client
    sent = {
        'action': 'keydown',
        'repeat': False,
        'altKey': False,
        'ctrlKey': False,
        'metaKey': False,
        'shiftKey': False,
        'key': key,
        'code': 'Space' if key == ' ' else key,
        'location': 0,
    }
    with user.client:
        for element in list(user.client.elements.values()):
            if isinstance(element, ui.keyboard):
                for listener in element._event_listeners.values():
                    element._handle_event({'listener_id': listener.id, 'args': sent})


async def test_a_class_at_its_own_pace_is_given_a_time_that_everybody_sees(enter: Enter) -> None:
    klass = await a_class()
    lena, ines = Learner(await enter(klass.learner)), await enter(klass.teacher)
    await lena.opens(klass)
    await ines.open(f'/courses/{klass.course_id}/live')
    await ines.should_not_see('+1 min')

    ines.find('Minutes').type('10').trigger('keydown.enter')

    await ines.should_see('+1 min', retries=RETRIES)
    await lena.sees('You have until about')
    ines.find('No time').click()
    await ines.should_not_see('+1 min', retries=RETRIES)
    await lena.user.should_not_see('You have until about', retries=RETRIES)


async def test_a_time_that_is_no_number_is_refused_with_an_example(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')

    ines.find('Minutes').type('soon')
    ines.find('Set the time').click()

    await ines.should_see('Type a number of minutes, like 10.', retries=RETRIES)


@pytest.mark.parametrize('wanted', [True, False])
async def test_a_sound_comes_once_when_the_time_is_up_where_it_is_wanted(
    enter: Enter, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(class_time.ClassTime, '_ring', lambda _: rung.append('ding'))
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    if wanted:
        ines.find('Sound when the time is up').click()
        await eventually(lambda: rung)  # so that the instructor hears what it will be
    await database.write(sessions.set_time, klass.teacher, klass.course_id, 1)
    await ines.should_see('+1 min', retries=RETRIES)
    rung.clear()
    front = await rooms.enter(klass.course_id)
    end = pacing.until(front.board)
    assert end

    with time_machine.travel(end - timedelta(seconds=2)):
        await eventually(lambda: rung if wanted else now() > end + timedelta(seconds=2))

    assert rung == (['ding'] if wanted else [])


async def test_the_sound_is_a_short_wav_file(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)

    answer = await ines.http_client.get(bell.ADDRESS)

    assert answer.headers['content-type'] == 'audio/wav'
    assert answer.content[:4] == b'RIFF'
    assert len(answer.content) < 20_000
