"""A phone in class: upright, on its side, and at 400 %; with a film that is open, and always a way on."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from services.content.uploads import storage
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.live.help import queue
from tests.browser.test_accessible import assert_accessible
from tests.factories.classes import ClassAtHand, a_class, join_class
from tests.factories.documents import a_text
from tests.factories.files import a_video as video_bytes
from tests.factories.videos import a_video
from tests.support.browser_people import PHONE, Learner, People, is_connected
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('L3'), pytest.mark.asyncio(loop_scope='session')]

ON_ITS_SIDE = {'width': 844, 'height': 390}
AT_400 = {'width': 320, 'height': 256}
"""1280 × 1024 at 400 %"""
SIZES = [PHONE, ON_ITS_SIDE, AT_400]

UNCOVERED = """element => {
    const box = element.getBoundingClientRect()
    const found = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    return found === element || element.contains(found)
}"""
"""whether the middle of an element can be seen and tapped"""
SIZE = 'element => { const box = element.getBoundingClientRect(); return [box.width, box.height] }'
TOO_WIDE = '() => document.documentElement.scrollWidth - document.documentElement.clientWidth'
TOO_HIGH = '() => document.documentElement.scrollHeight - document.documentElement.clientHeight'
LEFT_TO_READ = """() => {
    const tops = [...document.querySelectorAll('.student *')]
        .filter(each => getComputedStyle(each).position === 'sticky' && each.getClientRects().length)
        .map(each => each.getBoundingClientRect().top)
    return Math.min(innerHeight, ...tops)
}"""
"""pixels of height above everything that stays where it is"""


async def a_class_with_a_text(server: Server) -> ClassAtHand:
    async with server.at_hand():
        klass = await a_class(checkpoints=12, learners=())
        await a_text(klass, klass.checkpoints[0], body='Soil is rock, humus, water and air.\n\n' * 30)
        long = Details(title='Wet the sample', description='Add 5 ml and wait for the colour to settle. ' * 6)
        await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[1], long)
    return klass


async def is_usable(page: Page, button: Locator) -> None:
    await expect(button).to_be_visible()
    assert await button.evaluate(UNCOVERED), 'something covers it'
    width, height = await button.evaluate(SIZE)
    assert min(width, height) >= 44


async def takes_a_picture(page: Page, name: str) -> None:
    """Keep a picture for those who look at them, where `PICTURES` names a folder."""
    if folder := os.environ.get('PICTURES'):
        for scheme in ('light', 'dark'):
            await page.emulate_media(color_scheme=scheme, reduced_motion='reduce')  # type: ignore[arg-type]
            await page.screenshot(path=Path(folder) / f'{name}_{scheme}.png')


@pytest.mark.parametrize('size', SIZES, ids=['upright', 'on its side', 'at 400 %'])
async def test_everything_is_in_reach_and_there_is_room_to_read(
    people: People, server: Server, size: dict[str, int]
) -> None:
    klass = await a_class_with_a_text(server)
    lena = await people.learner_in(klass)
    page = lena.page
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    name = f'{size["width"]}x{size["height"]}'
    await takes_a_picture(page, f'{name}_begin')

    await lena.taps()
    await expect(lena.said).to_have_text('Saved · step 1')
    await lena.is_at('Wet the sample')

    await takes_a_picture(page, f'{name}_tapped')
    await is_usable(page, lena.marker)
    assert await page.evaluate(TOO_WIDE) <= 0
    assert await page.evaluate(LEFT_TO_READ) >= 0.5 * size['height']
    for part in (page.locator('.step-text'), lena.said, page.get_by_role('button', name='Undo 1')):
        await part.scroll_into_view_if_needed()
        assert await part.evaluate(UNCOVERED)
    await has_the_focus_in_sight(lena)


async def has_the_focus_in_sight(lena: Learner) -> None:
    """Go through the page by keyboard: what has the focus is not below what stays at the edge."""
    await lena.page.evaluate('() => { scrollTo(0, 0); document.activeElement.blur() }')
    covered = []
    for _ in range(12):
        await lena.page.keyboard.press('Tab')
        focused = await lena.page.evaluate_handle('() => document.activeElement')
        if not await focused.evaluate(f'element => element === document.body || ({UNCOVERED})(element)'):
            covered.append(await focused.evaluate('element => element.outerHTML.slice(0, 200)'))
    assert covered == []


@pytest.mark.parametrize('size', SIZES, ids=['upright', 'on its side', 'at 400 %'])
async def test_a_text_leaves_room_and_the_way_back_stays_in_reach(
    people: People, server: Server, size: dict[str, int]
) -> None:
    klass = await a_class_with_a_text(server)
    teacher = await people.teacher_of(klass)
    lena = await people.learner_in(klass)
    page = lena.page
    await page.set_viewport_size(size)  # type: ignore[arg-type]
    await page.get_by_role('button', name='Open the text').tap()
    await expect(page.get_by_text('Soil is rock').first).to_be_visible()
    await expect(page.get_by_role('button', name='Just right')).to_be_hidden()
    await teacher.leads_to('Step 4')
    await expect(page.get_by_text('You are 3 steps behind.')).to_be_attached()
    name = f'{size["width"]}x{size["height"]}'
    await takes_a_picture(page, f'{name}_text')

    await page.get_by_text('Soil is rock').last.scroll_into_view_if_needed()

    await takes_a_picture(page, f'{name}_text_end')
    back = page.get_by_role('button', name='Back to class')
    await is_usable(page, back)
    await is_usable(page, lena.marker)
    assert await page.evaluate(TOO_WIDE) <= 0
    assert await page.evaluate(LEFT_TO_READ) >= 0.5 * size['height']
    await back.tap()
    await lena.is_at('Step 4')


async def test_a_film_plays_in_the_page_of_the_class_and_goes_on_where_it_was(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=3, learners=())
        await a_video(klass, klass.checkpoints[0], seconds=30, stored_as='inclass.webm')
        (server.data_dir / storage.folder().name).mkdir(parents=True, exist_ok=True)
        content = video_bytes(seconds=30, container='webm', codec='libvpx')
        (server.data_dir / storage.folder().name / 'inclass.webm').write_bytes(content)
    lena = await people.learner_in(klass)
    page = lena.page
    await page.get_by_role('button', name='Open the video').tap()
    await page.wait_for_function("() => document.querySelector('video')?.readyState > 0")
    await page.get_by_label('Video: Step 1').press('Space')
    await page.wait_for_function("() => document.querySelector('video').currentTime >= 2")
    for size in SIZES:
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        await takes_a_picture(page, f'{size["width"]}x{size["height"]}_film')
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await assert_accessible(page, sizes=(PHONE, ON_ITS_SIDE))
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    await page.get_by_role('button', name='Back to class').tap()
    await expect(page.locator('video')).to_have_count(0)
    await expect(page.get_by_role('button', name='Open the video')).to_be_focused()
    await page.get_by_role('button', name='Open the video').tap()

    await expect(page.get_by_text('the video goes on there')).to_be_visible()
    await lena.taps()
    await lena.is_at('Step 2')
    await expect(page.locator('video')).to_have_count(0)
    await is_connected(page)


HEIGHT_OF_BAR = "() => document.querySelector('.frame-header').getBoundingClientRect().height"
LINES_OF_BAR = """() => new Set([...document.querySelectorAll('.frame-header :is(a, button, .frame-title, .chip)')]
    .filter(each => each.getClientRects().length)
    .map(each => each.getBoundingClientRect())
    .map(box => Math.round((box.top + box.height / 2) / 12))).size"""


async def test_the_bar_on_top_has_one_line_also_for_a_long_name_and_two_while_a_class_is_on(
    people: People, server: Server
) -> None:
    async with server.at_hand():
        klass = await a_class(learners=['Maximilian-Alexander Freiherr von Hohenstein-Wartenberg zu Altenburg'])
        learner, teacher = [await people.somebody(each) for each in (klass.learner, klass.teacher)]
    for page, address in (learner, '/'), (teacher, f'/courses/{klass.course_id}/live'):
        await page.set_viewport_size(PHONE)
        await page.goto(address)
        await is_connected(page)

    for address in '/', f'/courses/{klass.course_id}/learn', f'/class/{klass.course_id}':
        for size in PHONE, ON_ITS_SIDE:
            await learner.set_viewport_size(size)
            await learner.goto(address)
            await is_connected(learner)
            assert await learner.evaluate(HEIGHT_OF_BAR) < 70, (address, size)
            assert await learner.evaluate(TOO_WIDE) <= 0, (address, size)
    assert await teacher.evaluate(LINES_OF_BAR) == 2


async def test_the_bar_on_top_fits_into_half_a_laptop_and_onto_a_tablet(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(title='Where does the water go?')
        learner, teacher = [await people.somebody(each) for each in (klass.learner, klass.teacher)]
    await teacher.goto(f'/courses/{klass.course_id}/live')
    await is_connected(teacher)
    await learner.goto(f'/courses/{klass.course_id}/learn')
    await is_connected(learner)

    for width in 600, 683, 768:
        for page in teacher, learner:
            await page.set_viewport_size({'width': width, 'height': 768})
            assert await page.evaluate(TOO_WIDE) <= 0, width
        await expect(teacher.get_by_role('button', name='End the class')).to_be_in_viewport(ratio=1)
    name = learner.locator('.frame-actions > .name')
    assert await name.evaluate('name => name.scrollWidth - name.clientWidth') <= 0, 'the title gives way first'


@pytest.mark.req('L3', 'L8')
@pytest.mark.parametrize('size', [(768, 1024), (1024, 768)], ids=['upright', 'on its side'])
async def test_a_teacher_with_a_tablet_sees_who_waits_and_the_grid_and_steers_at_once(
    people: People, server: Server, size: tuple[int, int]
) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=12, learners=[f'Learner {number:02}' for number in range(1, 31)])
        for learner in klass.learners:
            await join_class(klass, by=learner)
        for learner in klass.learners[:6]:
            await database.write(queue.ask, learner, klass.session_id, klass.checkpoints[0])
        tablet = await people.somebody(klass.teacher)
    await tablet.set_viewport_size({'width': size[0], 'height': size[1]})
    await tablet.goto(f'/courses/{klass.course_id}/live')
    await is_connected(tablet)

    for first in (
        tablet.get_by_role('button', name='Learner 01', exact=True),
        tablet.get_by_role('gridcell', name='Learner 01', exact=True),
    ):
        await expect(first).to_be_in_viewport(ratio=1)
    await is_usable(tablet, tablet.get_by_role('button', name='Next', exact=True))
    if size[0] >= 1024:
        assert await tablet.evaluate(TOO_HIGH) <= 0, 'who waits and the pace stay in sight beside a grid that scrolls'
    assert await tablet.evaluate(TOO_WIDE) <= 0
