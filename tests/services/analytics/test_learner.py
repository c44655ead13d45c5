"""What the record says of one learner: scripted days across midnight and a change of the clocks, worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, CheckpointKind, DayPart, Verb
from services.access import Actor
from services.accounts import profiles
from services.activity.following import Running
from services.analytics import choices, daily_totals, insights, learner, learner_facts
from services.analytics.k_rule import Rough
from services.analytics.learner import LearnerFigures
from services.core import database
from services.core.clock import now as clock_now
from services.core.errors import NotFound
from services.core.phrases import ENGLISH
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.people import joining, participants
from tests.factories.classes import CourseAtHand, a_class, a_course, mark
from tests.factories.people import a_student, an_instructor, another_device
from tests.factories.quizzes import WRONG, a_quiz, take
from tests.factories.study import arrive, beat, leave

pytestmark = [pytest.mark.req('N2', 'N5', 'D1', 'N9'), pytest.mark.usefixtures('db'), pytest.mark.both_databases]

CLOCKS_CHANGE = datetime(2027, 3, 28, tzinfo=UTC)
"""in Berlin, at two in the morning it is three; a Sunday"""
_later = count(-1)
"""months; a clock that is moved back would find the follower in the hands of the example before"""


async def a_berliner(course: CourseAtHand) -> Actor:
    lena = await a_student(name='Lena')
    await database.write(joining.join, lena, code=course.code)
    await database.write(profiles.live_in, lena, time_zone='Europe/Berlin')
    return replace(lena, time_zone='Europe/Berlin')


async def study(
    lena: Actor, checkpoint: int, course: CourseAtHand, minutes: int, clock: time_machine.Traveller
) -> None:
    await arrive(lena, checkpoint)
    for _ in range(minutes):
        clock.shift(60)
        await beat(lena, checkpoint)
    await leave(lena, course.course_id)


async def own(lena: Actor, course: CourseAtHand) -> LearnerFigures:
    await Running(daily_totals.FOLLOWER).catch_up()
    return await database.read(learner.own, lena, course.course_id)


async def test_study_over_midnight_and_over_a_change_of_the_clocks() -> None:
    with time_machine.travel(CLOCKS_CHANGE - timedelta(days=1), tick=False) as clock:
        course = await a_course(checkpoints=5)
        lena = await a_berliner(course)
        # Saturday from 23:50 to Sunday 00:10 in Berlin, which is an hour ahead of UTC; the day ends a
        # moment before midnight, so that a second can fall to the other side
        clock.move_to(CLOCKS_CHANGE - timedelta(hours=1, minutes=10))
        await study(lena, course.checkpoints[0], course, 20, clock)
        await mark(course.checkpoints[0], by=lena)
        # Sunday from 01:50 to 03:10 by the clocks, which is 20 minutes
        clock.move_to(CLOCKS_CHANGE + timedelta(minutes=50))
        await study(lena, course.checkpoints[1], course, 20, clock)
        clock.move_to(CLOCKS_CHANGE + timedelta(hours=12))
        for checkpoint, minutes in zip(course.checkpoints[2:], (1, 30, 5), strict=True):
            await study(lena, checkpoint, course, minutes, clock)
        found = await own(lena, course)

    by_day = {day.day: (round(day.study_seconds / 60), day.steps_completed) for day in found.timeline}
    assert by_day == {date(2027, 3, 27): (10, 0), date(2027, 3, 28): (66, 1)}
    assert {part: round(seconds / 60) for part, seconds in found.time_of_day.items()} == {
        DayPart.NIGHT: 30,
        DayPart.MORNING: 0,
        DayPart.AFTERNOON: 36,
        DayPart.EVENING: 10,
    }
    assert found.total_seconds == 76 * 60
    assert [(time.number, time.seconds // 60, time.is_slowest) for time in found.times] == [
        (1, 20, True),
        (2, 20, True),
        (3, 1, False),
        (4, 30, True),
        (5, 5, False),
    ]
    assert (found.percent, found.steps_done, found.velocity) == (20, 1, None), 'a pace needs a week'
    assert found.next_step is not None
    assert (found.next_step.number, str(found.next_step.why)) == (2, 'You have begun it.')
    (week,) = found.weeks
    assert (week.monday, week.active_days, week.study_seconds) == (date(2027, 3, 22), 2, 76 * 60)


async def test_pace_insights_and_what_is_hidden() -> None:
    begun = CLOCKS_CHANGE - timedelta(days=70)
    with time_machine.travel(begun, tick=False) as clock:
        course = await a_course(checkpoints=12)
        lena = await a_berliner(course)
        due = Details(title='Step 12', due_at=begun + timedelta(days=72), tags=('ph',))
        await database.write(checkpoints.edit, course.teacher, course.checkpoints[11], due)
        for day, checkpoint in ((15, 0), (22, 1), (40, 2), (43, 3), (50, 4), (57, 5), (64, 6), (68, 7)):
            clock.move_to(begun + timedelta(days=day, hours=17))
            lena = await another_device(of=lena)
            await study(lena, course.checkpoints[checkpoint], course, 30, clock)
            await mark(course.checkpoints[checkpoint], by=lena)
        clock.move_to(begun + timedelta(days=70))
        found = await own(lena, course)
        keys = [insight.key for insight in found.insights]
        await database.write(choices.choose, lena, course.course_id, key='insight:more', chosen=True)
        hidden = await own(lena, course)

    # up to day 70 the last four weeks begin with day 43: checkpoints 4 to 8; before that checkpoints 1 to 3
    assert (found.velocity, found.velocity_trend) == (1.2, learner.Trend.INCREASING)
    assert keys == ['more', 'favourite_time']
    assert str(found.insights[0].evidence) == 'Steps completed in the last 4 weeks: 5; in the 4 weeks before: 3.'
    assert str(found.insights[1].words) == 'You learn most on Mondays, in the evening.'
    assert str(found.insights[1].evidence) == '3 of the last 4 weeks.'
    assert [insight.key for insight in hidden.insights] == ['favourite_time']
    subjects = [rule.subject for rule in insights.RULES if rule.key in keys]
    assert len(set(subjects)) == len(subjects), 'of each subject one sentence, so that none contradicts another'
    assert found.next_step is not None
    assert (found.next_step.number, str(found.next_step.why)) == (12, 'It is due in 2 days.')


@pytest.mark.req('V4')
async def test_what_a_mastered_skill_lets_a_learner_skip() -> None:
    klass = await a_class(checkpoints=5)
    quiz = await a_quiz(klass=klass)
    soon = clock_now() + timedelta(days=3)
    tags: Sequence[tuple[str, ...]] = ('Soil',), ('soil', 'ph'), ('soil', 'water'), (), ('soil',)
    for number, (checkpoint, its) in enumerate(zip(klass.checkpoints, tags, strict=True), start=1):
        details = Details(title=f'Step {number}', tags=its, due_at=soon if number == 5 else None)
        await database.write(checkpoints.edit, klass.teacher, checkpoint, details)
    graded = Details(title='Soil quiz', kind=CheckpointKind.QUIZ, tags=('soil',))
    await database.write(checkpoints.edit, klass.teacher, quiz.checkpoint_id, graded)
    lena = klass.learner
    assert (await own(lena, klass)).skippable == ()

    for _ in range(4):
        await take(quiz)

    found = await own(lena, klass)
    assert [each.number for each in found.skippable] == [1, 2], 'not water, no tag, due soon, or a quiz'
    assert found.skippable[1].why.spoken(ENGLISH) == 'You are sure of what it trains: soil, ph.'
    assert found.next_step is not None
    assert found.next_step.number == 5, 'what is due comes first'
    await mark(klass.checkpoints[4], by=lena)
    after = await own(lena, klass)
    assert after.next_step is not None
    assert after.next_step.number == 3, 'the path goes past what is mastered'
    for checkpoint in klass.checkpoints[2:4]:
        await mark(checkpoint, by=lena)
    last = await own(lena, klass)
    assert last.next_step is not None
    assert last.next_step.why.spoken(ENGLISH) == 'Only this is left to complete the course.'
    await take(quiz, WRONG)
    assert (await own(lena, klass)).skippable == (), 'as soon as it is not sure any more'


async def test_only_who_wants_it_is_compared_and_only_with_enough_others() -> None:
    with time_machine.travel(CLOCKS_CHANGE, tick=False) as clock:
        klass = await a_class(checkpoints=2, learners=[f'Learner {number}' for number in range(1, 7)])
        lena = klass.learner
        for one in klass.learners[:3]:
            await mark(klass.checkpoints[0], by=one)
        clock.shift(timedelta(days=1))
        await mark(klass.checkpoints[1], by=klass.learners[5])
        await Running(daily_totals.FOLLOWER).catch_up()
        before = await database.read(learner.own, lena, klass.course_id)
        await database.write(choices.choose, lena, klass.course_id, key=choices.COMPARE, chosen=True)
        wanted = await database.read(learner.own, lena, klass.course_id)
        out = klass.learners[2].user_id
        await database.write(participants.remove, klass.teacher, klass.course_id, user_id=out)
        on_that_day = await database.read(learner.own, lena, klass.course_id)
        clock.shift(timedelta(days=1))
        day_after = await database.read(learner.own, lena, klass.course_id)
        seen_by_teacher = await database.read(learner.of_learner, klass.teacher, klass.course_id, user_id=lena.user_id)
        smaller = await a_class(by=klass.teacher, checkpoints=2, learners=['Ann', 'Bo'])
        await database.write(choices.choose, smaller.learner, smaller.course_id, key=choices.COMPARE, chosen=True)
        alone = await database.read(learner.own, smaller.learner, smaller.course_id)

    assert before.comparison is None
    assert wanted.comparison is not None
    assert (wanted.comparison.own_percent, wanted.comparison.others_percent) == (50, 20), 'as of yesterday: 2 of 5'
    assert wanted.comparison.ahead_of is Rough.HIDDEN, 'three others did nothing, and two are like Lena'
    assert on_that_day.comparison == wanted.comparison, 'the difference would be of the one taken out'
    assert day_after.comparison is not None
    assert day_after.comparison.others_percent is None, 'four are too few'
    assert seen_by_teacher.comparison is None
    assert alone.comparison is not None
    assert alone.comparison.others_percent is None
    foreign = await an_instructor(name='Foreign')
    for stranger in (foreign, klass.learners[1]):
        with pytest.raises(NotFound):
            await database.read(learner.of_learner, stranger, klass.course_id, user_id=lena.user_id)


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    stretches=st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 23), st.integers(1, 4)), min_size=1, max_size=5, unique=True
    ),
    split=st.integers(0, 21),
)
async def test_days_add_up_to_the_span_and_to_the_log(stretches: Sequence[tuple[int, int, int]], split: int) -> None:
    with time_machine.travel(CLOCKS_CHANGE + timedelta(days=30 * next(_later)), tick=False) as clock:
        course = await a_course(checkpoints=1)
        lena = await a_berliner(course)
        begun = clock_now()
        for day, hour, minutes in sorted(stretches):
            clock.move_to(max(clock_now(), begun + timedelta(days=day, hours=hour, minutes=58)))
            await study(lena, course.checkpoints[0], course, minutes, clock)
        clock.move_to(begun + timedelta(days=22))
        whole = await own(lena, course)
        middle = begun.date() + timedelta(days=split)
        parts = [
            await database.read(learner_facts.read, lena, course.course_id, since=since, until=until)
            for since, until in (
                (begun.date() - timedelta(days=1), middle),
                (middle + timedelta(days=1), begun.date() + timedelta(days=23)),
            )
        ]
        logged = await database.read(_studied, lena.user_id)

    assert sum(day.study_seconds for day in whole.timeline) == whole.total_seconds == logged
    assert sum(learner.total_seconds(part) for part in parts) == logged
    assert sum(time.seconds for time in whole.times) == logged
    assert sum(whole.time_of_day.values()) == logged


def _studied(tx: Transaction, user_id: int) -> int:
    mine = col(Activity.user_id) == user_id, col(Activity.verb) == Verb.STUDIED
    return int(tx.execute(select(func.sum(col(Activity.seconds))).where(*mine)).scalar() or 0)
