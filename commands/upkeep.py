"""`restore`, `check`, `verify`, `rebuild` and `unarchive`: the installation as a whole."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import migrations
from commands.asking import DIFFERS, REFUSED, Namespace, bar, says_yes
from commands.tables import alone, migrate, opened
from services import projections, verify
from services.core import clock, database, one_process
from services.core.errors import Refused
from services.mail import mail_settings
from services.people import merging, slices
from services.privacy import erasing
from services.upkeep import archiving, checks, dumps, opening, restoring
from settings import Settings, settings


def restore(asked: Namespace, config: Settings) -> int:
    """Bring a back-up into place."""
    with bar() as say:
        manifest = restoring.checked(asked.file, say=say)
    if not migrations.knows(manifest.revision):
        raise Refused('{path} was made by a newer Waymark. Restore it with that one.', path=str(asked.file))
    print(f'{asked.file} is whole: made on {manifest.made_at} by Waymark {manifest.version}.')
    if asked.dry_run:
        return 0
    one_process.hold(config.database_url)
    if dumps.others(config.database_url):
        raise Refused('Others are connected to this database. Stop Waymark first, and whatever else uses it.')
    if not asked.yes and not _agreed(config):
        print('Nothing was changed.')
        return REFUSED
    with bar() as say:
        before = restoring.restore(asked.file, config.database_url, config.data_dir, now=clock.now(), say=say)
    if before:
        print(f'What was here before is in {before}; delete it when you are sure.')
    settings.cache_clear()  # the secret is another one now
    migrate(config)
    if again := _erase_again(config):
        print(f'{again} people who were erased after this back-up are erased again.')
    found = _verify(config)
    print('The back-up is in place.' if not found else 'The back-up is in place, with the differences above.')
    return DIFFERS if found else 0


def _agreed(config: Settings) -> bool:
    """Ask before something is replaced; nobody to ask is no yes. A secret without a database is worth nothing."""
    replaced = {each.name for each in restoring.replaced_by(config.database_url, config.data_dir)}
    if dumps.is_empty(config.database_url) and replaced <= {'secret_key'}:
        return True
    print(f'The database and the uploads in {config.data_dir} are replaced; what is there now is moved aside.')
    return says_yes()


def _erase_again(config: Settings) -> int:
    """Erase those who were erased after the back-up was made; returns how many."""
    with opened(config):
        again = asyncio.run(erasing.erase_listed())
        asyncio.run(erasing.purge_erased())
    return again


def check(asked: Namespace, config: Settings) -> int:
    """Look whether all is in order."""
    is_open = _open_if_there(config)
    try:
        found = [*checks.everything(config, now=clock.now()), *_tables(config)]
        if is_open:
            found.append(asyncio.run(checks.secret()))
        if asked.mail:
            found.append(asyncio.run(checks.mail_to(asked.mail)))
        if config.lrs_url:
            found.append(asyncio.run(checks.record_store_answers()))
    finally:
        database.close()
    if asked.json:
        print(json.dumps([asdict(each) for each in found], indent=1))
    else:
        for each in found:
            print(f'{"ok  " if each.is_well else "LOOK"}  {each.name}: {each.found}')
            if each.todo:
                print(f'      → {each.todo}')
    return 0 if all(each.is_well for each in found) else DIFFERS


def _tables(config: Settings) -> Iterator[checks.Finding]:
    """Yield what keeps this version from starting on a database that can be opened."""
    if restoring.broken_off(config.data_dir):
        todo = opening.HALF_RESTORED_TODO
        yield checks.Finding(name='tables', is_well=False, found=opening.HALF_RESTORED, todo=todo)
    with suppress(SQLAlchemyError, sqlite3.Error, OSError):  # which is a finding of its own
        found = None if dumps.is_empty(config.database_url) else migrations.revision(config.database_url)
        if found and not migrations.knows(found):
            yield checks.Finding(name='tables', is_well=False, found=opening.NEWER, todo=opening.NEWER_TODO)


def _open_if_there(config: Settings) -> bool:
    """Read how mails are sent, if there is a database of this version to read it from; return whether there is."""
    try:
        if not dumps.is_empty(config.database_url) and not migrations.is_behind(config.database_url):
            database.open_at(config.database_url, projections.ALL)
            asyncio.run(mail_settings.load())
            return True
    except Exception as error:  # noqa: BLE001 - what is wrong with the database is a finding of its own
        print(f'The mail settings in the database cannot be read ({opening.reason_of(error)}).', file=sys.stderr)
    return False


def verify_everything(asked: Namespace, config: Settings) -> int:
    """Print how far the comparison is and what it finds; returns 1 if anything differs."""
    return DIFFERS if _verify(config, begin_at=asked.begin_at, save=asked.save) else 0


def _verify(config: Settings, *, begin_at: Path | None = None, save: Path | None = None) -> int:
    with opened(config):
        say = partial(print, flush=True)
        return asyncio.run(database.read(verify.report, say, begin_at=begin_at, save=save))


def rebuild_everything(asked: Namespace, config: Settings) -> int:
    """Make all projections anew from the log, some people at a time."""
    if asked.dry_run:
        return DIFFERS if _verify(config) else 0
    with alone(config), bar() as say:
        everybody = asyncio.run(database.read(lambda tx: [people.ids for people in slices.everybody(tx)]))
        for number, people in enumerate(everybody, 1):
            asyncio.run(database.write(merging.rebuild, set(people)))
            say('people', number, len(everybody))
    return DIFFERS if _verify(config) else 0


def unarchive(asked: Namespace, config: Settings) -> int:
    """Put everything that is archived back into the log."""
    with alone(config):
        number = asyncio.run(archiving.bring_back())
    print(f'{number:,} activities are in the log again.')
    return 0
