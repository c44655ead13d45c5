"""A thread that notices when the event loop stands still, and ends a process that was told to end and does not."""

import asyncio
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable

from services.core import metrics, server_log

BEAT = 1.0
STILL_AFTER = 5.0
"""seconds without a beat of the loop, after which the server log gets what it is doing"""
GRACE = 12.0
"""seconds that a process has for ending after it was told to, before it is ended"""
LOOK_EVERY = 0.5


class Watchdog:
    """Watches the loop that runs it."""

    def __init__(self, *, is_ending: Callable[[], bool]) -> None:
        self._is_ending = is_ending
        self._main = threading.get_ident()
        self._beat = time.monotonic()
        self._said = False
        self._told_at: float | None = None

    def start(self) -> asyncio.Task[None]:
        """Watch from now on; the thread ends with the process, so that nothing else can keep that from ending."""
        self._main = threading.get_ident()
        self._beat = time.monotonic()
        threading.Thread(target=self._watch, name='watchdog', daemon=True).start()
        return asyncio.get_running_loop().create_task(self._keep_beating(), name='heartbeat')

    async def _keep_beating(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(BEAT)
            metrics.loop_was_late(time.monotonic() - self._beat - BEAT)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self._look(time.monotonic())

    def _look(self, now: float) -> None:
        if self._is_ending():
            self._told_at = self._told_at or now
            if now - self._told_at > GRACE:
                self._say('ended by force', seconds=round(now - self._told_at, 1))
                os._exit(1)
        elif now - self._beat > STILL_AFTER:
            if not self._said:
                self._say('loop stands still', seconds=round(now - self._beat, 1))
            self._said = True
        else:
            self._said = False

    def _say(self, event: str, *, seconds: float) -> None:
        frame = sys._current_frames().get(self._main)
        doing = ''.join(traceback.format_stack(frame)[-8:]) if frame else ''
        server_log.write_warning(event, seconds=seconds, doing=doing)
