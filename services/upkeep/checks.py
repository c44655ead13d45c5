"""Looking at an installation from outside, before or while it runs: each finding says what to do about it.

In English, because it is printed for the operator, and read by programs.
"""

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from services.accounts import known_secret
from services.core import database, kept_backups
from services.core.engines import open_for_upkeep
from services.core.shared_folder import NotShared, SharedFolder
from services.lms import connection, record_store
from services.lms.connection import NotReached
from services.mail import delivery, letters, mail_server, smtp
from services.mail.letters import Addressed
from services.mail.smtp import NotSent
from services.upkeep import dumps, opening
from settings import Settings

LEAST_FREE = 1_000_000_000
PATIENCE = 5.0
"""seconds for an answer of another machine"""
MOST_APART = timedelta(minutes=2)
OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, what was found, and what to do if it is not well."""

    name: str
    is_well: bool
    found: str
    todo: str = ''


def everything(config: Settings, *, now: datetime) -> Iterator[Finding]:
    """Yield what is found, one thing after the other; nothing is changed."""
    yield Finding(name='settings', is_well=True, found='all of them can be read')
    yield _folder(config.data_dir)
    yield _room(config.data_dir)
    yield from _database(config, now)
    if config.redis_url:
        yield _redis(config.redis_url)
        yield from _processes(config)
    yield _address(config.public_url, now)
    yield _mails()
    yield _backups(config, now)


def _folder(folder: Path) -> Finding:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        return Finding(
            name='data folder',
            is_well=False,
            found=f'other people of this machine can look into {folder}',
            todo=f'chmod 700 {folder}; starting Waymark does it as well',
        )
    return Finding(name='data folder', is_well=os.access(folder, os.W_OK), found=f'{folder} is private and writable')


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    return Finding(
        name='disk',
        is_well=free > LEAST_FREE,
        found=f'{free / 1e9:.1f} GB are free',
        todo=''
        if free > LEAST_FREE
        else 'Make room, or move DATA_DIR to a larger disk: without room nothing is saved.',
    )


def _database(config: Settings, now: datetime) -> Iterator[Finding]:
    url = config.database_url
    try:
        if dumps.is_empty(url):
            yield Finding(name='database', is_well=True, found='none yet; the first start makes it')
            return
        yield _whole(url) if dumps.kind_of(url) == dumps.SQLITE else _server(url, now)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        found, todo = f'it cannot be opened ({opening.reason_of(error)})', opening.todo(error, config.data_dir)
        yield Finding(name='database', is_well=False, found=found, todo=todo)


def _whole(url: str) -> Finding:
    with closing(sqlite3.connect(str(make_url(url).database), timeout=PATIENCE)) as connection:
        [said] = connection.execute('PRAGMA quick_check(1)').fetchone()
    return Finding(
        name='database',
        is_well=said == 'ok',
        found='SQLite; the file is whole' if said == 'ok' else f'SQLite; the file is damaged ({said})',
        todo='' if said == 'ok' else 'Stop Waymark, keep the file, and `python main.py restore` the newest back-up.',
    )


def _server(url: str, now: datetime) -> Finding:
    engine = open_for_upkeep(url)
    with engine.connect() as connection:
        their_now = connection.exec_driver_sql('SELECT now()').scalar_one()
    engine.dispose()
    return _clock('database', 'PostgreSQL answers', their_now, now) or _tools()


def _tools() -> Finding:
    missing = [program for program in ('pg_dump', 'pg_restore') if shutil.which(program) is None]
    return Finding(
        name='database',
        is_well=not missing,
        found='PostgreSQL answers' + (f'; {" and ".join(missing)} missing here' if missing else ''),
        todo='Install the client of PostgreSQL for back-ups (Debian: postgresql-client).' if missing else '',
    )


def _clock(name: str, found: str, theirs: datetime, now: datetime) -> Finding | None:
    """Return a finding if the clock of another machine differs so much that times in the log would be wrong."""
    apart = abs(theirs - now)
    if apart < MOST_APART:
        return None
    return Finding(
        name=name,
        is_well=False,
        found=f'{found}, and its clock differs from this one by {int(apart.total_seconds())} seconds',
        todo='Set both clocks by NTP (Debian: systemd-timesyncd): deadlines and the order of taps depend on them.',
    )


def _redis(url: str) -> Finding:
    place = urlsplit(url)
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as connection:
            connection.publish('waymark:check', b'')
    except (RedisError, OSError, ValueError) as error:
        return Finding(
            name='Redis',
            is_well=False,
            found=f'{place.hostname}:{place.port or 6379} does not answer ({error})',
            todo='Start Redis, or correct REDIS_URL. Until then the processes hear each other seconds later.',
        )
    return Finding(name='Redis', is_well=True, found=f'{place.hostname}:{place.port or 6379} carries messages')


def _processes(config: Settings) -> Iterator[Finding]:
    """Yield whether the processes that run now have the folder and the secret that are set here."""
    engine = open_for_upkeep(config.database_url)
    with suppress(SQLAlchemyError), engine.connect() as connection:  # a database that is away is a finding of its own
        try:
            running = SharedFolder(config.data_dir, secret=config.secret_key).compare(connection)
        except NotShared as error:
            yield Finding(name='processes', is_well=False, found=error.found, todo=error.todo)
        else:
            found = f'all that serve this database now have this folder and secret ({running})'
            yield Finding(name='processes', is_well=True, found=found)


def _address(public_url: str, now: datetime) -> Finding:
    if not public_url:
        todo = 'Set PUBLIC_URL to what people type, or the address on the page of the school.'
        return Finding(
            name='address', is_well=True, found='PUBLIC_URL is not set: links are made of requests', todo=todo
        )
    try:
        with urlopen(f'{public_url}/health', timeout=PATIENCE) as answer:  # noqa: S310 - http(s), by the settings
            said, theirs = answer.read(1_000), answer.headers.get('date')
        health = json.loads(said)
        is_ours = health['status'] == 'ok'
        proxy = health.get('proxy', '')
    except (URLError, OSError, ValueError, LookupError, TypeError) as error:
        return Finding(
            name='address',
            is_well=False,
            found=f'{public_url} does not answer ({getattr(error, "reason", error)})',
            todo='Is Waymark running, and does the proxy lead to HOST:PORT? See “HTTPS” in docs/operations.md.',
        )
    if not is_ours:
        todo = 'The proxy leads somewhere else; see “HTTPS” in docs/operations.md.'
        return Finding(name='address', is_well=False, found=f'{public_url} is no Waymark', todo=todo)
    apart = _clock('address', f'{public_url} answers', parsedate_to_datetime(theirs), now) if theirs else None
    return apart or _proxy(public_url, proxy) or Finding(name='address', is_well=True, found=f'{public_url} answers')


def _proxy(public_url: str, proxy: str) -> Finding | None:
    """Return a finding if everybody seems to come from the address of the proxy: limits would be those of all."""
    if proxy == 'not believed':
        found = f'{public_url} answers, but what its proxy says of where people are is not believed'
        todo = 'Name the proxy in TRUSTED_PROXIES; until then everybody has its address, and its limits.'
    elif proxy == 'none' and public_url.startswith('https://'):
        found = f'{public_url} answers, but its proxy does not say where people are'
        todo = 'Let it set X-Forwarded-For and X-Forwarded-Proto; see “HTTPS” in docs/operations.md.'
    else:
        return None
    return Finding(name='address', is_well=False, found=found, todo=todo)


def _mails() -> Finding:
    server = mail_server.current()
    if not server.host:
        todo = 'Without mails nobody gets a new password by themselves: MAIL_HOST, or the page /school/mail.'
        return Finding(name='mails', is_well=True, found='no mail server is set', todo=todo)
    todo = 'Try it: python main.py check --mail you@example.org'
    return Finding(name='mails', is_well=True, found=f'{server.host}, port {server.port_used}', todo=todo)


async def mail_to(address: str) -> Finding:
    """Send a test mail to an address, and return what came of it."""
    server = mail_server.current()
    if not server.host:
        todo = 'Set MAIL_HOST and MAIL_FROM, or save the server on the page /school/mail.'
        return Finding(name='test mail', is_well=False, found='no mail server is set', todo=todo)
    to = Addressed(address=address)
    try:
        await smtp.send(server, letters.written(delivery.TEST, to, sender=server.sender))
    except NotSent as refusal:
        todo = 'Correct the MAIL_ settings, or the page /school/mail.'
        return Finding(name='test mail', is_well=False, found=str(refusal), todo=todo)
    return Finding(name='test mail', is_well=True, found=f'sent to {address}; look whether it has arrived')


async def record_store_answers() -> Finding:
    """Ask the record store whether it is one and takes the key; nothing is sent to it."""
    try:
        async with await connection.new_client() as client:
            await record_store.check(client)
            await record_store.check_key(client)
    except NotReached as refusal:
        todo = 'Start it, or correct LRS_URL, LRS_KEY and LRS_SECRET. What was not sent waits.'
        return Finding(name='record store', is_well=False, found=str(refusal), todo=todo)
    return Finding(name='record store', is_well=True, found=f'{record_store.host()} answers and knows the key')


async def secret() -> Finding:
    """Look whether the secret of the installation is the one that the open database knows."""
    is_well = await database.read(known_secret.is_known)
    found = 'the one that the database knows' if is_well else str(known_secret.LOST)
    return Finding(name='secret', is_well=is_well, found=found, todo='' if is_well else known_secret.FOR_GOOD)


def _backups(config: Settings, now: datetime) -> Finding:
    made = kept_backups.made(config.data_dir)
    if not made:
        todo = 'Set BACKUP_KEEP=7 for one each night, and let another machine fetch them.'
        return Finding(name='back-ups', is_well=not config.backup_keep, found='none in the data folder', todo=todo)
    age = now - kept_backups.made_at(made[-1])
    is_well = age < OLD or not config.backup_keep
    todo = '' if is_well else 'Look at “Work by the clock” on the page of the school for what went wrong.'
    return Finding(name='back-ups', is_well=is_well, found=f'{made[-1].name} is {_hours(age)} old', todo=todo)


def _hours(age: timedelta) -> str:
    hours = int(age.total_seconds()) // 3600
    return f'{hours} hours' if hours < 48 else f'{hours // 24} days'
