"""What nobody does by hand: forgotten classes are ended, and stays and learning sessions of those who are gone;
old answers are forgotten."""

import asyncio
from datetime import timedelta

from services import idempotency
from services.core import database, journal
from services.live import attendance, room, sessions
from services.study import endings
from settings import settings

CHECK_EVERY = 60.0
UNNOTED = timedelta(minutes=1)
"""without a page and without a sign, and somebody has left, whatever the log says"""
OUTAGE = timedelta(minutes=15)
"""After a restart everybody has a minute to come back and has never left; unless it took longer than this."""


def start() -> asyncio.Task[None]:
    """Look after the classes from now on, and every minute, until the task is cancelled."""
    return asyncio.get_running_loop().create_task(_keep_looking(), name='upkeep')


async def _keep_looking() -> None:
    silent_for = OUTAGE
    while True:
        journal.begin_request()
        idle_for = timedelta(minutes=settings().close_after_minutes)
        try:
            await database.write(sessions.close_forgotten, idle_for=idle_for, except_in=room.attended_courses())
            await attendance.tidy(silent_for=silent_for)
            await database.write(endings.close_silent)
            await database.write(idempotency.forget_old)
        except Exception as error:  # noqa: BLE001 - whatever it was, in a minute it may work
            journal.write_problem('upkeep failed', error)
        silent_for = UNNOTED
        await asyncio.sleep(CHECK_EVERY)
