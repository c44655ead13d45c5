"""One PostgreSQL database is served by one process that hears of no others, or by several that do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import serving
from services.core.one_process import AlreadyRunning
from services.core.one_server import SERVING, Place
from services.core.shared_folder import SharedFolder
from settings import Settings, SettingsError

pytestmark = [pytest.mark.req('O2')]

Take = Callable[..., Place]


@pytest.fixture
def take(postgres_url: str, tmp_path: Path) -> Iterator[Take]:
    taken: list[Place] = []

    def one(*, with_others: bool, patience: float = 0) -> Place:
        shared = SharedFolder(tmp_path, secret='the same') if with_others else None
        taken.append(Place(postgres_url, shared=shared, patience=patience))
        return taken[-1]

    yield one
    for place in taken:
        place.close()


def test_a_process_that_hears_of_no_others_is_the_only_one(take: Take) -> None:
    first = take(with_others=False)

    for with_others in False, True:
        with pytest.raises(AlreadyRunning):
            take(with_others=with_others)
    first.close()

    take(with_others=False, patience=60)  # PostgreSQL takes a moment to notice


def test_processes_that_hear_each_other_serve_together_and_none_beside_them(take: Take) -> None:
    take(with_others=True)
    take(with_others=True)

    with pytest.raises(AlreadyRunning):
        take(with_others=False)


async def test_the_place_is_taken_again_after_postgresql_has_ended_the_connection(
    take: Take, postgres_url: str, server_log_lines: list[dict[str, object]]
) -> None:
    here = take(with_others=False)
    end_those_who_hold(postgres_url)
    await here.look()
    with pytest.raises(AlreadyRunning):
        take(with_others=False)

    end_those_who_hold(postgres_url)
    take(with_others=False, patience=60)  # another one was quicker
    await here.look()

    assert [line['event'] for line in server_log_lines] == ['database served twice']


def test_a_second_server_is_told_what_to_do(take: Take, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    take(with_others=False)
    monkeypatch.setenv('DATABASE_URL', postgres_url)

    with pytest.raises(SettingsError, match=r'another Waymark is running on this database.*REDIS_URL'):
        serving.lock(Settings())


def end_those_who_hold(url: str) -> None:
    """End the connections that hold the lock, as a restart of PostgreSQL does."""
    with psycopg.connect(url.replace('+psycopg', ''), autocommit=True) as connection:
        held = "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
        connection.execute(
            held + ' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())', [SERVING]
        )
