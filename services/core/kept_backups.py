"""The back-ups that lie in the data folder: how they are called, and which there are."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ENDING = '.zip'
START = 'waymark-backup-'
"""of those that somebody made; they stay until somebody removes them"""
NIGHTLY = 'waymark-nightly-'
"""of those that are made by themselves, and cleared by themselves"""


def place(data_dir: Path, now: datetime, *, start: str = START) -> Path:
    """Return where a back-up lies for which nobody has named a place."""
    return data_dir / 'backups' / f'{start}{now:%Y%m%d-%H%M%S}{ENDING}'


def made(data_dir: Path, *, starts: Sequence[str] = (START, NIGHTLY)) -> list[Path]:
    """Return the back-ups that lie in the data folder, oldest first; those of which the names start so."""
    found = {path: start for start in starts for path in (data_dir / 'backups').glob(f'{start}*{ENDING}')}
    return sorted(found, key=lambda path: path.name.removeprefix(found[path]))


def made_at(path: Path) -> datetime:
    """Return when a back-up was made."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
