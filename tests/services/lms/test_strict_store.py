"""A store of statements that is strict and short of patience has everything in the end, and each thing once."""

from datetime import timedelta

import pytest
import time_machine

from services.activity.archive_order import Reader
from services.core import clock, database
from services.core.errors import Refused
from services.lms.connection import NotReached
from services.lms.statements_out import next_batch, send_due
from tests.services.lms.test_statements_out import a_busy_class, everything, metrics, store
from tests.support.record_store import RecordStore

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]
__all__ = ['store']


async def test_a_store_that_takes_short_batches_only_gets_them(store: RecordStore) -> None:
    await a_busy_class(checkpoints=5)
    expected = await everything()
    batch = await database.read(next_batch, Reader())
    assert batch is not None
    longest = max(len(each.body) for each in batch.messages) + len('[]')
    store.most_bytes = longest

    assert await send_due() == len(expected)

    assert list(store.has) == expected
    assert max(store.batches) == 1
    assert (await metrics())['waymark_statements_refused'] == 0


async def test_a_store_that_wants_peace_in_the_middle_of_a_batch_is_left_alone_and_gets_the_rest(
    store: RecordStore,
) -> None:
    """The first halves have arrived: they are sent again, and a store may say of each that it has it."""
    await a_busy_class(checkpoints=5)
    expected = await everything()
    store.refuses, store.most_batches = lambda said: said['id'] == expected[-1], 4
    with time_machine.travel(clock.now(), tick=False) as travelling:
        with pytest.raises(NotReached):
            await send_due()
        assert 0 < len(store.has) < len(expected)
        asked = len(store.batches)
        with pytest.raises(Refused, match='left alone'):
            await send_due()
        assert len(store.batches) == asked

        store.most_batches, store.says_again = 1_000, True
        travelling.shift(timedelta(minutes=11))
        await send_due()

    assert list(store.has) == expected[:-1]
    assert (await metrics())['waymark_statements_refused'] == 1


async def test_a_store_that_keeps_a_part_of_what_it_refuses_has_everything_once(store: RecordStore) -> None:
    await a_busy_class(checkpoints=5)
    expected = await everything()
    store.refuses = lambda said: said['id'] == expected[3]
    store.keeps_a_part = store.says_again = True

    await send_due()

    assert sorted(store.has) == sorted(each for each in expected if each != expected[3])
    assert (await metrics())['waymark_statements_refused'] == 1
    assert (await metrics())['waymark_statements_behind'] == 0
