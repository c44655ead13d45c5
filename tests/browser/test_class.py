"""One class: an instructor with a laptop and a projector, and three students with phones, all at once."""

import pytest
from playwright.async_api import expect

from tests.support.browser_people import People
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session')]


@pytest.mark.req('A5', 'L1', 'L2', 'L3', 'L4', 'L10')
async def test_three_students_join_and_work_and_every_screen_follows(people: People) -> None:
    teacher = await people.teacher(checkpoints=3)
    projector = await teacher.opens_the_projector()
    one, two, three = teacher.klass.checkpoints
    amina, ben, chloe = [await people.learner() for _ in range(3)]

    await amina.joins_by_code(teacher.klass.code, 'Amina Yusuf')
    await ben.joins_by_link(teacher.klass.code, 'Ben Okafor')
    await chloe.joins_by_link(teacher.klass.code, 'Chloé Müller')
    for screen, first in ((teacher, one), (projector, 1)):
        await screen.says('3 here')
        await screen.shows(3, 'working on it', first)
    await expect(teacher.names).to_have_text(['Amina Yusuf', 'Ben Okafor', 'Chloé Müller'])
    await expect(projector.names).to_have_count(3)
    await expect(projector.page.get_by_text('Amina')).to_have_count(0)

    await amina.taps()
    await expect(amina.said).to_have_text('Saved · step 1')
    await amina.is_at('Step 2')
    await ben.taps()
    await ben.is_at('Step 2')
    await ben.taps()
    await ben.is_at('Step 3')
    for screen, numbers in ((teacher, (one, two, three)), (projector, (1, 2, 3))):
        await screen.shows(2, 'done', numbers[0])
        await screen.shows(1, 'done', numbers[1])
        await screen.shows(1, 'working on it', numbers[2])
    await teacher.says('33 % done')
    await projector.says('Percentages from 5 learners on, for privacy')
    await expect(await teacher.cell('Ben', two)).to_have_text('done')

    await ben.takes_back()
    await expect(ben.said).to_have_text('Taken back · step 2')
    await ben.is_at('Step 2')
    for screen, second in ((teacher, two), (projector, 2)):
        await screen.shows(0, 'done', second)
    await teacher.says('22 % done')


@pytest.mark.req('L3')
async def test_a_tap_shows_at_once_and_is_a_tick_when_the_server_has_answered(people: People, server: Server) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)
    server.pause()

    await lena.taps()

    await expect(lena.marker).to_be_checked()
    await expect(lena.marker).to_have_css('pointer-events', 'none')
    await expect(lena.heading).to_have_text('Step 1')
    await expect(lena.said).not_to_contain_text('Saved')
    server.resume()
    await expect(lena.said).to_have_text('Saved · step 1')
    await lena.is_at('Step 2')


@pytest.mark.req('L3', 'L5')
async def test_two_taps_on_the_same_marker_count_once(people: People, server: Server) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)

    await lena.marker.dblclick()

    await lena.is_at('Step 2')
    await teacher.shows(1, 'done', teacher.klass.checkpoints[0])
    await teacher.shows(0, 'done', teacher.klass.checkpoints[1])


@pytest.mark.req('A5', 'L3', 'L4')
async def test_one_student_on_two_devices(people: People) -> None:
    teacher = await people.teacher()
    phone = await people.learner_in(teacher.klass, 'Amina Yusuf')
    await phone.taps()
    await phone.is_at('Step 2')
    tablet = await people.learner()

    await tablet.comes_back_with(await phone.own_code())

    await tablet.is_at('Step 2')
    await tablet.taps()
    for device in (tablet, phone):
        await device.is_at('Step 3')
        await device.has_done(66)
    await phone.takes_back()
    for device in (tablet, phone):
        await device.is_at('Step 2')
        await device.has_done(33)
    await teacher.says('1 here')
    await expect(teacher.names).to_have_text(['Amina Yusuf'])


@pytest.mark.req('L3')
async def test_a_student_finishes_everything_and_finds_it_again(people: People) -> None:
    teacher = await people.teacher(checkpoints=2)
    lena = await people.learner_in(teacher.klass)

    await lena.taps()
    await lena.is_at('Step 2')
    await lena.taps()

    await expect(lena.heading).to_have_text('All done!')
    await expect(lena.marker).to_have_count(0)
    await lena.has_done(100)
    await lena.page.goto('/')
    course = lena.page.get_by_role('listitem').filter(has_text='100 %')
    await expect(course).to_contain_text('Soil')
    await lena.page.get_by_role('link', name='Go to the class').tap()
    await expect(lena.heading).to_have_text('All done!')
    await lena.takes_back()
    await lena.is_at('Step 2')


@pytest.mark.req('L3')
async def test_a_student_picks_another_checkpoint_from_the_list(people: People) -> None:
    teacher = await people.teacher()
    lena = await people.learner_in(teacher.klass)

    await lena.checkpoint('3 Step 3').tap()
    await lena.is_at('Step 3')
    await teacher.shows(1, 'working on it', teacher.klass.checkpoints[2])
    await lena.taps()

    await teacher.shows(1, 'done', teacher.klass.checkpoints[2])
    await lena.is_at('Step 1')


@pytest.mark.req('L2', 'L4')
async def test_the_instructor_leads_everybody_to_one_checkpoint(people: People) -> None:
    teacher = await people.teacher()
    projector = await teacher.opens_the_projector()
    amina, ben = [await people.learner_in(teacher.klass, name) for name in ('Amina Yusuf', 'Ben Okafor')]

    await teacher.leads_to('2 Step 2')

    for learner in (amina, ben):
        await learner.is_at('Step 2')
        await expect(learner.page.get_by_text('The class is here')).to_be_visible()
    await expect(projector.page.get_by_text('Now: 2 Step 2')).to_be_visible()
    await teacher.page.get_by_role('button', name='Next').click()
    await amina.is_at('Step 3')
    await teacher.leads_to('Own pace')
    await amina.is_at('Step 1')
    await expect(projector.page.get_by_text('Each at their own pace')).to_be_visible()


@pytest.mark.req('L2')
async def test_the_class_as_grid_and_list_sorted_and_filtered(people: People) -> None:
    teacher = await people.teacher()
    amina, ben = [await people.learner_in(teacher.klass, name) for name in ('Amina Yusuf', 'Ben Okafor')]
    await amina.taps()
    await teacher.shows(1, 'done', teacher.klass.checkpoints[0])

    await expect(teacher.names).to_have_text(['Amina Yusuf', 'Ben Okafor'])
    await teacher.chooses('By progress')
    await teacher.shows_in_order('Ben Okafor', 'Amina Yusuf')
    await ben.taps()
    await ben.is_at('Step 2')
    await ben.taps()
    await teacher.shows_in_order('Amina Yusuf', 'Ben Okafor')
    await teacher.chooses('List')
    await expect(teacher.page.locator('.cell-step').filter(has_text='3 · Step 3')).to_be_visible()
    await teacher.page.get_by_label('Find a name').fill('ben')
    await expect(teacher.names).to_have_text(['Ben Okafor'])
    await teacher.page.get_by_label('Find a name').fill('')
    await teacher.chooses('Grid')
    await expect(teacher.names).to_have_count(2)


@pytest.mark.req('L2', 'L10')
async def test_the_projector_by_keyboard_and_with_first_names(people: People) -> None:
    teacher = await people.teacher()
    projector = await teacher.opens_the_projector()
    await people.learner_in(teacher.klass, 'Amina Yusuf')
    await expect(projector.names).to_have_count(1)
    await expect(projector.names).not_to_have_text(['Amina'])

    await teacher.shows_on_the_projector('First names')
    await expect(projector.names).to_have_text(['Amina'])
    await teacher.shows_on_the_projector('Animal aliases')
    await expect(projector.names).not_to_have_text(['Amina'])
    await projector.page.keyboard.press('t')
    await expect(projector.page.locator('.wall-tile')).to_have_count(1)
    await projector.page.keyboard.press('s')
    await expect(projector.page.locator('.wall-bar')).to_have_count(3)
    await projector.page.keyboard.press('r')
    await projector.shows(1, 'working on it', 1)
    await projector.page.keyboard.press('f')
    await projector.page.wait_for_function('() => document.fullscreenElement')
    await expect(projector.page.locator('.q-notification')).to_have_count(0)


@pytest.mark.req('L1', 'L3')
async def test_a_class_ends_and_the_next_one_begins(people: People) -> None:
    teacher = await people.teacher()
    projector = await teacher.opens_the_projector()
    lena = await people.learner_in(teacher.klass)
    await lena.taps()
    await lena.is_at('Step 2')

    await teacher.ends_the_class()

    await expect(lena.heading).to_have_text('This class has ended')
    await expect(lena.marker).to_have_count(0)
    await lena.has_done(33)
    await expect(projector.page.locator('.wall-ended')).to_be_visible()
    await teacher.page.get_by_role('button', name='Start another class').click()
    await lena.is_at('Step 2')
    await lena.taps()
    await lena.is_at('Step 3')
    await teacher.shows(1, 'done', teacher.klass.checkpoints[0])
    await teacher.shows(1, 'done', teacher.klass.checkpoints[1])


@pytest.mark.req('L2')
async def test_a_laptop_shows_fifteen_checkpoints_at_once(people: People) -> None:
    teacher = await people.teacher(checkpoints=15)
    await people.learner_in(teacher.klass)
    await expect(teacher.names).to_have_count(1)

    for checkpoint in (teacher.klass.checkpoints[0], teacher.klass.checkpoints[-1]):
        header = teacher.page.locator(f'.ag-header-cell[col-id="c{checkpoint}"]')
        await expect(header).to_be_in_viewport(ratio=1)


PINNED = """(expected) => {
  const heads = [...document.querySelectorAll('.ag-pinned-left-header .ag-header-cell')];
  heads.sort((one, other) => one.getBoundingClientRect().left - other.getBoundingClientRect().left);
  return `${heads.map((head) => head.getAttribute('col-id'))}` === expected;
}"""
"""whether these are the columns that stay at the edge, from left to right"""


@pytest.mark.req('L7')
async def test_the_columns_of_the_grid_keep_their_order_when_the_window_was_narrow(people: People) -> None:
    teacher = await people.teacher()
    await people.learner_in(teacher.klass)
    await teacher.page.wait_for_function(PINNED, arg='n,h,p')

    for width, height in ((390, 844), (200, 844), (1366, 768)):
        await teacher.page.set_viewport_size({'width': width, 'height': height})
        await teacher.page.wait_for_function(PINNED, arg='n,h,p')
