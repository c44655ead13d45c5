"""Making a back-up while the school is at work; by hand, or every night."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from services.core import clock, school, server_log
from services.core.errors import Refused
from services.core.jobs import Kind
from services.core.threads import Line
from services.health import version
from services.upkeep import dumps
from services.upkeep.backup_file import FOLDERS, KEYS, Manifest, Progress, Writing
from settings import settings

NAME = 'back-ups'
KEPT_FREE = 200_000_000
"""bytes of the disk that no back-up may take"""
ENDING = '.zip'
START = 'waymark-backup-'
"""of those that somebody made; they stay until somebody removes them"""
NIGHTLY = 'waymark-nightly-'
"""of those that are made by themselves, and cleared by themselves"""
NIGHT = range(1, 5)
"""hours of the school's day in which a back-up is made by itself"""
LATEST = timedelta(hours=30)
"""after so long one is made at any hour: the machine may be off at night"""
YOUNGEST = timedelta(hours=18)


def make(url: str, data_dir: Path, target: Path, *, say: Progress) -> Manifest:
    """Write a back-up to a file that does not exist yet; raises `Refused` with what to do.

    The database is copied first, so that every file that the copy knows is there.
    """
    if target.exists():
        raise Refused('{path} is there already. Choose another name.', path=str(target))
    part = target.with_name(f'{target.name}.part')
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        _check_room(url, data_dir, target.parent)
        with tempfile.TemporaryDirectory(prefix='.backup-', dir=target.parent) as folder:
            manifest = _write(url, data_dir, part, Path(folder), say)
        part.replace(target)
    except OSError as error:
        raise Refused(
            'The back-up cannot be written to {path} ({reason}).', path=str(target), reason=error.strerror or str(error)
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return manifest


def _write(url: str, data_dir: Path, part: Path, folder: Path, say: Progress) -> Manifest:
    kind = dumps.kind_of(url)
    copy = folder / dumps.FILES[kind]
    say('database', 0, 1)
    dumps.dump(url, copy)
    files = list(_files(data_dir))
    writing = Writing(part, say=say, of=copy.stat().st_size + sum(size for _, size in files))
    try:
        writing.add(copy.name, copy, is_compact=kind == dumps.POSTGRESQL)
        for key in KEYS:
            writing.add(key, data_dir / key)
        for path, _ in files:
            writing.add(path.relative_to(data_dir).as_posix(), path)
        return writing.finish(made_at=clock.now(), version=version(), database=kind, revision=dumps.revision(url, copy))
    except BaseException:
        writing.give_up()
        raise


def _check_room(url: str, data_dir: Path, folder: Path) -> None:
    """Refuse a back-up that would fill the disk: what learners do must be saved meanwhile."""
    needed = 2 * dumps.size(url) + sum(size for _, size in _files(data_dir))
    free = shutil.disk_usage(folder).free
    if free - needed < KEPT_FREE:
        raise Refused(
            'The back-up needs {needed} GB, and {free} GB are free in {folder}. Make room, or choose another disk.',
            needed=f'{(needed + KEPT_FREE) / 1e9:.1f}',
            free=f'{free / 1e9:.1f}',
            folder=str(folder),
        )


def _clear_left_over(folder: Path, now: datetime) -> None:
    """Remove what a back-up left that was killed: a whole copy of the database, each time."""
    for left in (*folder.glob('.backup-*'), *folder.glob(f'{START}*.part'), *folder.glob(f'{NIGHTLY}*.part')):
        with suppress(OSError):
            if left.stat().st_mtime < (now - timedelta(days=1)).timestamp():
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _files(data_dir: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted(path for folder in FOLDERS for path in (data_dir / folder).rglob('*')):
        if path.is_file() and not path.is_symlink():
            yield path, path.stat().st_size


def place(data_dir: Path, now: datetime, *, start: str = START) -> Path:
    """Return where a back-up lies for which nobody has named a place."""
    return data_dir / 'backups' / f'{start}{now:%Y%m%d-%H%M%S}{ENDING}'


def kind() -> Kind:
    """Return the job that makes a back-up each night, where `BACKUP_KEEP` asks for it."""
    return Kind(name=NAME, work=lambda _: nightly(), repeats=timedelta(minutes=30))


async def nightly() -> None:
    """Make a back-up if it is time for one, and keep the newest of those that were made here."""
    config, now = settings(), clock.now()
    there = made(config.data_dir, starts=(NIGHTLY,))
    latest = _made_at(there[-1]) if there else None
    if not config.backup_keep or not is_due(
        latest, now, hour=now.astimezone(ZoneInfo(school.current().time_zone)).hour
    ):
        return
    target = place(config.data_dir, now, start=NIGHTLY)
    await _thread.run(_clear_left_over, target.parent, now)
    manifest = await _thread.run(make, config.database_url, config.data_dir, target, say=lambda *_: None)
    server_log.write('back-up made', file=target.name, bytes=manifest.bytes)
    for old in made(config.data_dir, starts=(NIGHTLY,))[: -config.backup_keep]:
        old.unlink(missing_ok=True)


def is_due(latest: datetime | None, now: datetime, *, hour: int) -> bool:
    """Whether a back-up is to be made now, at this hour of the school's day."""
    if latest is None or now - latest > LATEST:
        return True
    return hour in NIGHT and now - latest > YOUNGEST


def made(data_dir: Path, *, starts: Sequence[str] = (START, NIGHTLY)) -> list[Path]:
    """Return the back-ups that lie in the data folder, oldest first; those of which the names start so."""
    found = {path: start for start in starts for path in (data_dir / 'backups').glob(f'{start}*{ENDING}')}
    return sorted(found, key=lambda path: path.name.removeprefix(found[path]))


def _made_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo)


_thread = Line('backup', threads=1, most_waiting=1, busy_for=600)
