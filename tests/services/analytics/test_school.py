"""What an admin sees of the whole school: drawn once with noise, small groups hidden; and the rule that hides them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from models import Achievement, AchievementKind, Notice, NoticeKind, SchoolFigure, Verb
from services import gauges
from services.access import Actor
from services.activity.following import Running
from services.analytics import daily_totals, k_rule, noise, recalculations, school, school_counts, school_releases
from services.analytics.k_rule import Rough
from services.analytics.recalculations import Recalculations
from services.analytics.school_counts import Counted, Place
from services.analytics.school_releases import BUDGET, EPSILON, OverBudget
from services.core import database
from services.core.clock import now as clock_now
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.motivation import ledger
from services.notices import inbox, writing
from services.notices.drafts import Draft
from services.people import participants
from tests.factories.classes import ClassAtHand, a_class, mark
from tests.factories.people import an_admin

WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
SUNDAY = date(2026, 3, 8)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No noise, so that a test can say what is counted."""
    monkeypatch.setattr(noise, 'discrete_laplace', lambda scale: 0)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.mark.req('N8', 'D4', 'V4')
@pytest.mark.usefixtures('db', 'still')
@pytest.mark.both_databases
async def test_a_school_of_twelve(clock: time_machine.Traveller) -> None:
    admin = await an_admin()
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(12)])
    for one in klass.learners[:11]:
        await mark(klass.checkpoints[0], by=one)
    clock.shift(timedelta(days=1))
    for one in klass.learners[:4]:
        await mark(klass.checkpoints[0], by=one)
    clock.move_to(WEDNESDAY + timedelta(days=5))
    await drawn()
    found = await database.read(school.of_school, admin)
    with time_machine.travel(clock_now() - timedelta(hours=30), tick=False):
        await mark(klass.checkpoints[0], by=klass.learners[11], verb=Verb.STARTED)
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learners[11].user_id)
    await drawn()
    same_day = await database.read(school.of_school, admin)
    clock.shift(timedelta(days=1))
    await drawn()
    next_day = await database.read(school.of_school, admin)

    assert found.as_of == found.week_as_of == SUNDAY
    assert [day.active_people for day in found.days[-6:]] == [0, 14, None, 0, 0, 0], 'four are too few to be said'
    assert (found.active_per_month, found.active_month_before) == (14, 0)
    assert (same_day.courses, same_day.days) == (found.courses, found.days), 'nobody sees what one more person changes'
    assert next_day.days[:-1] == found.days[1:], 'what was drawn stays'
    assert (next_day.as_of, next_day.week_as_of) == (SUNDAY + timedelta(days=1), SUNDAY)
    (course,) = found.courses
    assert (course.title, course.enrolled) == ('Soil', 12)
    assert course.completion_rate is Rough.HIDDEN, 'the one who has not would be shown'
    assert (found.completion_rate, found.days_to_completion, found.jobs_failed) == (Rough.HIDDEN, None, 0)
    assert [week.sessions for week in found.weeks] == [None] * 4, 'fewer than forty studied'
    assert found.recalculations.recalculation_p50 is not None, 'marks were counted'
    assert ('daily totals', 0) in [(each.name, each.behind) for each in found.followers]


@pytest.mark.req('V4')
@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_what_was_drawn_is_never_drawn_again(clock: time_machine.Traveller) -> None:
    klass = await a_week_of_fifteen(clock)
    admin = await an_admin()
    first = await database.read(school.of_school, admin)
    assert await school_releases.release() == 0
    again = await database.read(school.of_school, admin)
    other_page, measured = await database.read(school.use), await database.read(gauges.of_database)
    with pytest.raises(IntegrityError):
        await database.write(
            school_releases.draw, [Counted(figure=SchoolFigure.ACTIVE_PER_MONTH, day=SUNDAY, value=17)]
        )
    await mark(klass.checkpoints[0], by=klass.learner)
    await drawn()
    later = await database.read(school.of_school, admin)

    keys = 'days', 'active_per_month', 'active_month_before', 'courses', 'completion_rate'
    assert [getattr(first, key) for key in keys] == [getattr(again, key) for key in keys]
    assert [getattr(first, key) for key in keys] == [getattr(later, key) for key in keys]
    assert (other_page.days, other_page.per_month) == (first.days, first.active_per_month)
    (people,) = (gauge for gauge in measured if gauge.name == 'waymark_active_people')
    assert [sample.value for sample in people.samples if sample.labels['span'] == 'month'] == [first.active_per_month]


@pytest.mark.req('V4')
@pytest.mark.usefixtures('db')
async def test_each_figure_of_people_has_noise_of_its_own(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    scales: list[int] = []

    def much(scale: int) -> int:
        scales.append(scale)
        return 100 + len(scales)

    monkeypatch.setattr(noise, 'discrete_laplace', much)
    await a_week_of_fifteen(clock)
    found = await database.read(school.of_school, await an_admin())

    busy = [day.active_people for day in found.days if day.active_people]
    numbers = [*busy, found.active_per_month, *(course.enrolled for course in found.courses)]
    assert len(busy) == 1
    assert all(number is not None and number > 100 for number in numbers)
    assert len(set(numbers)) == len(numbers), 'drawn one by one'
    assert set(scales) == {2, 3, 7, 14, 240}, (
        'people at 0.5; badges, sessions, notices and minutes of one person, cut off'
    )
    assert found.stored_bytes == found.jobs_failed == 0, 'how the server does is exact'


@pytest.mark.req('V4')
@pytest.mark.usefixtures('db')
@pytest.mark.both_databases
async def test_a_week_has_a_budget(clock: time_machine.Traveller) -> None:
    """All that is said of a week takes the whole budget; one more figure is refused, and nothing of it is kept."""
    await a_week_of_fifteen(clock)
    for _ in range(7):
        clock.shift(timedelta(days=1))
        await drawn()
    before = await database.read(school.use)
    one_more = [Counted(figure=SchoolFigure.ACTIVE_PER_MONTH, day=SUNDAY + timedelta(days=3), value=17)]

    with pytest.raises(OverBudget, match=r'would take 12\.5 of 12'):
        await database.write(school_releases.draw, one_more)

    assert await database.read(school.use) == before
    weekly = sum(EPSILON.values()) + 6 * EPSILON[SchoolFigure.ACTIVE_PEOPLE]
    assert weekly == BUDGET, 'so that a figure that is added has to be paid for'


@pytest.mark.req('N8', 'D4', 'V4')
@pytest.mark.usefixtures('db', 'still')
@pytest.mark.both_databases
@pytest.mark.parametrize(('readers', 'share'), [(20, 48), (36, None), (41, 100)])
async def test_how_many_notices_are_read(clock: time_machine.Traveller, readers: int, share: int | None) -> None:
    """Forty-one learners get nine notices each; seven of each person count, and what is read later does not."""
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(41)])
    for number in range(9):
        drafts = [a_notice(one, str(number)) for one in klass.learners]
        await database.write(writing.write, drafts)
    for one in klass.learners[:readers]:
        await database.write(inbox.mark_all, one, until=10_000)
    await database.write(mailed, 12, at=clock_now())
    clock.move_to(WEDNESDAY + timedelta(days=5))
    for one in klass.learners[readers:]:
        await database.write(inbox.mark_all, one, until=10_000)
    await drawn()
    week = (await database.read(school.of_school, await an_admin())).weeks[-1]

    assert (week.notices, week.notices_read) == (41 * 7, share), 'five who read nothing are not the rest of a share'
    assert week.notices_mailed is None, 'twelve people got mails'


@pytest.mark.req('N8', 'D4', 'V4')
@pytest.mark.usefixtures('db', 'still')
@pytest.mark.both_databases
@pytest.mark.parametrize(('again', 'share'), [(20, 48), (36, None), (41, 100)])
async def test_how_many_streaks_are_kept(clock: time_machine.Traveller, again: int, share: int | None) -> None:
    """Forty-one learners learn on Wednesday, some of them again on Monday; a few of either side are not said."""
    klass = await a_class(checkpoints=2, learners=[f'Learner {number}' for number in range(41)])
    for one in klass.learners:
        await mark(klass.checkpoints[0], by=one)
    clock.shift(timedelta(days=5))
    for one in klass.learners[:again]:
        await mark(klass.checkpoints[1], by=one)
    clock.shift(timedelta(days=7))
    await drawn()
    *_, before, week = (await database.read(school.of_school, await an_admin())).weeks

    assert (before.streaks_kept, week.streaks_kept) == (None, share), 'nobody had learned in the week before'


@pytest.mark.req('N8', 'D4', 'V4')
@pytest.mark.usefixtures('db', 'still')
@pytest.mark.both_databases
@pytest.mark.parametrize(('winners', 'badges'), [(39, None), (40, 39 * 2 + 3)])
async def test_how_many_badges_are_earned(clock: time_machine.Traveller, winners: int, badges: int | None) -> None:
    """Most learners earn two badges in the week and one earns four, of which three count; levels are no badges."""
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(41)])
    await database.write(achieved, klass, klass.learners[:winners], 2, at=clock_now() + timedelta(hours=1))
    await database.write(achieved, klass, klass.learners[:1], 2, at=clock_now() + timedelta(hours=2), first=2)
    await database.write(achieved, klass, klass.learners, 1, at=clock_now() - timedelta(days=7), first=4)
    clock.shift(timedelta(days=5))
    await drawn()
    week = (await database.read(school.of_school, await an_admin())).weeks[-1]

    assert week.badges == badges


def achieved(
    tx: Transaction, klass: ClassAtHand, who: list[Actor], number: int, *, at: datetime, first: int = 0
) -> None:
    """Write so many badges, and one level, as if they had been reached then."""
    kinds = [(AchievementKind.BADGE, first + each) for each in range(number)]
    for one in who:
        for kind, its in [*kinds, (AchievementKind.LEVEL, 101 + first)]:
            tx.session.add(
                Achievement(
                    user_id=one.user_id,
                    kind=kind,
                    number=its,
                    course_id=klass.course_id,
                    reached_at=at,
                    activity_id=1,
                )
            )


@pytest.mark.req('V4', 'N7')
@pytest.mark.usefixtures('db', 'still')
async def test_nothing_is_drawn_before_yesterday_is_in_the_totals(clock: time_machine.Traveller) -> None:
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(12)])
    clock.shift(timedelta(days=1))
    admin = await an_admin()
    await mark(klass.checkpoints[0], by=klass.learner)

    assert await school_releases.release() == 0
    nothing = await database.read(school.of_school, admin)
    await drawn()
    found = await database.read(school.of_school, admin)

    assert (nothing.as_of, nothing.days, nothing.courses, nothing.completion_rate) == (None, (), (), Rough.HIDDEN)
    assert found.days[-1].active_people == 13


@pytest.mark.req('N8', 'V4')
@pytest.mark.usefixtures('db', 'still')
def test_one_person_changes_the_sessions_of_a_week_by_seven_at_most() -> None:
    assert school_counts._cut(3, 90) == (3, 90)
    assert school_counts._cut(14, 280) == (7, 140), 'their mean stays 20 minutes'
    assert school_counts._cut(2, 480) == (1, 240)


@pytest.mark.req('N8')
def test_how_long_recalculations_take_is_read_from_the_latest_of_them() -> None:
    among_a_hundred = recalculations.of([number / 1000 for number in range(1, 101)])
    assert among_a_hundred == Recalculations(recalculation_p50=50.0, recalculation_p95=95.0, recalculation_p99=99.0)
    one = recalculations.of([0.0042])
    assert (one.recalculation_p50, one.recalculation_p99) == (4.2, 4.2)
    assert recalculations.of([]).recalculation_p95 is None


@pytest.mark.req('V4')
@given(courses=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_no_hidden_rate_is_what_is_left_of_the_rate_of_all(courses: list[tuple[int, int]]) -> None:
    at = clock_now()
    places = {
        number: [
            Place(course_id=number, enrolled_at=at, completed_at=at if place < done else None)
            for place in range(done + others)
        ]
        for number, (done, others) in enumerate(courses, start=1)
    }
    roughs = school_counts.roughly(places)
    hidden = {course_id for course_id in places if roughs[course_id] is Rough.HIDDEN}
    rest = [place for course_id in hidden for place in places[course_id]]
    told = k_rule.share(sum(each.completed_at is not None for each in rest), len(rest), k=k_rule.SITE_WIDE)
    assert not rest or hidden == places.keys() or told is not Rough.HIDDEN


@pytest.mark.req('V4')
@given(parts=st.lists(st.integers(0, 40), min_size=2, max_size=5), k=st.sampled_from([5, 10]))
def test_nobody_is_found_from_what_is_shown_and_the_total(parts: list[int], k: int) -> None:
    groups = {str(number): people for number, people in enumerate(parts)}
    shown = k_rule.counts(groups, k=k)

    hidden = [name for name, people in shown.items() if people is None]
    assert all(people is None or people == groups[name] for name, people in shown.items())
    assert all(people == 0 or people >= k for people in shown.values() if people is not None)
    alone = len(hidden) == 1 and any(groups[name] for name in groups if name != hidden[0])
    assert not alone, 'one hidden number follows from the total'

    part, whole = parts[0], sum(parts)
    said = k_rule.share(part, whole, k=k)
    if isinstance(said, int):
        assert whole >= k
        assert part in {0, whole} or (part >= k and whole - part >= k)


def a_notice(reader: Actor, key: str) -> Draft:
    return Draft(
        user_id=reader.user_id,
        kind=NoticeKind.ACHIEVEMENT,
        object_key=key,
        course_id=None,
        title=phrase('A badge'),
        address='/inbox',
        happened_at=clock_now(),
    )


def mailed(tx: Transaction, people: int, *, at: datetime) -> None:
    """Let the notices of some people have gone out by mail."""
    some = select(col(Notice.user_id)).distinct().order_by(col(Notice.user_id)).limit(people)
    tx.execute(update(Notice).where(col(Notice.user_id).in_(some)).values(mailed_at=at))


async def drawn() -> None:
    """Let the totals catch up, and draw what is over."""
    for each in (daily_totals.FOLLOWER, ledger.FOLLOWER):
        await Running(each).catch_up()
    await school_releases.release()


async def a_week_of_fifteen(clock: time_machine.Traveller) -> ClassAtHand:
    """Make a class of fifteen who all did something on a Wednesday, and draw on the Monday after it."""
    klass = await a_class(checkpoints=1, learners=[f'Learner {number}' for number in range(15)])
    for one in klass.learners:
        await mark(klass.checkpoints[0], by=one)
    clock.move_to(WEDNESDAY + timedelta(days=5))
    await drawn()
    return klass
