"""Five hundred learners watch a video, each on a page of their own, and the server is killed while they do."""

import asyncio
import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress

import orjson

from bench import school
from bench.figures import Table
from bench.load import all_at_most, quiet_collector
from bench.protocol import Page
from bench.server import Home, Server, launched
from bench.student import Student, browser_session

VIEWERS = 500
AT_ONCE = 50
PATIENCE = 180.0  # seconds
HEARTBEAT = 5.0  # seconds, as the page asks of the browser

SEEN = 'SELECT users.name, seen FROM content_positions JOIN users ON users.id = content_positions.user_id'


class Viewer:
    """Somebody in front of a video: the player tells that it plays, and where it is when it is asked."""

    def __init__(self, name: str, origin: str) -> None:
        self.name = name
        self._student = Student(name, origin)
        self._origin = origin
        self._session = browser_session()
        self._page = Page(self._session, on_script=self._answer)
        self._player = 0
        self._asked: asyncio.Event = asyncio.Event()
        self._began = 0.0
        self.told: list[float] = []
        """where the video was when it was asked"""

    async def open(self, code: str, path: str) -> None:
        """Join the course and open the page with the video."""
        await self._student.join(code)
        self._session.cookie_jar.update_cookies(
            {cookie.key: cookie.value for cookie in self._student.session.cookie_jar}
        )
        await self._page.load(self._origin, path)
        self._player = next(number for number, each in self._page.elements.items() if each.get('tag') == 'video')
        await self._page.connect()
        await self._page.fire(self._player, 'loadedmetadata')

    async def watch(self, seconds: float) -> None:
        """Begin at a moment of one's own, and play without a pause."""
        await asyncio.sleep(random.random() * HEARTBEAT)
        self._began = time.monotonic()
        await self._page.fire(self._player, 'play')
        until = self._began + seconds
        with suppress(ConnectionError):
            while time.monotonic() < until:
                await self._page.fire(self._player, 'timeupdate')
                await asyncio.sleep(HEARTBEAT)

    @property
    def position(self) -> float:
        """Where the video is now."""
        return time.monotonic() - self._began if self._began else 0.0

    async def close(self) -> None:
        """Go away."""
        await self._page.close()
        await self._session.close()
        await self._student.close()

    def _answer(self, code: str) -> object:
        if 'currentTime' not in code:
            return None
        self.told.append(self.position)
        return self.position


async def video_round(table: Table, seconds: float) -> None:
    """Watch for so long, then kill the server and compare what it holds with what had played."""
    with Home() as home:
        course = await school.prepare(home, checkpoints=2)
        viewers = [Viewer(f'Viewer {number:04}', home.origin) for number in range(VIEWERS)]
        try:
            async with Server(home, launched('main.py')) as server:
                async with asyncio.timeout(PATIENCE):
                    await all_at_most(AT_ONCE, viewers, lambda viewer: viewer.open(course.code, course.video_path))
                await server.quiet()
                watching = [asyncio.create_task(viewer.watch(PATIENCE)) for viewer in viewers]
                await asyncio.sleep(2 * HEARTBEAT)  # until everybody plays
                await _measure(table, server, viewers, seconds)
                played = {viewer.name: viewer.position for viewer in viewers}
                server.kill()
                for task in watching:
                    task.cancel()
                await asyncio.gather(*watching, return_exceptions=True)
        finally:
            await asyncio.gather(*(viewer.close() for viewer in viewers), return_exceptions=True)
        seen = _seen(home)
        table.ours('videos lost', max(played[name] - seen.get(name, 0.0) for name in played))


async def _measure(table: Table, server: Server, viewers: Sequence[Viewer], seconds: float) -> None:
    with quiet_collector():
        saves, cpu, own_cpu, start = _told(viewers), server.cpu(), time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        passed, used, saves = time.perf_counter() - start, server.cpu() - cpu, _told(viewers) - saves
    table.ours('videos cpu', 100 * used / passed)
    table.ours('videos save', 1000 * used / max(1, saves))
    print(
        f'  {saves} saves, {saves / passed:.0f}/s; generator {100 * (time.process_time() - own_cpu) / passed:.0f} % '
        'of a core',
        flush=True,
    )


def _told(viewers: Sequence[Viewer]) -> int:
    return sum(len(viewer.told) for viewer in viewers)


def _seen(home: Home) -> dict[str, float]:
    """How many seconds the database says that each viewer has seen."""
    with closing(sqlite3.connect(f'file:{home.database}?mode=ro', uri=True)) as connection:
        return {
            name: sum(stop - start for start, stop in orjson.loads(seen)) for name, seen in connection.execute(SEEN)
        }
