"""Every page at every size, as each person sees it: nothing is cut off, covered, too small or too wide.

`make pictures` takes all of them, light and dark, into `pictures/`, for a person to look at; the suite has two sizes.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.support.browser_people import People
from tests.support.full_school import FullSchool, is_drawn
from tests.support.page_check import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.req('O5'), pytest.mark.asyncio(loop_scope='session')]

SIZES: Mapping[str, tuple[int, int]] = {
    'phone': (390, 844),
    'turned': (844, 390),
    'laptop': (1366, 768),
    'wall': (1920, 1080),
}
PICTURES = os.environ.get('WAYMARK_PICTURES', '')
"""the folder of `make pictures`"""
LOOKED_AT = tuple(SIZES) if PICTURES else ('phone', 'laptop')
TARGET = 44
"""pixels of what a finger presses on a phone"""


@pytest.mark.parametrize('who', ['nobody', 'admin', 'teacher', 'student', 'parent', 'new parent'])
async def test_pages_look_right(browser: Browser, full_school: FullSchool, who: str, data_dir: Path) -> None:
    people = People(browser, full_school.server)
    faults: dict[str, list[str]] = {}
    for dark in (False, True) if PICTURES else (False,):
        page = await people.page(token=await full_school.token(who), dark=dark)
        for number, address in enumerate(_pages(full_school, who)):
            for size in LOOKED_AT:
                faults |= await _look(page, address, size, f'{who}-{number:02}-{size}{"-dark" if dark else ""}')
    await people.go_home()

    if faults:
        pytest.fail('\n'.join(f'{where}: {each}' for where, found in faults.items() for each in found))
    assert people.complaints == []


def _pages(school: FullSchool, who: str) -> list[str]:
    """Return the pages of a person but for the projector, which has a test of its own."""
    return [address for address in school.addresses(who) if not address.endswith('/projector')]


async def _look(page: Page, address: str, size: str, name: str) -> dict[str, list[str]]:
    width, height = SIZES[size]
    await page.set_viewport_size({'width': width, 'height': height})
    await page.goto(address)
    await is_drawn(page)
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f'{name}.png', full_page=True)
    found = await faults_of(page, target=TARGET if size == 'phone' else 0)
    return {f'{address} ({size})': found} if found else {}
