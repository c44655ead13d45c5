"""Lines before threads: everybody is answered, and a line that is full says when to try again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from threading import Event
from typing import Any

import pytest

from services.content import pdf_workers
from services.core import database, server_log, threads
from services.core.database import Database
from services.core.errors import Busy
from services.core.threads import Line
from tests.support.running import ROOT

pytestmark = pytest.mark.req('O7')

MAY_HAVE_THREADS = {
    'services/accounts/hashing.py': 'its line ends, and addresses take turns',
    'services/content/pdf_workers.py': 'its line ends, and who wants the same page waits for the same',
    'services/content/prose.py': 'beyond the end of its line, a text is shown as it was written',
    'services/core/threads.py': 'the lines themselves',
}


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line('test', threads=2, most_waiting=3, busy_for=7)
    yield line
    line.close()


async def test_a_full_line_answers_at_once_and_takes_more_when_it_has_moved(line: Line) -> None:
    assert await refused_of(line.run, places=5, tries=9) == 4
    assert await line.run(len, 'again') == 5


async def test_what_has_begun_goes_on_whatever_waits(line: Line) -> None:
    may_go_on = Event()
    waiting = [asyncio.create_task(line.run(may_go_on.wait, 10)) for _ in range(5)]
    await asyncio.sleep(0)

    going_on = asyncio.create_task(line.go_on(len, 'next'))
    await asyncio.sleep(0)
    may_go_on.set()

    assert await going_on == 4
    assert await asyncio.gather(*waiting) == [True] * 5


async def test_whoever_has_gone_leaves_their_place(line: Line) -> None:
    may_go_on = Event()
    tasks = [asyncio.create_task(line.run(may_go_on.wait, 10)) for _ in range(5)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    may_go_on.set()

    assert await line.run(len, 'here') == 4


async def test_work_fails_and_is_traced_as_that_of_its_request(line: Line) -> None:
    begun = server_log.begin_request()

    assert await line.run(server_log.request_id.get) == begun
    with pytest.raises(ZeroDivisionError):
        await line.run(divmod, 1, 0)


async def test_reads_that_wait_have_an_end(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, '_readers', Line('reader', threads=database.READERS, most_waiting=10, busy_for=5))

    def reading(hold: Callable[[], object]) -> Awaitable[object]:
        return database.read(lambda _: hold())

    assert await refused_of(reading, places=database.READERS + 10, tries=database.READERS + 13) == 3
    assert await database.answers()


async def test_pages_of_documents_that_wait_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_workers, 'MOST_WAITING', 6)

    def drawing(hold: Callable[[], object]) -> Awaitable[object]:
        return pdf_workers.once(object(), hold)

    assert await refused_of(drawing, places=6, tries=8) == 2


def test_nobody_has_threads_without_an_end() -> None:
    """`asyncio.to_thread` and executors take what they are given, until the memory is full."""
    found = set()
    for folder in ('services', 'ui', 'api', 'web'):
        for file in (ROOT / folder).rglob('*.py'):
            if any(name in file.read_text() for name in ('to_thread(', 'ThreadPoolExecutor(', 'run_in_executor(')):
                found.add(str(file.relative_to(ROOT)))

    assert found == set(MAY_HAVE_THREADS)
    assert threads.shared


async def refused_of(run: Callable[[Callable[[], object]], Awaitable[object]], *, places: int, tries: int) -> int:
    """Hold up all that a line takes; returns how many beyond that were refused, each at once and with a sentence."""
    may_go_on = Event()

    def hold() -> Any:
        return may_go_on.wait(10)

    tasks = [asyncio.ensure_future(run(hold)) for _ in range(tries)]
    await asyncio.sleep(0.01)
    refused = [task for task in tasks if task.done()]
    may_go_on.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)

    sentences = {str(outcome) for outcome in outcomes if isinstance(outcome, Busy)}
    assert len(sentences) == 1
    assert sentences.pop().startswith('The server is busy. Try again in ')
    assert len(tasks) - len(refused) == places
    return len(refused)
