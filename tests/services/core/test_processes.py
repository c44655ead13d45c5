"""One process among others: a caller who waits for a commit is answered, whatever becomes of the line between them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from models import Mode, Verb
from services.core import database, hub, metrics, processes, server_log
from services.core.events import CourseChanged, Recorded
from services.core.processes import Processes, Unheard, last_number, news
from tests.factories.classes import a_class, tap
from tests.support.eventually import eventually

pytestmark = [pytest.mark.req('O2')]

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
async def alone() -> AsyncIterator[Processes]:
    here = Processes('redis://localhost:1', secret='nobody is there')
    yield here
    await here.close()


async def test_what_cannot_be_told_to_others_is_published_here_and_answered(alone: Processes) -> None:
    heard: list[int] = []
    half = Recorded(
        id=1,
        user_id=1,
        tap_id='a',
        verb=Verb.HELP_ASKED,
        course_id=7,
        checkpoint_id=None,
        session_id=None,
        mode=Mode.LIVE,
        words='half of a character: \ud83d',
        at=NOW,
        happened_at=NOW,
        local_date=NOW.date(),
    )
    stop = hub.watch_everywhere(lambda events: heard.extend(event.course_id or 0 for event in events))

    alone.committed(1, [half], lambda: heard.append(0))
    stop()

    assert heard == [7, 0]


async def test_those_who_wait_for_their_turn_are_answered_when_the_process_ends() -> None:
    here = Processes('redis://localhost:1', secret='nobody is there')
    answered: list[int] = []
    here.is_connected = True
    here._turns.go_on_from(1)
    here.committed(3, [CourseChanged(course_id=7)], lambda: answered.append(3))
    assert answered == []

    await here.close()
    here.committed(4, [CourseChanged(course_id=7)], lambda: answered.append(4))

    assert answered == [3, 4]


async def test_what_redis_does_not_take_is_logged_once_and_counted_and_said_when_it_is_over(
    alone: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[tuple[str, dict[str, object]]] = []
    note = lambda event, **facts: lines.append((event, facts))  # noqa: E731
    monkeypatch.setattr(server_log, 'write', note)
    monkeypatch.setattr(server_log, 'write_warning', note)
    monkeypatch.setattr(processes, 'AGAIN_AFTER', 0)
    before = counted_untold()
    is_away = asyncio.Event()
    published: list[object] = []

    async def publish(_: str, message: bytes) -> None:
        if not is_away.is_set():
            raise ConnectionError('nobody is there')
        published.append(message)

    monkeypatch.setattr(alone._sending, 'publish', publish)
    sending = asyncio.get_running_loop().create_task(alone._keep_sending())
    for number in range(3):  # the first one fails, and the others are not kept for later
        alone.say('presence', {'number': number})
    await eventually(lambda: counted_untold() == before + 3)
    alone.say('presence', {'number': 3})
    await eventually(lambda: counted_untold() == before + 4)
    is_away.set()
    alone.say('presence', {'number': 4})
    await eventually(lambda: published)
    await eventually(lambda: len(lines) == 2)
    sending.cancel()

    assert [event for event, _ in lines] == ['other processes not told', 'other processes told again']
    assert 'nobody is there' in str(lines[0][1]['reason'])
    assert lines[1][1] == {'untold': 4}


def counted_untold() -> float:
    return metrics.registry.get_sample_value('waymark_untold_messages_total') or 0.0


@pytest.mark.usefixtures('db')
async def test_while_redis_is_away_the_log_says_where_something_was_done() -> None:
    busy, other = await a_class(), await a_class()
    begun = await database.read(news, since=None)

    await tap(busy, busy.checkpoints[0], by=busy.learner)
    found = await database.read(news, since=begun.activity_id)

    assert found.courses == {busy.course_id}, f'not {other.course_id}, where nothing was done'
    assert found.activity_id > begun.activity_id
    assert (await database.read(news, since=found.activity_id)).courses == frozenset()


@pytest.mark.usefixtures('db')
async def test_what_a_command_commits_is_counted_so_that_servers_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database._database().writer, 'others', Unheard())
    before = await database.read(last_number)

    await database.write(lambda tx: tx.announce(CourseChanged(course_id=7)))

    assert await database.read(last_number) == before + 1
