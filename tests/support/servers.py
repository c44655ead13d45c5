"""Programs that tests need beside Python: an own PostgreSQL server, and browsers."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from pwd import getpwnam, struct_passwd
from typing import NoReturn

import psycopg
import pytest
from psycopg import sql

from tests.support.memory import folder_on_disk, quickest_folder

NO_POWER_CUT = '-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB'
"""What most tests write need not survive the machine; memory is not for a long write-ahead log."""

CHROMIUMS = 'chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'
"""The first is the same engine without windows, tabs and menus, which take half of the processor's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A server that only these tests use."""

    port: int
    password: str
    start: Callable[[], None] = field(compare=False)
    """Start it again, with what it has on disk."""
    stop: Callable[[str], None] = field(compare=False)
    """End it: `fast`, as an operator does, or `immediate`, as when its machine is switched off."""
    _open: dict[str, psycopg.Connection] = field(default_factory=dict, compare=False)
    """Connections by address, which stay open: a new one has to learn all tables, and takes ten times as long."""

    def url(self, database: str) -> str:
        """Where SQLAlchemy finds a database of this server."""
        return f'postgresql+psycopg://waymark:{self.password}@127.0.0.1:{self.port}/{database}'

    def create_database(self, *, template: str = 'template1') -> str:
        """Make a database that is empty, or as another one to which nobody is connected; returns its name."""
        name = f'test_{secrets.token_hex(6)}'
        names = sql.Identifier(name), sql.Identifier(template)
        self.execute(sql.SQL('CREATE DATABASE {} TEMPLATE {}').format(*names))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, even while something is still connected to it."""
        if kept := self._open.pop(self.url(name), None):
            kept.close()
        self.execute(sql.SQL('DROP DATABASE {} WITH (FORCE)').format(sql.Identifier(name)))

    def execute(self, statements: sql.Composed | str, *, url: str = '') -> None:
        """Execute statements in the database of that address, or where there is none."""
        url = url or self.url('postgres')
        try:
            self._connection(url).execute(statements)
        except psycopg.OperationalError:  # a test has cut it off
            self._open.pop(url).close()
            self._connection(url).execute(statements)

    def _connection(self, url: str) -> psycopg.Connection:
        if url not in self._open:
            self._open[url] = psycopg.connect(url.replace('+psycopg', ''), autocommit=True)
        return self._open[url]

    def hang_up(self) -> None:
        """Close the connections that stayed open."""
        for connection in self._open.values():
            connection.close()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database."""
    name = postgres_server.create_database()
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(scope='session')
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own, which leaves nothing behind and waits for no disk."""
    place = quickest_folder()
    with tempfile.TemporaryDirectory(prefix='waymark-postgres-', dir=place) as folder, _running(folder) as server:
        yield server


@pytest.fixture(scope='session')
def postgres_on_disk() -> Iterator[PostgresServer]:
    """A second server, for the tests of durability: on a disk, and set up as Debian sets it up."""
    with folder_on_disk() as folder, _running(folder, options='') as server:
        yield server


@pytest.fixture(scope='module')
def postgres_to_stop() -> Iterator[PostgresServer]:
    """A server of one file of tests, which may be stopped and started again; as durable as on Debian."""
    with folder_on_disk() as folder, _running(folder, options='') as server:
        yield server


@contextmanager
def _running(folder: Path | str, *, options: str = NO_POWER_CUT) -> Iterator[PostgresServer]:
    directory = Path(folder)
    binaries, account = _postgres_binaries(), _unprivileged_account()
    run = partial(_run, binaries, directory, account)
    port = _free_port()
    options = f'-h 127.0.0.1 -p {port} -k "{directory}" {options}'
    server = PostgresServer(
        port=port,
        password=secrets.token_hex(),
        start=partial(run, 'pg_ctl', 'start', '--wait', '--log=log', f'--options={options}'),
        stop=lambda mode: run('pg_ctl', 'stop', '--wait', f'--mode={mode}'),
    )
    _write_password(directory, account, server.password)
    try:
        run('initdb', '--username=waymark', '--pwfile=password', '--auth=scram-sha-256', '--encoding=UTF8', '--no-sync')
        server.start()
        yield server
    finally:
        server.hang_up()
        if (directory / 'data' / 'postmaster.pid').exists():
            server.stop('immediate')


@pytest.fixture(scope='session')
def chromium_path() -> str:
    """Where the system's Chromium is: preferably the one that is made to have no window."""
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return path or skip_or_insist('Chromium is not installed; on Debian: apt install chromium')


@pytest.fixture(scope='session')
def webkit_path() -> str:
    """Where the system's WebKit is; its driver and a screen for it are there as well."""
    path = str(max(Path('/usr/lib').glob('*/webkit2gtk-*/MiniBrowser'), default=''))
    if not path or not shutil.which('WebKitWebDriver') or not shutil.which('Xvfb'):
        skip_or_insist('WebKit is not installed; on Debian: apt install webkit2gtk-driver xvfb')
    return path


@pytest.fixture(scope='session')
def firefox_path() -> str:
    """Where the system's Firefox is."""
    path = shutil.which('firefox-esr') or shutil.which('firefox')
    return path or skip_or_insist('Firefox is not installed; on Debian: apt install firefox-esr')


def skip_or_insist(reason: str) -> NoReturn:
    """Skip the test for want of a program, or fail it where WAYMARK_TESTS_INSIST is set, as in CI."""
    if os.environ.get('WAYMARK_TESTS_INSIST'):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _postgres_binaries() -> Path:
    candidates = [path.parent for path in Path('/usr/lib/postgresql').glob('*/bin/initdb')]
    if candidates:
        return max(candidates, key=lambda path: int(path.parent.name))
    # A link on the PATH may point to a single program; its neighbours are where it really is.
    if on_path := shutil.which('initdb') or shutil.which('postgres'):
        return Path(on_path).resolve().parent
    skip_or_insist('PostgreSQL is not installed; on Debian: apt install postgresql')


def _unprivileged_account() -> struct_passwd | None:
    """PostgreSQL refuses to run as root; anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    try:
        return getpwnam('postgres')
    except KeyError:
        return getpwnam('nobody')


def _write_password(directory: Path, account: struct_passwd | None, password: str) -> None:
    path = directory / 'password'
    path.touch(mode=0o600)
    path.write_text(password)
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)
        os.chown(directory, account.pw_uid, account.pw_gid)


def _run(binaries: Path, directory: Path, account: struct_passwd | None, program: str, *arguments: str) -> None:
    result = subprocess.run(
        [binaries / program, *arguments],
        cwd=directory,
        # One locale for all machines; C alone would not know the lower case of Ä.
        env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'PGDATA': 'data'},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=[] if account else None,
    )
    if result.returncode:
        log = directory / 'log'
        pytest.fail(f'{program}: {result.stderr}{log.read_text() if log.exists() else ""}', pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return int(probe.getsockname()[1])
