"""A simulated student: joins with a code, holds the class page open, and taps its one big button."""

import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import aiohttp
from yarl import URL

from bench.protocol import Changes, Element, NotAPage, Page

MARKER = 'marker'
SAVED = 'marker-saved'
HIDDEN = 'hidden'
CHECKPOINT = 'data-step'


@dataclass(slots=True, kw_only=True)
class Tap:
    """One tap; times are seconds of `time.perf_counter`; `answered` is None until the receipt has arrived."""

    student: str
    checkpoint: str
    sent: float
    answered: float | None = None


class Tapper(Protocol):
    """What the load generator needs of a student, whoever's student it is."""

    name: str

    @property
    def ready(self) -> bool:
        """Whether a tap now would mean something: connected, and no receipt outstanding."""

    async def tap(self) -> Tap:
        """Send one tap; the receipt is noted on it when it comes."""

    async def close(self) -> None:
        """Go away."""


class Student:
    """A student of Waymark in a browser of its own (own cookies, own connections)."""

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        self.origin = origin
        self.class_path = ''
        self.session = browser_session()
        self.page = Page(self.session, self._changed)
        self._marker: tuple[int, str] | None = None
        self._tapped: Tap | None = None
        self._used: int | None = None
        self.history: list[tuple[float, str | None]] = []
        """which checkpoint the page has asked for, and since when"""

    @property
    def checkpoint(self) -> str | None:
        """The checkpoint that the page asks for now."""
        return self._marker[1] if self._marker else None

    @property
    def ready(self) -> bool:
        """Whether there is a fresh marker and no receipt outstanding."""
        return self._tapped is None and self._marker is not None and self._marker[0] != self._used and self.page.is_open

    async def join(self, code: str) -> None:
        """Fill in the form behind the code; afterwards the cookie and the path of the class are known."""
        async with self.session.get(f'{self.origin}/j/{code}') as form:
            fields = {**hidden_fields(await form.text()), 'code': code, 'name': self.name}
        origin = URL(self.origin)  # which may have a path
        headers = {'Origin': str(origin.origin())}
        async with self.session.post(
            f'{self.origin}/join', data=fields, headers=headers, allow_redirects=False
        ) as response:
            led = response.headers.get('Location', '').removeprefix(str(origin.origin()))
            self.class_path = led.removeprefix(origin.path.rstrip('/'))
        if not self.class_path.startswith('/class/'):
            raise NotAPage(f'joining as {self.name} answered {response.status} and led to {self.class_path!r}')

    def enter(self, cookies: Mapping[str, str], class_path: str) -> None:
        """Be somebody who has joined before."""
        self.session.cookie_jar.update_cookies(cookies)
        self.class_path = class_path

    async def load(self) -> int:
        """Fetch the class page; returns its size in characters."""
        size = await self.page.load(self.origin, self.class_path)
        self._look()
        return size

    async def connect(self) -> None:
        """Open the page's socket."""
        await self.page.connect()

    def lose_network(self) -> None:
        """Be cut off; whatever was on its way is not waited for any longer."""
        self.page.vanish()
        self._tapped = self._used = None

    async def tap(self) -> Tap:
        """Mark the current checkpoint as done."""
        if self._marker is None:
            raise NotAPage(f'{self.name} sees no marker')
        self._used, checkpoint = self._marker
        self._tapped = tap = Tap(student=self.name, checkpoint=checkpoint, sent=time.perf_counter())
        await self.page.fire(self._used, 'change')
        return tap

    async def close(self) -> None:
        """Close the browser."""
        await self.page.close()
        await self.session.close()

    def _changed(self, changes: Changes) -> None:
        tapped = self._tapped
        if tapped is not None and any(_answers(element, tapped.checkpoint) for element in changes.values()):
            tapped.answered = time.perf_counter()
            self._tapped = None
        if any(element is None or is_marker(element) for element in changes.values()):
            self._look()
            if tapped is not None and tapped.answered is None and self._marker is None:
                # the last checkpoint is done: the page has no marker any more, it shows the end instead
                tapped.answered = time.perf_counter()
                self._tapped = None

    def _look(self) -> None:
        shown = [(number, element) for number, element in self.page.elements.items() if is_shown_marker(element)]
        self._marker = (shown[-1][0], str(shown[-1][1]['props'][CHECKPOINT])) if shown else None
        if not self.history or self.history[-1][1] != self.checkpoint:
            self.history.append((time.perf_counter(), self.checkpoint))


def is_marker(element: Element) -> bool:
    """Whether this is a big button; the one before stays in the page for a while, hidden."""
    return element['tag'] == 'input' and MARKER in element.get('class', ())


def is_shown_marker(element: Element) -> bool:
    """Whether this is the big button that can be tapped now."""
    return is_marker(element) and HIDDEN not in element.get('class', ())


def hidden_fields(page: str) -> Mapping[str, str]:
    """The hidden fields of the forms on a plain page."""
    fields: dict[str, str] = {}
    for tag in re.findall(r'<input[^>]*>', page):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get('type') == 'hidden':
            fields[attributes['name']] = html.unescape(attributes['value'])
    return fields


def browser_session() -> aiohttp.ClientSession:
    """A browser: its own cookies, its own few connections, kept alive between the form and the page."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=6),
        cookie_jar=aiohttp.CookieJar(unsafe=True),  # cookies of an address without a name
        headers={
            'Accept': 'text/html',
            'Accept-Encoding': 'gzip, deflate',
            'User-Agent': 'Mozilla/5.0 (Linux; Android)',
        },
        timeout=aiohttp.ClientTimeout(total=120),
    )


def _answers(element: Element | None, checkpoint: str) -> bool:
    if element is None or not is_shown_marker(element):
        return False
    return SAVED in element.get('class', ()) or str(element['props'].get(CHECKPOINT)) != checkpoint
