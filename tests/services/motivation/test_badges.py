"""Badges are earned once, by what the log says, and stay; helpers are found however a request was resolved."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlmodel import col

from models import Achievement, AchievementKind, Activity, Course, FollowerState, PointReason, Verb
from services.access import Actor
from services.activity import following, log
from services.activity.following import Running
from services.activity.log import Entry
from services.activity.recording import record
from services.core import database
from services.core.transaction import Transaction
from services.live import sessions
from services.live.help import queue
from services.motivation import ledger
from services.motivation.criteria import Criteria, Deed, Measure, Of, Span, best
from services.people import merging
from tests.factories.classes import ClassAtHand, a_class, assert_log_and_projections_agree, join_class, tap
from tests.factories.quizzes import a_quiz, take

pytestmark = [pytest.mark.req('G3'), pytest.mark.usefixtures('db')]

QUICK, STEADY, SUBJECT, WEEK, HELPER, EXPLORER = -1, -2, -3, -4, -5, -6
MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.both_databases
async def test_five_checkpoints_mastered_in_a_day_earn_a_badge_once() -> None:
    klass = await a_class(checkpoints=6)
    lena = klass.learner
    for number, checkpoint in enumerate(klass.checkpoints[:4]):
        await graded(klass, checkpoint, MONDAY + timedelta(hours=number))
    await graded(klass, klass.checkpoints[4], MONDAY + timedelta(days=1))
    assert await badges(lena) == set()

    await graded(klass, klass.checkpoints[5], MONDAY + timedelta(hours=5))
    assert await badges(lena) == {QUICK}
    await graded(klass, klass.checkpoints[5], MONDAY + timedelta(hours=6))

    assert await badges(lena) == {QUICK}
    (told,) = await database.read(log.read, col(Activity.verb) == Verb.BADGE_EARNED)
    assert (told.user_id, told.details) == (lena.user_id, {'badge': QUICK, 'points': 25})
    await assert_log_and_projections_agree()


async def test_a_table_that_lacks_a_badge_stops_nobodys_points() -> None:
    """As after a migration down and up again: the log has the badge, and does not take it twice."""
    klass = await a_class(checkpoints=6, learners=['Lena', 'Omar'])
    _, omar = klass.learners
    for checkpoint in klass.checkpoints[:5]:
        await graded(klass, checkpoint, MONDAY)
    await follow()
    await database.write(lambda tx: tx.execute(delete(Achievement)))
    await graded(klass, klass.checkpoints[5], MONDAY)
    for checkpoint in klass.checkpoints[:5]:
        await graded(klass, checkpoint, MONDAY, omar)

    assert await badges(omar) == {QUICK}


@pytest.mark.parametrize('how', ['helper', 'learner', 'teacher', 'done', 'end'])
async def test_a_helper_is_found_however_the_request_was_resolved(how: str) -> None:
    klass = await a_class(learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    await database.write(help_each_other, klass.course_id)
    for who in klass.learners:
        await join_class(klass, by=who)
    await tap(klass, klass.checkpoints[0], by=omar)
    asked = await database.write(queue.ask, lena, klass.session_id, klass.checkpoints[0])
    await database.write(queue.claim, omar, asked)
    match how:
        case 'done':
            await tap(klass, klass.checkpoints[0], by=lena)
        case 'end':
            await database.write(sessions.end, klass.teacher, klass.session_id)
        case _:
            by = {'helper': omar, 'learner': lena, 'teacher': klass.teacher}[how]
            await database.write(queue.resolve, by, asked)

    assert await badges(omar) == {HELPER}
    assert await badges(lena) == set()
    await assert_log_and_projections_agree()


async def test_an_instructor_who_helps_earns_no_badge() -> None:
    klass = await a_class()
    await join_class(klass)
    asked = await database.write(queue.ask, klass.learner, klass.session_id, klass.checkpoints[0])
    await database.write(queue.resolve, klass.teacher, asked)

    assert await badges(klass.teacher) == set()


async def test_seven_days_in_a_row_earn_a_badge_and_a_weekend_between_does_not_break_them() -> None:
    klass = await a_class()
    for number in (0, 1, 2, 3, 4, 7):
        await did(klass, Verb.JOINED, MONDAY + timedelta(days=number), session_id=klass.session_id)
    assert await badges(klass.learner) == set()
    await did(klass, Verb.JOINED, MONDAY + timedelta(days=8), session_id=klass.session_id)

    assert await badges(klass.learner) == {STEADY}


async def test_a_week_is_perfect_if_its_goal_was_reached_and_nothing_stayed_open() -> None:
    klass = await a_class(learners=['Lena', 'Omar'])
    lena, omar = klass.learners
    for who in klass.learners:
        await did(klass, Verb.COMPLETED, MONDAY, who, checkpoint_id=klass.checkpoints[0])
    await did(klass, Verb.STARTED, MONDAY, omar, checkpoint_id=klass.checkpoints[1])
    for who in klass.learners:
        await did(klass, Verb.WEEK_CLOSED, MONDAY + timedelta(days=6), who, details={'goal': 1, 'done': 1})

    assert await badges(lena) == {WEEK}
    assert await badges(omar) == set()


async def test_a_subject_is_mastered_with_its_courses_completed_and_its_quizzes_mastered() -> None:
    quiz = await a_quiz()
    await database.write(of_subject, quiz.klass.course_id, 'Biology')
    await take(quiz)
    assert await badges(quiz.learner) == set()
    await tap(quiz.klass, quiz.klass.checkpoints[0])

    assert await badges(quiz.learner) == {SUBJECT}


@pytest.mark.req('A5')
@pytest.mark.both_databases
async def test_a_merge_keeps_each_badge_once_and_taking_it_back_gives_each_their_own() -> None:
    klass = await a_class(checkpoints=10, learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    for who in klass.learners:
        for number, checkpoint in enumerate(klass.checkpoints[:5]):
            await graded(klass, checkpoint, MONDAY + timedelta(minutes=number), who)
    assert await badges(lena) == await badges(phone) == {QUICK}

    await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=lena.user_id)
    assert await database.read(everybodys) == [(lena.user_id, QUICK)]
    await assert_log_and_projections_agree()
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=phone.user_id)

    assert await database.read(everybodys) == [(lena.user_id, QUICK), (phone.user_id, QUICK)]
    await assert_log_and_projections_agree()


async def test_followed_anew_nothing_is_earned_twice() -> None:
    klass = await a_class(checkpoints=5)
    for number, checkpoint in enumerate(klass.checkpoints):
        await graded(klass, checkpoint, MONDAY + timedelta(minutes=number))
    await badges(klass.learner)

    await database.write(following.rebuild, ledger.FOLLOWER)
    await follow()

    assert len(await database.read(log.read, col(Activity.verb) == Verb.BADGE_EARNED)) == 1
    await assert_log_and_projections_agree()


@pytest.mark.parametrize('most', [1, 3, 100])
async def test_the_size_of_a_slice_decides_nothing(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, 'FEWEST', most)
    monkeypatch.setattr(following, 'MOST', most)
    klass = await a_class(checkpoints=5)
    for number, checkpoint in enumerate(klass.checkpoints):
        await graded(klass, checkpoint, MONDAY + timedelta(minutes=number))
        await did(klass, Verb.COMPLETED, MONDAY + timedelta(days=number), checkpoint_id=checkpoint)

    assert await badges(klass.learner) == {QUICK}
    await assert_log_and_projections_agree()


DEEDS = st.lists(
    st.builds(
        Deed,
        st.just(1),
        st.sampled_from([PointReason.STARTED, PointReason.MASTERED]),
        st.integers(1, 3),
        st.sampled_from(['', 'Biology', ' biology', 'Latin']),
        st.sampled_from([5, 10]),
        st.integers(0, 15).map(lambda days: date(2026, 3, 1) + timedelta(days=days)),
    ),
    max_size=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS, st.sampled_from(Span), st.sampled_from([Measure.COUNT, Measure.SUM, Measure.DISTINCT]))
def test_what_is_counted_is_the_best_day_week_or_all(deeds: Sequence[Deed], within: Span, measure: Measure) -> None:
    criteria = Criteria(when=(PointReason.MASTERED,), measure=measure, of=Of.SUBJECT, within=within)

    expected = 0
    for each in deeds:
        together = [
            other
            for other in deeds
            if other.reason is PointReason.MASTERED
            and (within is not Span.DAY or other.local_date == each.local_date)
            and (within is not Span.WEEK or other.local_date.isocalendar()[:2] == each.local_date.isocalendar()[:2])
        ]
        subjects = {other.subject.strip().lower() for other in together if other.subject.strip()}
        points = sum(other.points for other in together)
        found = {Measure.COUNT: len(together), Measure.SUM: points, Measure.DISTINCT: len(subjects)}
        expected = max(expected, found[measure])

    assert best(criteria, deeds) == expected


async def test_five_subjects_make_an_explorer() -> None:
    klass = await a_class()
    lena = klass.learner
    courses = [klass, *[await a_class(by=klass.teacher) for _ in range(5)]]
    for number, (each, subject) in enumerate(zip(courses, ['A', 'a ', 'B', 'C', 'D', 'E'], strict=True)):
        await database.write(of_subject, each.course_id, subject)
        assert await badges(lena) == set(), number
        await did(each, Verb.STARTED, MONDAY, lena, checkpoint_id=each.checkpoints[0])

    assert await badges(lena) == {EXPLORER}


async def graded(klass: ClassAtHand, checkpoint: int, at: datetime, who: Actor | None = None) -> None:
    await did(klass, Verb.GRADED, at, who, checkpoint_id=checkpoint, score=90, details={'mark': 85})


async def did(klass: ClassAtHand, verb: Verb, at: datetime, who: Actor | None = None, **more: object) -> None:
    user_id = (who or klass.learner).user_id
    entry = Entry(
        user_id=user_id,
        tap_id=uuid4().hex,
        verb=verb,
        course_id=klass.course_id,
        happened_at=at,
        **more,  # type: ignore[arg-type]
    )
    await database.write(record, [entry])


async def follow() -> None:
    await database.write(let_go)
    await Running(ledger.FOLLOWER).catch_up()


def let_go(tx: Transaction) -> None:
    for state in tx.session.scalars(select(FollowerState)):
        state.leased_by, state.leased_until = '', None
        tx.session.add(state)


async def badges(who: Actor) -> set[int]:
    await follow()
    return {badge for user_id, badge in await database.read(everybodys) if user_id == who.user_id}


def everybodys(tx: Transaction) -> list[tuple[int, int]]:
    rows = tx.session.scalars(select(Achievement).where(col(Achievement.kind) == AchievementKind.BADGE))
    return sorted((row.user_id, row.number) for row in rows)


def help_each_other(tx: Transaction, course_id: int) -> None:
    tx.execute(update(Course).where(col(Course.id) == course_id).values(classmates_help=True))


def of_subject(tx: Transaction, course_id: int, subject: str) -> None:
    tx.execute(update(Course).where(col(Course.id) == course_id).values(subject=subject))
