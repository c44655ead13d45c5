"""The projector on screens of every size, with classes of every size: everybody fits, and everything can be read."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import NameDisplay
from tests.factories.big_classes import LONG_NAMES, LONG_TITLES, a_big_class
from tests.factories.classes import ClassAtHand
from tests.factories.documents import a_pdf
from tests.factories.files import a_video as video_bytes
from tests.factories.videos import a_video
from tests.support.browser_people import People, is_connected
from tests.support.picture_check import faults_of
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('L14'), pytest.mark.asyncio(loop_scope='session')]

SCREENS = ((1280, 720), (1920, 1080), (3840, 2160))
CLASSES = [(1, 4), (5, 12), (30, 12), (30, 30), (40, 4), (40, 30), (41, 12), (150, 30), (151, 12), (500, 30)]
SHOWN = {1: 'rows', 5: 'rows', 30: 'rows', 40: 'rows', 41: 'tiles', 150: 'tiles', 151: 'bars', 500: 'bars'}
CUT = 'names => names.filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)'
PICTURES = os.environ.get('WAYMARK_PICTURES', '')
"""a folder for the pictures, for a person who wants to look at them"""


@pytest.mark.parametrize(('learners', 'checkpoints'), CLASSES)
@pytest.mark.parametrize('kind', ['aliases', 'long names'])
async def test_everybody_fits(people: People, server: Server, learners: int, checkpoints: int, kind: str) -> None:
    long = kind == 'long names'
    async with server.at_hand():
        klass = await a_big_class(
            learners,
            checkpoints=checkpoints,
            names=LONG_NAMES if long else (),
            titles=LONG_TITLES if long else (),
            shown_as=NameDisplay.FULL if long else NameDisplay.ALIAS,
            most_taps=4 if learners > 100 else 12,
        )
        page = await people.somebody(klass.teacher)
    await opens_the_projector(page, klass)
    await expect(page.locator(f'.wall-{SHOWN[learners]}')).to_be_visible()
    if SHOWN[learners] != 'bars':
        await expect(page.locator('.wall-name')).to_have_count(learners)

    await looks_right(page, f'{learners}x{checkpoints}-{kind[:4]}')
    if not long and SHOWN[learners] == 'rows':
        assert await page.locator('.wall-name').evaluate_all(CUT) == []


async def test_a_class_from_the_way_in_to_the_closing_picture(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_big_class(0, checkpoints=12, titles=LONG_TITLES)
        steps = 'Add **5 ml**:\n\n1. wait\n2. then *look*'
        text = Details(title=LONG_TITLES[0], description=steps, estimated_minutes=1)
        await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], text)
    teacher = await people.teacher_of(klass)
    page = await people.page(profile_of=teacher.page)
    await opens_the_projector(page, klass)
    await expect(page.get_by_text('Nobody to show yet')).to_be_visible()
    await expect(page.locator('.wall-large .join-code')).to_have_css('font-size', '216px')
    await looks_right(page, 'way-in')

    await people.learner_in(klass, 'Amina Yusuf')
    await expect(page.locator('.wall-arrived .wall-name')).to_have_count(1)
    await looks_right(page, 'first-name')
    await expect(page.locator('.wall-rows .wall-name')).to_have_count(1)
    await expect(page.get_by_text('1 here', exact=True)).to_be_visible()
    await expect(page.get_by_text('Percentages from 5 learners on')).to_be_visible()
    await looks_right(page, 'one')

    await page.keyboard.press('n')
    await expect(page.get_by_text(f'Now: 1 {LONG_TITLES[0]}')).to_be_visible()
    await expect(page.get_by_role('timer')).to_contain_text('left')
    await looks_right(page, 'led')
    assert await page.locator('.projector-why').evaluate_all(CUT) == [], 'the name of the course is the shorter one'
    await page.keyboard.press('i')
    await expect(page.get_by_text('5 ml')).to_be_visible()
    await expect(page.locator('.wall-step ol')).to_have_css('list-style-type', 'decimal')
    await looks_right(page, 'step')
    await page.keyboard.press('n')
    await expect(page.get_by_text('nothing more to show than its name')).to_be_visible()
    await page.keyboard.press('i')
    await expect(page.locator('.wall-rows')).to_be_visible()

    reason = (
        'Please look up, put your phones on the table with the screen down, and listen to what the others have found!'
    )
    await teacher.page.get_by_label('Reason for the pause').fill(reason)
    await teacher.page.get_by_role('button', name='Pause the class').click()
    await expect(page.get_by_text(reason)).to_be_visible()
    await looks_right(page, 'paused')
    await page.keyboard.press(' ')
    await expect(page.get_by_text(reason)).to_be_hidden()
    await page.keyboard.press('j')
    await expect(page.locator('.wall-large .join-code')).to_have_css('font-size', '216px')
    await looks_right(page, 'way-in-again')
    await page.keyboard.press('j')

    await teacher.ends_the_class()
    await expect(page.locator('.wall-ended')).to_be_visible()
    await expect(page.locator('.join-code:visible')).to_have_count(0)
    await looks_right(page, 'end')


async def test_the_current_checkpoint_is_shown_page_by_page_and_as_a_film(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_big_class(6, checkpoints=4)
        pdf, film, *_ = klass.checkpoints
        await a_pdf(klass, pdf, pages=3, inside=server.data_dir)
        stored_as = f'film{klass.course_id}.webm'
        await a_video(klass, film, seconds=6.0, stored_as=stored_as)
        (server.data_dir / 'uploads' / stored_as).write_bytes(
            video_bytes(seconds=6.0, container='webm', codec='libvpx')
        )
        page = await people.somebody(klass.teacher)
    await opens_the_projector(page, klass)

    await page.keyboard.press('n')
    await expect(page.get_by_role('timer').or_(page.get_by_text('Now: 1'))).to_be_visible()
    await page.keyboard.press('i')
    await shows_page(page, 1)
    await expect(page.locator('.wall-rows')).to_be_hidden()
    await looks_right(page, 'step-pdf')
    await page.keyboard.press('ArrowDown')
    await shows_page(page, 2)
    await page.keyboard.press('ArrowUp')
    await shows_page(page, 1)

    await page.keyboard.press('n')
    player = page.locator('.wall-video video')
    await expect(player).to_be_visible()
    await expect(page.get_by_role('img', name='Page 1 of 3')).to_be_hidden()
    await page.wait_for_function("() => document.querySelector('.wall-video video').readyState > 0")
    await looks_right(page, 'step-film')
    await player.evaluate('video => video.play()')
    await page.wait_for_function("() => document.querySelector('.wall-video video').currentTime > 0.5")

    await page.keyboard.press('i')
    await expect(page.locator('.wall-rows')).to_be_visible()
    await expect(page.locator('video')).to_have_count(0)


async def shows_page(page: Page, number: int) -> None:
    """Check which page of the PDF is on the wall, as a picture that has really come and is wholly on the screen."""
    picture = page.get_by_role('img', name=f'Page {number} of 3')
    await expect(picture).to_be_in_viewport(ratio=1)
    await page.wait_for_function(
        'picture => picture.complete && picture.naturalWidth > 0', arg=await picture.element_handle()
    )


async def test_a_key_freezes_the_picture_and_nothing_is_lost(people: People) -> None:
    teacher = await people.teacher(checkpoints=3)
    amina = await people.learner_in(teacher.klass, 'Amina Yusuf')
    page = await people.page(profile_of=teacher.page)
    await opens_the_projector(page, teacher.klass)
    done = page.locator('.wall-marks .mark-done')
    await expect(page.locator('.wall-rows .wall-name')).to_have_count(1)  # the way in stays for a while

    await page.keyboard.press('z')
    await expect(page.locator('.projector-facts > .projector-frozen')).to_be_visible()
    await looks_right(page, 'frozen')
    await amina.taps()
    await amina.is_at('Step 2')
    ben = await people.learner_in(teacher.klass, 'Ben Okafor')
    await teacher.says('2 here')
    await expect(done).to_have_count(0)
    await expect(page.locator('.wall-name')).to_have_count(1)

    await ben.page.get_by_role('switch', name='Show me on the projector').tap()
    await amina.page.get_by_role('switch', name='Show me on the projector').tap()
    await expect(page.locator('.wall-name')).to_have_count(0)  # who hides goes from a frozen picture, too
    await amina.page.get_by_role('switch', name='Show me on the projector').tap()
    await page.keyboard.press('z')
    await expect(done).to_have_count(1)
    await expect(page.locator('.projector-facts > .projector-frozen')).to_be_hidden()


@pytest.mark.parametrize('motion', ['reduce', 'no-preference'])
async def test_the_buttons_are_there_while_the_mouse_moves_or_a_key_has_led_to_them(
    people: People, motion: str
) -> None:
    teacher = await people.teacher(checkpoints=3)
    page = await people.page(profile_of=teacher.page)
    await page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    await opens_the_projector(page, teacher.klass)
    controls = page.locator('.wall-controls')
    await expect(controls).to_have_css('opacity', '0')

    await page.mouse.move(300, 300)
    await page.mouse.move(320, 310)
    await expect(controls).to_have_css('opacity', '1')
    await takes_a_picture(page, 'controls')
    await expect(controls).to_have_css('opacity', '0')
    await page.keyboard.press('Tab')
    await expect(page.get_by_role('button', name='Rows')).to_be_focused()
    await expect(controls).to_have_css('opacity', '1')


async def looks_right(page: Page, name: str) -> None:
    """Check the picture on all screens, light and dark."""
    faults = []
    for width, height in SCREENS:
        await page.set_viewport_size({'width': width, 'height': height})
        # a busy browser lays out for the new size a moment after it says that it has it
        await page.wait_for_function(
            '([width, height]) => innerWidth === width && Math.abs(visualViewport.height - height) < 1'
            " && Math.abs(document.querySelector('.projector').offsetHeight - height) < 1",
            arg=[width, height],
        )
        for scheme in ('light', 'dark'):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.locator(f'body.body--{scheme}').wait_for()
            await takes_a_picture(page, f'{name}-{height}-{scheme}')
            faults += [f'{width}×{height} {scheme}: {fault}' for fault in await faults_of(page, height)]
    await page.set_viewport_size({'width': 1920, 'height': 1080})
    assert faults == []


async def opens_the_projector(page: Page, klass: ClassAtHand) -> None:
    await page.set_viewport_size({'width': 1920, 'height': 1080})
    await page.goto(f'/courses/{klass.course_id}/projector')
    await is_connected(page)
    if PICTURES:  # nothing else looks at the buttons, which are gone after some seconds
        await expect(page.locator('.wall-controls')).to_have_css('opacity', '0')


async def takes_a_picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f'{name}.png')
