"""A course with one of each thing that a report speaks of, and a learner who did some of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import time_machine

from models import CheckpointKind
from services.access import Actor
from services.activity.following import Running
from services.analytics import daily_totals
from services.assignments import grading
from services.assignments.rules import Rules
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.goals import personal
from services.goals.personal import OwnMilestone, Wish
from services.grades import gradebook, overrides
from services.live import sessions
from services.people import joining
from services.progress import module_completions
from services.reports.performance import building, remarks
from services.reports.performance.document import Options, PerformanceReport
from services.reports.performance.remarks import Remark
from services.rubrics import Choice, Criterion, Level
from tests.factories.assignments import AssignmentAtHand, an_assignment, hand_in
from tests.factories.classes import ClassAtHand, a_class, join_class, mark
from tests.factories.people import a_student, another_device
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, RIGHT, WRONG, QuizAtHand, a_quiz, take
from tests.factories.study import arrive, beat, leave

BEGINS = datetime(2027, 3, 1, 8, tzinfo=UTC)
"""a Monday"""
ENDS = BEGINS + timedelta(days=10)
_LEVELS = (Level(points=4, text='good'), Level(points=1, text='weak'), Level(points=0, text='none'))
PROJECT = Rules(
    rubric=(Criterion(title='Collaboration', levels=_LEVELS), Criterion(title='Presentation', levels=_LEVELS))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedAtHand:
    """The course, its learner, and what is in it: two checkpoints, two quizzes, an assignment and a project."""

    klass: ClassAtHand
    lena: Actor
    quizzes: tuple[QuizAtHand, QuizAtHand]
    essay: AssignmentAtHand
    project: AssignmentAtHand
    action_id: int

    @property
    def teacher(self) -> Actor:
        return self.klass.teacher

    @property
    def course_id(self) -> int:
        return self.klass.course_id


async def a_reported_learner(
    *, name: str = 'Lena Learner', comment: str = 'Asks **good** questions.'
) -> ReportedAtHand:
    """Everything up to the evening of the tenth day."""
    with time_machine.travel(BEGINS, tick=False) as clock:
        klass = await a_class(checkpoints=2, learners=[])
        lena = await a_student(name=name)
        await database.write(joining.join, lena, code=klass.code)
        await join_class(klass, by=lena)
        await _due(klass, 0, BEGINS + timedelta(days=2), minutes=10)
        await _due(klass, 1, BEGINS + timedelta(days=4), minutes=None)
        first = await a_quiz(klass=klass, title='Quiz 1', questions=(FINEST, HOW_ACID, NAME_IT))
        second = await a_quiz(klass=klass, title='Quiz 2', questions=(FINEST, HOW_ACID, NAME_IT))
        essay = await an_assignment(klass=klass, details=_work('Soil report'), due_at=BEGINS + timedelta(days=5))
        project = await an_assignment(klass=klass, details=_work('Soil fair', 'Project'), with_rules=PROJECT)
        clock.shift(timedelta(minutes=30))
        await database.write(sessions.end, klass.teacher, klass.course_id)
        clock.move_to(BEGINS + timedelta(days=1))
        await arrive(lena, klass.checkpoints[0])
        for _ in range(20):
            clock.shift(60)
            await beat(lena, klass.checkpoints[0])
        await leave(lena, klass.course_id)
        await mark(klass.checkpoints[0], by=lena)
        clock.move_to(BEGINS + timedelta(days=3))
        await take(first, WRONG, by=lena)
        clock.move_to(BEGINS + timedelta(days=6))
        await take(second, RIGHT, by=lena)
        teacher = await another_device(of=klass.teacher)
        lena = await another_device(of=lena)
        handed = await hand_in(essay, by=lena)
        await database.write(grading.grade, teacher, handed, grade=80, feedback='Say *why*.', returns=True)
        fair = await hand_in(project, by=lena)
        choices = (Choice(level=0), Choice(level=1))
        await database.write(grading.grade, teacher, fair, grade=None, choices=choices, returns=True)
        action_id = await _wrote(klass, teacher, lena, comment)
        clock.move_to(ENDS)
        await Running(daily_totals.FOLLOWER).catch_up()
        await Running(module_completions.FOLLOWER).catch_up()
        lena, teacher = await another_device(of=lena), await another_device(of=teacher)
    return ReportedAtHand(
        klass=_with_teacher(klass, teacher),
        lena=lena,
        quizzes=(first, second),
        essay=essay,
        project=project,
        action_id=action_id,
    )


async def give_extra_credit(at_hand: ReportedAtHand, score: int = 120) -> None:
    """Set everything that is graded above its maximum, on the evening of the tenth day."""
    who = {'user_id': at_hand.lena.user_id, 'reason': 'Built a model'}
    with time_machine.travel(ENDS, tick=False):
        book = await database.read(gradebook.of_course, at_hand.teacher, at_hand.course_id)
        for thing in book.things:
            await database.write(overrides.set_score, at_hand.teacher, thing.checkpoint_id, score=score, **who)


async def report_of(
    at_hand: ReportedAtHand, *, by: Actor | None = None, options: Options | None = None
) -> PerformanceReport:
    """The report, read on the evening of the tenth day."""
    with time_machine.travel(ENDS, tick=False):
        return await database.read(
            lambda tx: building.of_learner(
                tx, by or at_hand.teacher, at_hand.lena.user_id, course_id=at_hand.course_id, options=options
            )
        )


async def _wrote(klass: ClassAtHand, teacher: Actor, lena: Actor, comment: str) -> int:
    remark = Remark(
        comment=comment,
        behavior=90,
        effort=75,
        credit_hours=1.5,
        behavioral='Raise a hand',
        enrichment='Visit the museum\n\n  Read on  ',
        support='Homework club',
        for_parents='Look at the garden',
    )
    about = klass.course_id, lena.user_id
    await database.write(remarks.write, teacher, *about, remark=remark, seen=None)
    wish = Wish(
        title='Know my soil',
        due_on=date(2027, 6, 1),
        course_id=klass.course_id,
        milestones=(OwnMilestone(title='Dig'), OwnMilestone(title='Sieve')),
    )
    goal = await database.write(personal.add, lena, wish=wish)
    dig = goal.wish.milestones[0].milestone_id
    assert dig is not None
    await database.write(personal.reach, lena, goal.goal_id, milestone_id=dig)
    return await database.write(
        remarks.add_action,
        teacher,
        *about,
        description='Bring a sample',
        priority='high',
        assigned_to='student',
        due_on=date(2027, 3, 15),
    )


async def _due(klass: ClassAtHand, place: int, due_at: datetime, *, minutes: int | None) -> None:
    details = Details(title=f'Step {place + 1}', due_at=due_at, estimated_minutes=minutes)
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[place], details=details)


def _work(title: str, *tags: str) -> Details:
    return Details(title=title, kind=CheckpointKind.ASSIGNMENT, tags=tags)


def _with_teacher(klass: ClassAtHand, teacher: Actor) -> ClassAtHand:
    return ClassAtHand(
        course_id=klass.course_id,
        module_id=klass.module_id,
        session_id=klass.session_id,
        checkpoints=klass.checkpoints,
        code=klass.code,
        teacher=teacher,
        learners=klass.learners,
    )
