"""Opening the database for a command, with its tables as this version needs them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

import migrations
from services import projections
from services.core import database, one_process, one_server, server_log
from services.core.errors import Refused
from services.core.processes import Unheard
from services.upkeep import dumps, opening, restoring
from settings import Settings, SettingsError


def migrate(config: Settings) -> None:
    """Bring the database up to date; raises `SettingsError` if there is no way to it."""
    if half := restoring.broken_off(config.data_dir):
        raise SettingsError(f'DATA_DIR: {opening.HALF_RESTORED} ({half}). {opening.HALF_RESTORED_TODO}')
    try:
        if migrations.upgrade(config.database_url, backups=config.data_dir / 'backups'):
            server_log.write('database migrated')
    except CommandError as error:
        raise SettingsError(f'DATABASE_URL: {opening.NEWER}. {opening.NEWER_TODO}') from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise cannot_be_opened(error, config) from error
    except RuntimeError as error:  # a migration that finds something that it must not lose
        todo = 'Nothing was changed. Start the version before, and tell those who look after Waymark.'
        raise SettingsError(f'DATABASE_URL: the tables cannot be brought up to date ({error}). {todo}') from error


def cannot_be_opened(error: Exception, config: Settings) -> SettingsError:
    """Return the sentence for a database that cannot be opened, with how to go on."""
    todo = opening.todo(error, config.data_dir)
    return SettingsError(f'DATABASE_URL: the database cannot be opened ({opening.reason_of(error)}). {todo}')


@contextmanager
def opened(config: Settings, *, others: Unheard | None = None) -> Iterator[None]:
    """Open the database if it is there and of this version; raises `Refused` with what to do if it is not."""
    if half := restoring.broken_off(config.data_dir):
        raise Refused('A restore was ended in the middle ({folder}). Restore the back-up again.', folder=str(half))
    found = None if dumps.is_empty(config.database_url) else migrations.revision(config.database_url)
    if found is None:
        raise Refused('There is no Waymark in this database yet. Is DATABASE_URL right? The first start makes it.')
    if not migrations.knows(found):
        raise Refused('This database is of a newer Waymark. Use that version.')
    if migrations.is_behind(config.database_url):
        raise Refused('This database is of an older Waymark. Start the server once: it brings the tables up to date.')
    database.open_at(config.database_url, projections.ALL, others=others)
    try:
        yield
    finally:
        database.close()


@contextmanager
def alone(config: Settings) -> Iterator[None]:
    """Open the database while no server runs on it."""
    one_process.hold(config.database_url)
    place = one_server.take(config.database_url, shared=None)
    try:
        with opened(config):
            yield
    finally:
        if place:
            place.close()
