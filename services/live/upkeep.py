"""What nobody does by hand: classes that were forgotten are ended, and learning sessions that have fallen silent."""

import asyncio
from datetime import timedelta

from services.core import database, journal
from services.live import room, sessions
from services.study import endings
from settings import settings

CHECK_EVERY = 60.0


def start() -> asyncio.Task[None]:
    """Look after the classes from now on, and every minute, until the task is cancelled."""
    return asyncio.get_running_loop().create_task(_keep_looking(), name='upkeep')


async def _keep_looking() -> None:
    while True:
        journal.begin_request()
        idle_for = timedelta(minutes=settings().close_after_minutes)
        try:
            await database.write(sessions.close_forgotten, idle_for=idle_for, except_in=room.watched_courses())
            await database.write(endings.close_silent)
        except Exception as error:  # noqa: BLE001 - whatever it was, in a minute it may work
            journal.write_problem('upkeep failed', error)
        await asyncio.sleep(CHECK_EVERY)
