"""What the tests ask of an engine other than Chromium, and how its program is started and ended."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

PHONE = (447, 844)
"""Width and height in pixels; the window of MiniBrowser cannot be narrower."""
SCREEN = (1920, 1080)
END_PATIENCE = 10.0
"""seconds"""


class EngineError(Exception):
    """The engine could not do what it was asked, perhaps because the page is just being left."""


class Window(Protocol):
    """A window in a browser profile of its own; functions are JavaScript, and get and return what JSON can hold."""

    async def open(self, address: str) -> None:
        """Go to an address, and wait for the page."""

    async def call(self, function: str, *arguments: object) -> Any:
        """Call a function in the page and return what it returns."""

    async def tap(self, function: str, *arguments: object) -> bool:
        """Press where the element is that a function finds; returns whether there is one."""

    async def type(self, text: str) -> None:
        """Press keys, with the keyboard where it is."""

    async def keep_cookie(self, name: str, value: str, address: str) -> None:
        """Put a cookie into the profile."""

    async def picture(self) -> bytes:
        """Return what is seen, as a PNG."""

    async def close(self) -> None:
        """Close it, and forget its profile."""


class Engine(Protocol):
    """A browser that is not Chromium."""

    async def window(self, *, size: tuple[int, int]) -> Window:
        """Open a window of somebody who has never been here."""


def launch(*command: str, home: Path, log: Path, **environment: str) -> 'subprocess.Popen[bytes]':
    """Start a program with its children in a group of its own; it writes what it says into a file."""
    home.mkdir(parents=True, exist_ok=True)
    with log.open('ab') as said:
        return subprocess.Popen(
            command,
            env={'PATH': os.environ['PATH'], 'LANG': 'C.UTF-8', 'HOME': str(home), **environment},
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(process: 'subprocess.Popen[bytes]') -> None:
    """End a program and all of its children."""
    process.terminate()
    try:
        process.wait(END_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with suppress(ProcessLookupError):  # no child is left
        os.killpg(process.pid, signal.SIGKILL)
