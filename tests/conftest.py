"""What every test can ask for."""

import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from structlog.testing import capture_logs

import migrations
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
    server: 'PostgresServer' = request.getfixturevalue('postgres_server')
    copy = f'copy_{secrets.token_hex(6)}'
    with psycopg.connect(server.url('postgres').replace('+psycopg', ''), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE {copy} TEMPLATE {request.getfixturevalue("_postgres_template")} STRATEGY file_copy')
    yield server.url(copy)
    server.drop_database(copy)


@pytest.fixture
async def db(url: str, data_dir: Path) -> AsyncIterator[Database]:
    """The database that `database.write` and `database.read` lead to."""
    yield database.open_at(url)
    room.close_all()
    database.close()


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, 'ROUNDS', 4)


@pytest.fixture
def journal_lines() -> Iterator[list[dict[str, object]]]:
    """What the journal was told during the test."""
    with capture_logs() as lines:
        yield lines  # type: ignore[misc]


@pytest.fixture(scope='session')
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp('template') / 'waymark.db'
    migrations.upgrade(f'sqlite:///{path}')
    return path


@pytest.fixture(scope='session')
def _postgres_template(postgres_server: 'PostgresServer') -> str:
    name = postgres_server.create_database()
    migrations.upgrade(postgres_server.url(name))
    return name
