"""The roll as those who teach read it: one class, or all classes of a course with the rate of each learner."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import Attendance, Enrollment, LiveSession, User
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.core.errors import NotFound
from services.live.roll import Stays


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClass:
    """One class of a course; `ended_at` is None while it runs."""

    session_id: int
    started_at: datetime
    ended_at: datetime | None
    came: int
    """how many learners came"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentee:
    """One learner who came to one class."""

    user_id: int
    name: str
    came_at: datetime
    left_at: datetime | None
    """when they went last; None while they have never gone"""
    is_here: bool
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Absentee:
    """One learner who was enrolled and did not come."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRoll:
    """Who came to one class, in the order in which they came."""

    title: str
    held: HeldClass
    present: tuple[Presentee, ...]
    absent: tuple[Absentee, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerRoll:
    """One learner in all classes of a course."""

    user_id: int
    name: str
    minutes: tuple[int | None, ...]
    """by class, in the order of the classes; None where they were absent"""
    counts: tuple[bool, ...]
    """by class, whether it was held since they enrolled"""
    attended: int
    held: int
    """since they enrolled"""
    rate: int | None
    """the share of the classes since they enrolled that they came to, in percent; None if there was none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRoll:
    """All classes of a course, oldest first, and all learners by name."""

    title: str
    classes: tuple[HeldClass, ...]
    learners: tuple[LearnerRoll, ...]


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> CourseRoll:
    """Return who came to which class of a course."""
    course = access.taught_course(tx, actor, course_id)
    rows = list(tx.session.scalars(select(Attendance).where(col(Attendance.course_id) == course_id)))
    classes = _classes(tx, course_id, rows)
    minutes = {(row.session_id, row.user_id): _minutes(tx, row) for row in rows}
    learners = [
        _learner(user_id, name, enrolled_at, classes, minutes)
        for user_id, name, enrolled_at in _enrolled(tx, course_id)
    ]
    return CourseRoll(title=course.title, classes=classes, learners=tuple(learners))


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int) -> ClassRoll:
    """Return who came to one class of a course, and who did not."""
    course = access.taught_course(tx, actor, course_id)
    in_class = col(Attendance.course_id) == course_id, col(Attendance.session_id) == session_id
    rows = list(tx.session.scalars(select(Attendance).where(*in_class).order_by(col(Attendance.came_at))))
    held = next((each for each in _classes(tx, course_id, rows) if each.session_id == session_id), None)
    if held is None:
        raise NotFound('There is no such class in this course.')
    people = _enrolled(tx, course_id)
    names = {user_id: name for user_id, name, _ in people}
    came = {row.user_id for row in rows}
    return ClassRoll(
        title=course.title,
        held=held,
        present=tuple(
            Presentee(
                user_id=row.user_id,
                name=names[row.user_id],
                came_at=row.came_at,
                left_at=row.left_at,
                is_here=row.here_since is not None,
                minutes=_minutes(tx, row),
            )
            for row in rows
            if row.user_id in names
        ),
        absent=tuple(
            Absentee(user_id=user_id, name=name)
            for user_id, name, since in people
            if user_id not in came and _counts(held, since)
        ),
    )


def _classes(tx: Transaction, course_id: int, rows: list[Attendance]) -> tuple[HeldClass, ...]:
    came: dict[int, int] = {}
    for row in rows:
        came[row.session_id] = came.get(row.session_id, 0) + 1
    of_course = select(LiveSession).where(col(LiveSession.course_id) == course_id).order_by(col(LiveSession.id))
    return tuple(
        HeldClass(session_id=each.id, started_at=each.started_at, ended_at=each.ended_at, came=came.get(each.id, 0))
        for each in tx.session.scalars(of_course)
    )


def _enrolled(tx: Transaction, course_id: int) -> list[tuple[int, str, datetime]]:
    people = select(col(User.id), col(User.name), col(Enrollment.enrolled_at)).join(
        Enrollment, col(Enrollment.user_id) == col(User.id)
    )
    rows = tx.execute(people.where(col(Enrollment.course_id) == course_id)).all()
    return sorted(((row[0], row[1], row[2]) for row in rows), key=lambda person: person[1].casefold())


def _learner(
    user_id: int,
    name: str,
    enrolled_at: datetime,
    classes: tuple[HeldClass, ...],
    minutes: dict[tuple[int, int], int],
) -> LearnerRoll:
    theirs = tuple(minutes.get((each.session_id, user_id)) for each in classes)
    counts = tuple(there is not None or _counts(each, enrolled_at) for each, there in zip(classes, theirs, strict=True))
    attended, held = sum(there is not None for there in theirs), sum(counts)
    return LearnerRoll(
        user_id=user_id,
        name=name,
        minutes=theirs,
        counts=counts,
        attended=attended,
        held=held,
        rate=100 * attended // held if held else None,
    )


def _counts(held: HeldClass, enrolled_at: datetime) -> bool:
    """Tell whether a class was still to be attended by somebody who enrolled then."""
    return held.ended_at is None or held.ended_at > enrolled_at


def _minutes(tx: Transaction, row: Attendance) -> int:
    stays = Stays(course_id=row.course_id, came_at=row.came_at, here_since=row.here_since, seconds=row.seconds)
    return stays.until(tx.now) // 60
