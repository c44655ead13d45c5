"""The pace signal: shares of those who are here, without names, that fade by themselves."""

import asyncio

import pytest
from sqlalchemy import func, select

from models import Activity
from services.core import database
from services.core.errors import NotEnrolled, Refused, TooManyAttempts
from services.core.transaction import Transaction
from services.live import pace_signals, rooms, sessions
from services.live.pace_signals import PaceShares, PaceSignal
from services.live.room import Room
from tests.factories.classes import ClassAtHand, a_class, join_class
from tests.support.eventually import eventually

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('L16')]

FAST, RIGHT, SLOW = PaceSignal


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_signals, 'TOLD_EVERY', 0.02)
    monkeypatch.setattr(pace_signals, 'AGAIN_AFTER', 0.0)


async def a_full_class(count: int) -> tuple[ClassAtHand, Room]:
    klass = await a_class(learners=[f'Lena {number}' for number in range(count)])
    front = await rooms.enter(klass.course_id)
    for learner in klass.learners:
        await join_class(klass, by=learner)
        front.arrive(learner.user_id)
    await eventually(lambda: front.presences.counts(count).here == count)
    return klass, front


async def test_the_instructor_is_given_shares_of_those_who_are_here(db: object) -> None:
    klass, front = await a_full_class(10)
    told = watched(front)
    for learner in klass.learners[:3]:
        front.pace_signals.send(learner, SLOW)
    front.pace_signals.send(klass.learners[3], RIGHT)

    await eventually(lambda: told)

    assert told == [PaceShares(too_fast=0, just_right=10, too_slow=30)]
    assert front.pace_signals.shares.hint is SLOW if front.pace_signals.shares else False


async def test_a_hint_needs_a_fifth_of_the_class(db: object) -> None:
    assert PaceShares(too_fast=19, too_slow=2).hint is None
    assert PaceShares(too_fast=20).hint is FAST
    assert PaceShares(just_right=100).hint is None
    assert PaceShares(too_fast=20, too_slow=30).hint is SLOW


async def test_of_fewer_than_five_nothing_is_told(db: object) -> None:
    klass, front = await a_full_class(4)
    for learner in klass.learners:
        front.pace_signals.send(learner, FAST)

    await asyncio.sleep(0.1)

    assert front.pace_signals.shares is None
    assert front.pace_signals.of(klass.learner.user_id) is FAST, 'their own page knows'


async def test_leaving_betrays_nobody(db: object) -> None:
    klass, front = await a_full_class(5)
    front.pace_signals.send(klass.learner, FAST)
    await eventually(lambda: front.pace_signals.shares == PaceShares(too_fast=20))

    for learner in klass.learners:
        front.pace_signals.send(learner, FAST)
    front.leave(klass.learner.user_id)

    await eventually(lambda: front.pace_signals.shares == PaceShares(too_fast=100))


async def test_a_second_signal_takes_the_place_of_the_first_and_none_takes_it_back(db: object) -> None:
    klass, front = await a_full_class(5)
    front.pace_signals.send(klass.learner, FAST)
    front.pace_signals.send(klass.learner, SLOW)
    await eventually(lambda: front.pace_signals.shares == PaceShares(too_slow=20))

    front.pace_signals.send(klass.learner, None)

    await eventually(lambda: front.pace_signals.shares == PaceShares())


async def test_a_signal_fades_and_the_learner_sees_it(db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pace_signals.LASTS + 5.0 <= 300
    klass, front = await a_full_class(5)
    looks: list[PaceSignal | None] = []
    me = klass.learner.user_id
    front.pace_signals.watch_own(me, lambda: looks.append(front.pace_signals.of(me)))
    front.pace_signals.send(klass.learner, FAST)
    await eventually(lambda: front.pace_signals.shares == PaceShares(too_fast=20))

    monkeypatch.setattr(pace_signals, 'LASTS', 0.0)  # not before it was seen, however busy the machine is
    await eventually(lambda: front.pace_signals.shares == PaceShares())

    assert looks == [FAST, None]


async def test_the_shares_move_only_now_and_then(db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    klass, front = await a_full_class(5)
    monkeypatch.setattr(pace_signals, 'TOLD_EVERY', 0.3)
    told = watched(front)

    for learner in klass.learners:
        front.pace_signals.send(learner, FAST)
        await asyncio.sleep(0)

    assert not told
    await eventually(lambda: told)
    assert told == [PaceShares(too_fast=100)]


async def test_nobody_can_signal_again_and_again(db: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_signals, 'AGAIN_AFTER', 60.0)
    klass, front = await a_full_class(5)
    front.pace_signals.send(klass.learner, FAST)
    front.pace_signals.send(klass.learner, FAST)  # the same again is no change

    with pytest.raises(TooManyAttempts):
        front.pace_signals.send(klass.learner, None)

    assert front.pace_signals.of(klass.learner.user_id) is FAST


async def test_who_is_not_in_class_cannot_signal(db: object) -> None:
    klass = await a_class(learners=['Lena Low', 'Otto Old'])
    front = await rooms.enter(klass.course_id)
    with pytest.raises(NotEnrolled):
        front.pace_signals.send(klass.teacher, FAST)
    with pytest.raises(Refused):
        front.pace_signals.send(klass.learner, FAST)


async def test_the_next_class_begins_without_signals(db: object) -> None:
    klass, front = await a_full_class(5)
    front.pace_signals.send(klass.learner, FAST)
    await eventually(lambda: front.pace_signals.shares == PaceShares(too_fast=20))

    await database.write(sessions.end, klass.teacher, klass.course_id)

    await eventually(lambda: not front.pace_signals.is_open)
    assert front.pace_signals.of(klass.learner.user_id) is None
    assert front.pace_signals.shares is None
    with pytest.raises(Refused):
        front.pace_signals.send(klass.learner, FAST)


async def test_the_log_knows_of_no_signal(db: object) -> None:
    klass, front = await a_full_class(5)
    before = await database.read(activities)

    front.pace_signals.send(klass.learner, FAST)
    await eventually(lambda: front.pace_signals.shares == PaceShares(too_fast=20))

    assert await database.read(activities) == before


def activities(tx: Transaction) -> int:
    return tx.execute(select(func.count()).select_from(Activity)).scalar_one()


def watched(front: Room) -> list[PaceShares | None]:
    told: list[PaceShares | None] = []
    front.pace_signals.watch(lambda: told.append(front.pace_signals.shares))
    return told
