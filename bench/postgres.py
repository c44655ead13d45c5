"""A PostgreSQL server of our own, as durable as a real one, which leaves nothing behind."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.server import free_port

OPTIONS = '-c shared_buffers=256MB -c max_wal_size=2GB'


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A server with an empty database."""

    url: str
    start: Callable[[], None]
    stop: Callable[[], None]
    """as an operator does: connections are cut at once, and nothing that was committed is lost"""


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database."""
    with postgres_server() as server:
        yield server.url


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """A server that can be stopped and started again."""
    binaries = max(Path('/usr/lib/postgresql').glob('*/bin'), key=lambda path: int(path.parent.name))
    # PostgreSQL refuses to run as root; anybody else runs it as themselves
    account = 'postgres' if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix='waymark-bench-postgres-'))
    password, port = secrets.token_hex(), free_port()
    (folder / 'password').write_text(password)
    if account:
        entry = pwd.getpwnam(account)
        for path in (folder, folder / 'password'):
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, *arguments],
            cwd=folder,
            env={'PATH': os.environ['PATH'], 'LC_ALL': 'C.UTF-8', 'PGDATA': 'data'},
            stdout=subprocess.DEVNULL,
            user=account,
            group=account,
            extra_groups=[] if account else None,
            check=True,
        )

    options = f'--options=-h 127.0.0.1 -p {port} -k "{folder}" {OPTIONS}'
    server = Postgres(
        url=f'postgresql+psycopg://waymark:{password}@127.0.0.1:{port}/postgres',
        start=partial(run, 'pg_ctl', 'start', '--wait', '--log=log', options),
        stop=partial(run, 'pg_ctl', 'stop', '--wait', '--mode=fast'),
    )
    try:
        run('initdb', '--username=waymark', '--pwfile=password', '--auth=scram-sha-256', '--encoding=UTF8')
        server.start()
        yield server
    finally:
        if (folder / 'data' / 'postmaster.pid').exists():
            server.stop()
        shutil.rmtree(folder)
