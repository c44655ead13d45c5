"""Migrations: one for each change of the models, run at start, after a backup of an SQLite file that will change."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import make_url

from services.core import clock
from services.core.engines import open_for_upkeep

MIGRATION = 0x5741594E
"""the lock of PostgreSQL that a process holds while it changes the tables"""


def config(url: str) -> Config:
    """Return how alembic is called for a database."""
    settings = Config()
    settings.set_main_option('script_location', str(Path(__file__).parent))
    settings.attributes['url'] = url
    return settings


def upgrade(url: str, *, backups: Path | None = None) -> bool:
    """Bring a database up to date; returns whether anything had to change.

    An SQLite file that exists and will change is copied to the folder `backups` first.
    """
    with _alone(url):
        current = revision(url)
        if current == _newest(url):
            return False
        if current and backups:
            _back_up(url, backups / f'waymark-{current}-{clock.now():%Y%m%d-%H%M%S}.db')
        command.upgrade(config(url), 'head')
        return True


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Let other processes that start at the same time wait; on SQLite there are none."""
    engine = open_for_upkeep(url)
    with engine.connect() as connection:
        if connection.dialect.name == 'postgresql':
            connection.execute(text(f'SELECT pg_advisory_lock({MIGRATION})'))
            connection.commit()
        yield  # PostgreSQL lets go of the lock when the connection ends
    engine.dispose()


def is_behind(url: str) -> bool:
    """Return whether a database is not of this version."""
    return revision(url) != _newest(url)


def knows(name: str) -> bool:
    """Return whether a revision is one of this version, or of an earlier one."""
    try:
        return bool(name) and ScriptDirectory.from_config(config('')).get_revision(name) is not None
    except CommandError:
        return False


def _newest(url: str) -> str | None:
    return ScriptDirectory.from_config(config(url)).get_current_head()


def revision(url: str) -> str | None:
    """Return the revision that a database is at; None for a new one."""
    engine = open_for_upkeep(url)
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return found


def is_compared(_: object, name: str | None, *_more: object) -> bool:
    """Tell whether the models know of a table or an index; the search index of notes is the database's own."""
    return not (name or '').startswith('notes_words')


def _back_up(url: str, target: Path) -> None:
    """Copy a live SQLite database whole; copying its file would miss what is in the write-ahead log."""
    database = make_url(url).database
    if make_url(url).get_backend_name() != 'sqlite' or not database:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(database)) as source:
        source.execute('VACUUM INTO ?', (str(target),))
