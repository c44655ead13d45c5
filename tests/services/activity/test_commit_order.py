"""Who asks the log what is new never misses a commit that was slow."""

from collections.abc import Iterator
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine, insert, select

from models import Activity, Verb, table
from services.core import clock, database
from services.core.engines import open_engines
from tests.factories.classes import ClassAtHand, a_class

pytestmark = [pytest.mark.req('L1', 'O2')]

LOG = table(Activity)


@pytest.fixture
def writers(url: str) -> Iterator[tuple[Engine, Engine]]:
    """What two processes write with, beside the one that the test is."""
    both = open_engines(url, readers=1), open_engines(url, readers=1)
    yield both[0].writing, both[1].writing
    for each in both:
        each.dispose()


async def test_a_slow_commit_is_not_skipped(db: object, writers: tuple[Engine, Engine]) -> None:
    klass = await a_class()
    reader = Reader(await newest())
    slow, fast = writers
    has_written, may_commit = Event(), Event()

    def slowly() -> None:
        with slow.begin() as connection:
            connection.execute(insert(LOG), row(klass, 'slow'))
            has_written.set()
            assert may_commit.wait(20)

    def quickly() -> None:
        with fast.begin() as connection:
            connection.execute(insert(LOG), row(klass, 'fast'))

    first = Thread(target=slowly)
    first.start()
    assert has_written.wait(20)
    second = Thread(target=quickly)
    second.start()
    second.join(0.3)  # time enough to overtake, if it could
    await reader.look()
    may_commit.set()
    first.join(20)
    second.join(20)
    await reader.look()

    assert reader.seen == ['slow', 'fast']


@pytest.mark.both_databases
async def test_many_writers_at_once_are_all_seen_in_order(db: object, writers: tuple[Engine, Engine]) -> None:
    klass = await a_class()
    reader = Reader(await newest())

    def keep_writing(engine: Engine, name: str) -> None:
        for number in range(30):
            with engine.begin() as connection:
                connection.execute(insert(LOG), row(klass, f'{name}{number}'))

    threads = [Thread(target=keep_writing, args=(engine, name)) for engine, name in zip(writers, 'ab', strict=True)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        await reader.look()
    await reader.look()

    assert sorted(reader.seen) == sorted(f'{name}{number}' for name in 'ab' for number in range(30))


class Reader:
    """Asks for what is new, as boards and followers do."""

    def __init__(self, position: int) -> None:
        self._position = position
        self.seen: list[str] = []

    async def look(self) -> None:
        new = select(LOG.c.id, LOG.c.tap_id).where(LOG.c.id > self._position).order_by(LOG.c.id)
        for self._position, tap_id in await database.read(lambda tx: tx.execute(new).all()):
            self.seen.append(tap_id.split(':')[0])


async def newest() -> int:
    return max(await database.read(lambda tx: tx.execute(select(LOG.c.id)).scalars().all()))


def row(klass: ClassAtHand, name: str) -> dict[str, object]:
    now = clock.now()
    return {
        'user_id': klass.learner.user_id,
        'tap_id': f'{name}:{uuid4().hex}',
        'verb': Verb.READ,
        'course_id': klass.course_id,
        'words': '',
        'at': now,
        'happened_at': now,
        'local_date': now.date(),
        'local_hour': now.hour,
    }
