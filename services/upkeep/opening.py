"""What keeps a database from being opened, and how to go on; for the operator, in English."""

import shutil
from pathlib import Path

from services.core import kept_backups

FULL = 1_000_000
"""bytes; with less than that left, SQLite speaks of errors of the disk and not of room"""
NEWER = 'the database is of a newer Waymark'
NEWER_TODO = 'Start that version, or restore a back-up from before the update: python main.py restore FILE.'
HALF_RESTORED = 'a restore was ended in the middle, and half of it is in place'
HALF_RESTORED_TODO = 'Restore the back-up again: python main.py restore FILE.'


def reason_of(error: Exception) -> str:
    """Return what a database or the system says, in one line."""
    said = getattr(error, 'strerror', None) or getattr(error, 'orig', error)
    return (str(said).strip().splitlines() or [type(error).__name__])[0]


def todo(error: Exception, data_dir: Path) -> str:
    """Return what the operator does about an error of the database."""
    said = str(error).lower()
    if 'not a database' in said or 'malformed' in said:
        newest = next(reversed(kept_backups.made(data_dir)), 'FILE')
        return f'The file is damaged. Keep it, and bring back a back-up: python main.py restore {newest}.'
    if 'full' in said or 'no space' in said or ('disk' in said and shutil.disk_usage(data_dir).free < FULL):
        return 'The disk is full. Make room and start again; what was saved is safe.'
    if 'readonly' in said or 'unable to open' in said or isinstance(error, PermissionError):
        return 'The file and its folder have to belong to the account that runs Waymark.'
    return 'Start it, or correct DATABASE_URL.'
