"""What axe says about any page, in the light and in the dark."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.support.browser_people import People

LOOK = """
async (options) => {
    const { violations } = await axe.run(document, options);
    return violations.map(({ id, impact, nodes }) =>
        `${id} (${impact}): ${nodes.map(node => `${node.target} ${node.failureSummary}`).slice(0, 4).join('; ')}`);
}
"""
AT_REST = """
async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const timed = document.getAnimations().filter(each => each.timeline === document.timeline);  // scrolling never ends
    await Promise.all(timed.map(animation => animation.finished.catch(() => null)));
}
"""
"""waits until nothing on the page moves"""
ALL = {'resultTypes': ['violations'], 'preload': False}
COLOURS = {**ALL, 'runOnly': ['color-contrast']}
"""what can differ in the dark"""


async def page_with_axe(people: People, token: str, *, dark: bool = False) -> Page:
    """Open the browser of a person, in which every page brings axe along."""
    page = await people.page(token=token, dark=dark)
    await page.context.add_init_script(Axe().axe_script)
    return page


async def findings(page: Page) -> list[str]:
    """Return what axe says: about all in the light, and about the colours in the dark. It begins with the one that the
    page is in, and leaves it in the other: to turn a page takes as long as axe does.
    """
    is_dark = bool(await page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches"))
    found = []
    for scheme, options in (('dark', COLOURS), ('light', ALL)) if is_dark else (('light', ALL), ('dark', COLOURS)):
        await _turn(page, scheme)
        found += [f'{scheme}: {each}' for each in await page.evaluate(LOOK, options)]
    return found


async def _turn(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    await page.locator(f'body.plain, body.body--{scheme}').wait_for()
    await page.evaluate(AT_REST)
