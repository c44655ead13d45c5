"""The learners of a course as its roll counts them: since when, until when, and under which names."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import CourseGroup, Enrollment, User
from services.core import name_order
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is or was enrolled, with the guests who have turned out to be them."""

    user_id: int
    name: str
    enrolled_at: datetime
    """the first of them"""
    removed_at: datetime | None
    """when they were taken out of the course, unless they are in it"""
    guests: tuple[int, ...]
    group: str

    def was_enrolled(self, start: datetime, end: datetime | None) -> bool:
        """Tell whether they were in the course during a class; `end` is None while it runs."""
        had_come = end is None or end > self.enrolled_at
        return had_come and (self.removed_at is None or self.removed_at > start)


def in_course(tx: Transaction, course_id: int, user_id: int | None = None) -> list[Person]:
    """Return who is or was enrolled, by name, or one of them; a guest who is somebody else here is part of them."""
    group = func.coalesce(col(CourseGroup.name), '')
    times = col(Enrollment.enrolled_at), col(Enrollment.removed_at)
    people = (
        select(col(User.id), col(User.name), *times, col(User.merged_into_id), group)
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
    )
    if user_id is not None:
        people = people.where((col(User.id) == user_id) | (col(User.merged_into_id) == user_id))
    rows = tx.execute(people.where(col(Enrollment.course_id) == course_id)).all()
    ids = {row[0] for row in rows}
    guests: defaultdict[int, dict[int, datetime]] = defaultdict(dict)
    for id_, _, since, _, into, _ in rows:
        if into in ids:
            guests[into][id_] = since
    found = [
        Person(
            user_id=id_,
            name=name,
            enrolled_at=min([since, *guests[id_].values()]),
            removed_at=until,
            guests=tuple(guests[id_]),
            group=group,
        )
        for id_, name, since, until, into, group in rows
        if into not in ids
    ]
    return sorted(found, key=lambda person: name_order.key(person.name))
