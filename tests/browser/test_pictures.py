"""Every page at every size, as each person sees it: nothing is cut off, covered, too small or too wide, and axe has
nothing to say about it, light or dark.

A page is loaded once: axe and both sizes look at the same one, unless scripts have laid it out for the first size.
`make pictures` takes all of them, light and dark, into `pictures/`, for a person to look at; the suite has two sizes.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import ClassAtHand, a_class, join_class, tap
from tests.support.axe_check import AT_REST, findings, page_with_axe
from tests.support.browser_people import People
from tests.support.full_school import FullSchool, is_drawn
from tests.support.page_check import faults_of
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.req('O5'), pytest.mark.asyncio(loop_scope='session')]

SIZES: Mapping[str, tuple[int, int]] = {
    'phone': (390, 844),
    'turned': (844, 390),
    'laptop': (1366, 768),
    'wall': (1920, 1080),
}
PICTURES = os.environ.get('WAYMARK_PICTURES', '')
"""the folder of `make pictures`"""
LOOKED_AT = tuple(SIZES) if PICTURES else ('laptop', 'phone')
LAID_OUT_BY_SCRIPTS = '.ag-root-wrapper, .js-plotly-plot, textarea, video, canvas'
"""what is on pages that may look otherwise when they are loaded at another size: style sheets are not all there is"""
TARGET = 44
"""pixels of what a finger presses on a phone"""


@pytest.mark.req('L13')
@pytest.mark.parametrize('who', ['nobody', 'admin', 'teacher', 'student', 'parent', 'new parent'])
async def test_pages_look_right(browser: Browser, full_school: FullSchool, who: str, data_dir: Path) -> None:
    people = People(browser, full_school.server)
    faults: dict[str, list[str]] = {}
    for dark in (False, True) if PICTURES else (False,):
        page = await page_with_axe(people, await full_school.token(who), dark=dark)
        for number, address in enumerate(full_school.addresses(who)):
            faults |= await _look(page, address, f'{who}-{number:02}', dark=dark, with_axe=not PICTURES)
    await people.go_home()

    if faults:
        pytest.fail('\n'.join(f'{where}: {each}' for where, found in faults.items() for each in found))
    assert people.complaints == []


LONG_NAMES = [
    'Maximilian-Alexander Freiherr von Hohenstein-Wartenberg zu Altenburg',
    'فاطمة الزهراء بنت عبد الرحمن بن محمد الأندلسي',
    'W' * 60,
    'Ng',
    'விக்னேஸ்வரன் கிருஷ்ணமூர்த்தி',
    'יעל כהן־לוי 👩‍🔬',
]
LONG_TITLES = [
    'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen beschriften',
    'قس درجة حموضة ثلاث عينات من التربة وسجل النتائج في الجدول ثم قارنها',
    'Wet',
]
OF_TEACHER = ('', '/live', '/people', '/attendance', '/analytics', '/guest-codes', '/gradebook', '/about')


async def test_a_large_class_with_long_names_looks_right(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await _a_long_class()
        tokens = [await token_of(klass.teacher), await token_of(klass.learners[2])]
    course = f'/courses/{klass.course_id}'
    teacher = [f'{course}{end}' for end in OF_TEACHER]
    learner = ['/', f'/class/{klass.course_id}', f'{course}/learn/{klass.checkpoints[0]}', f'{course}/time']
    faults: dict[str, list[str]] = {}
    for who, token, addresses in zip(('many', 'long'), tokens, (teacher, learner), strict=True):
        page = await people.page(token=token)
        for number, address in enumerate(addresses):
            faults |= await _look(page, address, f'{who}-{number:02}')

    assert not faults, '\n'.join(f'{where}: {each}' for where, found in faults.items() for each in found)


async def _a_long_class() -> ClassAtHand:
    """Hold a class of many with names and titles that are long, of one word, or written from right to left."""
    names = [LONG_NAMES[number % len(LONG_NAMES)] + f' {number}' for number in range(36)]
    klass = await a_class(title=LONG_TITLES[0], checkpoints=20, learners=names)
    for checkpoint, title in zip(klass.checkpoints, LONG_TITLES, strict=False):
        await database.write(checkpoints.edit, klass.teacher, checkpoint, Details(title=title))
    for learner in klass.learners:
        await join_class(klass, by=learner)
        await tap(klass, klass.checkpoints[0], by=learner)
    return klass


async def _look(
    page: Page, address: str, name: str, *, dark: bool = False, with_axe: bool = False
) -> dict[str, list[str]]:
    """Look at a page in every size; axe looks at the first. The projector has a test of its own, but for axe."""
    faults = {}
    is_projector = address.endswith('/projector')
    for size in LOOKED_AT[:1] if is_projector else LOOKED_AT:
        await _bring(page, address, size)
        if PICTURES:
            file = f'{name}-{size}{"-dark" if dark else ""}.png'
            await page.screenshot(path=Path(PICTURES) / file, full_page=True)
        found = [] if is_projector else await faults_of(page, target=TARGET if size == 'phone' else 0)
        if with_axe and size == LOOKED_AT[0]:
            found += await findings(page)
        if found:
            faults[f'{address} ({size})'] = found
    return faults


async def _bring(page: Page, address: str, size: str) -> None:
    """Have the page in a size: load it, unless it is there already and follows its window by style sheets alone."""
    width, height = SIZES[size]
    await page.set_viewport_size({'width': width, 'height': height})
    if size == LOOKED_AT[0] or PICTURES or await page.locator(LAID_OUT_BY_SCRIPTS).count():
        await page.goto(address)
        await is_drawn(page)
    else:
        await page.evaluate(AT_REST)
