"""One school that is as it was before each test, so that what one request changes is not there for the next one."""

import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from models import metadata
from services import projections
from services.core import database
from services.core.database import Database
from services.live import rooms
from tests.support.api_school import a_school
from tests.support.templates import migrated_database

if TYPE_CHECKING:
    from tests.support.servers import PostgresServer


class Store(Protocol):
    """Where databases are made."""

    def make(self) -> str:
        """Make a migrated database without people; returns its address."""

    def keep(self, address: str) -> None:
        """Remember how a database is; nobody has it open."""

    def restore(self, address: str) -> str:
        """Return the address of a database that is as this one was; nobody has it open."""


@dataclass(slots=True)
class Files:
    """Databases of SQLite: each time another copy of the file."""

    folder: Path
    template: Path
    _made: int = 0
    _copy: Path | None = None

    def make(self) -> str:
        return self._copied(self.template)

    def keep(self, address: str) -> None:
        self._copy = None

    def restore(self, address: str) -> str:
        if self._copy:
            for file in self.folder.glob(f'{self._copy.name}*'):
                file.unlink()
        copy = self._copied(Path(urlsplit(address).path))
        self._copy = Path(urlsplit(copy).path)
        return copy

    def _copied(self, path: Path) -> str:
        self._made += 1
        return f'sqlite:///{shutil.copy(path, self.folder / f"school-{self._made:06}.db")}'


KEEP = 'CREATE SCHEMA kept; {tables}; CREATE TABLE kept.numbers AS SELECT * FROM pg_sequences'
RESTORE = """
SET session_replication_role = replica;
{tables};
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 1), last_value IS NOT NULL)
    FROM kept.numbers
"""


@dataclass(frozen=True, slots=True)
class Server:
    """Databases of PostgreSQL: the rows are put back, which takes a tenth of the time that a new database would."""

    postgres: 'PostgresServer'

    def make(self) -> str:
        return self.postgres.url(migrated_database(self.postgres))

    def keep(self, address: str) -> None:
        tables = '; '.join(f'CREATE TABLE kept.{name} AS TABLE {name}' for name in metadata.tables)
        self.postgres.execute(KEEP.format(tables=tables), url=address)

    def restore(self, address: str) -> str:
        each = 'DELETE FROM {name}; INSERT INTO {name} SELECT * FROM kept.{name}'
        tables = '; '.join(each.format(name=name) for name in metadata.tables)
        self.postgres.execute(RESTORE.format(tables=tables), url=address)
        return address


@dataclass(slots=True)
class Copies:
    """A school that is made once, and restored as often as needed."""

    store: Store
    make: Callable[..., Awaitable[Any]] = a_school
    """makes the school of a `size` in a database that is open, and returns what is in it"""
    _masters: dict[int, tuple[str, Any]] = field(default_factory=dict)

    async def fresh(self, *, size: int = 3) -> tuple[Database, Any]:
        """Open the school of that size, in which nothing has happened yet."""
        self.close()
        if size not in self._masters:
            address = self.store.make()
            database.open_at(address, projections.ALL)
            self._masters[size] = address, await self.make(size=size)
            self.close()
            self.store.keep(address)
        master, school = self._masters[size]
        return database.open_at(self.store.restore(master), projections.ALL), school

    def close(self) -> None:
        """Let go of the school that is open."""
        rooms.close_all()
        database.close()
