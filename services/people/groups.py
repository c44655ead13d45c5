"""Groups of a course, and extra time for learners who need it."""

from sqlalchemy import exists, select, update
from sqlmodel import col

from models import CourseGroup, Enrollment
from services import access
from services.access import Actor
from services.core.errors import Invalid
from services.core.events import ExtraTimeGiven, LearnerGrouped
from services.core.text import line
from services.core.transaction import Transaction
from services.quizzes import limits

LONGEST_NAME = 80
MOST_EXTRA = 300
"""percent"""


def put(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, name: str) -> None:
    """Put a learner into a group, which is made if there is none of that name; no name takes them out of theirs.

    A group in which nobody is left is gone.
    """
    access.taught_course(tx, actor, course_id)
    access.enrollment(tx, course_id, user_id)
    name = check_name(name)
    if name:
        assign(tx, course_id, user_id, name)
    else:
        _set(tx, course_id, user_id, None)
        tx.announce(LearnerGrouped(course_id=course_id, user_id=user_id, group=''))
    left = ~exists().where(col(Enrollment.group_id) == col(CourseGroup.id))
    for empty in tx.session.scalars(select(CourseGroup).where(col(CourseGroup.course_id) == course_id, left)).all():
        tx.session.delete(empty)
    tx.note('group', course=course_id, user=user_id)


def give_extra_time(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, percent: int) -> None:
    """Give a learner more time than others, in percent; 0 is what everybody has. A quiz that goes on ends later."""
    access.taught_course(tx, actor, course_id)
    place = access.enrollment(tx, course_id, user_id)
    if not 0 <= percent <= MOST_EXTRA:
        raise Invalid('Extra time is between 0 and {most} percent.', most=MOST_EXTRA, field='percent')
    place.extra_percent = percent
    tx.session.add(place)
    limits.extend(tx, course_id, user_id=user_id)
    tx.announce(ExtraTimeGiven(course_id=course_id, user_id=user_id, percent=percent))
    tx.note('extra time', course=course_id, user=user_id, percent=percent)


def assign(tx: Transaction, course_id: int, user_id: int, name: str) -> None:
    """Put a learner into the group of that name; the caller has checked who may."""
    all_ = tx.execute(select(col(CourseGroup.id), col(CourseGroup.name)).where(col(CourseGroup.course_id) == course_id))
    found = {known.casefold(): (id_, known) for id_, known in all_}
    group_id, known = found.get(name.casefold(), (None, name))
    if group_id is None:
        group = CourseGroup(course_id=course_id, name=name)
        tx.session.add(group)
        tx.session.flush()
        group_id = group.id
    _set(tx, course_id, user_id, group_id)
    tx.announce(LearnerGrouped(course_id=course_id, user_id=user_id, group=known))


def check_name(name: str) -> str:
    """Return the name of a group as it is kept, or raise `Invalid`."""
    name = line(name)
    if len(name) > LONGEST_NAME:
        raise Invalid('The name of a group has at most {most} characters.', most=LONGEST_NAME, field='group')
    return name


def _set(tx: Transaction, course_id: int, user_id: int, group_id: int | None) -> None:
    theirs = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == user_id
    tx.execute(update(Enrollment).where(*theirs).values(group_id=group_id))
