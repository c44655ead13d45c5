"""The commands of the operator, beside starting the server: what each is asked, does and prints."""

import argparse
import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import BinaryIO

from alembic.util import CommandError
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import SQLAlchemyError

import migrations
from services import projections, verify
from services.accounts import known_secret, registration, way_back
from services.core import clock, database, kept_backups, one_process, one_server, server_log
from services.core.errors import DomainError, Refused
from services.core.processes import Unheard
from services.lms import statements_out
from services.mail import mail_settings
from services.people import merging, slices
from services.privacy import erasing, own_data, rows
from services.upkeep import archiving, backing_up, backup_file, checks, dumps, opening, restoring
from settings import Settings, SettingsError, settings

DIFFERS, REFUSED = 1, 2
"""exit codes: something is not as it should be; what was asked for cannot be done"""

Namespace = argparse.Namespace


def parser() -> argparse.ArgumentParser:
    """Return what the command line may say; each command knows in `run` what it does."""
    whole = argparse.ArgumentParser(prog='main.py', description='Waymark. Without a command it starts the server.')
    commands = whole.add_subparsers(dest='command', metavar='COMMAND')
    commands.add_parser('serve', help='start the server; what happens without a command')
    _add_backup(commands)
    _add_restore(commands)
    _add_check(commands)
    _add_verify(commands)
    helps = 'make everything that is kept of people anew from the log, while the server does not run'
    rebuild = commands.add_parser('rebuild', help=helps, description=helps)
    rebuild.add_argument('--dry-run', action='store_true', help='only say what differs, as `verify` does')
    rebuild.set_defaults(run=rebuild_everything)
    helps = 'put all archived activities back into the log, while the server does not run'
    commands.add_parser('unarchive', help=helps, description=helps).set_defaults(run=unarchive)
    helps = 'print a link with which an admin gets in, also when all admins have forgotten their passwords'
    admin = commands.add_parser('create-admin', help=helps, description=helps)
    about = 'the address of an account that becomes an admin and gets a new password; without it a new account is made'
    admin.add_argument('email', nargs='?', default='', help=about)
    admin.set_defaults(run=create_admin)
    helps = 'go on with the secret that is there now, after the one before was lost or replaced'
    kept = commands.add_parser('keep-secret', help=helps, description=helps)
    kept.set_defaults(run=keep_secret)
    _add_export(commands)
    return whole


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _add_backup(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'save the database, the uploads and the keys to one file, also while the server runs'
    made = commands.add_parser('backup', help=helps, description=helps)
    made.add_argument('file', nargs='?', type=Path, metavar='FILE', help='default: a new file in DATA_DIR/backups')
    made.set_defaults(run=back_up)


def _add_restore(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'bring a back-up into place, compare it with its log; what was there is moved aside'
    restored = commands.add_parser('restore', help=helps, description=helps)
    restored.add_argument('file', type=Path, metavar='FILE', help='what `backup` has made')
    restored.add_argument('--dry-run', action='store_true', help='only compare the file with its checksums')
    restored.add_argument('--yes', action='store_true', help='do not ask before something is replaced')
    restored.set_defaults(run=restore)


def _add_check(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = (
        'look at the folder, disk, database, other processes, clock, address, mails and back-ups, and say what to do'
    )
    checked = commands.add_parser('check', help=helps, description=helps)
    checked.add_argument('--mail', metavar='ADDRESS', help='send a test mail to this address as well')
    checked.add_argument('--json', action='store_true', help='print the findings for a program')
    checked.set_defaults(run=check)


def _add_verify(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'compare everything in the database with its log, and print what differs'
    verifying = commands.add_parser('verify', help=helps, description=helps)
    about = 'begin at the snapshot in this file: what was recorded before it is not read again'
    verifying.add_argument('--from', dest='begin_at', type=Path, metavar='FILE', help=about)
    about = 'if nothing differs, save what the log says by now to this file, as a snapshot to begin at'
    verifying.add_argument('--save', type=Path, metavar='FILE', help=about)
    verifying.set_defaults(run=verify_everything)


def _add_export(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'write everything that is kept of one person to a ZIP, for them'
    exported = commands.add_parser('export-person', help=helps, description=helps)
    exported.add_argument('person', metavar='PERSON', help='their e-mail address, or their number')
    exported.add_argument('file', type=Path, metavar='FILE', help='a new file, such as person.zip')
    exported.set_defaults(run=export_person)
    helps = 'erase one person for good, while the server does not run; what others need stays under a pseudonym'
    erased = commands.add_parser('erase-person', help=helps, description=helps)
    erased.add_argument('person', metavar='PERSON', help='their e-mail address, or their number')
    erased.add_argument('--yes', action='store_true', help='do not ask before')
    erased.set_defaults(run=erase_person)
    helps = 'print the accounts under which a record store knows one person, also after they were erased'
    known = commands.add_parser('store-accounts', help=helps, description=helps)
    known.add_argument('person', metavar='PERSON', help='their number, or their e-mail address')
    known.set_defaults(run=store_accounts)


def run(asked: Namespace) -> int:
    """Do what a command asks for, and return its exit code."""
    try:
        return int(asked.run(asked, settings()))
    except DomainError as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except one_process.AlreadyRunning as error:
        print(f'Waymark is running on {error}. Stop it first.', file=sys.stderr)
        return REFUSED
    except (SQLAlchemyError, sqlite3.Error) as error:
        todo = opening.todo(error, settings().data_dir)
        print(f'The database cannot be used ({opening.reason_of(error)}). {todo}', file=sys.stderr)
        return REFUSED


def back_up(asked: Namespace, config: Settings) -> int:
    """Save everything to one file."""
    target = asked.file or kept_backups.place(config.data_dir, clock.now())
    with _bar() as say:
        manifest = backing_up.make(config.database_url, config.data_dir, target, say=say)
    print(f'{target}: {manifest.bytes / 1e6:,.1f} MB in {len(manifest.files):,} files. Keep a copy on another machine.')
    return 0


def restore(asked: Namespace, config: Settings) -> int:
    """Bring a back-up into place."""
    with _bar() as say:
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
    with _bar() as say:
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
    return _says_yes()


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


def create_admin(asked: Namespace, config: Settings) -> int:
    """Print a one-time link for an admin; returns 1 if there is no account with this address."""
    migrate(config)
    database.open_at(config.database_url, projections.ALL)
    address = config.public_url or f'http://localhost:{config.port}'
    try:
        if asked.email:
            link = asyncio.run(database.write(way_back.for_account, asked.email))
            print(f'This link sets a new password, once and within an hour: {address}/new-password?link={link}')
        else:
            token = asyncio.run(database.write(registration.admin_link))
            print(f'A new admin registers with this link, once: {address}/register?invitation={token}')
    except DomainError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        database.close()
    return 0


def keep_secret(asked: Namespace, config: Settings) -> int:
    """Take the secret of now for the right one, so that nothing warns of it any more."""
    with _opened(config):
        asyncio.run(database.write(known_secret.keep))
    print(
        'This secret is the right one from now on. Authenticator apps that were set up before have to be set up again.'
    )
    return 0


def export_person(asked: Namespace, config: Settings) -> int:
    """Write what is kept of a person to a file that only its owner may read."""
    with _opened(config):
        user_id = asyncio.run(database.read(rows.find, asked.person))
        packed = asyncio.run(database.read(own_data.pack, user_id))
        with _fresh(asked.file) as into:
            for piece in packed.pieces():
                into.write(piece)
    print(f'{asked.file}: {asked.file.stat().st_size / 1e6:,.1f} MB. It is for this person alone.')
    return 0


def erase_person(asked: Namespace, config: Settings) -> int:
    """Erase a person, and say so."""
    one_process.hold(config.database_url)
    others = Unheard() if config.redis_url else None  # several servers may run, and have the name on their screens
    with _opened(config, others=others):
        user_id = asyncio.run(database.read(rows.find, asked.person))
        print(f'Person {user_id} ({asked.person}) and everything that they wrote or handed in is erased for good.')
        if not asked.yes and not _says_yes():
            print('Nothing was changed.')
            return REFUSED
        asyncio.run(erasing.erase_by_operator(user_id))
        accounts = asyncio.run(database.read(statements_out.accounts, user_id))
    print('It is done. Back-ups have the person yet; who restores one gets them erased again.')
    if config.lrs_url:
        print('Have these accounts deleted in the record store as well:', *accounts)
    return 0


def store_accounts(asked: Namespace, config: Settings) -> int:
    """Print the accounts of a person in a record store, one on each line."""
    with _opened(config):
        user_id = asyncio.run(database.read(rows.find, asked.person))
        print(*asyncio.run(database.read(statements_out.accounts, user_id)), sep='\n')
    return 0


@contextmanager
def _opened(config: Settings, *, others: Unheard | None = None) -> Iterator[None]:
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
def _alone(config: Settings) -> Iterator[None]:
    """Open the database while no server runs on it."""
    one_process.hold(config.database_url)
    place = one_server.take(config.database_url, shared=None)
    try:
        with _opened(config):
            yield
    finally:
        if place:
            place.close()


def _says_yes() -> bool:
    """Ask before something is done for good; nobody to ask is no yes."""
    try:
        return input('Go on? Type “yes”: ').strip().lower() == 'yes'
    except EOFError:
        return False


def _erase_again(config: Settings) -> int:
    """Erase those who were erased after the back-up was made; returns how many."""
    with _opened(config):
        again = asyncio.run(erasing.erase_listed())
        asyncio.run(erasing.purge_erased())
    return again


def _fresh(path: Path) -> BinaryIO:
    """Open a file that must not be there yet; raises `Refused`."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb')
    except OSError as error:
        raise Refused('{path} cannot be written ({reason}).', path=str(path), reason=error.strerror or '') from error


def verify_everything(asked: Namespace, config: Settings) -> int:
    """Print how far the comparison is and what it finds; returns 1 if anything differs."""
    return DIFFERS if _verify(config, begin_at=asked.begin_at, save=asked.save) else 0


BESIDE_CLASSES = back_up, verify_everything
"""commands that take long, and may run while the server does"""


def _verify(config: Settings, *, begin_at: Path | None = None, save: Path | None = None) -> int:
    with _opened(config):
        say = partial(print, flush=True)
        return asyncio.run(database.read(verify.report, say, begin_at=begin_at, save=save))


def rebuild_everything(asked: Namespace, config: Settings) -> int:
    """Make all projections anew from the log, some people at a time."""
    if asked.dry_run:
        return DIFFERS if _verify(config) else 0
    with _alone(config), _bar() as say:
        everybody = asyncio.run(database.read(lambda tx: [people.ids for people in slices.everybody(tx)]))
        for number, people in enumerate(everybody, 1):
            asyncio.run(database.write(merging.rebuild, set(people)))
            say('people', number, len(everybody))
    return DIFFERS if _verify(config) else 0


def unarchive(asked: Namespace, config: Settings) -> int:
    """Put everything that is archived back into the log."""
    with _alone(config):
        number = asyncio.run(archiving.bring_back())
    print(f'{number:,} activities are in the log again.')
    return 0


@contextmanager
def _bar() -> Iterator[backup_file.Progress]:
    """Show a bar on a terminal, and nothing where the output is kept."""
    columns = TextColumn('{task.description:<28.28}'), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task('', total=None)
        yield lambda name, done, of: bar.update(task, description=name, completed=done, total=of)
