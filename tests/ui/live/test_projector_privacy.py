"""The switch on a learner's page that keeps them off the projector, and what the instructor sees of it."""

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from services.core import database
from services.enums import NameDisplay
from services.live import rooms, sessions
from services.live.board.views import Names
from tests.factories.classes import a_class
from tests.support.eventually import eventually
from tests.support.learner import Learner
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L10')]


async def test_a_learner_keeps_off_the_projector_and_comes_back(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    await lena.sees('Show me on the projector: <b aria-hidden="true">yes')
    front = await rooms.enter(klass.course_id)
    await eventually(lambda: len(front.class_view(Names.ALIAS).rows) == 1)

    switch(lena)
    await lena.sees('Show me on the projector: <b aria-hidden="true">no')
    assert front.class_view(Names.ALIAS).rows == ()

    switch(lena)
    await lena.sees('Show me on the projector: <b aria-hidden="true">yes')
    assert len(front.class_view(Names.ALIAS).rows) == 1


async def test_the_projector_offers_no_ranking_and_the_instructor_chooses_the_names(enter: Enter) -> None:
    klass = await a_class()
    teacher = await enter(klass.teacher)

    await teacher.open(f'/courses/{klass.course_id}/live')
    await teacher.should_see('Names on the projector')
    await teacher.should_see('Animal aliases')
    orders = [toggle for toggle in teacher.find(ui.toggle).elements if 'progress' in toggle.options]
    assert orders

    await teacher.open(f'/courses/{klass.course_id}/projector')
    await teacher.should_not_see(ui.toggle)


def switch(learner: Learner) -> None:
    elements = learner.user.client.elements.values() if learner.user.client else ()
    button = next(element for element in elements if element.props.get('role') == 'switch')
    UserInteraction(learner.user, {button}, None).click()


async def test_a_learner_takes_another_name_with_one_tap_and_the_projector_follows(enter: Enter) -> None:
    klass = await a_class()
    lena = Learner(await enter(klass.learner))
    await lena.opens(klass)
    front = await rooms.enter(klass.course_id)
    await eventually(lambda: len(front.class_view(Names.ALIAS).rows) == 1)
    (row,) = front.class_view(Names.ALIAS).rows
    await lena.sees('You are <b', f'<bdi>{row.name}</bdi>')

    lena.user.find('Another name').click()

    await lena.user.should_not_see(f'<bdi>{row.name}</bdi>')
    (renamed,) = front.class_view(Names.ALIAS).rows
    await lena.sees(f'<bdi>{renamed.name}</bdi>')
    assert (renamed.key, renamed.name != row.name) == (row.key, True)


async def test_other_names_cannot_be_swapped(enter: Enter) -> None:
    klass = await a_class()
    await database.write(sessions.set_names, klass.teacher, klass.course_id, NameDisplay.FIRST_NAME)
    lena = Learner(await enter(klass.learner))

    await lena.opens(klass)

    await lena.sees('On the projector you are <b', '<bdi>Lena</bdi>')
    await lena.user.should_not_see('Another name')
