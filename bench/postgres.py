"""A PostgreSQL server of our own, as durable as a real one, which leaves nothing behind."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import free_port

OPTIONS = '-c shared_buffers=256MB -c max_wal_size=2GB'


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database."""
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

    try:
        run('initdb', '--username=waymark', '--pwfile=password', '--auth=scram-sha-256', '--encoding=UTF8')
        run('pg_ctl', 'start', '--wait', '--log=log', f'--options=-h 127.0.0.1 -p {port} -k "{folder}" {OPTIONS}')
        yield f'postgresql+psycopg://waymark:{password}@127.0.0.1:{port}/postgres'
    finally:
        if (folder / 'data' / 'postmaster.pid').exists():
            run('pg_ctl', 'stop', '--wait', '--mode=fast')
        shutil.rmtree(folder)
