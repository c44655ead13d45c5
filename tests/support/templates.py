"""Migrated databases without people, made once in each process and copied: the migrations take seconds of work."""

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import migrations
from tests.support.memory import quickest_folder

if TYPE_CHECKING:
    from tests.support.servers import PostgresServer

_folders: list[tempfile.TemporaryDirectory[str]] = []


def migrated_file() -> Path:
    """Return a file of SQLite, to be copied and never to be opened."""
    if not _folders:
        _folders.append(tempfile.TemporaryDirectory(prefix='waymark-template-', dir=quickest_folder()))
        migrations.upgrade(f'sqlite:///{_file()}')
    return _file()


def migrated_database(server: 'PostgresServer') -> str:
    """Make a database on a server of PostgreSQL; returns its name."""
    return server.create_database(template=_template_on(server))


def leave_nothing() -> None:
    """Remove the file."""
    while _folders:
        _folders.pop().cleanup()


def _file() -> Path:
    return Path(_folders[0].name) / 'waymark.db'


@cache
def _template_on(server: 'PostgresServer') -> str:
    name = server.create_database()
    migrations.upgrade(server.url(name))
    return name
