"""An erasure holds whatever happens: a restore, a killed server, a database that does not take it, a damaged list."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from commands import line, tables
from models import User
from services import projections
from services.access import Actor
from services.core import database, jobs, one_process
from services.core.errors import NotSaved
from services.notes import editing
from services.privacy import erasing, erasure_list
from services.privacy.erasure_list import Identity
from settings import settings
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree
from tests.factories.people import a_student, an_admin
from tests.services.privacy.test_erasing import everything, files_of

pytestmark = pytest.mark.req('V1', 'O3')

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.usefixtures('data_dir')
def test_a_back_up_from_before_does_not_bring_sam_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / 'saved.zip'
    tables.migrate(settings())
    with opened():
        admin, klass = asyncio.run(a_school_with_sam())
    assert command('backup', str(file)) == 0
    with opened():
        asyncio.run(erase_all_of(admin, klass.learner.user_id))

    assert command('restore', str(file), '--yes') == 0

    assert '1 people who were erased after this back-up are erased again.' in capsys.readouterr().out
    with opened():
        left = asyncio.run(database.read(everything))
        assert ('Sam' in left, 'quagga' in left, 'Tom' in left) == (False, False, True)
        asyncio.run(assert_log_and_projections_agree())
    url, kept = settings().database_url, ('saved.zip', 'before-restore')
    assert [
        path
        for path in files_of(url, settings().data_dir)
        if b'quagga' in path.read_bytes() and not any(name in str(path) for name in kept)
    ] == []


@pytest.mark.usefixtures('data_dir')
def test_the_operator_erases_somebody_and_says_yes_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.migrate(settings())
    with opened():
        asyncio.run(an_admin())
        asyncio.run(a_student(name='Sam Rivera', email='sam@example.org'))
    answers = iter(['no', 'yes'])
    monkeypatch.setattr(one_process, 'hold', lambda _: None)  # a process does it once
    monkeypatch.setattr('builtins.input', lambda _: next(answers))

    done = [command('erase-person', 'sam@example.org') for _ in range(3)]

    assert done == [2, 0, 2], 'the third time nobody has this address'
    assert 'There is no such person.' in capsys.readouterr().err
    with opened():
        assert 'Rivera' not in asyncio.run(database.read(everything))


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_a_server_that_was_killed_in_between_goes_on_with_it() -> None:
    await an_admin()
    sam, tom = await a_student(name='Sam Rivera'), await a_student(name='Tom Tall')
    made = await database.read(lambda tx: tx.session.get_one(User, sam.user_id).created_at)
    erasure_list.add([Identity(user_id=sam.user_id, created_at=made)], now=made)

    assert await erasing.erase_listed() == 1, 'as at the next start'
    assert await erasing.erase_listed() == 0
    await jobs.run_due([erasing.kind()])

    left = await database.read(everything)
    assert ('Rivera' in left, 'Tom Tall' in left) == (False, True)
    assert erasure_list.listed([Identity(user_id=tom.user_id, created_at=made)]) == [], 'a number is not enough'
    assert erasure_list.path().stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures('db')
async def test_nothing_is_deleted_of_somebody_who_was_not_erased_whatever_a_job_says() -> None:
    _, klass = await a_school_with_sam()

    await erasing.purge(klass.learner.user_id)

    assert 'quagga' in await database.read(everything)


@pytest.mark.usefixtures('db')
async def test_nobody_stays_in_the_list_whom_the_database_did_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    admin, sam = await an_admin(), await a_student(name='Sam Rivera')

    def full(*_: object, **__: object) -> None:
        raise OperationalError('', {}, Exception('disk is full'))

    monkeypatch.setattr(erasing, '_pseudonymise', full)
    with pytest.raises(NotSaved):
        await erasing.erase(admin, sam.user_id)

    monkeypatch.undo()
    assert await erasing.erase_listed() == 0
    assert 'Sam Rivera' in await database.read(everything)


@pytest.mark.usefixtures('db')
async def test_a_person_erased_by_a_commit_that_was_not_answered_is_in_the_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, sam = await an_admin(), await a_student(name='Sam Rivera')
    who = await database.read(erasing._identities, user_id=sam.user_id)
    write = database.write

    async def commit_without_an_answer(verb: Any, *args: Any, **kwargs: Any) -> Any:
        done = await write(verb, *args, **kwargs)
        if 'people' in kwargs:
            raise NotSaved
        return done

    monkeypatch.setattr(database, 'write', commit_without_an_answer)
    with pytest.raises(NotSaved):
        await erasing.erase(admin, sam.user_id)
    monkeypatch.undo()
    await jobs.run_due([erasing.kind()])

    assert 'Sam Rivera' not in await database.read(everything)
    assert erasure_list.listed(who) == [sam.user_id]


@pytest.mark.usefixtures('data_dir')
def test_what_several_write_down_at_once_is_all_there() -> None:
    settings()
    people = [Identity(user_id=number, created_at=NOW) for number in range(1, 41)]

    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda each: erasure_list.add([each], now=NOW), people))

    assert erasure_list.listed(people) == [each.user_id for each in people]


@pytest.mark.usefixtures('data_dir')
def test_a_damaged_line_costs_nobody_else() -> None:
    settings()
    people = [Identity(user_id=number, created_at=NOW) for number in (1, 2, 3)]
    erasure_list.add(people[:2], now=NOW)
    lines = erasure_list.path().read_text().splitlines()
    erasure_list.path().write_text('\n'.join([lines[0][:20], lines[1]]))

    assert erasure_list.listed(people) == [2]
    word = erasure_list.add(people[2:], now=NOW)
    assert erasure_list.listed(people) == [2, 3]
    erasure_list.take_back(word)
    assert erasure_list.listed(people) == [2]


async def a_school_with_sam() -> tuple[Actor, ClassAtHand]:
    admin = await an_admin()
    klass = await a_class(learners=('Sam Rivera', 'Tom Tall'))
    await database.write(editing.write, klass.learner, klass.checkpoints[0], text='About the quagga', tags=[])
    return admin, klass


async def erase_all_of(admin: Actor, user_id: int) -> None:
    await erasing.erase(admin, user_id)
    await jobs.run_due([erasing.kind()])


def command(*words: str) -> int:
    return line.run(line.parser().parse_args(list(words)))


@contextmanager
def opened() -> Iterator[None]:
    database.open_at(settings().database_url, projections.ALL)
    yield
    database.close()
