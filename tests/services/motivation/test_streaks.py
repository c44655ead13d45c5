"""A streak is what a slow, plain count of the days says; days off, pauses, travel and summer time break none."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from models import Verb
from services import verify
from services.access import Actor
from services.activity.log import Entry
from services.activity.recording import record
from services.core import database
from services.core.errors import Invalid
from services.motivation import calendar, pauses, standing, streak_of
from services.motivation.calendar import DaySpan
from services.motivation.standing import Standing
from services.motivation.streaks import Learned, Streak, dates, is_weekend, streak, weeks_in_a_row
from services.people import merging
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree
from tests.factories.people import an_admin
from tests.services.motivation.test_badges import follow

pytestmark = pytest.mark.req('G4')

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def plain(days: Sequence[date], today: date, free: Sequence[date]) -> Streak:
    """Go from one day of learning to the next and look at what lies between them."""
    learned = sorted(set(days))
    if not learned:
        return Streak()
    current = longest = 0
    freezes, frozen = 2, []
    for number, day in enumerate(learned, start=1):
        current, longest = current + 1, max(longest, current + 1)
        if number % 7 == 0:
            freezes = min(2, freezes + 1)
        following = [*learned, today][number]
        between = [day + timedelta(days=n) for n in range(1, max(1, (following - day).days))]
        missed = [each for each in between if each.weekday() < 5 and each not in free]
        frozen += missed[:freezes]
        if len(missed) > freezes:
            current, frozen = 0, []
        freezes = max(0, freezes - len(missed))
    return Streak(current=current, longest=longest, freezes=freezes, frozen=tuple(frozen), last_day=learned[-1])


SOME_DAYS = st.lists(st.integers(0, 40).map(lambda n: MONDAY + timedelta(days=n)), max_size=40)


@settings(max_examples=300)
@given(SOME_DAYS, SOME_DAYS, st.integers(0, 20))
def test_a_streak_of_any_history_is_what_a_plain_count_says(
    days: Sequence[date], free: Sequence[date], later: int
) -> None:
    today = max(days, default=MONDAY) + timedelta(days=later)

    found = streak(days, today, lambda day: is_weekend(day) or day in free)

    assert found == plain(days, today, free)
    assert found.longest >= found.current


def test_a_day_that_is_not_over_breaks_nothing() -> None:
    days = [MONDAY, MONDAY + timedelta(days=1)]

    assert streak(days, MONDAY + timedelta(days=2)) == streak(days, MONDAY + timedelta(days=1))
    assert streak(days, MONDAY + timedelta(days=3)).frozen == (MONDAY + timedelta(days=2),)
    assert streak(days, MONDAY + timedelta(days=4)).current == 2
    assert (over := streak(days, MONDAY + timedelta(days=7))).current == 0
    assert over.longest == 2


@pytest.mark.parametrize(
    ('zones', 'moments', 'expected'),
    [
        # from New York to Tokyo: the 3rd has no hour in which they were awake at both ends
        (('America/New_York', 'Asia/Tokyo'), ('2026-03-03T01:00', '2026-03-04T00:00'), {2, 3, 4}),
        # in the same zone a day that was missed is missed
        (('Asia/Tokyo', 'Asia/Tokyo'), ('2026-03-02T01:00', '2026-03-04T00:00'), {2, 4}),
        # and so it is three days after the journey
        (('America/New_York', 'Asia/Tokyo'), ('2026-03-03T01:00', '2026-03-06T00:00'), {2, 5, 6}),
        # back over the date line nothing is lost, and nothing counts twice
        (('Asia/Tokyo', 'America/New_York'), ('2026-03-03T01:00', '2026-03-03T16:00'), {3}),
    ],
)
@pytest.mark.usefixtures('db')
async def test_after_travel_a_day_counts_by_both_clocks(
    zones: tuple[str, str], moments: tuple[str, str], expected: set[int]
) -> None:
    klass = await a_class()
    for zone, moment in zip(zones, moments, strict=True):
        await learn(klass, datetime.fromisoformat(f'{moment}+00:00'), zone=zone)
    await follow()

    found = await database.read(lambda tx: streak_of._dates(tx, [klass.learner.user_id]))
    assert found[klass.learner.user_id] == {date(2026, 3, number) for number in expected}


@pytest.mark.parametrize(
    ('moment', 'expected'), [('2026-03-05T23:00', {2, 3, 4, 5, 6}), ('2026-03-06T01:00', {2, 3, 4, 6})]
)
def test_two_days_after_a_journey_the_clocks_at_home_still_count_and_then_no_more(
    moment: str, expected: set[int]
) -> None:
    new_york, tokyo = ZoneInfo('America/New_York'), ZoneInfo('Asia/Tokyo')
    stops = ('2026-03-02T22:00', new_york), ('2026-03-04T00:00', tokyo), (moment, tokyo)
    local = [datetime.fromisoformat(f'{at}+00:00').astimezone(zone) for at, zone in stops]

    found = dates([Learned(each.date(), each.astimezone(UTC), each.hour) for each in local])

    assert found == {date(2026, 3, number) for number in expected}


@pytest.mark.parametrize('zone', ['Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'])
@pytest.mark.usefixtures('db')
async def test_the_clocks_of_summer_break_nothing_and_add_nothing(zone: str) -> None:
    klass = await a_class()
    for number in range(400):  # a whole year: both changes of the clocks
        await learn(klass, NOON + timedelta(days=number), zone=zone)
    await follow()

    (found,) = (await database.read(streak_of.on, {klass.learner.user_id: MONDAY + timedelta(days=399)})).values()
    assert (found.current, found.frozen) == (400, ())


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        # the night after the clocks went forward: a quarter past midnight is no evening of the 29th
        ('2026-03-28T12:00', '2026-03-29T22:15'),
        # the night after they went back: half past eleven is no morning of the 26th
        ('2026-10-24T12:00', '2026-10-25T22:30'),
    ],
)
def test_a_late_hour_after_a_change_of_the_clocks_counts_for_its_own_day_alone(before: str, after: str) -> None:
    local = [datetime.fromisoformat(f'{each}+00:00').astimezone(ZoneInfo('Europe/Berlin')) for each in (before, after)]
    learned = [Learned(each.date(), each.astimezone(UTC), each.hour) for each in local]

    assert dates(learned) == {each.date() for each in local}


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_days_off_and_pauses_count_for_nothing_and_leave_a_trace() -> None:
    klass = await a_class()
    lena = klass.learner
    for number in (0, 1, 9):
        await learn(klass, NOON + timedelta(days=number))
    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        assert (await now(lena)).streak.current == 1  # Wednesday to Tuesday: five days were missed
        await database.write(calendar.choose_free_days, await an_admin(), lines='2026-03-04 – 2026-03-06\n\n')
        assert (await now(lena)).streak.current == 3
        assert (await now(lena)).streak.freezes == 0
        paused = DaySpan(date(2026, 3, 9), date(2026, 3, 10))
        await database.write(
            pauses.pause, klass.teacher, klass.course_id, lena.user_id, first=paused.first, last=paused.last
        )

        assert (await now(lena)).streak.freezes == 2
        assert await database.read(pauses.of_learner, klass.teacher, klass.course_id, lena.user_id) == (paused,)
        await assert_log_and_projections_agree()
        await database.write(pauses.end, klass.teacher, klass.course_id, lena.user_id, first=paused.first)

        assert (await now(lena)).streak.freezes == 0
    await assert_log_and_projections_agree()


@pytest.mark.req('A5')
@pytest.mark.usefixtures('db')
async def test_a_merge_brings_days_and_pauses_together() -> None:
    klass = await a_class(learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await learn(klass, NOON, lena)
    await learn(klass, NOON + timedelta(days=1), phone)
    days = {'first': MONDAY + timedelta(days=2), 'last': MONDAY + timedelta(days=3)}
    await database.write(pauses.pause, klass.teacher, klass.course_id, phone.user_id, **days)
    await follow()
    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=lena.user_id)

    with time_machine.travel(NOON + timedelta(days=4), tick=False):
        found = (await now(lena)).streak
    assert (found.current, found.freezes) == (2, 2)
    await assert_log_and_projections_agree()


@pytest.mark.parametrize(
    ('lines', 'words'),
    [('tomorrow', 'not a date'), ('2026-02-30', 'not a date'), ('2026-03-04 - 2026-03-01', 'before the first')],
)
@pytest.mark.usefixtures('db')
async def test_lines_that_are_no_days_are_refused(lines: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        await database.write(calendar.choose_free_days, await an_admin(), lines=lines)


def test_weeks_in_a_row_are_those_in_which_a_goal_was_reached() -> None:
    mondays = [MONDAY + timedelta(days=7 * number) for number in range(6)]
    off = mondays[2] + timedelta(days=3)

    found = weeks_in_a_row([*mondays[:2], mondays[3]], [mondays[2]], lambda day: day == off)
    broken = weeks_in_a_row([*mondays[:2], mondays[3]], [mondays[2]])

    assert (found.current, found.longest) == (3, 3)
    assert (broken.current, broken.longest) == (1, 2)


@pytest.mark.usefixtures('db')
async def test_ten_minutes_of_study_make_a_day_in_whatever_pieces() -> None:
    klass = await a_class()
    for number, seconds in enumerate((300, 299, 2)):
        assert (await now(klass.learner)).points == 0, number
        await learn(klass, NOON + timedelta(hours=number), verb=Verb.STUDIED, seconds=seconds)

    assert (await now(klass.learner)).points == 5
    told = await database.read(verify.differences)  # there is no session to these minutes
    assert [line for line in told if line.startswith(('points', 'learning day'))] == []


async def learn(
    klass: ClassAtHand, at: datetime, who: Actor | None = None, *, verb: Verb = Verb.JOINED, **more: object
) -> None:
    entry = Entry(
        user_id=(who or klass.learner).user_id,
        tap_id=uuid4().hex,
        verb=verb,
        course_id=klass.course_id,
        session_id=klass.session_id,
        happened_at=at,
        **more,  # type: ignore[arg-type]
    )
    await database.write(record, [entry])


async def now(who: Actor) -> Standing:
    await follow()
    return await database.read(standing.own, who)
