"""What the command line may say, and what it does then."""

import argparse
import sqlite3
import sys
from importlib import import_module
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from commands.asking import REFUSED, Namespace
from services.core import one_process
from services.core.errors import DomainError
from services.upkeep import opening
from settings import settings

BESIDE_CLASSES = 'backup', 'verify'
"""commands that take long, and may run while the server does"""


def parser() -> argparse.ArgumentParser:
    """Return what the command line may say; each command knows in `run` where its function is.

    It is imported only when it runs: beside a class, importing all of Waymark is more work than a back-up.
    """
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
    rebuild.set_defaults(run='upkeep.rebuild_everything')
    helps = 'put all archived activities back into the log, while the server does not run'
    commands.add_parser('unarchive', help=helps, description=helps).set_defaults(run='upkeep.unarchive')
    helps = 'print a link with which an admin gets in, also when all admins have forgotten their passwords'
    admin = commands.add_parser('create-admin', help=helps, description=helps)
    about = 'the address of an account that becomes an admin and gets a new password; without it a new account is made'
    admin.add_argument('email', nargs='?', default='', help=about)
    admin.set_defaults(run='people.create_admin')
    helps = 'go on with the secret that is there now, after the one before was lost or replaced'
    kept = commands.add_parser('keep-secret', help=helps, description=helps)
    kept.set_defaults(run='people.keep_secret')
    _add_export(commands)
    return whole


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _add_backup(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'save the database, the uploads and the keys to one file, also while the server runs'
    made = commands.add_parser('backup', help=helps, description=helps)
    made.add_argument('file', nargs='?', type=Path, metavar='FILE', help='default: a new file in DATA_DIR/backups')
    made.set_defaults(run='back_up.back_up')


def _add_restore(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'bring a back-up into place, compare it with its log; what was there is moved aside'
    restored = commands.add_parser('restore', help=helps, description=helps)
    restored.add_argument('file', type=Path, metavar='FILE', help='what `backup` has made')
    restored.add_argument('--dry-run', action='store_true', help='only compare the file with its checksums')
    restored.add_argument('--yes', action='store_true', help='do not ask before something is replaced')
    restored.set_defaults(run='upkeep.restore')


def _add_check(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = (
        'look at the folder, disk, database, other processes, clock, address, mails and back-ups, and say what to do'
    )
    checked = commands.add_parser('check', help=helps, description=helps)
    checked.add_argument('--mail', metavar='ADDRESS', help='send a test mail to this address as well')
    checked.add_argument('--json', action='store_true', help='print the findings for a program')
    checked.set_defaults(run='upkeep.check')


def _add_verify(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'compare everything in the database with its log, and print what differs'
    verifying = commands.add_parser('verify', help=helps, description=helps)
    about = 'begin at the snapshot in this file: what was recorded before it is not read again'
    verifying.add_argument('--from', dest='begin_at', type=Path, metavar='FILE', help=about)
    about = 'if nothing differs, save what the log says by now to this file, as a snapshot to begin at'
    verifying.add_argument('--save', type=Path, metavar='FILE', help=about)
    verifying.set_defaults(run='upkeep.verify_everything')


def _add_export(commands: 'Commands[argparse.ArgumentParser]') -> None:
    helps = 'write everything that is kept of one person to a ZIP, for them'
    exported = commands.add_parser('export-person', help=helps, description=helps)
    exported.add_argument('person', metavar='PERSON', help='their e-mail address, or their number')
    exported.add_argument('file', type=Path, metavar='FILE', help='a new file, such as person.zip')
    exported.set_defaults(run='people.export_person')
    helps = 'erase one person for good, while the server does not run; what others need stays under a pseudonym'
    erased = commands.add_parser('erase-person', help=helps, description=helps)
    erased.add_argument('person', metavar='PERSON', help='their e-mail address, or their number')
    erased.add_argument('--yes', action='store_true', help='do not ask before')
    erased.set_defaults(run='people.erase_person')
    helps = 'print the accounts under which a record store knows one person, also after they were erased'
    known = commands.add_parser('store-accounts', help=helps, description=helps)
    known.add_argument('person', metavar='PERSON', help='their number, or their e-mail address')
    known.set_defaults(run='people.store_accounts')


def run(asked: Namespace) -> int:
    """Do what a command asks for, and return its exit code."""
    try:
        module, name = asked.run.split('.')
        return int(getattr(import_module(f'commands.{module}'), name)(asked, settings()))
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
