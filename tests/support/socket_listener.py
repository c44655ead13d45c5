"""The real Socket.IO client, as a program would use it, which keeps what it hears until a test asks for it."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import socketio  # type: ignore[import-untyped]

from api.sockets.packets import EVENTS, NAMESPACE, PROBLEM
from tests.support.eventually import PATIENCE, eventually

Event = dict[str, Any]


class Listener:
    """One program that is connected, or will be again."""

    def __init__(self, origin: str, token: object) -> None:
        self.token = token
        self._origin = origin
        self.io = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.2, randomization_factor=0)
        self.heard: deque[tuple[str, Event]] = deque()
        self._came = asyncio.Condition()
        self.connections = 0
        for name in (*EVENTS.values(), PROBLEM):
            self.io.on(name, self._hearing(name), namespace=NAMESPACE)
        self.io.on('connect', self._connected, namespace=NAMESPACE)

    async def connect(self, *, transports: list[str] | None = None, **options: Any) -> None:
        """Connect; raises `socketio.exceptions.ConnectionError` with what the server says."""
        await self.io.connect(
            self._origin,
            socketio_path=f'{urlsplit(self._origin).path}/api/socket.io',
            namespaces=[NAMESPACE],
            auth=lambda: {'token': self.token},
            transports=transports or ['websocket'],
            wait_timeout=PATIENCE,
            **options,
        )

    async def call(self, event: str, data: object = None) -> Event:
        """Send an event and return what it is answered with."""
        answer: Event = await self.io.call(event, data, namespace=NAMESPACE, timeout=PATIENCE)
        return answer

    async def join(self, course_id: int, **more: object) -> Event:
        """Join a course and return the answer; it must be allowed."""
        answer = await self.call('join_course', {'course_id': course_id, **more})
        assert answer['ok'], answer
        return answer

    async def next(self, name: str, **wanted: object) -> Event:
        """Return the next event of a name that says what is wanted; what comes before it is forgotten."""
        return (await self.until(name, **wanted))[-1][1]

    async def until(self, name: str, **wanted: object) -> list[tuple[str, Event]]:
        """Return everything that was heard up to an event of a name that says what is wanted."""
        return await self.until_it(
            lambda said, data: said == name and wanted.items() <= data.items(), f'{name} {wanted}'
        )

    async def until_it(self, is_it: Callable[[str, Event], bool], wanted: str) -> list[tuple[str, Event]]:
        """Return everything that was heard up to what `is_it` accepts; says what was heard if that never comes."""
        passed: list[tuple[str, Event]] = []
        try:
            async with asyncio.timeout(PATIENCE):
                while not passed or not is_it(*passed[-1]):
                    async with self._came:
                        await self._came.wait_for(lambda: self.heard)
                        passed.append(self.heard.popleft())
        except TimeoutError:
            raise AssertionError(f'{wanted} was not heard, but {passed}') from None
        return passed

    async def gone(self) -> None:
        """Wait until the server has closed the connection."""
        await eventually(lambda: not self.io.connected)

    async def cut(self) -> None:
        """Lose the connection, as a program does whose network breaks; it comes back by itself."""
        before = self.connections
        self.io.eio.ws._response.connection.transport.abort()
        await self.back(connections=before + 1)

    async def back(self, *, connections: int) -> None:
        """Wait until it has connected so many times."""
        await eventually(lambda: self.connections >= connections)

    async def close(self) -> None:
        """End, on purpose."""
        await self.io.shutdown()
        if self.io.eio.http:  # the client leaves it open when it was refused
            await self.io.eio.http.close()

    async def _connected(self) -> None:
        self.connections += 1

    def _hearing(self, name: str) -> Any:
        async def hear(data: Event) -> None:
            async with self._came:
                self.heard.append((name, data))
                self._came.notify_all()

        return hear
