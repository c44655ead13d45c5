"""A simulated browser that waits for what a test expects, however busy the machine is."""

import time
from typing import Any

from nicegui.testing import User

PATIENCE = 60.0
"""seconds; nothing takes that long, but the machine may be busy with something else"""


class PatientUser(User):  # type: ignore[misc]
    """NiceGUI's own asks three times in a third of a second; this one asks often, until its patience ends."""

    async def should_see(self, target: Any = None, *, retries: int = 0, **what: Any) -> None:
        """Wait until the page has an element like this."""
        await self._wait_for(super().should_see, target, **what)

    async def should_not_see(self, target: Any = None, *, retries: int = 0, **what: Any) -> None:
        """Wait until the page has no element like this."""
        await self._wait_for(super().should_not_see, target, **what)

    async def _wait_for(self, assertion: Any, target: Any, **what: Any) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return await assertion(target, retries=1, **what)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
