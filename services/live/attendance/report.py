"""The roll as those who teach read it: one class, or all classes of a course with the rate of each learner."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import Attendance, Course, CourseGroup, Enrollment, LiveSession, User
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.core.errors import NotFound
from services.live import course_groups
from services.live.attendance import merged
from services.live.attendance.stays import Key, Stays


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
    groups: tuple[str, ...]
    """of the course"""
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
    groups: tuple[str, ...]
    """of the course"""
    classes: tuple[HeldClass, ...]
    learners: tuple[LearnerRoll, ...]


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '') -> CourseRoll:
    """Return who came to which class of a course: everybody, or only the learners of one group."""
    course = access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'attendance', course=course_id)
    everybody = _enrolled(tx, course_id)
    people = _of_group(everybody, group)
    stays = _stays(tx, people, col(Attendance.course_id) == course_id)
    classes = _classes(tx, course_id, stays)
    minutes = {key: each.until(tx.now) // 60 for key, each in stays.items()}
    learners = [_learner(person, classes, minutes) for person in people]
    return CourseRoll(
        title=course.title,
        groups=course_groups.in_order(person.group for person in everybody),
        classes=classes,
        learners=tuple(learners),
    )


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '') -> ClassRoll:
    """Return who came to one class of a course, and who did not: of everybody, or of one group."""
    course = access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'attendance', course=course_id)
    return roll(tx, course, session_id, group=group)


def roll(tx: Transaction, course: Course, session_id: int, *, group: str = '') -> ClassRoll:
    """Return who came to one class of a course; the caller has checked who may see it."""
    course_id = course.id
    everybody = _enrolled(tx, course_id)
    people = _of_group(everybody, group)
    in_class = (col(Attendance.course_id) == course_id) & (col(Attendance.session_id) == session_id)
    stays = _stays(tx, people, in_class)
    held = next((each for each in _classes(tx, course_id, stays) if each.session_id == session_id), None)
    if held is None:
        raise NotFound('There is no such class in this course.')
    names = {person.user_id: person.name for person in people}
    came = {user_id for _, user_id in stays}
    return ClassRoll(
        title=course.title,
        groups=course_groups.in_order(person.group for person in everybody),
        held=held,
        present=tuple(
            Presentee(
                user_id=user_id,
                name=names[user_id],
                came_at=each.came_at,
                left_at=each.left_at,
                is_here=each.here_since is not None,
                minutes=each.until(tx.now) // 60,
            )
            for (_, user_id), each in stays.items()
            if user_id in names
        ),
        absent=tuple(
            Absentee(user_id=person.user_id, name=person.name)
            for person in people
            if person.user_id not in came and _counts(held, person.enrolled_at)
        ),
    )


def of_learner(
    tx: Transaction, course_id: int, user_id: int, *, since: datetime, until: datetime
) -> LearnerRoll | None:
    """Return one learner in the classes of a course that began in a span; the caller has checked who may see it.

    None for somebody who was never enrolled.
    """
    people = _enrolled(tx, course_id, user_id)
    stays = _stays(tx, people, (col(Attendance.course_id) == course_id) & _is_of(people))
    classes = tuple(each for each in _classes(tx, course_id, stays) if since <= each.started_at < until)
    minutes = {key: each.until(tx.now) // 60 for key, each in stays.items()}
    return next((_learner(person, classes, minutes) for person in people if person.user_id == user_id), None)


def _is_of(people: list['_Person']) -> ColumnElement[bool]:
    ids = [id_ for person in people for id_ in (person.user_id, *person.guests)]
    return col(Attendance.user_id).in_(ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """Somebody who is enrolled, with the guests who have turned out to be them."""

    user_id: int
    name: str
    enrolled_at: datetime
    """the first of them"""
    guests: tuple[int, ...]
    group: str


def _of_group(people: list[_Person], group: str) -> list[_Person]:
    return [person for person in people if not group or person.group == group]


def _stays(tx: Transaction, people: list[_Person], which: ColumnElement[bool]) -> dict[Key, Stays]:
    """Return the stays of people by class, in the order in which they came."""
    owners = {guest_id: person.user_id for person in people for guest_id in person.guests}
    in_order = select(Attendance).where(which).order_by(col(Attendance.came_at))
    return merged.of_people(tx, list(tx.session.scalars(in_order)), owners)


def _classes(tx: Transaction, course_id: int, stays: dict[Key, Stays]) -> tuple[HeldClass, ...]:
    came = Counter(session_id for session_id, _ in stays)
    of_course = select(LiveSession).where(col(LiveSession.course_id) == course_id).order_by(col(LiveSession.id))
    return tuple(
        HeldClass(session_id=each.id, started_at=each.started_at, ended_at=each.ended_at, came=came[each.id])
        for each in tx.session.scalars(of_course)
    )


def _enrolled(tx: Transaction, course_id: int, user_id: int | None = None) -> list[_Person]:
    """Return who is or was enrolled, by name, or one of them; a guest who is somebody else here is part of them."""
    facts = col(Enrollment.enrolled_at), col(User.merged_into_id), func.coalesce(col(CourseGroup.name), '')
    people = (
        select(col(User.id), col(User.name), *facts)
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
    )
    if user_id is not None:
        people = people.where((col(User.id) == user_id) | (col(User.merged_into_id) == user_id))
    rows = tx.execute(people.where(col(Enrollment.course_id) == course_id)).all()
    ids = {row[0] for row in rows}
    guests: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for id_, _, since, into, _ in rows:
        if into in ids:
            guests[into][id_] = since
    found = [
        _Person(
            user_id=id_,
            name=name,
            enrolled_at=min([since, *guests[id_].values()]),
            guests=tuple(guests[id_]),
            group=group,
        )
        for id_, name, since, into, group in rows
        if into not in ids
    ]
    return sorted(found, key=lambda person: person.name.casefold())


def _learner(person: _Person, classes: tuple[HeldClass, ...], minutes: dict[Key, int]) -> LearnerRoll:
    theirs = tuple(minutes.get((each.session_id, person.user_id)) for each in classes)
    counts = tuple(
        there is not None or _counts(each, person.enrolled_at) for each, there in zip(classes, theirs, strict=True)
    )
    attended, held = sum(there is not None for there in theirs), sum(counts)
    return LearnerRoll(
        user_id=person.user_id,
        name=person.name,
        minutes=theirs,
        counts=counts,
        attended=attended,
        held=held,
        rate=100 * attended // held if held else None,
    )


def _counts(held: HeldClass, enrolled_at: datetime) -> bool:
    """Tell whether a class was still to be attended by somebody who enrolled then."""
    return held.ended_at is None or held.ended_at > enrolled_at
