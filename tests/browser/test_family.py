"""A family: a parent reads the week on a phone and follows it, while the child works and is congratulated, once."""

import re

import pytest
from playwright.async_api import Page, expect

from models import PointReason
from services.accounts import parent_codes
from services.core import database
from services.motivation import made_badges
from services.motivation.criteria import Span
from services.motivation.made_badges import Wish
from services.people import joining
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_student, an_instructor
from tests.support.browser_people import People, is_connected
from tests.support.page_check import faults_of
from tests.support.running import Server, token_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.req('A7', 'D2', 'G3', 'O5'),
    pytest.mark.asyncio(loop_scope='session'),
]

DIGGER = Wish(name='Digger', points=7, reason=PointReason.COMPLETED, within=Span.DAY, at_least=2)

IS_CLEAR = """(covered) => {
  const [card, other] = ['.moment-card', covered].map((each) => document.querySelector(each).getBoundingClientRect());
  return card.bottom <= other.top || card.top >= other.bottom;
}"""


async def test_a_parent_follows_the_week_in_which_the_child_earns_a_badge(people: People, server: Server) -> None:
    async with server.at_hand():
        ines = await an_instructor(email='ines.of.sam@example.org')
        course = await a_course(by=ines, checkpoints=4, title='Tides')
        sam = await a_student(name='Sam Rivera')
        await database.write(joining.join, sam, code=course.code)
        await database.write(made_badges.add, ines, course.course_id, wish=DIGGER)
        code = (await database.write(parent_codes.make, sam, child_id=sam.user_id)).code
        token = await token_of(sam)
    child, parent = await people.page(token=token), await people.page(phone=True)

    await registers(parent, code)
    await expect(parent.get_by_role('status')).to_have_text('No step is done yet this week; 5 are planned.')
    await expect(parent.get_by_text('Ask Ines Instructor')).to_be_visible()
    await assert_accessible(parent)
    assert await faults_of(parent) == []

    await child.goto(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')
    await is_connected(child)
    await completes(child)
    await expect(parent.get_by_role('status')).to_have_text('1 of 5 steps of this week are done.')
    await expect(parent.get_by_text('Step 1 (Tides)')).to_be_visible()
    await expect(parent.get_by_text(re.compile(r'^(under 1|\d+) min of learning · on 1 day'))).to_be_visible()

    await child.get_by_role('link', name='Next: Step 2').click()
    await completes(child)
    card = child.get_by_role('status').filter(has_text='You have earned a badge: Digger')
    await expect(card).to_be_in_viewport()
    assert await child.evaluate('document.activeElement.closest(".moments")') is None, 'nothing is taken from the hand'
    await child.set_viewport_size({'width': 390, 'height': 844})
    for covered in ('h1', '.learn-thumb'):
        assert await child.evaluate(IS_CLEAR, covered), f'on a phone it covers {covered}'
    await expect(parent.get_by_role('status')).to_have_text('2 of 5 steps of this week are done.')
    await expect(parent.get_by_text('Digger')).to_have_count(0)

    await child.get_by_role('button', name='Close: congratulations').focus()
    await child.keyboard.press('Enter')
    await expect(card).to_have_count(0)
    assert await faults_of(child) == []
    await child.goto('/goals')
    await expect(child.get_by_text('Digger').first).to_be_visible()
    await expect(card).to_have_count(0)


async def registers(parent: Page, code: str) -> None:
    """Fill the form in with the keyboard alone, as it stands in the order of the page."""
    await parent.goto('/register/parent')
    typed = {'Code': code.lower(), 'Name': 'Maria Rivera', 'E-mail': 'maria.of.sam@example.org', 'Password': PASSWORD}
    for label, text in typed.items():
        await parent.get_by_label(label).first.fill(text)
    await parent.keyboard.press('Enter')
    await parent.wait_for_url(re.compile(r'/children\?made=account$'))
    await is_connected(parent)


async def completes(child: Page) -> None:
    await child.locator('input.marker:not(.hidden)').click()
    await expect(child.locator('.learn-done')).to_have_text('Done')
