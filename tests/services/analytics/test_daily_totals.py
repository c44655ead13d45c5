"""What the totals of a day count: checkpoints once, study in its part of the day, a guest's work as the person's."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from models import CountedCompletion, DailyTotal, DayPart, FollowerState, Verb
from services import followers
from services.access import Actor
from services.activity.following import Running
from services.analytics import daily_totals
from services.core import database
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.people import merging
from services.study import day_parts
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, mark, tap, undo
from tests.factories.people import an_admin
from tests.factories.study import arrive, beat, leave

pytestmark = [pytest.mark.req('N7'), pytest.mark.both_databases]

BERLIN = ZoneInfo('Europe/Berlin')
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.usefixtures('db')
async def test_a_checkpoint_that_two_devices_complete_counts_once() -> None:
    klass = await a_class()
    lena, checkpoint = klass.learner, klass.checkpoints[0]
    await tap(klass, checkpoint)
    await tap(klass, checkpoint)
    await follow()
    await mark(checkpoint, by=lena)
    await tap(klass, klass.checkpoints[1])
    await follow()

    assert await completed(lena) == 2
    assert await count(lena, Verb.COMPLETED) == 4, 'all that was done is kept'


@pytest.mark.usefixtures('db')
async def test_undoing_counts_when_the_checkpoint_is_complete_in_no_mode() -> None:
    klass = await a_class()
    lena, checkpoint = klass.learner, klass.checkpoints[0]
    await tap(klass, checkpoint)
    await mark(checkpoint, by=lena)
    await undo(klass, checkpoint)
    await follow()
    assert await completed(lena) == 1

    await mark(checkpoint, by=lena, verb=Verb.UNDONE)
    await mark(checkpoint, by=lena, verb=Verb.UNDONE)
    await follow()
    assert await completed(lena) == 0
    await mark(checkpoint, by=lena)
    await follow()

    assert await completed(lena) == 1
    await assert_log_and_projections_agree()


@pytest.mark.req('A5')
@pytest.mark.usefixtures('db')
async def test_the_totals_of_a_guest_move_to_the_person_and_back() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    for checkpoint, who in ((0, lena), (0, phone), (1, phone)):
        await tap(klass, klass.checkpoints[checkpoint], by=who)
    await follow()
    apart = await stored()

    await merge(klass, phone, lena)
    assert (await completed(lena), await completed(phone)) == (2, 0)
    assert (await count(lena, Verb.COMPLETED), await count(phone, Verb.COMPLETED)) == (3, 0)
    await assert_log_and_projections_agree()
    await unmerge(klass, phone)

    assert await stored() == apart
    await assert_log_and_projections_agree()


@pytest.mark.req('A5')
@pytest.mark.usefixtures('db')
async def test_what_the_follower_takes_after_a_merge_is_the_persons_too() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await tap(klass, klass.checkpoints[0], by=phone)

    await merge(klass, phone, lena)
    await follow()

    assert (await completed(lena), await count(phone, Verb.COMPLETED)) == (1, 0)
    await assert_log_and_projections_agree()


DEEDS = st.tuples(st.sampled_from(['tap', 'undo', 'mark', 'unmark']), st.integers(0, 1), st.integers(0, 1))
OTHERS = st.sampled_from([('follow',), ('merge',), ('unmerge',)])


@pytest.mark.req('A5')
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(DEEDS | OTHERS, max_size=15))
@pytest.mark.usefixtures('db')
async def test_whatever_happens_the_totals_are_what_the_log_says(history: list[tuple[str | int, ...]]) -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'lena on the phone'])
    for deed in history:
        try:
            await do(klass, *deed)
        except DomainError:
            continue  # such as a tap of somebody who is another person now
    await follow()

    await assert_log_and_projections_agree()


@pytest.mark.usefixtures('db')
async def test_study_over_noon_belongs_to_both_parts_of_the_day() -> None:
    with time_machine.travel(NOON - timedelta(minutes=2), tick=False) as clock:
        klass = await a_class()
        lena, checkpoint = klass.learner, klass.checkpoints[0]
        await arrive(lena, checkpoint)
        for _ in range(3):
            clock.shift(60)
            await beat(lena, checkpoint)
        await leave(lena, klass.course_id)
    await follow()

    studied = {row.part: (row.seconds, row.count, row.sessions) for row in await rows(lena) if row.verb is Verb.STUDIED}
    assert studied == {DayPart.MORNING: (120, 0, 0), DayPart.AFTERNOON: (60, 1, 1)}
    await assert_log_and_projections_agree()


@pytest.mark.parametrize(
    ('begun', 'ended', 'expected'),
    [
        ((5, 30), (6, 30), {DayPart.NIGHT: 50, DayPart.MORNING: 50}),
        ((5, 0), (19, 0), {DayPart.NIGHT: 7, DayPart.MORNING: 43, DayPart.AFTERNOON: 43, DayPart.EVENING: 7}),
        ((8, 0), (8, 0), {DayPart.MORNING: 100}),
        ((8, 0), (9, 0), {DayPart.MORNING: 100}),
    ],
)
def test_seconds_are_spread_over_the_parts_of_the_day(
    begun: tuple[int, int], ended: tuple[int, int], expected: dict[DayPart, int]
) -> None:
    on = datetime(2026, 3, 2, tzinfo=BERLIN)

    spread = day_parts.spread(BERLIN, at(on, begun), at(on, ended), 100)

    assert spread == expected


@given(st.integers(0, 40 * 86400), st.integers(0, 86400), st.integers(0, 86400))
def test_no_second_is_lost_and_none_is_added(begun: int, length: int, seconds: int) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=begun)

    spread = day_parts.spread(BERLIN, since, since + timedelta(seconds=length), seconds)

    assert sum(spread.values()) == seconds
    assert all(its > 0 for its in spread.values()) or not length


def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is() -> None:
    midnight = datetime(2026, 3, 29, tzinfo=BERLIN).astimezone(UTC)

    spread = day_parts.spread(BERLIN, midnight, midnight + timedelta(hours=6), 6 * 3600)

    assert spread == {DayPart.NIGHT: 5 * 3600, DayPart.MORNING: 3600}


@pytest.mark.req('O1')
@pytest.mark.usefixtures('db')
async def test_an_admin_sees_how_far_the_totals_are() -> None:
    klass = await a_class()
    admin = await an_admin()

    before = {lag.name: lag.behind for lag in await database.read(followers.lags, admin)}
    await follow()
    after = {lag.name: lag.behind for lag in await database.read(followers.lags, admin)}

    assert before['daily totals'] > 0
    assert after['daily totals'] == 0
    with pytest.raises(DomainError):
        await database.read(followers.lags, klass.teacher)


def at(day: datetime, time_of_day: tuple[int, int]) -> datetime:
    return day.replace(hour=time_of_day[0], minute=time_of_day[1]).astimezone(UTC)


async def do(klass: ClassAtHand, deed: str | int, who: str | int = 0, place: str | int = 0) -> None:
    by, checkpoint = klass.learners[int(who)], klass.checkpoints[int(place)]
    match deed:
        case 'tap':
            await tap(klass, checkpoint, by=by)
        case 'undo':
            await undo(klass, checkpoint, by=by)
        case 'mark':
            await mark(checkpoint, by=by)
        case 'unmark':
            await mark(checkpoint, by=by, verb=Verb.UNDONE)
        case 'follow':
            await follow()
        case 'merge':
            await merge(klass, klass.learners[1], klass.learners[0])
        case _:
            await unmerge(klass, klass.learners[1])


async def follow() -> None:
    """Let the totals follow the log to its end; a process that followed before has let go of it."""
    await database.write(let_go)
    await Running(daily_totals.FOLLOWER).catch_up()


def let_go(tx: Transaction) -> None:
    for state in tx.session.scalars(select(FollowerState)):
        state.leased_by, state.leased_until = '', None
        tx.session.add(state)


async def merge(klass: ClassAtHand, guest: Actor, into: Actor) -> None:
    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=guest.user_id, into_id=into.user_id)


async def unmerge(klass: ClassAtHand, guest: Actor) -> None:
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=guest.user_id)


async def rows(of: Actor) -> list[DailyTotal]:
    theirs = select(DailyTotal).where(col(DailyTotal.user_id) == of.user_id)
    return await database.read(lambda tx: list(tx.session.scalars(theirs)))


async def stored() -> list[tuple[int, date, Verb, int, int]]:
    """All totals of learners, and what is complete."""
    everything = await database.read(lambda tx: list(tx.session.scalars(select(DailyTotal))))
    done = await database.read(lambda tx: list(tx.session.scalars(select(CountedCompletion))))
    found = [(each.user_id, each.local_date, each.verb, each.count, each.completed) for each in everything]
    of_learners = [each for each in found if each[2] not in (Verb.MERGED, Verb.UNMERGED)]
    return sorted(of_learners) + sorted(
        (each.user_id, NOON.date(), Verb.COMPLETED, each.checkpoint_id, each.modes) for each in done
    )


async def completed(of: Actor) -> int:
    return sum(row.completed for row in await rows(of))


async def count(of: Actor, verb: Verb) -> int:
    return sum(row.count for row in await rows(of) if row.verb is verb)
