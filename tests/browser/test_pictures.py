"""Every page at every size, as each person sees it: nothing is cut off, covered, too small or too wide.

`make pictures` takes all of them, light and dark, into `pictures/`, for a person to look at; the suite has two sizes.
"""

import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page
from sqlalchemy import update

from models import User
from services.core import database
from settings import settings
from tests.support.browser_people import People
from tests.support.greek_school import GreekSchool, a_greek_school
from tests.support.page_check import faults_of
from tests.support.running import Server, token_of
from tests.ui.test_words_on_screen import addresses, plain_addresses

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


@pytest_asyncio.fixture(scope='module', loop_scope='session')
async def a_full_school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Server, GreekSchool]]:
    """A server of its own, in which everything is there and people read English."""
    server = Server(tmp_path_factory.mktemp('full'))
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('DATA_DIR', str(server.data_dir))
        settings.cache_clear()
        async with server.at_hand():
            school = await a_greek_school()
            await database.write(lambda tx: tx.execute(update(User).values(language='en')))
    settings.cache_clear()
    yield server, school
    server.stop()


@pytest.mark.parametrize('who', ['nobody', 'admin', 'teacher', 'student'])
async def test_pages_look_right(
    browser: Browser, a_full_school: tuple[Server, GreekSchool], who: str, data_dir: Path
) -> None:
    server, school = a_full_school
    people = People(browser, server)
    faults: dict[str, list[str]] = {}
    for dark in (False, True) if PICTURES else (False,):
        page = await people.page(token=await _token(server, school, who), dark=dark)
        for number, address in enumerate(_addresses_of(school, who)):
            for size in LOOKED_AT:
                faults |= await _look(page, address, size, f'{who}-{number:02}-{size}{"-dark" if dark else ""}')
    await people.go_home()

    if faults:
        pytest.fail('\n'.join(f'{where}: {each}' for where, found in faults.items() for each in found))
    assert people.complaints == []


def _addresses_of(school: GreekSchool, who: str) -> list[str]:
    """Return the pages of a person but for files and the projector, which has a test of its own."""
    pages = [pair for pairs in addresses(school).values() for pair in pairs] + plain_addresses(school)
    left_out = ('.csv', '.md', '/projector')
    return [address for address, reader in pages if (reader or 'nobody') == who and not address.endswith(left_out)]


async def _token(server: Server, school: GreekSchool, who: str) -> str:
    async with server.at_hand():
        actor = school.people[who]
        return await token_of(actor) if actor else ''


async def _look(page: Page, address: str, size: str, name: str) -> dict[str, list[str]]:
    width, height = SIZES[size]
    await page.set_viewport_size({'width': width, 'height': height})
    await page.goto(address)
    if await page.evaluate('() => "did_handshake" in window'):
        await page.wait_for_function('() => window.did_handshake === true')
    await page.evaluate('() => document.fonts.ready')
    if PICTURES:
        await page.screenshot(path=Path(PICTURES) / f'{name}.png', full_page=True)
    found = await faults_of(page, target=TARGET if size == 'phone' else 0)
    return {f'{address} ({size})': found} if found else {}
