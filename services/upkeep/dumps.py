"""The whole database as one file, made and read back by its own means while others use it.

SQLite writes a copy of itself: its file alone would miss what is in the write-ahead log. PostgreSQL has `pg_dump` and
`pg_restore`, which must be as new as the server.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from services.core.engines import open_for_upkeep
from services.core.errors import Refused

SQLITE, POSTGRESQL = 'sqlite', 'postgresql'
FILES = {SQLITE: 'database.db', POSTGRESQL: 'database.dump'}
"""What the copy of each kind of database is called in a back-up."""
REVISION = 'SELECT version_num FROM alembic_version'
OTHERS = (
    'SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() '
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def kind_of(url: str) -> str:
    """Return the kind of database at an address: `sqlite` or `postgresql`."""
    return make_url(url).get_backend_name()


def dump(url: str, target: Path) -> None:
    """Write a copy of a database that may be in use; raises `Refused` if it cannot be made."""
    if kind_of(url) == SQLITE:
        if is_empty(url):
            raise Refused('There is no database at {path} yet.', path=str(make_url(url).database))
        with closing(sqlite3.connect(str(make_url(url).database))) as source:
            source.execute('PRAGMA schema_version')  # or what is said of a damaged file is about the copy
            source.execute('VACUUM INTO ?', (str(target),))
    else:
        _call('pg_dump', url, '--format=custom', '--no-owner', '--no-privileges', f'--file={target}')


def revision(url: str, copy: Path) -> str:
    """Return which revision the tables of a copy have; raises `Refused` where there are none.

    Reading the database itself would take the writer's turn.
    """
    try:
        if kind_of(url) == SQLITE:
            with closing(sqlite3.connect(copy)) as made:
                return str(made.execute(REVISION).fetchone()[0])
        return str(_asked(url, REVISION))
    except (sqlite3.OperationalError, ProgrammingError) as error:
        raise Refused('There is no Waymark in this database yet, so there is nothing to save.') from error


def load(url: str, source: Path) -> None:
    """Fill a PostgreSQL database, in one transaction, with what a copy has; what was in it is gone."""
    _call('pg_restore', url, '--list', str(source))  # before anything is dropped: it is there, and can read this file
    engine = open_for_upkeep(url)
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        tables.drop_all(connection)
    engine.dispose()
    _call('pg_restore', url, '--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error', str(source))
    engine = open_for_upkeep(url)
    with engine.begin() as connection:
        connection.exec_driver_sql('ANALYZE')  # or the first pages are planned as for empty tables
    engine.dispose()


def is_empty(url: str) -> bool:
    """Return whether there is nothing at this address that a restore would replace."""
    if kind_of(url) == SQLITE:
        return not Path(str(make_url(url).database)).exists()
    engine = open_for_upkeep(url)
    with engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
    engine.dispose()
    return not tables.tables


def size(url: str) -> int:
    """Return how many bytes a database has on the disk, about."""
    if kind_of(url) == SQLITE:
        path = Path(str(make_url(url).database))
        return path.stat().st_size if path.exists() else 0
    return int(_asked(url, 'SELECT pg_database_size(current_database())'))


def others(url: str) -> int:
    """Return how many connections others have to a PostgreSQL database; SQLite has a lock of its own."""
    return 0 if kind_of(url) == SQLITE else int(_asked(url, OTHERS))


def _asked(url: str, question: str) -> int | str:
    engine = open_for_upkeep(url)
    try:
        with engine.connect() as connection:
            found: int | str = connection.exec_driver_sql(question).scalar_one()
    finally:
        engine.dispose()
    return found


def _call(program: str, url: str, *arguments: str) -> None:
    """Run a program of PostgreSQL; its password is in the environment, where nobody else of this machine sees it."""
    if shutil.which(program) is None:
        raise Refused(
            '{program} is not on this machine. Install the client of PostgreSQL (Debian: postgresql-client).',
            program=program,
        )
    address = make_url(url).set(drivername='postgresql').render_as_string(hide_password=False)
    parts = {name: str(value) for name, value in conninfo_to_dict(address).items() if value is not None}
    password = parts.pop('password', '')
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, with settings of the operator
        [program, f'--dbname={make_conninfo(**parts)}', '--no-password', *arguments],
        env={**os.environ, **({'PGPASSWORD': password} if password else {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f'it ended with {done.returncode}']
        raise Refused('{program} did not work: {said}', program=program, said=said[-1][:300])
