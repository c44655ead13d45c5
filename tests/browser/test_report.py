"""A report on a phone: a teacher keeps and shares it, a parent without an account reads it, and the link is revoked."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from services.core import database
from services.people import joining
from services.reports.performance import remarks
from services.reports.performance.remarks import Remark
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_course, mark
from tests.factories.people import a_student, an_instructor
from tests.support.browser_people import People, is_connected
from tests.support.page_check import faults_of
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('R1', 'O5'), pytest.mark.asyncio(loop_scope='session')]

REMARK = Remark(comment='Digs deep, “ø” & 王.')


async def test_a_parent_reads_a_shared_report_on_a_phone_until_it_is_revoked(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(by=await an_instructor(), checkpoints=4, title='Tides')
        sam = await a_student(name='Sam Rivera')
        await database.write(joining.join, sam, code=course.code)
        await mark(course.checkpoints[0], by=sam)
        about = course.course_id, sam.user_id
        await database.write(remarks.write, course.teacher, *about, remark=REMARK, seen=None)
        token = await token_of(course.teacher)
    teacher = await people.page(token=token, phone=True)
    parent = await people.page(phone=True, origin=f'http://wlan.school.example:{server.port}')

    await teacher.goto(f'/report/{sam.user_id}?course={course.course_id}')
    await is_connected(teacher)
    await keeps(teacher)
    await reads_well(teacher)
    path = await shares(teacher)

    await parent.goto(path)
    await expect(parent.get_by_role('heading', name='A report for you')).to_be_visible()
    await expect(parent.get_by_text('Sam')).to_have_count(0)
    await reads_well(parent)
    await parent.get_by_role('button', name='Show the report').click()
    await expect(parent.get_by_text('Sam Rivera has done 1 of 4 steps.')).to_be_visible()
    await expect(parent.get_by_text(REMARK.comment)).to_be_visible()
    await reads_well(parent)

    await teacher.reload()
    await is_connected(teacher)
    await expect(teacher.get_by_text('opened once')).to_be_visible()
    await teacher.get_by_role('button', name='Revoke the link').click()
    await expect(teacher.get_by_text('has ended')).to_be_visible()
    await parent.reload()
    await expect(parent.get_by_text('was revoked')).to_be_visible()
    await expect(parent.get_by_text('Sam')).to_have_count(0)


async def keeps(teacher: Page) -> None:
    """Keep the report that is shown, for parents too; its page opens."""
    await teacher.get_by_role('button', name='Keep this report').click()
    await teacher.get_by_role('switch', name='Parents may see it').click()
    await teacher.get_by_role('button', name='Keep', exact=True).click()
    await expect(teacher.get_by_role('heading', name='Links for parents')).to_be_visible()
    await is_connected(teacher)


async def shares(teacher: Page) -> str:
    """Make a link to the report; returns its path, as the server answers at another address here."""
    await teacher.get_by_role('button', name='Make a link').click()
    link = teacher.get_by_text('/reports/shared/').first
    await expect(link).to_be_visible()
    return urlsplit((await link.inner_text()).strip()).path


async def reads_well(page: Page) -> None:
    await assert_accessible(page)
    assert await faults_of(page) == []
