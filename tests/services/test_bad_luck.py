"""A full disk, a locked database, a lost connection, a clock that jumps: told, safe, and recovered by itself."""

import asyncio
import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from models import Activity, Progress
from services import projections
from services.core import database, engines, server_log
from services.core.errors import DomainError, NotSaved
from services.core.text import LONGEST_TEXT
from services.courses import catalog
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, percent, tap, undo

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L5', 'S3')]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

only_sqlite = pytest.mark.parametrize('url', ['sqlite'], indirect=True)
only_postgres = pytest.mark.parametrize('url', ['postgresql'], indirect=True)


@only_sqlite
async def test_a_full_disk_is_told_and_nothing_saved_before_is_lost(server_log_lines: list[dict[str, object]]) -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])

    with full_disk():
        with pytest.raises(NotSaved, match='disk of the server is full'):
            await write_much(klass)
        assert await percent(klass, klass.learner) == 33

    await write_much(klass)
    await tap(klass, klass.checkpoints[1])
    assert await percent(klass, klass.learner) == 66
    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error'] == ['not saved']
    await assert_log_and_projections_agree()


@only_sqlite
async def test_a_disk_so_full_that_not_even_the_journal_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class()

    class FullDisk:
        def info(self, *_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, 'No space left on device')

        error = info

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(server_log, '_logger', FullDisk())
        async with asyncio.timeout(60):
            with full_disk():
                for _ in range(2):
                    with pytest.raises(NotSaved):
                        await write_much(klass)
            for checkpoint in klass.checkpoints[:2]:
                await tap(klass, checkpoint)

    assert await percent(klass, klass.learner) == 66


@only_sqlite
async def test_a_database_that_another_program_holds(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database.close()
    monkeypatch.setattr(engines, 'BUSY_SECONDS', 0.1)
    database.open_at(url, projections.ALL)
    klass = await a_class()

    with closing(sqlite3.connect(url.removeprefix('sqlite:///'), isolation_level=None)) as other:
        other.execute('BEGIN IMMEDIATE')
        with pytest.raises(NotSaved, match='another program holds the database'):
            await tap(klass, klass.checkpoints[0], tap_id='1')
        assert await percent(klass, klass.learner) == 0, 'reading goes on'
        other.execute('ROLLBACK')

    await tap(klass, klass.checkpoints[0], tap_id='1')
    assert await percent(klass, klass.learner) == 33


@only_postgres
async def test_connections_that_were_cut_while_nobody_needed_them_are_not_noticed(url: str) -> None:
    klass = await a_class()

    cut_all_connections(url)

    assert await percent(klass, klass.learner) == 0
    await tap(klass, klass.checkpoints[0])
    assert await percent(klass, klass.learner) == 33


@only_postgres
async def test_a_connection_that_is_cut_in_the_middle_of_a_write(url: str) -> None:
    klass = await a_class()

    def cut(tx: database.Transaction) -> None:
        tx.execute(text('SELECT 1'))
        cut_all_connections(url)
        tx.execute(text('SELECT 1'))

    outcomes = await asyncio.gather(
        database.write(cut), tap(klass, klass.checkpoints[0], tap_id='1'), return_exceptions=True
    )

    assert isinstance(outcomes[0], NotSaved)
    receipt = await tap(klass, klass.checkpoints[0], tap_id='1')
    assert isinstance(outcomes[1], NotSaved) or outcomes[1] == receipt
    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


@only_postgres
async def test_a_process_that_is_frozen_in_the_middle_of_a_write_lets_the_others_write_soon(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_class()
    with monkeypatch.context() as here, closing(frozen_writer(url, here)) as frozen:
        await eventually_taps(klass)
        with pytest.raises(DBAPIError):
            frozen.execute(text('SELECT 1'))

    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


@only_postgres
async def test_a_connection_that_is_cut_in_the_middle_of_a_read(url: str) -> None:
    def cut(tx: database.Transaction) -> None:
        tx.execute(text('SELECT 1'))
        cut_all_connections(url)
        tx.execute(text('SELECT 1'))

    with pytest.raises(NotSaved, match='does not answer'):
        await database.read(cut)
    assert await database.answers()


async def test_a_clock_that_is_set_back_makes_no_time_negative_and_keeps_the_order() -> None:
    klass = await a_class()

    with time_machine.travel(NOON, tick=False) as clock:
        await tap(klass, klass.checkpoints[0], then=klass.checkpoints[1])
        clock.move_to(NOON - timedelta(hours=3))
        try:
            await tap(klass, klass.checkpoints[1], then=klass.checkpoints[2])
        except DomainError as refusal:
            pytest.fail(str(refusal))
        clock.move_to(NOON + timedelta(seconds=90))
        await tap(klass, klass.checkpoints[2])

    durations = await database.read(
        lambda tx: (
            tx.execute(select(col(Progress.duration_seconds)).order_by(col(Progress.checkpoint_id))).scalars().all()
        )
    )
    done = await database.read(
        lambda tx: (
            tx.execute(
                select(col(Activity.checkpoint_id)).where(col(Activity.verb) == 'completed').order_by(col(Activity.id))
            )
            .scalars()
            .all()
        )
    )
    assert list(durations) == [0, 0, 3 * 3600 + 90]
    assert list(done) == list(klass.checkpoints)
    assert await percent(klass, klass.learner) == 100
    await assert_log_and_projections_agree()


async def test_undo_after_the_clock_was_set_back_is_still_the_last_word() -> None:
    klass = await a_class()
    with time_machine.travel(NOON, tick=False) as clock:
        await tap(klass, klass.checkpoints[0])
        clock.shift(-timedelta(minutes=10))
        await undo(klass, klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()


@contextmanager
def full_disk() -> Iterator[None]:
    """Let the database file not grow any further, nor use what migrations have left empty in it."""
    with closing(sqlite3.connect(str(database.engine().url.database))) as connection:
        connection.execute('VACUUM')
    limit_pages('(SELECT page_count FROM pragma_page_count)')
    yield
    limit_pages('1073741823')


def limit_pages(number: str) -> None:
    with database.engine().connect() as connection:
        pages = connection.execute(text(f'SELECT {number}')).scalar()
        connection.execute(text(f'PRAGMA max_page_count = {pages}'))


async def write_much(klass: ClassAtHand) -> None:
    """More than the pages that the file has left can hold."""
    texts = {'title': 'Soil', 'description': 'x' * LONGEST_TEXT, 'subject': ''}
    await database.write(catalog.edit, klass.teacher, klass.course_id, **texts)


def frozen_writer(url: str, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """Take the writer's turn as another process does, and say nothing more; PostgreSQL waits for a moment only."""
    monkeypatch.setattr(engines, 'SILENT_SECONDS', 0.5)
    connection = engines.open_engines(url, readers=1).writing.connect()
    connection.execute(text('SELECT 1'))
    return connection


async def eventually_taps(klass: ClassAtHand) -> None:
    """Tap as people do, again where it was not saved."""
    for _ in range(10):
        try:
            await tap(klass, klass.checkpoints[0], tap_id='1')
        except NotSaved:
            continue
        return
    pytest.fail('nobody else can write')


def cut_all_connections(url: str) -> None:
    with psycopg.connect(url.replace('+psycopg', ''), autocommit=True) as connection:
        others = 'datname = current_database() AND pid <> pg_backend_pid()'
        connection.execute(f'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}')
