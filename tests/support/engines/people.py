"""People in front of browsers that are not Chromium, and what they do and see there."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

from tests.support.engines.window import PHONE, SCREEN, Engine, EngineError, Window
from tests.support.eventually import PATIENCE
from tests.support.running import Server

FIND = """(css, text) => [...document.querySelectorAll(css)].find(element => {
    const said = (element.innerText || element.value || '').replace(/\\s+/g, ' ');
    return element.getClientRects().length && element.checkVisibility({visibilityProperty: true})
        && said.includes(text);
})"""
COUNT = '(css) => [...document.querySelectorAll(css)].filter(element => element.getClientRects().length).length'
HEARS = """() => window.did_handshake === true && window.socket.connected
    && document.getElementById('popup')?.getAttribute('aria-hidden') === 'true'"""
LISTEN = """() => {
    window.complaints ??= [];
    addEventListener('error', event => window.complaints.push(String(event.message)));
    addEventListener('unhandledrejection', event => window.complaints.push(String(event.reason)));
}"""


class Person:
    """Somebody with one window; whatever they look for, they wait for."""

    def __init__(self, window: Window, origin: str) -> None:
        self.window = window
        self._origin = origin

    async def goes_to(self, path: str) -> None:
        """Open a page of the server."""
        await self.window.open(f'{self._origin}{path}')
        await self.window.call(LISTEN)

    async def joins(self, code: str, name: str) -> None:
        """Come with the code of a course, as a guest, and be on the page of the class."""
        await self.goes_to('/')
        await self.fills('input[name="code"]', code)
        await self.taps('button', 'Join')
        await self.fills('input[name="name"]', name)
        await self.taps('button', 'Join')
        await self.hears_the_server()

    async def hears_the_server(self) -> None:
        """Wait until the page hears the server and takes input."""
        await self.holds(HEARS)
        await self.window.call(LISTEN)

    async def hears_nobody(self) -> None:
        """Wait until the page has noticed that it hears nobody, and says so."""
        await self.sees('#popup[aria-hidden="false"]')

    async def sees(self, css: str, text: str = '') -> None:
        """Wait for an element that is visible and says something."""
        await self.holds(f'(css, text) => Boolean(({FIND})(css, text))', css, text)

    async def counts(self, css: str, number: int) -> None:
        """Wait until there are so many elements."""
        await self.holds(f'(css, number) => ({COUNT})(css) === number', css, number)

    async def taps(self, css: str, text: str = '') -> None:
        """Press an element as soon as it can be pressed."""
        await self._until(lambda: self.window.tap(FIND, css, text), f'{css} {text}')

    async def fills(self, css: str, text: str) -> None:
        """Press a field, and type into it."""
        await self.taps(css)
        await self.window.type(text)
        await self.holds('(css, text) => document.querySelector(css).value === text', css, text)

    async def holds(self, condition: str, *arguments: object) -> None:
        """Wait until a function of JavaScript returns what is true."""
        await self._until(lambda: self.window.call(condition, *arguments), f'{condition} {arguments}')

    async def complaints(self) -> list[str]:
        """Return the errors of scripts on the page that is open."""
        return await self.window.call('() => window.complaints ?? []')

    async def _until(self, attempt, what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            trouble = 'not there'
            try:
                if await attempt():
                    return
            except EngineError as error:  # the page is just being left, or something lies above the element
                trouble = str(error)
            if time.monotonic() > deadline:
                shown = await self.window.call('() => location.href + "\\n" + document.body.innerText')
                raise AssertionError(f'{what}: {trouble}\n{shown}')
            await asyncio.sleep(0.02)


class EnginePeople:
    """Opens a window for each person."""

    def __init__(self, engine: Engine, server: Server) -> None:
        self._engine = engine
        self._server = server
        self._here: list[Person] = []

    async def somebody(self, *, token: str = '', origin: str = '', wide: bool = False) -> Person:
        """Somebody with a phone or before a wide screen, who is a stranger or signed in with a token."""
        window = await self._window(token, size=SCREEN if wide else PHONE)
        person = Person(window, origin or self._server.origin)
        self._here.append(person)
        return person

    async def _window(self, token: str, *, size: tuple[int, int]) -> Window:
        """Open a window that has the cookie of the person, and another one where the driver stands still with it.

        WebKit's does so once in some thousand windows, before it was asked for any page of ours.
        """
        with suppress(EngineError):
            return await self._opened(token, size=size)
        return await self._opened(token, size=size)

    async def _opened(self, token: str, *, size: tuple[int, int]) -> Window:
        window = await self._engine.window(size=size)
        try:
            if token:
                await window.keep_cookie('waymark', token, self._server.origin)
        except EngineError:
            await window.close()
            raise
        return window

    async def take_pictures(self, folder: Path, name: str) -> None:
        """Keep what each of them has in front of them, for somebody to look at."""
        for number, person in enumerate(self._here, start=1):
            (folder / f'{name}-{number}.png').write_bytes(await person.window.picture())

    async def go_home(self) -> list[str]:
        """Close all windows; returns what went wrong in them."""
        complaints = []
        while self._here:
            person = self._here.pop()
            try:
                complaints += await person.complaints()
            except EngineError as error:  # the others are closed all the same
                complaints.append(str(error))
            await person.window.close()
        return complaints
