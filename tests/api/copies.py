"""Fresh copies of one school, so that what one request changes is not there for the next one."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import migrations
from services import projections
from services.core import database
from services.core.database import Database
from services.live import room
from tests.api.school import School, a_school

if TYPE_CHECKING:
    from tests.servers import PostgresServer


class Store(Protocol):
    """Where databases are made."""

    def make(self) -> str:
        """Make a migrated database without people; returns its address."""

    def copy(self, address: str) -> str:
        """Copy a database that nobody has open; returns the address of the copy."""

    def drop(self, address: str) -> None:
        """Remove a database."""


@dataclass(slots=True)
class Files:
    """Databases of SQLite."""

    folder: Path
    template: Path
    _made: int = 0

    def make(self) -> str:
        return self._copied(self.template)

    def copy(self, address: str) -> str:
        return self._copied(Path(urlsplit(address).path))

    def drop(self, address: str) -> None:
        for file in self.folder.glob(f'{Path(urlsplit(address).path).name}*'):
            file.unlink()

    def _copied(self, path: Path) -> str:
        self._made += 1
        return f'sqlite:///{shutil.copy(path, self.folder / f"school-{self._made:06}.db")}'


@dataclass(frozen=True, slots=True)
class Server:
    """Databases of PostgreSQL."""

    postgres: 'PostgresServer'

    def make(self) -> str:
        address = self.postgres.url(self.postgres.create_database())
        migrations.upgrade(address)
        return address

    def copy(self, address: str) -> str:
        return self.postgres.url(self.postgres.create_database(like=address.rpartition('/')[2]))

    def drop(self, address: str) -> None:
        self.postgres.drop_database(address.rpartition('/')[2])


@dataclass(slots=True)
class Copies:
    """A school that is copied as often as needed; each copy is opened in place of the last one."""

    store: Store
    _masters: dict[int, tuple[str, School]] = field(default_factory=dict)
    _opened: str = ''

    async def fresh(self, *, size: int = 3) -> tuple[Database, School]:
        """Open a fresh copy of the school of that size."""
        self.close()
        if size not in self._masters:
            address = self.store.make()
            database.open_at(address, projections.ALL)
            self._masters[size] = address, await a_school(size=size)
            self.close()
        master, school = self._masters[size]
        self._opened = self.store.copy(master)
        return database.open_at(self._opened, projections.ALL), school

    def close(self) -> None:
        """Let go of the copy that is open."""
        room.close_all()
        database.close()
        if self._opened:
            self.store.drop(self._opened)
        self._opened = ''
