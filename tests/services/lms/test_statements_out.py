"""The log goes to a record store: everything once, whatever fails, and nothing that should stay here."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col

from models import Activity, Course, HeldStatement, Job, Reveal
from services import gauges, timed
from services.accounts import known_secret
from services.activity.archive_order import Reader
from services.core import clock, database, jobs
from services.core.errors import DomainError, Refused
from services.lms import connection, record_store, statements, statements_out
from services.lms.connection import NotReached
from services.lms.statements_out import LOOK_AGAIN, next_batch, send_due
from services.privacy import erasing
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from services.upkeep import checks
from settings import settings
from tests.factories.classes import ClassAtHand, a_class, tap
from tests.factories.people import an_admin
from tests.factories.quizzes import a_quiz, take
from tests.support.record_store import RecordStore, a_record_store

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]


@pytest.fixture
async def store(data_dir: object, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RecordStore]:
    async with a_record_store() as store:
        store.is_used(monkeypatch)
        yield store


async def a_busy_class(*names: str, checkpoints: int = 3) -> ClassAtHand:
    klass = await a_class(checkpoints=checkpoints, learners=names or ('Lena Learner',))
    for learner in klass.learners:
        for checkpoint in klass.checkpoints:
            await tap(klass, checkpoint, by=learner)
    return klass


async def everything() -> list[str]:
    """Return the ids of all statements that the log can be told as."""
    batch = await database.read(next_batch, Reader())
    return [json.loads(each.body)['id'] for each in batch.messages] if batch else []


@pytest.mark.both_databases
async def test_everything_arrives_once_in_batches_and_goes_on_where_it_was(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_busy_class('Lena Learner', 'Tom Tall')
    expected = await everything()
    monkeypatch.setattr(statements_out, 'MOST', 3)

    assert await send_due() == len(expected) >= 6
    assert list(store.has) == expected
    assert max(store.batches) == 3
    assert 'Lena' not in json.dumps(store.has)
    statements.downloads.clear()
    own = await database.read(statements.own, klass.learner)
    assert {json.loads(each)['id'] for each in own.statements} <= set(store.has), 'the same as in the download'

    store.batches.clear()
    assert await send_due() == 0
    await tap(klass, klass.checkpoints[0], by=klass.learners[1])
    await send_due()
    assert len(store.batches) <= 1
    assert (await metrics())['waymark_statements_behind'] == 0


async def test_without_a_store_nothing_is_sent(store: RecordStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv('LRS_URL')
    settings.cache_clear()
    await a_busy_class()

    await jobs.run_due(timed.kinds())

    assert await send_due() == 0
    assert store.batches == []
    assert 'waymark_statements_behind' not in await metrics()


async def test_an_outage_loses_nothing_and_an_admin_reads_of_it(store: RecordStore) -> None:
    await a_busy_class()
    expected = await everything()
    store.status = 503
    with time_machine.travel(clock.now(), tick=False) as travelling:
        waits = []
        for _ in range(4):
            await jobs.run_due([statements_out.kind()])
            (job,) = await database.read(lambda tx: tx.session.scalars(select(Job)).all())
            assert '127.0.0.1' in job.problem
            waits.append(job.due_at - clock.now())
            travelling.move_to(job.due_at)
        assert [later / sooner for sooner, later in pairwise(waits)] == [2, 2, 2]
        assert (await metrics())['waymark_statements_behind'] > 0
        assert store.has == {}

        store.status = 0
        await jobs.run_due([statements_out.kind()])
    assert list(store.has) == expected


async def test_a_store_that_wants_peace_gets_it(store: RecordStore) -> None:
    await a_busy_class()
    store.status, store.headers = 429, {'retry-after': '1800'}
    with time_machine.travel(clock.now(), tick=False) as travelling:
        with pytest.raises(NotReached):
            await send_due()
        store.status = 0
        with pytest.raises(Refused, match='left alone'):
            await send_due()
        travelling.shift(timedelta(minutes=31))
        assert await send_due() > 0


@pytest.mark.both_databases
async def test_what_a_killed_process_has_sent_is_not_there_twice(store: RecordStore) -> None:
    klass = await a_busy_class()
    batch = await database.read(next_batch, Reader())
    assert batch is not None
    async with await connection.new_client() as client:
        await record_store.hand_over(client, batch.messages)  # and here the process ends
    before = dict(store.has)

    def rename(tx: database.Transaction) -> None:
        tx.execute(update(Course).where(col(Course.id) == klass.course_id).values(title='Earth'))

    await database.write(rename)
    await send_due()

    assert store.has == before, 'it knows the ids, whatever the course is called by now'
    assert (await metrics())['waymark_statements_refused'] == 0
    assert not await database.write(statements_out.finish, batch, ()), 'the one that was slow moves nothing back'


async def test_one_that_the_store_refuses_does_not_stop_the_others(
    store: RecordStore, server_log_lines: list[dict[str, Any]]
) -> None:
    await a_busy_class(checkpoints=5)
    expected = await everything()
    poison = expected[2]
    store.refuses = lambda said: said['id'] == poison

    await send_due()

    assert list(store.has) == [each for each in expected if each != poison]
    (line,) = [each for each in server_log_lines if each['event'] == 'statement refused']
    assert 'answers with 400' in line['problem']
    activities = await database.read(lambda tx: tx.execute(select(col(Activity.id))).scalars().all())
    assert line['activity'] in activities
    assert (await metrics())['waymark_statements_refused'] == 1


@pytest.mark.parametrize('trouble', ['other program', 'wrong key', 'elsewhere'])
async def test_nothing_is_given_up_where_the_store_itself_is_the_trouble(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    await a_busy_class()
    expected = await everything()
    async with a_record_store() as inner:
        if trouble == 'elsewhere':
            store.status, store.headers = 307, {'location': f'{inner.address}/xapi/statements'}
        store.is_store = trouble != 'other program'
        store.is_used(monkeypatch, **({'LRS_SECRET': 'wrong'} if trouble == 'wrong key' else {}))
        with pytest.raises(DomainError):
            await send_due()
        assert (store.has, inner.batches) == ({}, [])
    store.is_store, store.status = True, 0
    store.is_used(monkeypatch)

    await send_due()

    assert list(store.has) == expected


async def test_nothing_of_people_who_are_erased_or_left_out(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    klass = await a_busy_class('Erased', 'Unwanted', 'Useful')
    erased, unwanted, useful = klass.learners
    await erasing.erase(await an_admin(), erased.user_id)
    store.is_used(monkeypatch, LRS_LEAVE_OUT=f'{unwanted.user_id}, 123456789012')
    with pytest.raises(Refused, match='123456789012'):
        await send_due()
    assert store.has == {}, 'with a name that is misspelt, nobody knows who is meant'

    store.is_used(monkeypatch, LRS_LEAVE_OUT=f'{unwanted.user_id}')
    await send_due()

    names = {said['actor']['account']['name'] for said in store.has.values()}
    assert names == set(await database.read(statements_out.accounts, useful.user_id))


@pytest.mark.both_databases
async def test_a_score_arrives_when_its_learner_may_see_it(store: RecordStore) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    await take(quiz)
    with time_machine.travel(clock.now(), tick=False) as travelling:
        await send_due()
        assert 'score' not in json.dumps([said.get('result') for said in store.has.values()])
        assert (await metrics())['waymark_statements_held'] == 1
        travelling.shift(LOOK_AGAIN)
        assert await send_due() == 0

        await database.write(quiz_settings.set_rules, quiz.teacher, quiz.checkpoint_id, Rules())
        travelling.shift(LOOK_AGAIN)
        assert await send_due() >= 1

    scores = [said['result']['score']['raw'] for said in store.has.values() if 'score' in said.get('result', {})]
    assert scores == [100]
    assert await database.read(lambda tx: tx.session.scalars(select(HeldStatement)).all()) == []


async def test_what_waits_of_a_person_goes_with_them(store: RecordStore) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.NEVER))
    await take(quiz)
    await send_due()

    await erasing.erase(await an_admin(), quiz.learner.user_id)
    await jobs.run_due([erasing.kind()])

    assert await database.read(lambda tx: tx.session.scalars(select(HeldStatement)).all()) == []


async def test_check_says_whether_the_store_answers_and_knows_the_key(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await checks.record_store_answers()).is_well
    store.is_used(monkeypatch, LRS_SECRET='wrong')
    assert (await checks.record_store_answers()).found == '127.0.0.1 answers with 401.'
    store.is_store = False
    assert not (await checks.record_store_answers()).is_well
    assert (store.has, store.batches) == ({}, [])


async def metrics() -> dict[str, float]:
    families = await database.read(gauges.of_database)
    return {sample.name: sample.value for family in families for sample in family.samples}


async def test_nothing_is_sent_under_other_accounts_where_the_secret_was_lost(
    store: RecordStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.write(known_secret.recognise)
    await a_busy_class()
    expected = await everything()
    monkeypatch.setenv('SECRET_KEY', 'another secret that somebody else has made')
    settings.cache_clear()
    with pytest.raises(Refused, match='The secret of the server'):
        await send_due()
    assert not store.has

    monkeypatch.setenv('SECRET_KEY', 'a secret that is only good for tests')
    settings.cache_clear()
    await send_due()
    assert list(store.has) == expected
