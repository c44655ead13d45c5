"""The projector on screens of every size, with classes of every size: everybody fits, and everything can be read."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from services.enums import NameDisplay
from tests.factories.big_classes import LONG_NAMES, LONG_TITLES, a_big_class
from tests.factories.classes import ClassAtHand
from tests.support.browser_people import People, is_connected
from tests.support.picture_check import faults_of
from tests.support.running import Server

pytestmark = [pytest.mark.browser, pytest.mark.req('L14'), pytest.mark.asyncio(loop_scope='session')]

SCREENS = ((1280, 720), (1920, 1080), (3840, 2160))
CLASSES = [(1, 4), (5, 12), (30, 12), (30, 30), (40, 4), (40, 30), (41, 12), (150, 30), (151, 12), (500, 30)]
SHOWN = {1: 'rows', 5: 'rows', 30: 'rows', 40: 'rows', 41: 'tiles', 150: 'tiles', 151: 'bars', 500: 'bars'}
PICTURES = os.environ.get('WAYMARK_PICTURES', '')
"""a folder for the pictures, for a person who wants to look at them"""


@pytest.mark.parametrize(('learners', 'steps'), CLASSES)
@pytest.mark.parametrize('kind', ['aliases', 'long names'])
async def test_everybody_fits(people: People, server: Server, learners: int, steps: int, kind: str) -> None:
    long = kind == 'long names'
    async with server.at_hand():
        klass = await a_big_class(
            learners,
            steps=steps,
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

    faults = []
    for width, height in SCREENS:
        await page.set_viewport_size({'width': width, 'height': height})
        for scheme in ('light', 'dark'):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.locator(f'body.body--{scheme}').wait_for()
            await takes_a_picture(page, f'{learners}x{steps}-{kind[:4]}-{height}-{scheme}')
            faults += [f'{width}×{height} {scheme}: {fault}' for fault in await faults_of(page, height)]
    assert faults == []


async def opens_the_projector(page: Page, klass: ClassAtHand) -> None:
    await page.set_viewport_size({'width': 1920, 'height': 1080})
    await page.goto(f'/courses/{klass.course_id}/projector')
    await is_connected(page)
    await expect(page.locator('.wall-controls')).to_have_css('opacity', '0')


async def takes_a_picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f'{name}.png')
