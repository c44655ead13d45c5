"""One process among others: a caller who waits for a commit is answered, whatever becomes of the line between them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from models import Mode, Verb
from services.core import database, hub, processes
from services.core.events import CourseChanged, Recorded
from services.core.processes import Processes, Unheard, last_number
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


async def test_screens_are_loaded_anew_at_once_and_then_now_and_then(
    alone: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[float] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(processes, 'LOAD_EVERY', 0.2)
    monkeypatch.setattr(hub, 'look_again', lambda: loaded.append(loop.time()))

    for _ in range(5):
        alone._missed()
    assert len(loaded) == 1
    await eventually(lambda: len(loaded) == 2)

    assert loaded[1] - loaded[0] >= 0.15


@pytest.mark.usefixtures('db')
async def test_what_a_command_commits_is_counted_so_that_servers_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database._database(), 'others', Unheard())
    before = await database.read(last_number)

    await database.write(lambda tx: tx.announce(CourseChanged(course_id=7)))

    assert await database.read(last_number) == before + 1
