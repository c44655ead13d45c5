"""The week of a child, as their parents see it: every figure is one of `services/analytics` or `services/goals`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models import User
from services import access
from services.access import Actor
from services.analytics import learner, learner_facts
from services.analytics.learner_facts import LearnerFacts
from services.certificates import lookup
from services.core import zones
from services.core.phrases import Phrase
from services.core.transaction import Transaction
from services.courses import teachers
from services.courses.teachers import Teacher
from services.goals import weekly
from services.goals.status import Outlook
from services.goals.weekly import Week
from services.parents import advice
from services.progress.states import EnrollmentState

MOST_COURSES = 8
"""that are read of one child; a page that is open is read again after each thing that the child does"""
MOST_DONE = 50
SPAN = timedelta(weeks=6)
"""enough for four whole weeks before this one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneCheckpoint:
    """A checkpoint that the child completed this week."""

    title: str
    course: str
    score: int | None
    """the best one, as far as the child may see it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseWeek:
    """One course of the child, this week."""

    title: str
    percent: int
    state: EnrollmentState
    done: int
    goal: int
    outlook: Outlook
    seconds: int
    """study on their own and time in class"""
    teachers: tuple[str, ...]
    """whom to ask: the owner first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildWeek:
    """The week of one child, up to now."""

    child_id: int
    name: str
    as_of: datetime
    done: int
    """checkpoints completed this week, in the courses of the goal"""
    goal: int
    """checkpoints that the child wants to complete this week; 0 where no course asks for any"""
    outlook: Outlook
    seconds: int
    usual_seconds: int | None
    """in a week; None until two weeks are over"""
    active_days: int
    done_steps: tuple[DoneCheckpoint, ...]
    """the latest first"""
    certificates: tuple[str, ...]
    """the titles of courses that were completed this week"""
    attention: tuple[Phrase, ...]
    ideas: tuple[Phrase, ...]
    courses: tuple[CourseWeek, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether nothing at all happened this week."""
        return not (self.done or self.seconds or self.active_days or self.certificates)


def of_child(tx: Transaction, actor: Actor | None, *, child_id: int) -> ChildWeek:
    """Return the week of one child of a parent; absent and not theirs look the same.

    What shows it for the first time goes through `children.look`, which writes the look down.
    """
    return of(tx, access.child(tx, actor, child_id))


def of(tx: Transaction, child: User) -> ChildWeek:
    """Return the week of a child; the caller has checked who may see it."""
    return of_children(tx, [child])[child.id]


def of_children(tx: Transaction, children: Sequence[User]) -> dict[int, ChildWeek]:
    """Return the same of many children, in as many statements for a hundred as for one."""
    homes = {child.id: zones.of(child.time_zone) for child in children}
    weeks = {child_id: [*its.values()][:MOST_COURSES] for child_id, its in weekly.of_learners(tx, homes).items()}
    places = [(week.course_id, child_id) for child_id, its in weeks.items() for week in its]
    facts = learner_facts.of_learners(tx, places, as_learner=True, length=SPAN)
    teaching = teachers.of_courses(tx, {course_id for course_id, _ in places})
    certificates = lookup.of_people(tx, list(homes))
    return {
        child.id: _of(
            child,
            weeks[child.id],
            [_course(each, facts[place]) for each in weeks[child.id] if (place := (each.course_id, child.id)) in facts],
            certificates.get(child.id, ()),
            teaching,
            tx.now,
        )
        for child in children
    }


def _of(
    child: User,
    weeks: Sequence[Week],
    courses: Sequence[advice.Course],
    certificates: Sequence[lookup.Own],
    teaching: Mapping[int, Sequence[Teacher]],
    now: datetime,
) -> ChildWeek:
    zone, counted = zones.of(child.time_zone), [week for week in weeks if _counts(week)]
    begun, remarks = zones.start_of_week(zone, now), advice.remarks(courses)
    return ChildWeek(
        child_id=child.id,
        name=child.name,
        as_of=now,
        done=sum(week.done for week in counted),
        goal=sum(week.goal for week in counted),
        outlook=_outlook(counted),
        seconds=sum(map(_seconds, courses)),
        usual_seconds=_usual(courses),
        active_days=len({day for each in courses for day in _active(each, zones.local_date(zone, begun))}),
        done_steps=_done_checkpoints(courses),
        certificates=tuple(each.course_title for each in certificates if each.completed_at >= begun),
        attention=tuple(remark.words for remark in remarks),
        ideas=advice.ideas(courses, remarks),
        courses=tuple(_shown(each, teaching.get(each.week.course_id, ())) for each in courses),
    )


def _course(week: Week, facts: LearnerFacts) -> advice.Course:
    begun = zones.start_of_week(facts.zone, facts.now)
    return advice.Course(week=week, facts=facts, done=learner.completed_since(facts, begun))


def _counts(week: Week) -> bool:
    """Tell whether a course asks for checkpoints this week: not while it is paused, and not when it was completed
    before.
    """
    if week.state is EnrollmentState.COMPLETED:
        return week.done > 0
    return week.state is not EnrollmentState.PAUSED


def _outlook(weeks: Sequence[Week]) -> Outlook:
    """Return how it stands with all goals together: at risk with one of them, achieved with all of them."""
    found = {week.outlook for week in weeks}
    if Outlook.AT_RISK in found:
        return Outlook.AT_RISK
    return Outlook.ACHIEVED if found == {Outlook.ACHIEVED} else Outlook.ON_TRACK


def _seconds(course: advice.Course) -> int:
    return learner.weeks(course.facts)[-1].active_seconds


def _usual(courses: Sequence[advice.Course]) -> int | None:
    """Return the usual time of a week in all courses together, as far as they are old enough for one."""
    known = [usual for each in courses if (usual := learner.usual_week_seconds(learner.weeks(each.facts))) is not None]
    return sum(known) if known else None


def _active(course: advice.Course, monday: date) -> set[date]:
    return {day for day in learner.active_days(course.facts) if day >= monday}


def _done_checkpoints(courses: Sequence[advice.Course]) -> tuple[DoneCheckpoint, ...]:
    """Return the checkpoints of this week, the latest first, of each course some."""
    found = [
        (each.facts.standings[checkpoint.checkpoint_id].completed_at or each.facts.now, each, checkpoint)
        for each in courses
        for checkpoint in each.done
    ]
    found.sort(key=lambda row: row[0], reverse=True)
    return tuple(
        DoneCheckpoint(
            title=checkpoint.title, course=each.week.title, score=each.facts.scores.get(checkpoint.checkpoint_id)
        )
        for _, each, checkpoint in found[:MOST_DONE]
    )


def _shown(course: advice.Course, teaching: Sequence[Teacher]) -> CourseWeek:
    week = course.week
    return CourseWeek(
        title=week.title,
        percent=week.percent,
        state=week.state,
        done=week.done,
        goal=week.goal,
        outlook=week.outlook,
        seconds=_seconds(course),
        teachers=tuple(each.name for each in teaching),
    )
