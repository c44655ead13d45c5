"""The class by seats: all are seated at once, a seat is exchanged beside it, and it follows the class."""

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.live.board import loading
from services.live.help import queue
from services.live.room import Room
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.support.eventually import eventually
from tests.support.fields import elements, field, fields, press
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L13', 'L2')]


async def test_a_class_is_seated_and_a_raised_hand_is_seen_at_its_seat(enter: Enter) -> None:
    klass = await a_class(learners=['Mia May', 'Ben Bay', 'Lena Low'])
    for learner in klass.learners:
        await join_class(klass, by=learner)
    mia, ben, _lena = klass.learners
    await tap(klass, klass.checkpoints[0], by=mia)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')

    shape = next(each for each in elements(ines) if isinstance(each, ui.toggle) and 'seats' in each.options)
    shape.set_value('seats')
    await ines.should_see('Without a seat')
    field(ines, 'Seats in a row').set_value(2)
    press(ines, 'Seat them from the front')
    await ines.should_see('The front of the room', retries=200)
    assert in_order(ines) == ['Ben Bay', 'Lena Low', 'Mia May']

    await database.write(queue.ask, ben, klass.session_id, klass.checkpoints[0])
    await eventually(lambda: [seat for seat in seats(ines) if 'step 1 · stuck' in seat] == [seats(ines)[0]])

    UserInteraction(ines, {buttons(ines)[2]}, None).click()
    await eventually(lambda: len(fields(ines, 'Seat, such as B4')) == 1)
    field(ines, 'Seat, such as B4').set_value('A1')
    UserInteraction(ines, {field(ines, 'Seat, such as B4')}, None).trigger('change')
    await eventually(lambda: in_order(ines) == ['Mia May', 'Lena Low', 'Ben Bay'])
    assert await kept(klass) == {'Mia May': 'A1', 'Lena Low': 'A2', 'Ben Bay': 'B1'}


async def test_a_quiet_class_is_not_laid_out_again(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()
    await join_class(klass, by=klass.learner)
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    shape = next(each for each in elements(ines) if isinstance(each, ui.toggle) and 'seats' in each.options)
    shape.set_value('seats')
    (timer,) = [each for each in elements(ines) if isinstance(each, ui.timer) and 'SeatingPlan' in str(each.callback)]
    looks: list[str] = []
    monkeypatch.setattr(Room, 'class_view', lambda room, *args: looks.append('once') or seen(room, *args))

    for _ in range(3):
        timer.callback()
    assert looks == []

    await tap(klass, klass.checkpoints[0])
    await eventually(lambda: looks == ['once'])
    assert 'step 2' in seats(ines)[0]


seen = Room.class_view


def buttons(user: PatientUser) -> list[ui.element]:
    return [each for each in elements(user) if 'seat' in each.classes]


def seats(user: PatientUser) -> list[str]:
    return [str(each.props['innerHTML']) for each in buttons(user)]


def in_order(user: PatientUser) -> list[str]:
    return [html.partition('>')[2].partition('<')[0] for html in seats(user)]


async def kept(klass: ClassAtHand) -> dict[str, str]:
    board = await database.read(loading.load, klass.course_id)
    return {learner.name: learner.seat for learner in board.learners.values()}
