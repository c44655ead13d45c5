"""Making a back-up while the school is at work.

A command imports this beside a class, so it stands on little.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from services.core import clock
from services.core.errors import Refused
from services.core.program import version
from services.upkeep import dumps
from services.upkeep.backup_file import FOLDERS, KEYS, Manifest, Progress, Writing

KEPT_FREE = 200_000_000
"""bytes of the disk that no back-up may take"""
WHOLE = 'whole.zip'
"""what it is called in a folder of its own until it is done: of two with the same name neither takes the other away"""


def make(url: str, data_dir: Path, target: Path, *, say: Progress) -> Manifest:
    """Write a back-up to a file that does not exist yet; raises `Refused` with what to do.

    The database is copied first, so that every file that the copy knows is there.
    """
    if target.exists():
        raise Refused('{path} is there already. Choose another name.', path=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _check_room(url, data_dir, target.parent)
        with tempfile.TemporaryDirectory(prefix='.backup-', dir=target.parent) as folder:
            manifest = _write(url, data_dir, Path(folder), say)
            (Path(folder) / WHOLE).replace(target)
    except OSError as error:
        raise Refused(
            'The back-up cannot be written to {path} ({reason}).', path=str(target), reason=error.strerror or str(error)
        ) from error
    return manifest


def _write(url: str, data_dir: Path, folder: Path, say: Progress) -> Manifest:
    kind = dumps.kind_of(url)
    copy = folder / dumps.FILES[kind]
    say('database', 0, 1)
    dumps.dump(url, copy)
    files = list(_files(data_dir))
    writing = Writing(folder / WHOLE, say=say, of=copy.stat().st_size + sum(size for _, size in files))
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


def _files(data_dir: Path) -> Iterator[tuple[Path, int]]:
    for path in sorted(path for folder in FOLDERS for path in (data_dir / folder).rglob('*')):
        if path.is_file() and not path.is_symlink():
            yield path, path.stat().st_size
