"""The inbox on two devices of one learner: a notice comes, is read on one of them, and both know."""

import pytest

from services.activity.following import Running
from services.notices.follower import FOLLOWER
from tests.factories.classes import a_class, tap
from tests.factories.people import another_device
from tests.ui.conftest import Enter
from ui.shell.inbox_button import InboxCount

pytestmark = pytest.mark.req('M2')


async def test_a_notice_comes_and_is_read_on_all_devices(enter: Enter) -> None:
    klass = await a_class(checkpoints=1)
    laptop, phone = await enter(klass.learner), await enter(await another_device(of=klass.learner))
    await laptop.open('/inbox')
    await laptop.should_see('Nothing yet')
    await phone.open('/goals')

    await tap(klass, klass.checkpoints[0])
    await Running(FOLLOWER).catch_up()
    await laptop.should_see('Congratulations! You have completed “Soil”.')
    await laptop.should_see('1 unread')
    await phone.should_see(kind=InboxCount, content='1')

    laptop.find('Mark as read').click()
    await laptop.should_see('0 unread')
    await laptop.should_see('Mark as unread')
    await phone.should_not_see(kind=InboxCount)

    laptop.find('Only unread').click()
    await laptop.should_see('Nothing found')
