"""What every test can ask for."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

import migrations
from models import metadata
from services.accounts import passwords
from services.core import database
from services.core.database import Database
from services.live import room
from settings import Settings, settings

if TYPE_CHECKING:
    from tests.servers import PostgresServer

pytest_plugins = ['nicegui.testing.user_plugin', 'tests.servers']


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own; nothing of this machine's environment or `.env` reaches the settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, 'env_file', None)
    monkeypatch.setenv('DATA_DIR', str(tmp_path / 'data'))
    monkeypatch.setenv('SECRET_KEY', 'a secret that is only good for tests')
    settings.cache_clear()
    yield tmp_path / 'data'
    settings.cache_clear()


@pytest.fixture(params=['sqlite', 'postgresql'])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without people, once on each kind of database."""
    if request.param == 'sqlite':
        path = shutil.copy(request.getfixturevalue('_sqlite_template'), tmp_path / 'waymark.db')
        yield f'sqlite:///{path}'
        return
    address: str = request.getfixturevalue('_migrated_postgres')
    _empty(address)
    yield address


@pytest.fixture
async def db(url: str, data_dir: Path) -> AsyncIterator[Database]:
    """The database that `database.write` and `database.read` lead to."""
    yield database.open_at(url)
    room.close_all()
    database.close()


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, 'ROUNDS', 4)


@pytest.fixture(scope='session')
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp('template') / 'waymark.db'
    migrations.upgrade(f'sqlite:///{path}')
    return path


@pytest.fixture(scope='session')
def _migrated_postgres(postgres_server: 'PostgresServer') -> str:
    address = postgres_server.url(postgres_server.create_database())
    migrations.upgrade(address)
    return address


def _empty(address: str) -> None:
    """Remove all rows, which takes a tenth of the time that a fresh database would."""
    with psycopg.connect(address.replace('+psycopg', ''), autocommit=True) as connection:
        others = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> '
        connection.execute(others + 'pg_backend_pid()')
        connection.execute(f'TRUNCATE {", ".join(metadata.tables)} RESTART IDENTITY')
