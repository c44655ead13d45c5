"""Sends what is worst to a watched server (`measured_server.py`), and finds out what held it up."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.support.running import Server

Send = Callable[[], Awaitable[int]]
AGAIN, MOST_AGAIN = 2, 12
"""How often something is sent again: what takes just a little too long may have met a machine that is busy with others,
and is asked until it was quick once; what takes twice as long as it may is slow."""
AFTERWARDS = 0.005
"""Seconds after its answer in which a step still belongs to a request."""


@dataclass(slots=True, kw_only=True)
class Sent:
    """One thing that was sent, and how the server took it."""

    field: str
    value: str
    send: Send
    status: int = 0
    began: float = 0.0
    ended: float = 0.0

    @property
    def is_page(self) -> bool:
        """Whether a page is drawn."""
        return self.field.startswith('/')

    def __str__(self) -> str:
        return f'{self.field} = {self.value}'


@dataclass(slots=True, kw_only=True)
class Watch:
    """Sends one thing after another, so that what holds the server up is the last one."""

    server: Server
    sent: list[Sent] = field(default_factory=list)

    async def send(self, name: str, value: object, send: Send) -> Sent:
        """Send a value of a field."""
        self.sent.append(Sent(field=name, value=ascii(value)[:40], send=send))
        await self._send(self.sent[-1])
        return self.sent[-1]

    async def held_up(self, *, thread: str, most: float, but_pages: float) -> dict[str, int]:
        """Return what took longer, also whenever it was sent again: milliseconds by what was sent.

        A page that is drawn, whose field begins with its address, takes its time whatever stands there.
        """
        slow = {}
        for each, took in self._blamed(self.sent, thread):
            if took > (but_pages if each.is_page else most):
                slow[id(each)] = max(took, slow.get(id(each), 0.0))
        found = {}
        for each in [each for each in self.sent if id(each) in slow]:
            least, allowed = slow[id(each)], but_pages if each.is_page else most
            for times in range(MOST_AGAIN):
                if least <= allowed or (times >= AGAIN and least > 2 * allowed):
                    break
                await self._send(each)
                least = min(least, max((took for _, took in self._blamed([each], thread)), default=0.0))
            if least > allowed:
                found[str(each)] = round(least * 1000)
        return found

    async def _send(self, each: Sent) -> None:
        each.began = time.monotonic()
        each.status = await each.send()
        each.ended = time.monotonic() + AFTERWARDS

    def _blamed(self, sent: list[Sent], thread: str) -> list[tuple[Sent, float]]:
        """Return the long steps and in which time of what they fall."""
        time.sleep(2 * AFTERWARDS)  # the server writes a step down when it is over
        lines = (self.server.folder / 'steps').read_text().splitlines()
        steps = [json.loads(line) for line in lines]
        return [
            (each, took)
            for of, began, ended, took in steps
            if of == thread
            for each in sent
            if each.began < ended and began < each.ended
        ]
