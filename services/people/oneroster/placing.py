"""Lets people into courses and takes them out, as some steps of a plan say. What is done already is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import col

from models import Course, CourseInstructor, Enrollment, RosterClass, RosterPlace, RosterRole
from services import access
from services.access import Actor
from services.core.errors import DomainError
from services.core.transaction import Transaction
from services.people import list_entering, participants
from services.people.class_lists import EMAIL_FIELD, NUMBER_FIELD
from services.people.oneroster import found
from services.people.oneroster.found import Here
from services.people.oneroster.known import TEACHERS
from services.people.oneroster.school import Part, Place, Roster
from services.people.oneroster.steps import Kind, Step


def places(tx: Transaction, actor: Actor | None, roster: Roster, steps: Sequence[Step]) -> set[int]:
    """Let people into courses and take them out; returns the courses that have changed."""
    access.admin(tx, actor)
    rows = _places(tx, roster, [step.id for step in steps])
    leaving = [(step, rows[step.id]) for step in steps if step.kind in _LEAVING and step.id in rows]
    changed = {_leave(tx, actor, row, step) for step, row in leaving}
    coming = _coming(tx, roster, [step for step in steps if step.kind not in _LEAVING])
    for each in coming:
        if row := rows.get(each.step.id):
            row.class_id, row.user_id, row.role, row.left_at = each.class_id, each.user.id, each.role, None
            tx.session.add(row)
        if each.step.kind is Kind.BACK_IN:
            participants.bring_back(tx, actor, each.course_id, user_id=each.user.id)
        elif each.step.kind is Kind.TEACHES:
            _teach(tx, each.course_id, each.user)
    if new := [each.row(roster) for each in coming if each.step.id not in rows]:
        tx.execute(insert(RosterPlace), new)
    _enter(tx, roster, [each for each in coming if each.step.kind is Kind.ENTERS])
    return changed | {each.course_id for each in coming}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """Somebody who gets a place in a class."""

    step: Step
    place: Place
    class_id: int
    course_id: int
    user: Here

    @property
    def role(self) -> RosterRole:
        return RosterRole.TEACHER if self.place.part is Part.TEACHES else RosterRole.STUDENT

    def row(self, roster: Roster) -> dict[str, Any]:
        return {
            'source': roster.source,
            'sourced_id': self.step.id,
            'class_id': self.class_id,
            'user_id': self.user.id,
            'role': self.role,
        }


def _coming(tx: Transaction, roster: Roster, steps: Sequence[Step]) -> list[_Coming]:
    """Return whom some steps are about, as far as they and their classes are here."""
    named = [(step, roster.places[step.id]) for step in steps]
    rows = found.classes(tx, roster, [place.class_id for _, place in named])
    who = found.users(tx, roster, [place.person_id for _, place in named])
    return [
        _Coming(
            step=step,
            place=place,
            class_id=rows[place.class_id].id,
            course_id=rows[place.class_id].course_id,
            user=who[place.person_id],
        )
        for step, place in named
        if place.class_id in rows and place.person_id in who
    ]


def _enter(tx: Transaction, roster: Roster, coming: Sequence[_Coming]) -> None:
    """Enroll people, and note what identifies those without an account, as class lists do."""
    theirs = (
        col(Enrollment.course_id).in_({each.course_id for each in coming}),
        col(Enrollment.user_id).in_({each.user.id for each in coming}),
    )
    here = {(course_id, user_id) for course_id, user_id in tx.execute(_ENROLLED.where(*theirs))}
    noted: dict[tuple[int, int], dict[str, str]] = {}
    for each in coming:
        someone = roster.people.get(each.place.person_id)
        said = {EMAIL_FIELD: someone.email, NUMBER_FIELD: someone.number} if someone else {}
        if (each.course_id, each.user.id) not in here:
            noted[each.course_id, each.user.id] = {
                name: value for name, value in said.items() if value and value != each.user.email
            }
    list_entering.enter(tx, noted)


def _teach(tx: Transaction, course_id: int, user: Here) -> None:
    course = tx.session.get_one(Course, course_id)
    is_owner = course.owner_id == user.id
    is_there = is_owner or tx.session.get(CourseInstructor, (course_id, user.id)) is not None
    if user.role in TEACHERS and not is_there:
        tx.session.add(CourseInstructor(course_id=course_id, user_id=user.id))
        tx.note('co-instructor added', course=course_id, user=user.id)


def _leave(tx: Transaction, actor: Actor | None, row: RosterPlace, step: Step) -> int:
    """Take somebody out of a course; what they did is kept, and comes back with them."""
    row.left_at = tx.now
    tx.session.add(row)
    course_id = tx.session.get_one(RosterClass, row.class_id).course_id
    if step.kind is Kind.KEEPS_ANOTHER:
        return course_id
    try:
        if step.kind is Kind.LEAVES:
            participants.remove(tx, actor, course_id, user_id=step.user_id)
        elif place := tx.session.get(CourseInstructor, (course_id, step.user_id)):
            tx.session.delete(place)
            tx.note('co-instructor removed', course=course_id, user=step.user_id)
    except DomainError:  # they have no place there by now
        pass
    return course_id


def _places(tx: Transaction, roster: Roster, ids: Sequence[str]) -> dict[str, RosterPlace]:
    mine = col(RosterPlace.source) == roster.source, col(RosterPlace.sourced_id).in_(ids)
    return {row.sourced_id: row for row in tx.session.scalars(select(RosterPlace).where(*mine))}


_ENROLLED = select(col(Enrollment.course_id), col(Enrollment.user_id))
_LEAVING = frozenset({Kind.LEAVES, Kind.STOPS_TEACHING, Kind.KEEPS_ANOTHER})
