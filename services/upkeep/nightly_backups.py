"""The back-up that is made by itself every night."""

import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.core import clock, kept_backups, school, server_log
from services.core.jobs import Kind
from services.core.kept_backups import NIGHTLY
from services.core.threads import Line
from services.upkeep import backing_up
from settings import settings

NAME = 'back-ups'
NIGHT = range(1, 5)
"""hours of the school's day in which a back-up is made by itself"""
LATEST = timedelta(hours=30)
"""after so long one is made at any hour: the machine may be off at night"""
YOUNGEST = timedelta(hours=18)


def kind() -> Kind:
    """Return the job that makes a back-up each night, where `BACKUP_KEEP` asks for it."""
    return Kind(name=NAME, work=lambda _: make_one(), repeats=timedelta(minutes=30))


async def make_one() -> None:
    """Make a back-up if it is time for one, and keep the newest of those that were made here."""
    config, now = settings(), clock.now()
    there = kept_backups.made(config.data_dir, starts=(NIGHTLY,))
    latest = kept_backups.made_at(there[-1]) if there else None
    if not config.backup_keep or not is_due(
        latest, now, hour=now.astimezone(ZoneInfo(school.current().time_zone)).hour
    ):
        return
    target = kept_backups.place(config.data_dir, now, start=NIGHTLY)
    await _thread.run(_clear_left_over, target.parent, now)
    manifest = await _thread.run(backing_up.make, config.database_url, config.data_dir, target, say=lambda *_: None)
    server_log.write('back-up made', file=target.name, bytes=manifest.bytes)
    for old in kept_backups.made(config.data_dir, starts=(NIGHTLY,))[: -config.backup_keep]:
        old.unlink(missing_ok=True)


def is_due(latest: datetime | None, now: datetime, *, hour: int) -> bool:
    """Whether a back-up is to be made now, at this hour of the school's day."""
    if latest is None or now - latest > LATEST:
        return True
    return hour in NIGHT and now - latest > YOUNGEST


def _clear_left_over(folder: Path, now: datetime) -> None:
    """Remove what a back-up left that was killed: a whole copy of the database, each time."""
    for left in folder.glob('.backup-*'):
        with suppress(OSError):
            if left.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                shutil.rmtree(left)


_thread = Line('backup', threads=1, most_waiting=1, busy_for=600)
