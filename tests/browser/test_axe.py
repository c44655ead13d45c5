"""Every dialog, looked at by axe, light and dark: it has nothing to say about any of them.

Every page is looked at in `test_pictures.py`, where it is open anyway.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.axe_check import findings, page_with_axe
from tests.support.browser_people import People
from tests.support.full_school import FullSchool, is_drawn

pytestmark = [pytest.mark.browser, pytest.mark.req('O5', 'L13'), pytest.mark.asyncio(loop_scope='session')]

OPENINGS: Sequence[tuple[str, str, Sequence[str]]] = [
    ('teacher', '{running}', ['More for Πρώτο']),
    ('teacher', '{running}', ['Πρώτο']),
    ('teacher', '{running}', ['More for Πρώτο', 'Edit']),
    ('teacher', '{running}/live', ['=?']),
    ('teacher', '{running}/live', ['End the class']),
    ('teacher', '{running}/live', ['Ask a question']),
    ('teacher', '{running}/live', ['Σοφία']),
    ('teacher', '{running}/live', ['Σοφία', 'Take out of the course']),
    ('teacher', '{running}/projector', ['=?']),
    ('teacher', '{running}/people', ['More for Γιώργος']),
    ('teacher', '{running}/people', ['More for Γιώργος', 'Code to come back']),
    ('teacher', '{running}/people', ['More for Γιώργος', 'Rename']),
    ('teacher', '{running}/people', ['More for Γιώργος', 'Same person as …']),
    ('teacher', '{running}/people', ['More for Γιώργος', 'Group']),
    ('teacher', '{running}/people', ['More for Γιώργος', 'Extra time']),
    ('teacher', '{running}/people', ['More for Γιώργος', 'Fields']),
    ('teacher', '/report/{student}?course={course}', ['Keep this report']),
    ('teacher', '{running}/gradebook', ['Files']),
    ('teacher', '{running}/gradebook', ['Weights and letters']),
    ('teacher', '{running}/questions', ['New question']),
    ('teacher', '{running}/motivation', ['New badge']),
    ('student', '/goals', ['New goal']),
    ('student', '/goals', ['More for Στόχος', 'Edit']),
    ('student', '/calendar', ['Make an address', 'End the address']),
    ('admin', '/', ['More for Σοφία']),
    ('admin', '/', ['More for Σοφία', 'Make an admin']),
    ('admin', '/', ['More for Σοφία', 'Switch the account off']),
]
"""Who opens something on which page, by pressing which buttons one after the other; keys begin with `=`."""


@pytest.mark.parametrize('who', ['admin', 'teacher', 'student'])
async def test_no_dialog_or_menu_has_one(browser: Browser, full_school: FullSchool, who: str, data_dir: Path) -> None:
    people = People(browser, full_school.server)
    page = await page_with_axe(people, await full_school.token(who))
    found = []
    for _, place, presses in (opening for opening in OPENINGS if opening[0] == who):
        things = full_school.of.things
        running = f'/courses/{things["running"]}'
        await page.goto(place.format(running=running, course=things['running'], student=things['student']))
        await is_drawn(page)
        for press in presses:
            await _press(page, press)
        opened = page.locator('.q-dialog:visible, .q-menu:visible, .learner-panel:visible')
        await expect(opened.first).to_be_visible()
        found += [f'{place} {presses}: {each}' for each in await findings(page)]
        assert await opened.count(), f'{place} {presses}: it was gone before axe had looked at it'
    await people.go_home()

    assert not found, '\n'.join(found)
    assert people.complaints == []


async def _press(page: Page, press: str) -> None:
    if press.startswith('='):
        await page.keyboard.press(press[1:])
        return
    roles: Sequence[Any] = ('menuitem', 'gridcell', 'button')
    menu, cell, button = [page.get_by_role(role, name=press, exact=True) for role in roles]
    await menu.or_(cell).or_(button).first.click()
