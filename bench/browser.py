"""The system's Chromium, with scripts that note when something has become visible."""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

ARGUMENTS = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-sync',
    '--no-first-run',
    '--mute-audio',
]

# Notes when the first row has been painted: the frame after the one in which it was there.
WATCH_FIRST_ROW = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('.ag-center-cols-container .ag-row .ag-cell')) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { window.benchFirstRow = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""
FIRST_ROW = 'window.benchFirstRow'  # milliseconds since the navigation began
BIG_BUTTON = "document.querySelector('input.marker')"

# Notes for each column when its cell in the row of one student has changed, in seconds of the wall clock.
WATCH_ROW = """
(name) => {
  window.benchChanged = {};
  const observer = new MutationObserver((changes) => {
    const now = (performance.timeOrigin + performance.now()) / 1000;
    for (const change of changes) {
      const element = change.target.nodeType === 1 ? change.target : change.target.parentElement;
      const column = element?.closest('[col-id]')?.getAttribute('col-id');
      if (column) window.benchChanged[column] ??= now;
    }
  });
  const row = [...document.querySelectorAll('.ag-row')].find((one) => one.textContent.includes(name));
  for (const part of document.querySelectorAll(`.ag-row[row-id="${CSS.escape(row.getAttribute('row-id'))}"]`))
    observer.observe(part, { childList: true, subtree: true, attributes: true, characterData: true });
}
"""
CHANGED = 'window.benchChanged'
FORGET_CHANGES = 'window.benchChanged = {}'


# Notes when the marker was clicked, and when it has shown that it is saved, in milliseconds since the navigation began.
WATCH_MARKER = """
() => {
  window.benchClicked = window.benchSaved = 0;
  document.addEventListener('change', () => { window.benchClicked = performance.now(); }, { capture: true });
  new MutationObserver(() => {
    if (!window.benchSaved && document.querySelector('input.marker.marker-saved:not(.hidden)'))
      window.benchSaved = performance.now();
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
}
"""
OPEN_MARKER = 'input.marker:not(.hidden):not(:checked)'
SAVED = 'window.benchSaved'
CLICK_TO_TICK = 'window.benchSaved - window.benchClicked'


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium, for as long as it is needed."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which('chromium'), args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def new_page(browser: Browser, origin: str, cookies: Mapping[str, str]) -> AsyncIterator[Page]:
    """A browser without a past, signed in, that notes when it paints the first row of a grid."""
    context = await browser.new_context(viewport={'width': 1366, 'height': 768})
    try:
        await context.add_cookies([{'name': name, 'value': value, 'url': origin} for name, value in cookies.items()])
        page = await context.new_page()
        await page.add_init_script(WATCH_FIRST_ROW)
        yield page
    finally:
        await context.close()
