"""A learner chooses what they get and when, and finds it again."""

import pytest
from nicegui import ui

from models import Channel, NoticeKind
from services.core import database
from services.notices import choosing
from services.notices.quiet_hours import QuietHours
from tests.factories.classes import a_class
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('M2')


async def test_a_learner_chooses_and_sets_quiet_hours(enter: Enter) -> None:
    klass = await a_class()
    lena = await enter(klass.learner)
    await lena.open('/inbox/settings')
    await lena.should_see('Your school sends no notices by mail.')

    boxes = sorted(lena.find(kind=ui.checkbox).elements, key=lambda each: each.id)
    (box,) = [each for each in boxes if each.props.get('aria-label') == 'A deadline is near: In the app']
    box.set_value(False)
    lena.find('Quiet from').clear().type('22:00')
    lena.find('Quiet until').clear().type('7:00')
    lena.find('Save').click()
    await lena.should_see('Saved')

    wishes = await database.read(choosing.own, klass.learner)
    off = [choice.kind for choice in wishes.choices if not choice.is_on[Channel.IN_APP]]
    assert (off, wishes.quiet) == ([NoticeKind.DEADLINE], QuietHours(since=22 * 60, until=7 * 60))
