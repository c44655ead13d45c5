"""Without a mouse and without a finger: Tab, Space, Enter and the arrow keys are enough for everything."""

import pytest
from playwright.async_api import Locator, Page, expect

from services.core import database
from services.courses import outline
from tests.factories.classes import CourseAtHand, a_class, a_course
from tests.factories.people import an_instructor
from tests.support.browser_people import Learner, People, is_connected
from tests.support.eventually import found_soon
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('O5'), pytest.mark.asyncio(loop_scope='session')]


async def reach(target: Locator, *, key: str = 'Tab', most: int = 60) -> None:
    """Press a key until something has the focus."""
    for _ in range(most):
        if await target.evaluate('element => element === document.activeElement'):
            return
        await target.page.keyboard.press(key)
    pytest.fail(f'{key} does not lead to {target}')


async def is_stored(course: CourseAtHand, order: list[int]) -> bool:
    (module,) = await database.read(outline.sections, course.teacher, course.course_id)
    return [checkpoint.checkpoint_id for checkpoint in module.checkpoints] == order


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def drag_over(place: Locator, titles: Locator, order: list[str]) -> None:
    """Move the mouse about over a place until the list has made room there; it looks up only now and then."""
    for nudge in range(200):
        await place.hover(force=True, position={'x': 4 + nudge % 4, 'y': 4})
        if await titles.all_inner_texts() == order:
            return
    pytest.fail(f'what is dragged does not go to {place}')


@pytest.mark.req('A5', 'L3')
async def test_a_student_can_do_everything(people: People) -> None:
    teacher = await people.teacher()
    page = await people.page()
    lena = Learner(page)
    await page.goto('/')

    await reach(page.get_by_label('Your code'))
    await page.keyboard.type(teacher.klass.code)
    await press(page, 'Enter')
    await page.wait_for_url('**/j/*')
    await reach(page.get_by_label('Your name'))
    await page.keyboard.type('Lena Learner')
    await press(page, 'Enter')
    await page.wait_for_url('**/class/*')
    await is_connected(page)

    await reach(lena.checkpoint('1 Step 1'))
    await reach(lena.marker, key='Shift+Tab', most=4)  # before all steps, not after them
    await press(page, 'Space')
    await lena.is_at('Step 2')
    await reach(lena.marker)
    await press(page, 'Space')
    await lena.is_at('Step 3')
    await reach(page.get_by_role('button', name='Undo'), key='Shift+Tab')
    await press(page, 'Enter')
    await lena.is_at('Step 2')
    await reach(lena.checkpoint('3 Step 3'))
    await press(page, 'Space')
    await lena.is_at('Step 3')
    await reach(lena.marker, key='Shift+Tab')
    await press(page, 'Space')
    await teacher.shows(1, 'done', teacher.klass.checkpoints[2])


@pytest.mark.req('S6')
async def test_a_learner_goes_on_at_home_from_where_the_keyboard_was(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=30)
        page = await people.somebody(klass.learner)
    await page.goto(f'/courses/{klass.course_id}/learn/{klass.checkpoints[0]}')
    await is_connected(page)

    await reach(page.get_by_role('checkbox', name='Done: Step 1'), most=20)  # the steps come after it
    await press(page, 'Space')
    await expect(page.locator('.learn-way')).to_be_focused()
    await reach(page.get_by_role('link', name='Next: Step 2'), most=3)
    await press(page, 'Enter')
    await page.wait_for_url(f'**/learn/{klass.checkpoints[1]}')


@pytest.mark.req('L1', 'L2')
async def test_an_instructor_can_lead_a_class(people: People) -> None:
    teacher = await people.teacher()
    page = teacher.page
    lena = await people.learner_in(teacher.klass)
    await expect(teacher.names).to_have_count(1)

    await reach(page.get_by_role('combobox', name='Current step for everybody'))
    await press(page, 'Enter', 'ArrowDown', 'ArrowDown', 'Enter')
    await lena.is_at('Step 2')
    await reach(page.get_by_role('button', name='Next'))
    await press(page, 'Enter')
    await lena.is_at('Step 3')
    await reach(page.get_by_role('button', name='List'))
    await press(page, 'Space')
    await expect(page.locator('.cell-step').first).to_be_visible()
    await reach(page.get_by_role('button', name='Seats'), key='Shift+Tab')
    await press(page, 'Space')
    seat = page.locator('.seat')
    await reach(seat)
    await press(page, 'Enter')
    await reach(page.get_by_label('Seat, such as B4'))
    await page.keyboard.type('b4')
    await press(page, 'Tab')
    await expect(page.get_by_text('The front of the room')).to_be_visible()
    await press(page, 'Escape')
    await expect(seat).to_be_focused()
    await reach(page.get_by_role('button', name='End the class'), key='Shift+Tab')
    await press(page, 'Enter')
    dialog = page.get_by_role('dialog')
    await expect(dialog).to_be_visible()
    await press(page, 'Escape')
    await expect(dialog).to_be_hidden()
    await reach(page.get_by_role('button', name='End the class'))
    await press(page, 'Enter')
    await reach(dialog.get_by_role('button', name='End the class'))
    await press(page, 'Enter')
    await expect(lena.heading).to_have_text('This class has ended')
    await teacher.is_between_classes()


@pytest.mark.req('L13')
async def test_the_grid_by_arrow_keys_and_out_of_it_by_tab(people: People) -> None:
    teacher = await people.teacher()
    await people.learner_in(teacher.klass)
    await expect(teacher.names).to_have_count(1)
    page = teacher.page

    await page.get_by_role('button', name='Stuck first').focus()
    await press(page, 'Tab')
    await expect(page.get_by_role('columnheader', name='Name')).to_be_focused()
    await press(page, 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight')
    await expect(page.locator('.ag-cell:focus')).to_have_text('working on it')
    await press(page, 'Tab')
    await expect(page.locator('.ag-root :focus')).to_have_count(0)


OFF_THE_MIDDLE = """each => {
  const box = each.getBoundingClientRect();
  return Math.abs((box.left + box.right - document.documentElement.clientWidth) / 2);
}"""


@pytest.mark.req('C1', 'C3')
async def test_an_instructor_can_build_a_course(people: People, server: Server) -> None:
    async with server.at_hand():
        page = await people.somebody(await an_instructor())
    await page.goto('/')
    await is_connected(page)

    await reach(page.get_by_label('Title'))
    await page.keyboard.type('Soil')
    await press(page, 'Enter')
    await page.wait_for_url('**/courses/*')
    await is_connected(page)
    box = page.get_by_label('one per line')
    await reach(box)
    await page.keyboard.insert_text('Collect a sample (5 min)\nWet the sample\nWrite it down')
    await press(page, 'Control+Enter')
    titles = page.locator('.outline-title')
    await expect(titles).to_have_text(['Collect a sample', 'Wet the sample', 'Write it down'])
    said = page.get_by_role('status').filter(has_text='3 steps added')
    assert await said.evaluate(OFF_THE_MIDDLE) < 2, 'where “Undo” is offered, too'

    await reach(titles.filter(has_text='Collect a sample'), key='Shift+Tab')
    await press(page, 'Alt+ArrowDown')
    await expect(titles).to_have_text(['Wet the sample', 'Collect a sample', 'Write it down'])
    await expect(titles.filter(has_text='Collect a sample')).to_be_focused()
    await press(page, 'Alt+ArrowDown')
    await expect(titles).to_have_text(['Wet the sample', 'Write it down', 'Collect a sample'])
    await reach(page.get_by_role('button', name='More for Collect a sample'))
    await press(page, 'Enter')
    items = page.get_by_role('menuitem')
    await expect(items.first).to_be_focused()
    for key, place in (('ArrowDown', 1), ('ArrowUp', 0), ('ArrowUp', -1), ('ArrowDown', 0), ('End', -1), ('Home', 0)):
        await press(page, key)
        await expect(items.nth(place), key).to_be_focused()
    await press(page, 'Escape')
    await expect(items).to_have_count(0)
    await expect(page.get_by_role('button', name='More for Collect a sample')).to_be_focused()
    await press(page, 'ArrowDown')
    await expect(items.first, 'the arrow down opens it, too').to_be_focused()
    await press(page, 'Tab')
    await expect(items, 'Tab closes it').to_have_count(0)
    await expect(page.get_by_role('button', name='More for Collect a sample')).to_be_focused()
    await press(page, 'Enter')
    await expect(items.first).to_be_focused()
    await reach(items.filter(has_text='Delete'), key='ArrowDown')
    await press(page, 'Enter')
    await expect(titles).to_have_text(['Wet the sample', 'Write it down'])
    await reach(page.get_by_role('button', name='Undo'))
    await press(page, 'Enter')
    await expect(titles).to_have_text(['Wet the sample', 'Write it down', 'Collect a sample'])
    await reach(page.get_by_role('button', name='Start the class'), key='Shift+Tab')
    await press(page, 'Enter')
    await page.wait_for_url('**/live')


@pytest.mark.req('C3')
async def test_checkpoints_are_dragged_to_another_place(people: People, server: Server) -> None:
    async with server.at_hand():
        course = await a_course(checkpoints=3)
        page = await people.somebody(course.teacher)
    await page.goto(f'/courses/{course.course_id}')
    await is_connected(page)
    grips, titles = page.locator('.grip'), page.locator('.outline-title')

    await grips.nth(0).hover()
    await page.mouse.down()
    await drag_over(grips.nth(1), titles, ['Step 2', 'Step 1', 'Step 3'])
    await drag_over(grips.nth(2), titles, ['Step 2', 'Step 3', 'Step 1'])
    await page.mouse.up()

    await expect(titles).to_have_text(['Step 2', 'Step 3', 'Step 1'])
    async with server.at_hand():
        await found_soon(lambda: is_stored(course, [course.checkpoints[index] for index in (1, 2, 0)]))
    await page.reload()
    await expect(titles).to_have_text(['Step 2', 'Step 3', 'Step 1'])
