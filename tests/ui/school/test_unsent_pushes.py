"""Notices that did not reach devices, on the page of the school: why, sent again, or dropped."""

import pytest

from services.core import database
from services.notices import pushing
from tests.factories.classes import a_class
from tests.factories.people import an_admin
from tests.services.notices.test_pushing import a_notice
from tests.support.push_service import a_push_service
from tests.ui.conftest import Enter
from tests.ui.school.test_school import press

pytestmark = pytest.mark.req('M3')


async def test_an_admin_reads_why_and_has_them_sent_again_or_drops_them(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_push_service() as service:
        service.is_used(monkeypatch)
        service.status = 401
        klass = await a_class()
        await a_notice(klass)
        await pushing.send_due()
        olga = await an_admin()
        admin = await enter(olga)

        await admin.open('/')
        await admin.should_see('Notices for devices')
        await admin.open('/school')
        await admin.should_see('1 notice did not reach devices')
        await admin.should_see('127.0.0.1 answers with 401.')
        press(admin, 'Send them all again')
        await admin.should_not_see('1 notice did not reach devices')
        await pushing.send_due()
        await admin.open('/school')
        press(admin, 'Drop them all')
        await admin.should_not_see('127.0.0.1 answers with 401.')

    assert await database.read(pushing.of_school, olga) == []
