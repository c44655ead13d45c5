"""The server with something in it that never ends: in the writer, or on the event loop."""

import asyncio
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import serving
from services.core import database, watchdog
from services.core.transaction import Transaction
from settings import Settings

database.STUCK_AFTER = 0.5
watchdog.STILL_AFTER, watchdog.GRACE = 1.0, 4.0


def forever(_: Transaction) -> None:
    while True:
        time.sleep(0.01)


async def welcome(config: Settings) -> None:
    await serving.welcome(config)
    loop = asyncio.get_running_loop()
    if os.environ['STUCK'] == 'writer':
        serving.kept = loop.create_task(database.write(forever))  # type: ignore[attr-defined]
    else:
        loop.call_later(3, forever, None)


if __name__ == '__main__':
    serving.serve(welcome)
