"""What is here already of the school that an export describes: its people, its classes, and their places."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Course, CourseInstructor, Enrollment, Role, RosterClass, RosterPerson, RosterPlace, User
from services.accounts import addresses
from services.core.transaction import Transaction
from services.people.oneroster.school import Part

T = TypeVar('T')

AT_ONCE = 1_000
"""values in one statement"""
TEACHERS = frozenset({Role.INSTRUCTOR, Role.ADMIN})
PART_OF = {'student': Part.LEARNS, 'teacher': Part.TEACHES}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody of an earlier list."""

    user_id: int
    name: str
    role: Role
    is_guest: bool
    has_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownClass:
    """A class of an earlier list, and its course."""

    row_id: int
    course_id: int
    title: str
    course_title: str
    owner_id: int
    is_deleted: bool
    is_archived: bool
    has_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """A place of an earlier list."""

    class_id: str
    user_id: int
    name: str
    part: Part
    has_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is here of the lists of one system, by its ids."""

    people: dict[str, KnownPerson]
    classes: dict[str, KnownClass]
    places: dict[str, KnownPlace]
    learns: dict[tuple[int, int], bool] = field(default_factory=dict)
    """by course and person, whether they are in it, and not taken out"""
    teaches: set[tuple[int, int]] = field(default_factory=set)


def known(tx: Transaction, source: str, ties: Collection[int] = ()) -> Known:
    """Return what earlier lists of a system have brought in, always in the same order: a plan is known by its steps.

    `ties` are further courses in which people may have places already.
    """
    classes = _classes(tx, source)
    course_ids = [*(each.course_id for each in classes.values()), *sorted(ties)]
    found = Known(people=_people(tx, source), classes=classes, places=_places(tx, source))
    for some in slices(course_ids):
        rows = select(col(Enrollment.course_id), col(Enrollment.user_id), col(Enrollment.removed_at))
        for course_id, user_id, removed_at in tx.execute(rows.where(col(Enrollment.course_id).in_(some))):
            found.learns[course_id, user_id] = removed_at is None
        helpers = select(col(CourseInstructor.course_id), col(CourseInstructor.user_id))
        found.teaches.update(
            (course_id, user_id)
            for course_id, user_id in tx.execute(helpers.where(col(CourseInstructor.course_id).in_(some)))
        )
    found.teaches.update((each.course_id, each.owner_id) for each in classes.values())
    return found


def accounts(tx: Transaction, emails: Collection[str]) -> dict[str, tuple[User, bool]]:
    """Return the accounts with some addresses, and whether each address is proven."""
    found: dict[str, tuple[User, bool]] = {}
    for some in slices(sorted(emails)):
        for user in tx.session.scalars(select(User).where(col(User.email).in_(some))):
            found[user.email or ''] = user, addresses.is_proven(user)
    return found


def slices(values: list[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    """Yield some values at a time."""
    return (values[place : place + size] for place in range(0, len(values), size))


def _people(tx: Transaction, source: str) -> dict[str, KnownPerson]:
    guest, head = aliased(User), aliased(User)
    rows = tx.execute(
        select(
            col(RosterPerson.sourced_id),
            col(head.id),
            col(head.name),
            col(head.role),
            col(head.password_hash).is_(None),
            col(RosterPerson.left_at).is_not(None),
        )
        .join(guest, col(guest.id) == col(RosterPerson.user_id))
        .join(head, col(head.id) == func.coalesce(col(guest.merged_into_id), col(guest.id)))
        .where(col(RosterPerson.source) == source)
        .order_by(col(RosterPerson.id))
    )
    return {
        id_: KnownPerson(user_id=user_id, name=name, role=role, is_guest=is_guest, has_left=has_left)
        for id_, user_id, name, role, is_guest, has_left in rows
    }


def _classes(tx: Transaction, source: str) -> dict[str, KnownClass]:
    rows = tx.execute(
        select(RosterClass, Course)
        .join(Course, col(Course.id) == col(RosterClass.course_id))
        .where(col(RosterClass.source) == source)
        .order_by(col(RosterClass.id))
    )
    return {
        row.sourced_id: KnownClass(
            row_id=row.id,
            course_id=course.id,
            title=row.title,
            course_title=course.title,
            owner_id=course.owner_id,
            is_deleted=course.deleted_at is not None,
            is_archived=course.archived_at is not None,
            has_ended=row.left_at is not None,
        )
        for row, course in rows
    }


def _places(tx: Transaction, source: str) -> dict[str, KnownPlace]:
    guest, head = aliased(User), aliased(User)
    rows = tx.execute(
        select(
            col(RosterPlace.sourced_id),
            col(RosterClass.sourced_id),
            col(head.id),
            col(head.name),
            col(RosterPlace.role),
            col(RosterPlace.left_at).is_not(None),
        )
        .join(RosterClass, col(RosterClass.id) == col(RosterPlace.class_id))
        .join(guest, col(guest.id) == col(RosterPlace.user_id))
        .join(head, col(head.id) == func.coalesce(col(guest.merged_into_id), col(guest.id)))
        .where(col(RosterPlace.source) == source)
        .order_by(col(RosterPlace.id))
    )
    return {
        id_: KnownPlace(class_id=class_id, user_id=user_id, name=name, part=PART_OF[role.value], has_left=has_left)
        for id_, class_id, user_id, name, role, has_left in rows
    }
