"""Goals and pauses on a phone."""

import pytest
from playwright.async_api import expect

from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_course, mark
from tests.factories.people import a_guest
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('S11', 'S13', 'O5')]


async def test_a_week_a_pause_and_a_goal(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=4, title='Tides')
        learner = await a_guest(code=course.code, name='Gina Goals')
        await mark(course.checkpoints[0], by=learner)
        token = await token_of(learner)
    phone = await people.page(token=token, phone=True)
    await phone.goto('/')
    await is_connected(phone)
    await expect(phone.get_by_text('1 of 5 this week')).to_be_visible()
    await phone.get_by_role('link', name='Your goals').tap()
    await is_connected(phone)

    await phone.get_by_label('Steps a week in Tides').fill('99')
    await phone.get_by_label('Steps a week in Tides').press('Enter')
    await expect(phone.get_by_text('A weekly goal is between 1 and 50 steps.')).to_be_visible()
    await phone.get_by_label('Steps a week in Tides').fill('1')
    await phone.get_by_label('Steps a week in Tides').press('Enter')
    await expect(phone.get_by_text('1 of 1 this week · achieved')).to_be_visible()

    await phone.get_by_role('button', name='New goal').tap()
    dialog = phone.get_by_role('dialog')
    await dialog.get_by_label('What do you want to reach?').fill('Know the tides')
    await dialog.get_by_label('By which day?').fill('2099-01-31')
    await dialog.get_by_role('button', name='Add a milestone').tap()
    await dialog.get_by_label('Milestone 1', exact=True).fill('Read a tide table')
    await assert_accessible(phone)
    await dialog.get_by_role('button', name='Save').tap()
    await phone.get_by_role('checkbox', name='Read a tide table').tap()
    await expect(phone.get_by_role('checkbox', name='Read a tide table')).to_be_checked()
    await expect(phone.get_by_text('on track', exact=True)).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role('button', name='More for Know the tides').tap()
    await phone.get_by_role('menuitem', name='Delete').tap()
    await expect(phone.get_by_text('Know the tides')).to_have_count(0)
    await phone.locator('.snackbar').get_by_role('button', name='Undo').tap()
    await expect(phone.get_by_role('checkbox', name='Read a tide table')).to_be_checked()

    await phone.get_by_role('button', name='Pause: Tides').tap()
    await expect(phone.get_by_role('button', name='Go on: Tides')).to_be_visible()
    await phone.get_by_role('link', name='Tides').tap()
    await is_connected(phone)
    await expect(phone.get_by_text('You have paused this course.')).to_be_visible()
    await phone.locator('input.marker:not(.hidden)').tap()
    await expect(phone.get_by_text('You have paused this course.')).to_have_count(0)
    await phone.get_by_role('button', name='Pause this course').tap()
    await expect(phone.get_by_role('button', name='Go on with this course')).to_be_visible()
