"""What the record says of a course: scripted days whose figures are worked out by hand."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine

from models import Verb
from services.access import Actor
from services.activity.following import Running
from services.analytics import attention, course_reading, daily_totals, educator
from services.analytics.attention import Reason
from services.analytics.educator import CourseFigures, State
from services.analytics.today_list import TodoKind
from services.assignments import rules
from services.core import database
from services.core.clock import now as clock_now
from services.core.errors import NotFound
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.grades import overrides
from services.live import sessions
from services.live.help import queue
from services.people import groups, merging
from services.privacy import erasing
from tests.factories.assignments import an_assignment
from tests.factories.classes import ClassAtHand, a_class, join_class, mark, tap
from tests.factories.people import a_guest, an_admin, an_instructor
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.factories.study import a_morning, arrive, beat, leave

pytestmark = [pytest.mark.req('N1', 'N6', 'C7'), pytest.mark.usefixtures('db'), pytest.mark.both_databases]

MORNING = a_morning() + timedelta(days=21)
NAMES = ['Ada', 'Ben', 'Cleo', 'Dora']


async def figures(klass: ClassAtHand, *, group: str = '', session_id: int | None = None) -> CourseFigures:
    await Running(daily_totals.FOLLOWER).catch_up()
    return await database.read(educator.of_course, klass.teacher, klass.course_id, group=group, session_id=session_id)


async def study(
    learner: Actor, checkpoint: int, minutes: int, clock: time_machine.Traveller, *, course_id: int
) -> None:
    """Study a checkpoint for some minutes, a sign of life each, and complete it."""
    await arrive(learner, checkpoint)
    for _ in range(minutes):
        clock.shift(60)
        await beat(learner, checkpoint)
    await mark(checkpoint, by=learner)
    await leave(learner, course_id)


async def plan(klass: ClassAtHand, minutes: Sequence[int], *, due_days: Sequence[int | None]) -> None:
    for number, (checkpoint, its, due) in enumerate(zip(klass.checkpoints, minutes, due_days, strict=True), start=1):
        due_at = None if due is None else MORNING + timedelta(days=due)
        details = Details(title=f'Step {number}', estimated_minutes=its, due_at=due_at)
        await database.write(checkpoints.edit, klass.teacher, checkpoint, details=details)


async def test_a_week_of_a_course_in_figures() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class(checkpoints=3, learners=NAMES)
        ada, ben, cleo, _ = klass.learners
        await plan(klass, (5, 10, 10), due_days=(1, 3, None))
        for learner, minutes in ((ada, 5), (ben, 10), (cleo, 12)):
            await study(learner, klass.checkpoints[0], minutes, clock, course_id=klass.course_id)
        await join_class(klass, by=ben)
        await database.write(queue.ask, ben, klass.session_id, klass.checkpoints[1])
        await mark(klass.checkpoints[1], by=ada, verb=Verb.STARTED)
        clock.shift(timedelta(minutes=7))
        before = await figures(klass)
        await database.write(sessions.end, klass.teacher, klass.session_id)
        clock.move_to(MORNING + timedelta(days=15))
        after = await figures(klass)

    first, second, third = before.steps
    assert (first.done, first.started, first.not_started, first.done_percent) == (3, 0, 1, 75)
    assert (second.done, second.started, second.not_started) == (0, 1, 3)
    assert (third.done, third.started, third.not_started) == (0, 0, 4)
    assert (first.median_seconds, first.planned_seconds, first.time_ratio) == (600, 300, 2.0)
    assert (before.learners, before.mean_percent, before.finished, before.active_this_week) == (4, 24, 0, 3)
    assert second.helped == 1
    assert first.difficulty is not None
    assert first.difficulty.score == 38, 'time 100 × 3, help 0 × 3, stopped 0 × 2, no score: 300 ÷ 8'
    assert [str(reason) for reason in first.difficulty.reasons] == ['takes 2.0 × the plan']
    assert second.difficulty is None, 'one learner has begun it, which says nothing'
    assert [row.states[:2] for row in before.matrix] == [
        (State.DONE, State.STARTED),
        (State.DONE, State.NOT_STARTED),
        (State.DONE, State.NOT_STARTED),
        (State.NOT_STARTED, State.NOT_STARTED),
    ]
    assert [(need.name, [ground.reason for ground in need.grounds]) for need in before.needs] == [
        ('Ben', [Reason.WAITING]),
    ]
    assert str(before.needs[0].grounds[0].words) == 'has waited 7 min for help with step 2'
    assert next(str(todo.words) for todo in before.today) == 'Answer 1 question about “Step 2”'
    week = before.weeks[-1]
    assert (week.study_seconds, week.active_learners, week.steps_completed) == (27 * 60, 3, 3)

    assert [checkpoint.stopped for checkpoint in after.steps] == [0, 3, 0]
    said = {need.name: [str(ground.words) for ground in need.grounds] for need in after.needs}
    assert said['Ada'] == ['1 of 2 due steps is missing: “Step 2”', 'last here 15 days ago']
    assert said['Dora'][0] == '2 of 2 due steps are missing, the first is “Step 1”'


async def test_who_was_here_before_the_weeks_that_are_shown_has_been_silent_since_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(course_reading, 'WEEKS', 2)
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class(checkpoints=2, learners=NAMES[:3])
        ada, ben, _ = klass.learners
        clock.shift(timedelta(days=4))
        for learner in (ada, ben):
            await study(learner, klass.checkpoints[0], 3, clock, course_id=klass.course_id)
        clock.shift(timedelta(days=20))
        await study(ben, klass.checkpoints[1], 3, clock, course_id=klass.course_id)
        clock.shift(timedelta(days=2))
        found = await figures(klass)

    assert [row.inactive_days for row in found.matrix] == [22, 2, 26]
    assert [week.active_learners for week in found.weeks] == [1]


async def test_what_a_guest_studied_is_the_persons() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class(checkpoints=2, learners=['Ada', 'ada on the phone', 'Ben'])
        ada, phone, ben = klass.learners
        first, second = klass.checkpoints
        for who, where, minutes in ((ada, first, 5), (phone, first, 3), (phone, second, 2), (ben, first, 20)):
            await study(who, where, minutes, clock, course_id=klass.course_id)
        await database.write(merging.merge, klass.teacher, klass.course_id, guest_id=phone.user_id, into_id=ada.user_id)
        found = await figures(klass)

    assert [step.median_seconds for step in found.steps] == [(8 + 20) * 60 // 2, 2 * 60]
    assert [step.done for step in found.steps] == [2, 1]


async def test_one_group_one_class_and_what_was_dismissed() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class(checkpoints=2, learners=NAMES)
        ada, ben, _, dora = klass.learners
        for learner in (ada, ben):
            await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name='Red')
            await join_class(klass, by=learner)
            await tap(klass, klass.checkpoints[0], by=learner)
        clock.shift(timedelta(days=8))
        red = await figures(klass, group='Red')
        came = await figures(klass, session_id=klass.session_id)
        everybody = await figures(klass)
        await database.write(
            attention.dismiss,
            klass.teacher,
            klass.course_id,
            user_id=dora.user_id,
            reason=Reason.INACTIVE,
            why=attention.Why.KNOWN,
        )
        left = await figures(klass)
        clock.shift(attention.DISMISSED_FOR + timedelta(hours=1))
        later = await figures(klass)

    assert (red.learners, red.mean_percent, red.steps[0].done_percent) == (2, 50, 100)
    assert replace_choice(came) == replace_choice(red)
    assert (everybody.learners, everybody.mean_percent, everybody.steps[0].done_percent) == (4, 25, 50)
    assert reasons(everybody, 'Dora') == [Reason.INACTIVE]
    assert Reason.INACTIVE not in reasons(left, 'Dora')
    assert Reason.INACTIVE in reasons(later, 'Dora')


async def test_who_has_more_time_by_agreement_or_is_excused_needs_no_look() -> None:
    work = await an_assignment(due_at=clock_now() + timedelta(hours=1), learners=('Ada', 'Ben', 'Cleo'))
    ada, ben, _ = work.klass.learners
    agreed = {'user_id': ada.user_id, 'due_at': clock_now() + timedelta(days=3)}
    await database.write(rules.extend, work.teacher, work.checkpoint_id, **agreed)
    await database.write(overrides.excuse, work.teacher, work.checkpoint_id, user_id=ben.user_id)
    assert [(todo.kind, todo.count) for todo in (await figures(work.klass)).today] == [(TodoKind.DUE, 2)]
    with time_machine.travel(clock_now() + timedelta(hours=2), tick=False):
        found = await figures(work.klass)
    assert {row.name: row.overdue for row in found.matrix} == {'Ada': 0, 'Ben': 0, 'Cleo': 1}
    assert [need.name for need in found.needs] == ['Cleo']


@pytest.mark.req('V2')
async def test_who_is_erased_stays_in_the_figures_and_needs_no_look() -> None:
    work = await an_assignment(due_at=clock_now() + timedelta(hours=1), learners=('Ada', 'Ben'))
    await erasing.erase(await an_admin(), work.klass.learners[0].user_id)
    with time_machine.travel(clock_now() + timedelta(hours=2), tick=False):
        found = await figures(work.klass)
    assert [row.overdue for row in found.matrix] == [1, 1]
    assert [need.name for need in found.needs] == ['Ben']


async def test_who_joins_late_needs_no_look_for_what_was_before() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        klass = await a_class(checkpoints=4, learners=NAMES)
        await plan(klass, (5, 5, 5, 5), due_days=(1, 2, 20, None))
        for learner in klass.learners:
            for checkpoint in klass.checkpoints[:3]:
                await mark(checkpoint, by=learner)
        clock.shift(timedelta(days=15))
        nina = await a_guest(code=klass.code, name='Nina')
        at_once = await figures(klass)
        clock.shift(timedelta(days=6))
        later = await figures(klass)
    (row,) = (each for each in at_once.matrix if each.user_id == nina.user_id)
    assert (row.overdue, reasons(at_once, 'Nina')) == (0, [])
    (need,) = (each for each in later.needs if each.name == 'Nina')
    said = [str(ground.words) for ground in need.grounds]
    assert said[0] == '1 of 1 due steps is missing: “Step 3”'


async def test_scores_are_those_of_the_gradebook_and_foreign_teachers_see_none() -> None:
    klass = await a_class(checkpoints=1, learners=NAMES)
    quiz = await a_quiz(klass=klass)
    for learner, answers in zip(klass.learners, (RIGHT, WRONG, RIGHT), strict=False):
        await take(quiz, answers, by=learner)

    found = await figures(klass)

    assert found.scores.score_mean == pytest.approx(200 / 3)
    assert found.scores.score_bands == {'A': 2, 'B': 0, 'C': 0, 'D': 0, 'F': 1}
    assert found.steps[1].mean_score == pytest.approx(200 / 3)
    assert found.steps[1].mean_attempts == 1
    for stranger in (await an_instructor(name='Foreign'), klass.learner):
        with pytest.raises(NotFound):
            await database.read(educator.of_course, stranger, klass.course_id)


def reasons(found: CourseFigures, name: str) -> list[Reason]:
    return [ground.reason for need in found.needs if need.name == name for ground in need.grounds]


def replace_choice(found: CourseFigures) -> tuple[object, ...]:
    return found.learners, found.mean_percent, found.steps, found.matrix, found.weeks
