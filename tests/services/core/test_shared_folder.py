"""Processes that serve one database have one data folder and one secret, or are told that they have not."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from services.core.engines import open_for_upkeep
from services.core.one_server import Place
from services.core.shared_folder import ENTERING, FOLDER, NotShared, SharedFolder
from services.upkeep import checks
from settings import Settings
from tests.services.core.test_one_server import end_those_who_hold
from tests.support.eventually import eventually

pytestmark = [pytest.mark.req('O2')]

Serve = Callable[..., Place]
PATIENCE = 60.0
"""seconds that PostgreSQL may take to notice that a process has ended"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'data').mkdir()
    return tmp_path / 'data'


@pytest.fixture
def serve(postgres_url: str) -> Iterator[Serve]:
    """Be one more process; it ends with the test, or when its place is closed."""
    places: list[Place] = []

    def one(folder: Path, *, secret: str = 'the same', patience: float = 0) -> Place:
        places.append(Place(postgres_url, shared=SharedFolder(folder, secret=secret), patience=patience))
        return places[-1]

    yield one
    for place in places:
        place.close()


def test_processes_with_one_folder_serve_together_also_where_it_has_another_name(serve: Serve, folder: Path) -> None:
    another_name = folder.with_name('link')
    another_name.symlink_to(folder)

    for each in folder, another_name, folder:
        serve(each)

    assert len(list((folder / FOLDER).iterdir())) == 3


def test_another_folder_or_secret_is_refused_until_the_others_have_ended(serve: Serve, folder: Path) -> None:
    other = folder.with_name('other')
    other.mkdir()
    first = serve(folder)

    with pytest.raises(NotShared, match=rf'^DATA_DIR: .*{other}.* Let DATA_DIR lead to the same folder'):
        serve(other)
    with pytest.raises(NotShared, match=r'^SECRET_KEY: .* Set the same SECRET_KEY'):
        serve(folder, secret='another one')
    first.close()

    serve(other, secret='another one', patience=PATIENCE)
    with pytest.raises(NotShared):
        serve(folder)


async def test_of_two_that_start_at_once_with_two_folders_one_is_first(
    serve: Serve, folder: Path, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url.replace('+psycopg', ''), autocommit=True) as door:
        door.execute('SELECT pg_advisory_lock(%s)', [ENTERING])
        both = [asyncio.create_task(asyncio.to_thread(serve, each)) for each in (folder, folder.parent)]
        waiting = "SELECT count(*) = 2 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
        await eventually(lambda: door.execute(waiting, [ENTERING]).fetchone() == (True,))

    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Place, NotShared}


def test_a_folder_that_moved_while_nobody_served_starts_and_what_was_left_is_cleared(
    serve: Serve, folder: Path
) -> None:
    serve(folder).close()
    (left,) = (folder / FOLDER).iterdir()
    moved = folder.rename(folder.with_name('on another disk'))

    serve(moved, patience=PATIENCE)
    serve(moved)

    there = list((moved / FOLDER).iterdir())
    assert (len(there), left.name in {file.name for file in there}) == (2, False)


async def test_a_folder_that_was_copied_while_another_one_served_is_refused_after_its_next_look(
    serve: Serve, folder: Path, server_log_lines: list[dict[str, object]]
) -> None:
    first = serve(folder)
    copied = Path(shutil.copytree(folder, folder.with_name('copied')))
    await first.look()

    with pytest.raises(NotShared, match=r'^DATA_DIR: '):
        serve(copied)

    serve(folder)
    await first.look()
    assert server_log_lines == []
    assert len(list((folder / FOLDER).iterdir())) == 2


async def test_a_copy_that_starts_before_that_is_noticed_by_the_one_that_was_there(
    serve: Serve, folder: Path, server_log_lines: list[dict[str, object]]
) -> None:
    first = serve(folder)
    second = serve(Path(shutil.copytree(folder, folder.with_name('copied'))))

    await first.look()
    await second.look()

    assert [line['event'] for line in server_log_lines] == ['not shared', 'not shared']
    assert str(folder) in str(server_log_lines[0]['found'])


async def test_many_look_and_come_at_once_and_nobody_is_called_a_stranger(
    serve: Serve, folder: Path, postgres_url: str, server_log_lines: list[dict[str, object]]
) -> None:
    first = [serve(folder) for _ in range(3)]
    looks = [place.look() for place in first for _ in range(5)]
    asking = SharedFolder(folder, secret='the same')

    def ask() -> None:
        with open_for_upkeep(postgres_url).connect() as connection:
            for _ in range(20):
                assert asking.compare(connection) >= 3

    await asyncio.gather(*looks, asyncio.to_thread(serve, folder), asyncio.to_thread(ask))

    assert server_log_lines == []


async def test_nobody_takes_another_number_while_somebody_comes_and_clears_up(
    serve: Serve, folder: Path, postgres_url: str
) -> None:
    first = serve(folder)
    before = list((folder / FOLDER).iterdir())
    with psycopg.connect(postgres_url.replace('+psycopg', ''), autocommit=True) as door:
        door.execute('SELECT pg_advisory_lock(%s)', [ENTERING])
        look = asyncio.create_task(first.look())
        waiting = "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
        await eventually(lambda: door.execute(waiting, [ENTERING]).fetchone() == (True,))
        assert list((folder / FOLDER).iterdir()) == before
    await look

    assert list((folder / FOLDER).iterdir()) != before


async def test_a_file_that_somebody_removed_is_made_again(serve: Serve, folder: Path) -> None:
    first = serve(folder)
    shutil.rmtree(folder / FOLDER)
    with pytest.raises(NotShared):
        serve(folder)

    await first.look()

    serve(folder)


async def test_after_a_restart_of_postgresql_the_folder_is_compared_again(
    serve: Serve, folder: Path, postgres_url: str, server_log_lines: list[dict[str, object]]
) -> None:
    first = serve(folder)
    end_those_who_hold(postgres_url)
    await first.look()
    with pytest.raises(NotShared):
        serve(folder.parent)

    end_those_who_hold(postgres_url)
    serve(folder.parent, patience=PATIENCE)  # another one was quicker
    await first.look()

    assert [line['event'] for line in server_log_lines] == ['not shared']


def test_a_folder_that_cannot_be_used_is_named(serve: Serve, folder: Path) -> None:
    (folder / FOLDER).touch()

    with pytest.raises(NotShared, match=rf'^DATA_DIR: the folder {folder}/serving cannot be used'):
        serve(folder)


def test_locks_in_other_databases_and_of_other_programs_say_nothing(
    serve: Serve, folder: Path, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url.replace('+psycopg', ''), autocommit=True) as connection:
        connection.execute('SELECT pg_advisory_lock(7), pg_advisory_lock(1, 7)')
        serve(folder)


@pytest.mark.usefixtures('data_dir')
def test_check_says_the_same(serve: Serve, folder: Path, postgres_url: str) -> None:
    secret = 'the same for all that serve this school'
    other = folder.with_name('other')
    other.mkdir()

    def found(at: Path, *, secret: str = secret) -> checks.Finding:
        config = Settings(data_dir=at, database_url=postgres_url, redis_url='redis://localhost', secret_key=secret)
        (finding,) = checks._processes(config)
        return finding

    assert found(other).is_well, 'nobody serves'
    serve(folder, secret=secret)

    assert [found(folder).is_well, found(other).is_well, found(folder, secret=secret * 2).is_well] == [
        True,
        False,
        False,
    ]
    assert str(other) in found(other).found
    assert 'DATA_DIR' in found(other).todo
    assert 'SECRET_KEY' in found(folder, secret=secret * 2).todo
    assert not (other / FOLDER).exists(), 'looking changes nothing'
