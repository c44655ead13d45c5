"""What every test can ask for."""

import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.remote import Producer

from models import metadata
from services import projections
from services.accounts import addresses, first_step, guessing, passwords
from services.accounts.oidc import flow
from services.core import database, one_process, school, server_log, writer
from services.core.database import Database
from services.core.school import School
from services.deadlines import feeds
from services.live import rooms
from services.lms import statements
from services.mail import mail_server
from services.mail.mail_server import MailServer
from services.notices import unsubscribing
from services.people import joining
from services.privacy import own_data
from settings import Settings, settings
from tests.support.kept_engines import EnginesAtHand
from tests.support.memory import folder_on_disk, quickest_folder
from tests.support.sharing import LastWorkers, Sharing, place_of
from tests.support.templates import leave_nothing, migrated_database, migrated_file
from tests.support.warm_starts import leave_none

if TYPE_CHECKING:
    from tests.support.servers import PostgresServer

if find_spec('sniffio') is None:
    # httpx looks for it in all folders on each request, up to ten times; now Python knows that it is not there.
    sys.modules['sniffio'] = None  # type: ignore[assignment]

pytest_plugins = ['nicegui.testing.user_plugin', 'tests.support.servers']


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest make its temporary folders in memory; `--basetemp` says otherwise."""
    os.environ.setdefault('PYTEST_DEBUG_TEMPROOT', str(quickest_folder()))
    config.pluginmanager.register(LastWorkers())


def pytest_unconfigure() -> None:
    """Remove what was made for the tests of this process."""
    leave_nothing()
    leave_none()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the collector of garbage to what tests make: modules, and ten thousand tests, are none and stay."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing | None:
    """Keep together what shares a school, or a file of tests in front of one server."""
    return Sharing(config, log) if config.getvalue('dist') == 'loadscope' else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the second run, on PostgreSQL, of what is not about SQL, but where WAYMARK_TESTS_BOTH is set."""
    items.sort(key=lambda item: place_of(item.nodeid))
    if os.environ.get('WAYMARK_TESTS_BOTH'):
        return
    left_out = [item for item in items if _is_second_run(item)]
    items[:] = [item for item in items if not _is_second_run(item)]
    config.hook.pytest_deselected(items=left_out)


def _is_second_run(item: pytest.Item) -> bool:
    is_about_sql = item.get_closest_marker('both_databases') or item.get_closest_marker('on_disk')
    on = item.callspec.params.get('url') if isinstance(item, pytest.Function) and hasattr(item, 'callspec') else ''
    return on == 'postgresql' and not is_about_sql


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own; nothing of this machine's environment or `.env` reaches the settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, 'env_file', None)
    monkeypatch.setenv('DATA_DIR', str(tmp_path / 'data'))
    monkeypatch.setenv('TIME_ZONE', 'UTC')
    monkeypatch.setenv('SECRET_KEY', 'a secret that is only good for tests')
    settings.cache_clear()
    yield tmp_path / 'data'
    settings.cache_clear()
    school.remember(School())
    mail_server.remember(MailServer())


@pytest.fixture(params=['sqlite', 'postgresql'])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database without people, on each kind of database (`both_databases`)."""
    on_disk = '_on_disk' if request.node.get_closest_marker('on_disk') else ''
    return str(request.getfixturevalue(f'_{request.param}{on_disk}'))


@pytest.fixture
def _sqlite(_sqlite_template: Path, tmp_path: Path) -> str:
    return f'sqlite:///{shutil.copy(_sqlite_template, tmp_path / "waymark.db")}'


@pytest.fixture
def _sqlite_on_disk(_sqlite_template: Path) -> Iterator[str]:
    with folder_on_disk() as folder:
        yield f'sqlite:///{shutil.copy(_sqlite_template, folder / "waymark.db")}'


@pytest.fixture
def _postgresql(postgres_server: 'PostgresServer', _migrated_postgres: str) -> str:
    _empty(postgres_server, _migrated_postgres)
    return _migrated_postgres


@pytest.fixture
def _postgresql_on_disk(postgres_on_disk: 'PostgresServer', _migrated_postgres_on_disk: str) -> str:
    _empty(postgres_on_disk, _migrated_postgres_on_disk)
    return _migrated_postgres_on_disk


@pytest.fixture
async def db(url: str, data_dir: Path) -> AsyncIterator[Database]:
    """The database that `database.write` and `database.read` lead to."""
    yield database.open_at(url, projections.ALL)
    rooms.close_all()
    database.close()


@pytest.fixture
def begin_anew(
    request: pytest.FixtureRequest, url: str, db: Database, data_dir: Path, _sqlite_template: Path
) -> Callable[[], None]:
    """Opens the database without people again, for each example of a property: what compares everything with the log
    would compare what all earlier examples have left there, too.
    """

    def begin() -> None:
        rooms.close_all()
        database.close()
        if file := one_process.file_of(url):
            for left in file.parent.glob(f'{file.name}*'):
                left.unlink()
            shutil.copy(_sqlite_template, file)
        else:
            _empty(request.getfixturevalue('postgres_server'), url)
        database.open_at(url, projections.ALL)

    return begin


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, 'ROUNDS', 4)


@pytest.fixture(autouse=True)
def _no_pace(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _engines_at_hand: EnginesAtHand) -> None:
    """Let no write wait for company, and no test for connections, but where the database itself is the subject."""
    if not request.node.get_closest_marker('on_disk'):
        monkeypatch.setattr(writer, 'PACE', 0)
        monkeypatch.setattr(database, 'open_engines', _engines_at_hand.open)


@pytest.fixture(scope='session')
def _engines_at_hand() -> Iterator[EnginesAtHand]:
    at_hand = EnginesAtHand()
    yield at_hand
    at_hand.close()


@pytest.fixture(autouse=True)
def _nobody_has_guessed() -> None:
    """What is counted in memory is counted anew for each test: all of them come from the same address."""
    guessing.clear()
    server_log.traces.clear()
    mails = addresses.resets_from, addresses.confirmations_from, feeds.readings_from, unsubscribing.posts_from
    guests = joining.guests_from_browser, joining.guests_from_address
    at_school = flow.begun_from, flow.ended_from
    for buckets in (*mails, *guests, *at_school, first_step.wrong_from, own_data.downloads, statements.downloads):
        buckets.clear()


@pytest.fixture(scope='session')
def _sqlite_template() -> Path:
    return migrated_file()


@pytest.fixture(scope='session')
def _migrated_postgres(postgres_server: 'PostgresServer') -> str:
    return postgres_server.url(migrated_database(postgres_server))


@pytest.fixture(scope='session')
def _migrated_postgres_on_disk(postgres_on_disk: 'PostgresServer') -> str:
    return postgres_on_disk.url(migrated_database(postgres_on_disk))


EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
SET session_replication_role = replica;
{deletions};
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE last_value IS NOT NULL
"""
"""
Nobody else is at work there, foreign keys need no order, and ids begin at 1 again. A TRUNCATE makes new files for all
tables and their indexes, which takes thirty times as long.
"""


def _empty(server: 'PostgresServer', address: str) -> None:
    # the one row of numbers is there from the first migration on
    deletions = '; '.join(f'DELETE FROM {name}' for name in metadata.tables if name != 'commit_numbers')
    server.execute(EMPTY.format(deletions=deletions), url=address)
