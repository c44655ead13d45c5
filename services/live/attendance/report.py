"""The roll as those who teach read it: one class, or all classes of a course with the rate of each learner."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from models import Attendance, Course, LiveSession, RollMark
from services import access
from services.access import Actor
from services.core import name_order
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.live import course_groups
from services.live.attendance import enrolled, merged
from services.live.attendance import marks as attendance_marks
from services.live.attendance.enrolled import Person
from services.live.attendance.marks import Said
from services.live.attendance.stays import Key, Stays

THERE = frozenset({RollMark.PRESENT, RollMark.LATE})
"""the marks of learners who came"""


class _Marked(TypedDict):
    mark: RollMark | None
    marked_by: str | None


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
    came_at: datetime | None
    """None where only those who teach say that they came"""
    left_at: datetime | None
    """when they went last; None while they have never gone"""
    is_here: bool
    minutes: int | None
    """None where only those who teach say that they came"""
    mark: RollMark | None = None
    """what those who teach say"""
    marked_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absentee:
    """One learner who was enrolled and did not come."""

    user_id: int
    name: str
    mark: RollMark | None = None
    """what those who teach say"""
    marked_by: str | None = None


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
    is_removed: bool
    minutes: tuple[int | None, ...]
    """by class, in the order of the classes; None where nothing was seen of them"""
    marks: tuple[RollMark | None, ...]
    """by class, what those who teach say; it goes before the minutes"""
    counts: tuple[bool, ...]
    """by class, whether it was held while they were enrolled, and they are not excused"""
    attended: int
    held: int
    """while they were enrolled, but for those from which they are excused"""
    excused: int
    rate: int | None
    """the share of these that they came to, in percent; None if there was none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRoll:
    """All classes of a course, oldest first, and all learners by name, those who were taken out of it last."""

    title: str
    groups: tuple[str, ...]
    """of the course"""
    classes: tuple[HeldClass, ...]
    learners: tuple[LearnerRoll, ...]


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '') -> CourseRoll:
    """Return who came to which class of a course: everybody, or only the learners of one group."""
    course = access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'attendance', course=course_id)
    everybody = enrolled.in_course(tx, course_id)
    people = _of_group(everybody, group)
    stays = _stays(tx, people, col(Attendance.course_id) == course_id)
    said = _marks(tx, course_id, people)
    classes = _classes(tx, course_id, stays, said)
    minutes = {key: each.until(tx.now) // 60 for key, each in stays.items()}
    people.sort(key=lambda person: person.removed_at is not None)
    learners = [_learner(person, classes, minutes, said) for person in people]
    return CourseRoll(
        title=course.title,
        groups=course_groups.in_order(person.group for person in everybody),
        classes=classes,
        learners=tuple(learners),
    )


def of_class(
    tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '', again: bool = False
) -> ClassRoll:
    """Return who came to one class of a course, and who did not: of everybody, or of one group.

    `again` where it is shown already.
    """
    course = access.taught_course(tx, actor, course_id)
    if not again:
        access.note_look(tx, actor, 'attendance', course=course_id)
    return roll(tx, course, session_id, group=group)


def roll(tx: Transaction, course: Course, session_id: int, *, group: str = '') -> ClassRoll:
    """Return who came to one class of a course; the caller has checked who may see it."""
    course_id = course.id
    everybody = enrolled.in_course(tx, course_id)
    people = _of_group(everybody, group)
    in_class = (col(Attendance.course_id) == course_id) & (col(Attendance.session_id) == session_id)
    stays = _stays(tx, people, in_class)
    said = _marks(tx, course_id, people, session_id)
    held = next((each for each in _classes(tx, course_id, stays, said) if each.session_id == session_id), None)
    if held is None:
        raise NotFound(attendance_marks.NO_CLASS)
    there = {user_id: each for (_, user_id), each in stays.items()}
    in_order = [*there, *(person.user_id for person in people if person.user_id not in there)]
    names = {person.user_id: person for person in people}
    present, absent = [], []
    for person in (names[user_id] for user_id in in_order):
        mark = said.get((session_id, person.user_id))
        if _came(person.user_id in there, mark):
            present.append(_presentee(person, there.get(person.user_id), mark, tx.now))
        elif mark or person.was_enrolled(held.started_at, held.ended_at):
            absent.append(Absentee(user_id=person.user_id, name=person.name, **_said(mark)))
    return ClassRoll(
        title=course.title,
        groups=course_groups.in_order(person.group for person in everybody),
        held=held,
        present=tuple(present),
        absent=tuple(sorted(absent, key=lambda each: name_order.key(each.name))),
    )


def _presentee(person: Person, stays: Stays | None, said: Said | None, now: datetime) -> Presentee:
    return Presentee(
        user_id=person.user_id,
        name=person.name,
        came_at=stays.came_at if stays else None,
        left_at=stays.left_at if stays else None,
        is_here=stays is not None and stays.here_since is not None,
        minutes=stays.until(now) // 60 if stays else None,
        **_said(said),
    )


def _said(said: Said | None) -> _Marked:
    return {'mark': said.mark, 'marked_by': said.by} if said else {'mark': None, 'marked_by': None}


def of_learner(
    tx: Transaction, course_id: int, user_id: int, *, since: datetime, until: datetime
) -> LearnerRoll | None:
    """Return one learner in the classes of a course that began in a span; the caller has checked who may see it.

    None for somebody who was never enrolled.
    """
    people = enrolled.in_course(tx, course_id, user_id)
    stays = _stays(tx, people, (col(Attendance.course_id) == course_id) & _is_of(people))
    said = _marks(tx, course_id, people)
    classes = tuple(each for each in _classes(tx, course_id, stays, said) if since <= each.started_at < until)
    minutes = {key: each.until(tx.now) // 60 for key, each in stays.items()}
    return next((_learner(person, classes, minutes, said) for person in people if person.user_id == user_id), None)


def _is_of(people: list[Person]) -> ColumnElement[bool]:
    ids = [id_ for person in people for id_ in (person.user_id, *person.guests)]
    return col(Attendance.user_id).in_(ids)


def _of_group(people: list[Person], group: str) -> list[Person]:
    return [person for person in people if not group or person.group == group]


def _stays(tx: Transaction, people: list[Person], which: ColumnElement[bool]) -> dict[Key, Stays]:
    """Return the stays of people by class, in the order in which they came."""
    owners = {guest_id: person.user_id for person in people for guest_id in person.guests}
    theirs = owners.keys() | {person.user_id for person in people}
    in_order = tx.session.scalars(select(Attendance).where(which).order_by(col(Attendance.came_at)))
    return merged.of_people(tx, [row for row in in_order if row.user_id in theirs], owners)


def _marks(tx: Transaction, course_id: int, people: list[Person], session_id: int | None = None) -> dict[Key, Said]:
    """Return the marks of people in all classes of a course, or in one."""
    ids = {person.user_id for person in people}
    one = next(iter(ids)) if len(ids) == 1 else None
    found = attendance_marks.of_course(tx, course_id, session_id, one)
    return {key: said for key, said in found.items() if key[1] in ids}


def _classes(tx: Transaction, course_id: int, stays: dict[Key, Stays], said: dict[Key, Said]) -> tuple[HeldClass, ...]:
    came = Counter(key[0] for key in stays.keys() | said.keys() if _came(key in stays, said.get(key)))
    of_course = select(LiveSession).where(col(LiveSession.course_id) == course_id).order_by(col(LiveSession.id))
    return tuple(
        HeldClass(session_id=each.id, started_at=each.started_at, ended_at=each.ended_at, came=came[each.id])
        for each in tx.session.scalars(of_course)
    )


def _came(was_seen: bool, said: Said | None) -> bool:
    """Tell whether somebody came to a class: those who teach have the last word."""
    return said.mark in THERE if said else was_seen


def _learner(
    person: Person, classes: tuple[HeldClass, ...], minutes: dict[Key, int], said: dict[Key, Said]
) -> LearnerRoll:
    keys = [(each.session_id, person.user_id) for each in classes]
    marks = tuple(found.mark if (found := said.get(key)) else None for key in keys)
    came = [_came(key in minutes, said.get(key)) for key in keys]
    counts = tuple(
        mark is not RollMark.EXCUSED
        and (there or mark is not None or person.was_enrolled(each.started_at, each.ended_at))
        for each, mark, there in zip(classes, marks, came, strict=True)
    )
    attended, held = sum(came), sum(counts)
    return LearnerRoll(
        user_id=person.user_id,
        name=person.name,
        is_removed=person.removed_at is not None,
        minutes=tuple(minutes.get(key) for key in keys),
        marks=marks,
        counts=counts,
        attended=attended,
        held=held,
        excused=marks.count(RollMark.EXCUSED),
        rate=100 * attended // held if held else None,
    )
