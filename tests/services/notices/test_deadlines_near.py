"""A deadline is announced a day before it ends for this learner: with extra time, and with what was agreed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models import NoticeKind
from services.access import Actor
from services.assignments import rules
from services.core import database
from services.courses import checkpoints
from services.notices import deadlines_near
from services.people import groups
from services.progress import states
from services.quizzes.quiz_settings import Rules
from tests.factories.assignments import DETAILS, an_assignment, hand_in
from tests.factories.quizzes import a_quiz
from tests.factories.terms import on
from tests.services.notices.test_from_log import notices_of, of_kind

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M1')]

BEGINS = datetime(2026, 9, 1, 8, tzinfo=UTC)
DUE = BEGINS + timedelta(days=4)
LEARNERS = ('Lena', 'Otto', 'Extra', 'Later', 'Paused')


@pytest.mark.both_databases
async def test_each_learner_is_notified_a_day_before_their_own_deadline() -> None:
    async with on(BEGINS):
        work = await an_assignment(due_at=DUE, learners=LEARNERS)
        lena, otto, extra, later, paused = work.klass.learners
        place = work.teacher, work.klass.course_id
        await database.write(groups.give_extra_time, *place, user_id=extra.user_id, percent=50)
        agreed = {'user_id': later.user_id, 'due_at': DUE + timedelta(days=1)}
        await database.write(rules.extend, work.teacher, work.checkpoint_id, **agreed)
        await database.write(states.pause, paused, work.klass.course_id)
        await hand_in(work, by=otto)

    assert await heard_on(DUE - timedelta(hours=25), lena, otto) == [[], []]
    title = '“Soil report” is due within a day, at 08:00.'
    assert await heard_on(DUE - timedelta(hours=23), *work.klass.learners) == [[title], [], [], [], []]
    assert await heard_on(DUE + timedelta(hours=2), lena, later, paused) == [[title], [title], []]
    assert await heard_on(DUE + timedelta(hours=47), extra) == [[title]], 'half of four days more'
    assert await heard_on(DUE + timedelta(days=30), lena, later, extra) == [[title]] * 3


async def test_a_deadline_that_is_moved_is_announced_again_and_a_clock_that_jumps_changes_nothing() -> None:
    async with on(BEGINS):
        work = await an_assignment(due_at=DUE)
    near = DUE - timedelta(hours=2)
    assert [len(each) for each in await heard_on(near, work.learner)] == [1]
    for jump in (timedelta(hours=-20), timedelta(hours=1), timedelta(days=90), timedelta()):
        assert [len(each) for each in await heard_on(near + jump, work.learner)] == [1]

    async with on(near):
        moved = replace(DETAILS, due_at=DUE + timedelta(hours=5))
        await database.write(checkpoints.edit, work.teacher, work.checkpoint_id, details=moved)
    assert [len(each) for each in await heard_on(near, work.learner)] == [2]


async def test_a_quiz_that_closes_is_a_deadline_too() -> None:
    async with on(BEGINS):
        quiz = await a_quiz(rules=Rules(closes_at=DUE))

    assert await heard_on(DUE - timedelta(hours=3), quiz.learner) == [['“Soil quiz” is due within a day, at 08:00.']]


async def heard_on(moment: datetime, *people: Actor) -> list[list[str]]:
    """Let the job look at a moment; returns what each of some people has been notified of by then."""
    async with on(moment):
        await deadlines_near.look()
    return [[each.title for each in of_kind(await notices_of(who), NoticeKind.DEADLINE)] for who in people]
