"""The doors to the database: many writes in one commit, each on its own all the same."""

import asyncio
import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from models import Throttle, table
from services import projections
from services.core import audience, database, hub, writer
from services.core.errors import Busy, DomainError, NotSaved, Refused
from services.core.events import CourseChanged, Event
from services.core.transaction import Transaction
from services.core.writes_in_line import MOST_IN_ONE_COMMIT, WritesInLine
from tests.factories.classes import a_class, join_class, tap
from tests.support.eventually import PATIENCE, eventually
from tests.support.queries import commits, statements

pytestmark = [pytest.mark.on_disk, pytest.mark.usefixtures('db'), pytest.mark.req('L5', 'O8')]

COURSE = 1


async def test_many_writes_at_once_are_few_commits() -> None:
    with commits(database.engine()) as seen:
        await asyncio.gather(*(database.write(keep, f'{number}') for number in range(200)))

    assert len(seen) <= 2, 'one for the write that came first, one for all that came meanwhile'
    assert len(await kept()) == 200


async def test_no_more_writes_share_a_commit_than_one_transaction_can_bear() -> None:
    with commits(database.engine()) as seen:
        await asyncio.gather(*(database.write(keep, f'{number}') for number in range(MOST_IN_ONE_COMMIT + 50)))

    assert 2 <= len(seen) <= 3


async def test_a_few_writes_wait_for_nobody_and_only_a_busy_class_for_company(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, 'PACE', 3600.0)
    for number in range(3):
        await database.write(keep_at_once, f'alone {number}')
    await asyncio.gather(*(database.write(keep_at_once, f'busy {number}') for number in range(writer.COMPANY)))

    waiting = asyncio.create_task(database.write(keep_at_once, 'in company'))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), timeout=0.3)

    waiting.cancel()
    assert len(await kept()) == 3 + writer.COMPANY


@pytest.mark.req('L3', 'O7')
async def test_a_tap_overtakes_what_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    others_have(0.0, monkeypatch)
    may_go_on = await hold_the_writer()
    done: list[str] = []

    async def keep_with(verb: Callable[[Transaction, str], str], key: str) -> None:
        done.append(await database.write(verb, key))

    waiting = [asyncio.create_task(keep_with(keep, f'other {number}')) for number in range(3)]
    await asyncio.sleep(0)
    waiting += [asyncio.create_task(keep_with(keep_at_once, f'tap {number}')) for number in range(3)]
    await asyncio.sleep(0)
    may_go_on.set()
    await asyncio.gather(*waiting)

    assert done == ['tap 0', 'tap 1', 'tap 2', 'other 0', 'other 1', 'other 2']


@pytest.mark.req('L3', 'O7')
async def test_what_takes_longer_has_its_turns_while_taps_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    others_have(0.0, monkeypatch)
    others = [asyncio.create_task(database.write(keep, f'other {number}')) for number in range(5)]
    taps = 0

    while not all(other.done() for other in others):
        await asyncio.gather(*(database.write(keep_at_once, f'tap {taps} {number}') for number in range(3)))
        taps += 1

    assert [await other for other in others] == [f'other {number}' for number in range(5)]
    assert taps <= len(others) + 2, 'one commit of taps, one of others'


async def test_those_that_found_no_time_are_saved_in_the_next_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    others_have(0.0, monkeypatch)
    monkeypatch.setattr(WritesInLine, 'quick_wait', property(lambda _: True))  # as while a class taps

    with commits(database.engine()) as seen:
        await asyncio.gather(*(database.write(keep, f'{number}') for number in range(5)))

    assert len(seen) == 5
    assert await kept() == [f'{number}' for number in range(5)]


async def test_a_refusal_leaves_no_trace_and_hurts_nobody_else(server_log_lines: list[dict[str, object]]) -> None:
    told: list[Event] = []
    stop = hub.watch(audience.of_staff(COURSE), told.extend)

    first, refused, last = await asyncio.gather(
        database.write(keep, 'first'),
        database.write(keep_and_raise, 'refused', Refused('no')),
        database.write(keep, 'last'),
        return_exceptions=True,
    )

    stop()
    assert isinstance(refused, Refused)
    assert (first, last) == ('first', 'last')
    assert await kept() == ['first', 'last']
    await database.write(nothing)  # the writer journals a commit before it takes the next write
    assert [str(line['key']) for line in server_log_lines if line['event'] == 'kept'] == ['first', 'last']
    assert len(told) == 2


async def test_each_write_is_answered_whatever_keeps_a_commit_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    class Others:
        def number(self, *_: object) -> int:
            raise ValueError('there is no row with the number')

    monkeypatch.setattr(database._database().writer, 'others', Others())
    with pytest.raises(NotSaved):
        await asyncio.wait_for(database.write(keep, 'unnumbered'), timeout=PATIENCE)

    monkeypatch.undo()
    assert await database.write(keep, 'next') == 'next'
    assert await kept() == ['next']


async def test_a_long_story_for_the_journal_lets_others_go_on(server_log_lines: list[dict[str, object]]) -> None:
    many = 3 * writer.LINES_AT_ONCE

    await database.write(tell, many)

    assert told(server_log_lines) == list(range(writer.LINES_AT_ONCE)), 'whoever waits is answered before the rest'
    await database.write(tell, 1)
    await eventually(lambda: len(told(server_log_lines)) > many)
    assert told(server_log_lines) == [*range(many), 0], 'and all of it in order'


async def test_a_long_story_is_told_to_its_end_when_the_database_is_closed(
    server_log_lines: list[dict[str, object]],
) -> None:
    await database.write(tell, 3 * writer.LINES_AT_ONCE)

    database.close()

    assert len(told(server_log_lines)) == 3 * writer.LINES_AT_ONCE


async def test_an_unexpected_error_belongs_to_its_caller_and_is_journalled(
    server_log_lines: list[dict[str, object]],
) -> None:
    outcomes = await asyncio.gather(
        database.write(keep, 'first'),
        database.write(keep_and_raise, 'broken', ZeroDivisionError()),
        database.write(keep, 'last'),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [str, ZeroDivisionError, str]
    assert await kept() == ['first', 'last']
    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error'] == ['verb failed']


async def test_a_row_that_breaks_a_rule_of_the_database_does_not_spoil_the_commit() -> None:
    await database.write(keep, 'there')

    outcomes = await asyncio.gather(
        database.write(keep, 'before'),
        database.write(keep, 'there'),
        database.write(keep, 'after'),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [str, IntegrityError, str]
    assert await kept() == ['after', 'before', 'there']


async def test_a_verb_that_takes_batches_is_given_all_that_wait() -> None:
    sizes: list[int] = []

    def keep_all(tx: Transaction, keys: list[str]) -> list[str | DomainError]:
        sizes.append(len(keys))
        return [keep(tx, key) for key in keys]

    assert await asyncio.gather(*(database.write_batched(keep_all, f'{n}') for n in range(50))) == [
        f'{n}' for n in range(50)
    ]
    assert len(sizes) <= 2


async def test_one_item_that_breaks_a_batch_does_not_hurt_the_others() -> None:
    def keep_all(tx: Transaction, keys: list[str]) -> list[str | DomainError]:
        kept = [keep(tx, key) for key in keys]
        if 'bomb' in keys:
            raise ZeroDivisionError
        return list(kept)

    outcomes = await asyncio.gather(
        *(database.write_batched(keep_all, key) for key in ('a', 'bomb', 'b')), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [str, ZeroDivisionError, str]
    assert await kept() == ['a', 'b']


async def test_nobody_hears_of_it_before_it_is_committed() -> None:
    told: list[Sequence[Event]] = []
    seen: list[list[str]] = []
    stop = hub.watch(audience.of_staff(COURSE), told.append)

    def watched(tx: Transaction) -> None:
        keep(tx, 'one')
        seen.append([*told])  # type: ignore[list-item]

    await database.write(watched)

    stop()
    assert seen == [[]]
    assert told == [[CourseChanged(course_id=COURSE)]]


async def test_whoever_is_answered_finds_that_watchers_were_told_already() -> None:
    order: list[str] = []
    stop = hub.watch(audience.of_staff(COURSE), lambda _: order.append('told'))

    await database.write(keep, 'one')
    order.append('answered')

    stop()
    assert order == ['told', 'answered']


async def test_a_watcher_that_fails_keeps_no_receipt_from_anybody(server_log_lines: list[dict[str, object]]) -> None:
    def broken(_: Sequence[Event]) -> None:
        raise ZeroDivisionError

    told: list[Event] = []
    stops = hub.watch(audience.of_staff(COURSE), broken), hub.watch(audience.of_staff(COURSE), told.extend)

    async with asyncio.timeout(PATIENCE):
        assert await database.write(keep, 'one') == 'one'

    for stop in stops:
        stop()
    assert len(told) == 1
    assert [line['event'] for line in server_log_lines if line['log_level'] == 'error'] == ['watcher failed']


async def test_a_read_sees_what_is_committed_and_nothing_else() -> None:
    await database.write(keep, 'before')
    written, may_commit = threading.Event(), threading.Event()

    def slow(tx: Transaction) -> None:
        keep(tx, 'meanwhile')
        tx.session.flush()
        written.set()
        assert may_commit.wait(5)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(written.wait, 5)
    during = await kept()
    may_commit.set()
    await writing

    assert during == ['before']
    assert await kept() == ['before', 'meanwhile']


async def test_a_read_stays_with_the_moment_at_which_it_began() -> None:
    began, may_go_on = threading.Event(), threading.Event()

    def twice(tx: Transaction) -> tuple[int, int]:
        count = select(func.count()).select_from(Throttle)
        before = tx.execute(count).scalar_one()
        began.set()
        assert may_go_on.wait(5)
        return before, tx.execute(count).scalar_one()

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(began.wait, 5)
    await database.write(keep, 'meanwhile')
    may_go_on.set()

    assert await reading == (0, 0)


async def test_a_read_writes_nothing() -> None:
    with pytest.raises(NotSaved):
        await database.read(keep, 'sneaky')

    assert await kept() == []


async def test_a_caller_who_went_away_stops_nobody() -> None:
    gone = asyncio.create_task(database.write(keep, 'gone'))
    await asyncio.sleep(0)
    gone.cancel()

    assert await database.write(keep, 'still here') == 'still here'
    assert await kept() == ['gone', 'still here']


async def test_everything_that_waits_is_written_before_the_database_closes(url: str) -> None:
    writes = [asyncio.create_task(database.write(keep, f'{number}')) for number in range(20)]
    await asyncio.sleep(0)

    database.close()

    assert len(await asyncio.gather(*writes)) == 20
    with pytest.raises(NotSaved, match='not open'):
        await database.write(keep, 'too late')
    database.open_at(url, projections.ALL)
    assert len(await kept()) == 20


async def test_it_tells_whether_it_answers() -> None:
    assert await database.answers()
    database.close()
    assert not await database.answers()


def tell(tx: Transaction, many: int) -> None:
    for number in range(many):
        tx.note('told', number=number)


def told(lines: list[dict[str, object]]) -> list[object]:
    return [line['number'] for line in lines if line['event'] == 'told']


EACH_TAP = 7
"""
Facts: classes, checkpoints, sign-ins with their enrollments, and the tap ids that the log knows, in one.
The log: one insert. Progress: what is stored, the upsert. Percentage: read and locked, recounted.
Help: the open requests of those who completed something.
"""


async def test_a_tap_is_a_handful_of_statements_and_a_hundred_taps_are_no_more() -> None:
    klass = await a_class(checkpoints=3, learners=[f'Learner {number}' for number in range(100)])
    await asyncio.gather(*(join_class(klass, by=who) for who in klass.learners))

    with statements(database.engine()) as one:
        await tap(klass, klass.checkpoints[0])
    assert len(one) == EACH_TAP, '\n'.join(one)

    may_go_on = await hold_the_writer()
    with statements(database.engine()) as hundred:
        everybody = [asyncio.create_task(tap(klass, klass.checkpoints[1], by=who)) for who in klass.learners]
        await asyncio.sleep(0)
        may_go_on.set()
        await asyncio.gather(*everybody)
    assert len(hundred) == EACH_TAP, '\n'.join(hundred)


@pytest.mark.req('O7')
async def test_the_line_in_front_of_the_writer_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, 'MOST_WAITING', 3)

    answers = await asyncio.gather(*(database.write(keep, f'key {n}') for n in range(5)), return_exceptions=True)

    assert answers[:3] == ['key 0', 'key 1', 'key 2']
    assert [type(answer) for answer in answers[3:]] == [Busy, Busy]
    assert await database.write(keep, 'key 5') == 'key 5'
    assert await kept() == ['key 0', 'key 1', 'key 2', 'key 5']


def others_have(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give writes that are not quick so much time in a commit while a quick one waits."""
    monkeypatch.setattr(writer, 'OTHERS_AT_LEAST', seconds)
    monkeypatch.setattr(writer, 'OTHERS_AT_MOST', seconds)


async def hold_the_writer() -> threading.Event:
    """Keep the writer busy until the event is set, so that what comes meanwhile is one batch."""
    began, may_go_on = threading.Event(), threading.Event()

    def wait(_tx: Transaction) -> None:
        began.set()
        may_go_on.wait(5)

    holding = asyncio.create_task(database.write(wait))
    holding.add_done_callback(lambda done: done.result())
    await asyncio.to_thread(began.wait, 5)
    return may_go_on


def keep(tx: Transaction, key: str) -> str:
    """Any row will do."""
    tx.execute(insert(table(Throttle)), [{'key': key, 'failures': 0, 'last_failure_at': tx.now}])
    tx.announce(CourseChanged(course_id=COURSE))
    tx.note('kept', key=key)
    return key


@database.quick
def keep_at_once(tx: Transaction, key: str) -> str:
    """Keep something as quickly as a tap is taken."""
    return keep(tx, key)


def nothing(_tx: Transaction) -> None:
    """Do nothing."""


def keep_and_raise(tx: Transaction, key: str, error: Exception) -> None:
    keep(tx, key)
    raise error


async def kept() -> list[str]:
    query = select(col(Throttle.key)).order_by(col(Throttle.key))
    return await database.read(lambda tx: sorted(tx.execute(query).scalars()))
