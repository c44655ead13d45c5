"""Finding the way between the pages of a course: by the tabs, with keys alone, and on a phone."""

import pytest
from playwright.async_api import expect

from services.core import database
from services.live import sessions
from services.live.help import queue
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import a_class
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('L5', 'O5'), pytest.mark.asyncio(loop_scope='session')]


async def test_a_teacher_goes_through_their_course_and_sees_who_waits(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class()
        laptop = await people.somebody(klass.teacher)
    await laptop.goto(f'/courses/{klass.course_id}')
    await is_connected(laptop)
    tabs = laptop.get_by_role('navigation', name='This course').get_by_role('link')
    words = ['Steps', 'Live', 'Questions', 'People', 'Gradebook', 'Attendance', 'Analytics', 'Classes']
    await expect(tabs).to_have_text(words)

    await tabs.nth(0).focus()
    for _ in range(words.index('Attendance')):
        await laptop.keyboard.press('Tab')
    await laptop.keyboard.press('Enter')
    await laptop.wait_for_url('**/attendance')
    await is_connected(laptop)
    await expect(laptop).to_have_title('Attendance · Soil · Waymark')
    await expect(tabs.and_(laptop.locator('[aria-current=page]'))).to_have_text('Attendance')

    async with server.at_hand():
        await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[0])
    await laptop.reload()
    live = laptop.get_by_role('link', name='Live, 1 waits for help')
    await expect(live).to_have_text('Live1')
    await live.click()
    await expect(laptop).to_have_title('✋1 · Soil · Waymark')
    await laptop.get_by_role('link', name='Your courses').click()
    await expect(laptop.get_by_role('link', name='Soil', exact=True)).to_be_visible()


async def test_the_tabs_scroll_on_a_phone_and_the_page_does_not(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class()
        phone = await people.page(token=await token_of(klass.teacher), phone=True)
    await phone.goto(f'/courses/{klass.course_id}/classes')
    await is_connected(phone)

    last = phone.get_by_role('link', name='Classes', exact=True)
    await expect(last).to_be_in_viewport(ratio=1)
    assert await phone.evaluate('document.documentElement.scrollWidth') == 390
    await phone.get_by_role('link', name='Steps').tap()
    await phone.wait_for_url(f'**/courses/{klass.course_id}')
    await expect(phone.get_by_role('link', name='Steps')).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize('width', [768, 1366, 1920])
async def test_the_pages_of_a_course_begin_at_one_edge(people: People, server: Server, width: int) -> None:
    async with server.at_hand():
        klass = await a_class()
        await database.write(sessions.end, klass.teacher, klass.course_id)
        laptop = await people.somebody(klass.teacher)
    await laptop.set_viewport_size({'width': width, 'height': 1024})

    lefts = {}
    for end in ('/live', '/questions', '/people', '/attendance', '/analytics', '/classes', '/predictions', '/reports'):
        await laptop.goto(f'/courses/{klass.course_id}{end}')
        heading = laptop.get_by_role('heading', level=1).locator('visible=true').first
        lefts[end] = await heading.evaluate('element => element.parentElement.getBoundingClientRect().left')

    assert len(set(lefts.values())) == 1, lefts


@pytest.mark.req('A2', 'C7')
async def test_a_checkpoint_is_found_by_keys_alone(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=4)
        laptop = await people.somebody(klass.teacher)
    await laptop.goto(f'/courses/{klass.course_id}/people')
    await is_connected(laptop)

    await laptop.keyboard.press('/')
    field = laptop.get_by_role('combobox', name='Search')
    await expect(field).to_be_focused()
    await expect(laptop.get_by_role('option', name='Soil Course')).to_have_attribute('aria-selected', 'true')
    await assert_accessible(laptop, part='.q-dialog')
    await laptop.keyboard.type('step/')
    await expect(laptop.get_by_role('status').filter(has_text='Nothing is called like this.')).to_be_visible()
    await laptop.keyboard.press('Backspace')
    options = laptop.get_by_role('listbox', name='What is found').get_by_role('option')
    await expect(options).to_have_count(4)
    await laptop.keyboard.press('ArrowDown')
    second = options.nth(1)
    await expect(second).to_have_attribute('aria-selected', 'true')
    assert await field.get_attribute('aria-activedescendant') == await second.get_attribute('id')
    assert await field.get_attribute('aria-controls') == await second.locator('..').get_attribute('id')

    await laptop.keyboard.press('Enter')
    await laptop.wait_for_url(f'**/courses/{klass.course_id}?step={klass.checkpoints[1]}')
    await is_connected(laptop)
    await expect(laptop.get_by_role('button', name='Step 2', exact=True)).to_be_focused()

    await laptop.keyboard.press('Control+k')
    await expect(field).to_be_focused()
    await laptop.keyboard.press('Escape')
    await expect(field).to_have_count(0)
    await laptop.keyboard.press('?')
    await expect(laptop.get_by_role('dialog', name='Keys of this page')).to_be_visible()
    await assert_accessible(laptop, part='.q-dialog')
