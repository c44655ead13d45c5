"""Commands about one person: letting an admin in, and what is kept of somebody."""

import asyncio
import os
import sys
from pathlib import Path
from typing import BinaryIO

from commands.asking import REFUSED, Namespace, says_yes
from commands.tables import migrate, opened
from services import projections
from services.accounts import known_secret, registration, way_back
from services.core import database, one_process
from services.core.errors import DomainError, Refused
from services.core.processes import Unheard
from services.lms import statements_out
from services.privacy import erasing, own_data, rows
from settings import Settings


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
    with opened(config):
        asyncio.run(database.write(known_secret.keep))
    print(
        'This secret is the right one from now on. Authenticator apps that were set up before have to be set up again.'
    )
    return 0


def export_person(asked: Namespace, config: Settings) -> int:
    """Write what is kept of a person to a file that only its owner may read."""
    with opened(config):
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
    with opened(config, others=others):
        user_id = asyncio.run(database.read(rows.find, asked.person))
        print(f'Person {user_id} ({asked.person}) and everything that they wrote or handed in is erased for good.')
        if not asked.yes and not says_yes():
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
    with opened(config):
        user_id = asyncio.run(database.read(rows.find, asked.person))
        print(*asyncio.run(database.read(statements_out.accounts, user_id)), sep='\n')
    return 0


def _fresh(path: Path) -> BinaryIO:
    """Open a file that must not be there yet; raises `Refused`."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb')
    except OSError as error:
        raise Refused('{path} cannot be written ({reason}).', path=str(path), reason=error.strerror or '') from error
