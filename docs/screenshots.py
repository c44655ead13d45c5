"""Makes the pictures in the README from a running demo: `make demo` in one window, `make screenshots` in another."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

BASE = sys.argv[1] if len(sys.argv) > 1 else 'http://localhost:8080'
IMAGES = Path(__file__).parent / 'images'
PASSWORD = 'waymark demo'  # noqa: S105 - the demo is for everybody

CONTROLS_ARE_HIDDEN = """
() => [...document.querySelectorAll('.wall-controls')].every(controls => getComputedStyle(controls).opacity === '0')
"""


def main() -> None:
    """Take one picture of each screen of a class."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path='/usr/bin/chromium', args=['--no-sandbox', '--disable-gpu']
        )
        instructor = _sign_in(browser, 'ada@example.org', 1366, 768)
        class_that_is_on = instructor.locator('a[href^="/courses/"][href$="/live"]').first
        course = BASE + str(class_that_is_on.get_attribute('href')).removesuffix('/live')
        _take(instructor, f'{course}/live', '.ag-center-cols-container .ag-row', 'live')
        instructor.set_viewport_size({'width': 1600, 'height': 900})
        _take(instructor, f'{course}/projector', '.wall-row, .wall-tile', 'projector')
        student = _sign_in(browser, 'sam@example.org', 390, 844)
        _take(student, f'{BASE}/class/{course.rsplit("/", 1)[1]}', '.marker', 'student')
        browser.close()


def _sign_in(browser: Browser, email: str, width: int, height: int) -> Page:
    page = browser.new_context(viewport={'width': width, 'height': height}).new_page()
    page.goto(f'{BASE}/sign-in')
    page.fill('input[name=email]', email)
    page.fill('input[name=password]', PASSWORD)
    page.click('button[type=submit]')
    page.wait_for_url(f'{BASE}/')
    return page


def _take(page: Page, url: str, shows: str, name: str) -> None:
    page.goto(url)
    page.locator(shows).first.wait_for()
    page.wait_for_load_state('networkidle')
    page.wait_for_function(CONTROLS_ARE_HIDDEN)
    page.screenshot(path=IMAGES / f'{name}.png')


if __name__ == '__main__':
    main()
