"""A parent sees how the week of their child goes, in the figures of the school and in sentences that help."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from models import Reveal, User
from services.access import Actor
from services.accounts import profiles
from services.activity.following import Running
from services.analytics import daily_totals
from services.core import database
from services.core.database import Database
from services.core.errors import NotFound, NotSignedIn
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.goals import weekly
from services.goals.status import Outlook
from services.parents import children, links, week
from services.parents.week import ChildWeek
from services.people import joining, participants
from services.progress import states
from services.quizzes.quiz_settings import Rules
from tests.factories.classes import CourseAtHand, a_course, mark
from tests.factories.people import a_parent, a_student
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.factories.study import arrive, beat, leave
from tests.support.queries import statements

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('D2', 'A7')]

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Sam, a parent, and the course in which Sam learns; it is Monday morning."""

    sam: Actor
    mum: Actor
    course: CourseAtHand
    clock: time_machine.Traveller

    async def week(self) -> ChildWeek:
        await Running(daily_totals.FOLLOWER).catch_up()
        return await database.read(week.of_child, self.mum, child_id=self.sam.user_id)


@pytest.fixture
async def family(db: object) -> AsyncIterator[Family]:
    with time_machine.travel(MONDAY, tick=False) as clock:
        course = await a_course(checkpoints=6)
        sam = await a_student(name='Sam Rivera')
        await database.write(joining.join, sam, code=course.code)
        await database.write(weekly.choose, sam, course.course_id, checkpoints=2)
        yield Family(sam=sam, mum=await a_parent(of=sam), course=course, clock=clock)


async def test_a_week_is_what_the_goal_the_clock_and_the_record_say(family: Family) -> None:
    for weeks in range(3):
        family.clock.move_to(MONDAY + timedelta(weeks=weeks))
        await study(family, minutes=10 * (weeks + 1))
    await mark(family.course.checkpoints[0], by=family.sam)
    family.clock.shift(timedelta(days=1))
    await mark(family.course.checkpoints[1], by=family.sam)

    seen = await family.week()

    assert (seen.name, seen.done, seen.goal, seen.outlook) == ('Sam Rivera', 2, 2, Outlook.ACHIEVED)
    assert (seen.seconds, seen.usual_seconds, seen.active_days) == (30 * 60, 15 * 60, 2)
    assert [(checkpoint.title, checkpoint.score) for checkpoint in seen.done_steps] == [
        ('Step 2', None),
        ('Step 1', None),
    ]
    assert seen.attention == ()
    assert [str(idea) for idea in seen.ideas] == ['Ask what “Step 2” is about: what can be explained stays.']
    assert seen.courses[0].teachers == ('Ines Instructor',)


async def test_what_needs_attention_comes_with_what_to_do(family: Family) -> None:
    for checkpoint, days in ((family.course.checkpoints[0], 1), (family.course.checkpoints[1], 12)):
        due = Details(title=f'Report {days}', due_at=MONDAY + timedelta(days=days))
        await database.write(checkpoints.edit, family.course.teacher, checkpoint, details=due)
    await mark(family.course.checkpoints[2], by=family.sam)
    family.clock.shift(timedelta(days=10))

    seen = await family.week()

    assert list(map(str, seen.attention)) == [
        '“Report 1” was due and is not done (Soil).',
        '“Report 12” is due in 2 days and not begun.',
        'Nothing was done for 10 days in Soil.',
    ]
    assert [str(idea) for idea in seen.ideas] == [
        'Find a quiet hour for “Report 1” together; it still counts.',
        'Ask what is needed for “Report 12”, and when there is time for it.',
    ]

    await database.write(states.pause, family.sam, family.course.course_id)
    paused = await family.week()
    assert (paused.attention, paused.goal, len(paused.ideas)) == ((), 0, 1)


async def test_a_week_that_is_behind_its_goal_says_so(family: Family) -> None:
    family.clock.shift(timedelta(days=11))

    seen = await family.week()

    assert seen.outlook is Outlook.AT_RISK
    assert 'Soil: 0 of 2 steps of the week are done, fewer than planned by now.' in map(str, seen.attention)


@pytest.mark.both_databases
async def test_nothing_of_classmates_and_no_course_that_the_child_has_left(family: Family) -> None:
    otto = await a_student(name='Otto Other')
    await database.write(joining.join, otto, code=family.course.code)
    await mark(family.course.checkpoints[0], by=otto)

    seen = await family.week()
    assert 'Otto' not in repr(seen)
    assert (seen.done, seen.done_steps, seen.seconds) == (0, (), 0)

    place = {'course_id': family.course.course_id, 'user_id': family.sam.user_id}
    await database.write(participants.remove, family.course.teacher, **place)
    assert (await family.week()).courses == ()


@pytest.mark.parametrize(('shows', 'score'), [(Reveal.AFTER_SUBMIT, 100), (Reveal.NEVER, None)])
async def test_a_score_that_the_child_may_not_see_is_not_shown_to_the_parent(shows: Reveal, score: int | None) -> None:
    quiz = await a_quiz(rules=Rules(shows_score=shows))
    mum = await a_parent(of=quiz.learner)
    await take(quiz, RIGHT)

    seen = await database.read(week.of_child, mum, child_id=quiz.learner.user_id)

    assert [(checkpoint.title, checkpoint.score) for checkpoint in seen.done_steps] == [('Soil quiz', score)]


async def test_a_weak_score_of_this_week_is_told_with_the_mark_from_which_it_is_mastered() -> None:
    quiz = await a_quiz(rules=Rules(passing_percent=30))
    mum = await a_parent(of=quiz.learner)
    await take(quiz, (*WRONG[:1], *RIGHT[1:]))

    seen = await database.read(week.of_child, mum, child_id=quiz.learner.user_id)

    (score,) = [checkpoint.score for checkpoint in seen.done_steps]
    assert score
    assert score < 70
    assert [str(words) for words in seen.attention] == [f'“Soil quiz”: {score} of 100; from 85 on it is mastered.']
    assert str(seen.ideas[0]) == 'Let “Soil quiz” be explained to you: that shows what is still unclear.'


async def test_each_look_is_written_down_and_only_at_ones_own_children(family: Family) -> None:
    other = await a_student(name='Otto Other')
    await a_parent(of=other)

    assert [each.name for each in await children.look_at_all(family.mum, family.mum.user_id)] == ['Sam Rivera']
    for wrong in other.user_id, family.course.teacher.user_id:
        with pytest.raises(NotFound):
            await children.look(family.mum, wrong)
    for who, whose in ((family.sam, family.mum), (family.mum, family.sam)):
        with pytest.raises(NotFound):
            await children.look_at_all(who, whose.user_id)
    with pytest.raises(NotSignedIn):
        await children.look_at_all(None, family.mum.user_id)

    seen = await database.read(lambda tx: links.of_child(tx, family.sam, child_id=family.sam.user_id))
    assert [(each.name, each.count) for each in seen.looks] == [('Paula Parent', 1)]


@pytest.mark.both_databases
async def test_many_children_are_read_in_as_many_statements_as_one_and_none_as_another(
    family: Family, db: Database
) -> None:
    kim, otto = await a_student(name='Kim Rivera'), await a_student(name='Otto Other')
    for child in kim, otto:
        await database.write(joining.join, child, code=family.course.code)
    await database.write(profiles.live_in, otto, time_zone='Pacific/Auckland')
    quiz = await a_quiz(rules=Rules(shows_score=Reveal.AFTER_CLOSE))
    for child in family.sam, otto:
        await database.write(joining.join, child, code=quiz.klass.code)
    await take(quiz, RIGHT)
    await take(quiz, WRONG, by=otto)
    for child, checkpoint in ((family.sam, 1), (kim, 2), (otto, 2), (otto, 3)):
        await mark(family.course.checkpoints[checkpoint], by=child)
    await Running(daily_totals.FOLLOWER).catch_up()

    async def read(*children: Actor) -> tuple[dict[int, ChildWeek], int]:
        ids = [child.user_id for child in children]
        find = select(User).where(col(User.id).in_(ids))
        with statements(db.engines.reading) as asked:
            found = await database.read(lambda tx: week.of_children(tx, tx.session.scalars(find).all()))
        return found, len(asked)

    _, of_one = await read(family.sam)
    _, of_two = await read(family.sam, kim)
    together, of_four = await read(family.sam, kim, otto, quiz.learner)
    alone = [(await read(child))[0] for child in (family.sam, kim, otto, quiz.learner)]

    assert of_one == of_two <= 30
    assert of_four <= of_one + 8, 'four for another zone, and four to know whether a quiz is over'
    assert together == {child_id: its for found in alone for child_id, its in found.items()}
    in_order = [together[child.user_id] for child in (family.sam, kim, otto, quiz.learner)]
    assert [(each.done, len(each.courses)) for each in in_order] == [(1, 2), (1, 1), (2, 2), (0, 1)]


async def study(family: Family, *, minutes: int) -> None:
    await arrive(family.sam, family.course.checkpoints[0])
    for _ in range(minutes):
        family.clock.shift(60)
        await beat(family.sam, family.course.checkpoints[0])
    await leave(family.sam, family.course.course_id)
