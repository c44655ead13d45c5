"""Folders of tests: in memory, where the machine has enough of it, and on a disk for what is about the disk."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path('/dev/shm')
ENOUGH = 2 * 1024**3
"""bytes; three workers of a whole run use less than three quarters of it (in a container there may be only 64 MB)"""

DISK = Path('/var/tmp')
"""survives a restart of the machine, so it is no memory, as `/tmp` may be"""


def quickest_folder() -> Path:
    """Return the folder for temporary files: memory if there is enough, or the one that Python takes."""
    try:
        is_enough = shutil.disk_usage(MEMORY).free >= ENOUGH
    except OSError:
        is_enough = False
    return MEMORY if is_enough and _can_write(MEMORY) else Path(tempfile.gettempdir())


@contextmanager
def folder_on_disk() -> Iterator[Path]:
    """Make a folder on a disk, where the database really waits for what it writes; nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix='waymark-', dir=DISK if _can_write(DISK) else None) as folder:
        yield Path(folder)


def _can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
