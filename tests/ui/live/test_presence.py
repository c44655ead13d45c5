"""Presence as pages tell it: a learner's page that is connected or not, and what the screens in front say."""

import pytest
from nicegui.testing import User

from services.live import presence, room, rooms
from services.live.board.views import Presence
from tests.factories.classes import ClassAtHand, a_class
from tests.support.eventually import eventually
from tests.support.learner import RETRIES, Learner
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L6')]


@pytest.fixture(autouse=True)
def _short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, 'PRESENCE_INTERVAL', 0.02)
    monkeypatch.setattr(presence, 'GRACE', 0.1)


async def test_the_screens_in_front_say_how_many_are_where(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    lena, live, projector = [await enter(actor) for actor in (klass.learner, klass.teacher, klass.teacher)]
    await live.open(f'/courses/{klass.course_id}/live')
    await projector.open(f'/courses/{klass.course_id}/projector')
    await live.should_see('0 here · 2 not yet')

    await Learner(lena).opens(klass)
    await live.should_see('1 here · 1 not yet', retries=RETRIES)
    await projector.should_see('1 of 2 here', retries=RETRIES)
    loses_its_connection(lena)

    await live.should_see('0 here · 1 lost · 1 not yet', retries=RETRIES)
    await projector.should_see('0 of 2 here', retries=RETRIES)
    await projector.should_not_see('lost')


async def test_a_page_that_is_connected_again_is_back(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await is_shown(klass, Presence.WORKING)
    loses_its_connection(lena.user)
    await is_shown(klass, Presence.LOST)

    is_connected_again(lena.user)

    await is_shown(klass, Presence.WORKING)


async def test_an_old_connection_that_is_given_up_after_the_new_one_is_there_means_nothing(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await is_shown(klass, Presence.WORKING)
    assert lena.user.client

    for handler in lena.user.client.disconnect_handlers:
        lena.user.client.safe_invoke(handler)

    front = await rooms.enter(klass.course_id)
    assert front.presences._signs[klass.learner.user_id].connected == 1


async def test_picking_a_checkpoint_is_a_sign_of_work(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, 'IDLE_AFTER', 1.0)
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await is_shown(klass, Presence.IDLE)

    lena.picks(klass.checkpoints[0])  # started already, so that the log hears nothing of it

    await is_shown(klass, Presence.WORKING)


def loses_its_connection(user: User) -> None:
    assert user.client
    user.client.tab_id = None
    for handler in user.client.disconnect_handlers:
        user.client.safe_invoke(handler)


def is_connected_again(user: User) -> None:
    assert user.client
    user.client.tab_id = 'back'
    for handler in user.client.connect_handlers:
        user.client.safe_invoke(handler)


async def is_shown(klass: ClassAtHand, presence: Presence) -> None:
    front = await rooms.enter(klass.course_id)
    await eventually(lambda: front.presences.shown(klass.learner.user_id) is presence)
