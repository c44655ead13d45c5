"""A learner taps a checkpoint: what is kept, and what repeats change."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Progress, Verb
from services.core import database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from tests.factories.classes import (
    a_class,
    assert_log_and_projections_agree,
    join_class,
    percent,
    tap,
    undo,
)
from tests.factories.people import another_device

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('L3', 'L5', 'S1', 'S8')]


async def test_a_tap_is_answered_with_its_place_in_the_log() -> None:
    klass = await a_class()

    receipt = await tap(klass, klass.checkpoints[0])

    assert (receipt.verb, receipt.checkpoint_id) == (Verb.COMPLETED, klass.checkpoints[0])
    assert await activities(Verb.COMPLETED) == [receipt.activity_id]
    assert await percent(klass, klass.learner) == 33
    await assert_log_and_projections_agree()


async def test_undo_takes_the_tick_back_and_keeps_the_start() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    before = await progress(klass.checkpoints[0])

    await undo(klass, klass.checkpoints[0])

    after = await progress(klass.checkpoints[0])
    assert await percent(klass, klass.learner) == 0
    assert (after.started_at, after.completed_at, after.duration_seconds) == (before.started_at, None, None)
    await assert_log_and_projections_agree()


async def test_an_undo_of_what_was_never_done_changes_nothing() -> None:
    klass = await a_class()

    await undo(klass, klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('verb', [Verb.JOINED, Verb.STARTED, Verb.COMPLETED, Verb.UNDONE])
async def test_the_same_tap_again_gets_the_first_receipt_and_changes_nothing(verb: Verb) -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0])
    checkpoint = None if verb is Verb.JOINED else klass.checkpoints[1]
    first = await tap(klass, checkpoint, verb=verb, tap_id='the same')
    kept = await everything()

    again = await tap(klass, checkpoint, verb=verb, tap_id='the same')

    assert again == first
    assert await everything() == kept


async def test_a_late_repeat_does_not_bring_back_what_was_undone_since() -> None:
    klass = await a_class()
    first = await tap(klass, klass.checkpoints[0], tap_id='slow network')
    await undo(klass, klass.checkpoints[0])

    assert await tap(klass, klass.checkpoints[0], tap_id='slow network') == first

    assert await percent(klass, klass.learner) == 0


async def test_a_double_tap_at_once_counts_once() -> None:
    klass = await a_class()

    receipts = await asyncio.gather(*(tap(klass, klass.checkpoints[0], tap_id='twice') for _ in range(5)))

    assert len(set(receipts)) == 1
    assert len(await activities(Verb.COMPLETED)) == 1


async def test_two_learners_may_give_their_taps_the_same_id() -> None:
    klass = await a_class(learners=['Lena', 'Otto'])

    lena, otto = await asyncio.gather(*(tap(klass, klass.checkpoints[0], by=who, tap_id='1') for who in klass.learners))

    assert lena.activity_id != otto.activity_id
    assert [await percent(klass, who) for who in klass.learners] == [33, 33]


async def test_two_devices_of_one_learner_tap_at_once() -> None:
    klass = await a_class()
    tablet = await another_device(of=klass.learner)

    await asyncio.gather(
        tap(klass, klass.checkpoints[0]),
        tap(klass, klass.checkpoints[0], by=tablet),
        tap(klass, klass.checkpoints[1], by=tablet),
    )

    assert await percent(klass, klass.learner) == 66
    await assert_log_and_projections_agree()


@pytest.mark.parametrize(('verbs', 'is_done'), [('cuc', True), ('cucu', False), ('ucuccu', False), ('uuc', True)])
@pytest.mark.parametrize('at_once', [True, False], ids=['at once', 'one by one'])
async def test_the_last_intention_stays(verbs: str, is_done: bool, at_once: bool) -> None:
    klass = await a_class(checkpoints=1)
    gestures = [
        tap(klass, klass.checkpoints[0], verb={'c': Verb.COMPLETED, 'u': Verb.UNDONE}[verb], tap_id=f'{verb}{number}')
        for number, verb in enumerate(verbs)
    ]
    if at_once:
        await asyncio.gather(*gestures)
    else:
        for gesture in gestures:
            await gesture

    assert await percent(klass, klass.learner) == (100 if is_done else 0)
    await assert_log_and_projections_agree()


async def test_the_next_checkpoint_has_started_when_one_first_went_on_to_it() -> None:
    klass = await a_class()
    await tap(klass, klass.checkpoints[0], then=klass.checkpoints[1])
    first = await progress(klass.checkpoints[1])
    await undo(klass, klass.checkpoints[0])
    await tap(klass, klass.checkpoints[0], then=klass.checkpoints[1])

    again = await progress(klass.checkpoints[1])
    assert (again.started_at, again.completed_at) == (first.started_at, None)
    await assert_log_and_projections_agree()


async def test_going_on_to_a_checkpoint_of_another_course_starts_nothing() -> None:
    klass, elsewhere = await a_class(), await a_class(title='Water')

    await tap(klass, klass.checkpoints[0], then=elsewhere.checkpoints[0])

    assert await activities(Verb.STARTED) == []


async def test_two_checkpoints_done_in_one_go_end_done() -> None:
    """The second tap finishes in the same commit what the first one went on to."""
    klass = await a_class(checkpoints=2)
    first, second = klass.checkpoints

    await asyncio.gather(tap(klass, first, then=second), tap(klass, second))

    assert await percent(klass, klass.learner) == 100
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('chosen', ['enrolled 1', 'completed 1', 'mine start', 'enrolled:1', 'completed:1'])
async def test_no_tap_id_can_stand_in_the_way_of_what_the_log_writes_itself(chosen: str) -> None:
    klass = await a_class(checkpoints=1)
    with suppress(DomainError):
        await tap(klass, klass.checkpoints[0], verb=Verb.STARTED, tap_id=chosen)

    await tap(klass, klass.checkpoints[0], tap_id='mine', then=klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 100
    assert len(await activities(Verb.COURSE_COMPLETED)) == 1


async def test_a_class_taps_at_once() -> None:
    klass = await a_class(checkpoints=2, learners=[f'Learner {number}' for number in range(30)])
    await asyncio.gather(*(join_class(klass, by=who) for who in klass.learners))

    receipts = await asyncio.gather(
        *(tap(klass, checkpoint, by=who) for who in klass.learners for checkpoint in klass.checkpoints)
    )

    assert len({receipt.activity_id for receipt in receipts}) == 60
    assert {await percent(klass, who) for who in klass.learners} == {100}
    await assert_log_and_projections_agree()


async def activities(verb: Verb) -> list[int]:
    query = select(col(Activity.id)).where(col(Activity.verb) == verb).order_by(col(Activity.id))
    return await database.read(lambda tx: list(tx.execute(query).scalars()))


async def progress(checkpoint_id: int) -> Progress:
    query = select(Progress).where(col(Progress.checkpoint_id) == checkpoint_id)
    return await database.read(lambda tx: tx.session.scalars(query).one().model_copy())


async def everything() -> list[tuple[object, ...]]:
    def rows(tx: Transaction) -> list[tuple[object, ...]]:
        columns = col(Progress.checkpoint_id), col(Progress.started_at), col(Progress.completed_at)
        kept = [tuple(row) for row in tx.execute(select(*columns).order_by(col(Progress.id)))]
        return [*kept, (tx.execute(select(func.count()).select_from(Activity)).scalar(),)]

    return await database.read(rows)
