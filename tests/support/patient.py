"""A simulated browser that waits for what a test expects, however busy the machine is."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import httpx
from nicegui import Client
from nicegui.testing import User

PATIENCE = 60.0
"""seconds; nothing takes that long, but the machine may be busy with something else"""
SHORTEST, LONGEST = 0.002, 0.05
"""seconds between two looks; each is twice as long as the one before"""


class PatientUser(User):  # type: ignore[misc]
    """NiceGUI's own asks three times in a third of a second; this one asks often, until its patience ends."""

    async def stays_on(self, answer: httpx.Response) -> Client:
        """Have the page open that an answer has brought; `open` would have the server build it once more."""

        async def brought(*_: object, **__: object) -> httpx.Response:
            return answer

        asks, self.http_client = self.http_client, SimpleNamespace(get=brought)
        try:
            return await self.open(answer.url.path)
        finally:
            self.http_client = asks

    async def should_see(self, target: Any = None, *, retries: int = 0, **what: Any) -> None:
        """Wait until the page has an element like this."""
        await self._look_until(True, target, **what)
        await super().should_see(target, retries=1, **what)

    async def should_not_see(self, target: Any = None, *, retries: int = 0, **what: Any) -> None:
        """Wait until the page has no element like this."""
        await self._look_until(False, target, **what)
        await super().should_not_see(target, retries=1, **what)

    async def _look_until(self, is_there: bool, target: Any, **what: Any) -> None:
        deadline, nap = time.monotonic() + PATIENCE, SHORTEST
        while self._sees(target, **what) != is_there and time.monotonic() < deadline:
            await asyncio.sleep(nap)
            nap = min(2 * nap, LONGEST)
