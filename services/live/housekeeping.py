"""What nobody does by hand: forgotten classes are ended, and the stays of learners who are gone."""

from datetime import timedelta

from services.core import database
from services.core.jobs import Kind
from services.live import elsewhere, joining, rooms, sessions
from settings import settings

CHECK_EVERY = timedelta(minutes=1)
UNNOTED = timedelta(minutes=1)
"""without a page and without a sign, and somebody has left, whatever the log says"""
OUTAGE = timedelta(minutes=15)
"""After a restart everybody has a minute to come back and has never left; unless it took longer than this."""


def kind() -> Kind:
    """Return the job that looks after the classes, every minute; the first time it bears with those who come back."""
    silent_for = OUTAGE

    async def work(_: str) -> None:
        nonlocal silent_for
        if not elsewhere.here.is_known:
            return  # people in front of another process would be taken for gone
        bearing, silent_for = silent_for, UNNOTED
        idle_for = timedelta(minutes=settings().close_after_minutes)
        await database.write(sessions.close_forgotten, idle_for=idle_for, except_in=rooms.attended_courses())
        await joining.tidy(silent_for=bearing)

    return Kind(name='classes', work=work, repeats=CHECK_EVERY)
