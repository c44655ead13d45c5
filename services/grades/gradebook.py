"""The gradebook of a course for those who teach it, and each learner's own row of it."""

from collections.abc import Set as AbstractSet

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Course, GradeOverride, User
from services import access
from services.access import Actor
from services.core import name_order
from services.core.errors import NotEnrolled
from services.core.text import plain_name
from services.core.transaction import Transaction
from services.grades import sources
from services.grades.book import Gradebook, OwnGrades, Row, SetByHand
from services.grades.rows import Rows, learners
from services.live import course_groups


def of_course(
    tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '', search: str = '', again: bool = False
) -> Gradebook:
    """Return the grades of a course: of everybody, of one group, or of those whose name contains a text."""
    course = access.taught_course(tx, actor, course_id)
    if not again:
        access.note_look(tx, actor, 'grades', course=course_id)
    people = name_order.in_order(learners(tx, course_id), lambda each: each.name)
    wanted = plain_name(search)
    found = [
        each
        for each in people
        if (not group or each.group == group) and (not wanted or wanted in plain_name(each.name))
    ]
    book = Rows(tx, course_id)
    return Gradebook(
        title=course.title,
        how=book.how,
        things=book.things,
        rows=tuple(book.row(each) for each in found),
        groups=course_groups.in_order(each.group for each in people),
    )


def own(tx: Transaction, actor: Actor | None, course_id: int) -> OwnGrades:
    """Return the actor's own grades in a course in which they learn; what they may not see yet is left out."""
    course = access.course(tx, actor, course_id)
    assert actor is not None
    if not access.enrolled(tx, actor.user_id, course_id):
        raise NotEnrolled
    return _of_one(tx, course_id, course.title, actor.user_id, sources.hidden(tx, course_id, actor.user_id))


def row_of(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> Row | None:
    """Return the row of one learner as `of_course` has it, to show what was just typed; None where they have left."""
    access.taught_course(tx, actor, course_id)
    found = learners(tx, course_id, user_id, only_here=True)
    return Rows(tx, course_id, user_id).row(found[0]) if found else None


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, again: bool = False) -> OwnGrades:
    """Return the grades of one learner, for those who teach the course."""
    course = access.taught_course(tx, actor, course_id)
    if not again:
        access.note_look(tx, actor, 'grades', course=course_id, about=user_id)
    access.enrollment(tx, course_id, user_id)
    return _of_one(tx, course_id, course.title, user_id, frozenset())


def report_of(tx: Transaction, course_id: int, *, user_id: int, for_learner: bool) -> OwnGrades:
    """Return the grades of one learner as they stand in a report; the caller has checked who may see it.

    What is `for_learner` leaves out what they may not see yet.
    """
    hidden = sources.hidden(tx, course_id, user_id) if for_learner else frozenset()
    return _of_one(tx, course_id, tx.session.get_one(Course, course_id).title, user_id, hidden)


def _of_one(tx: Transaction, course_id: int, title: str, user_id: int, hidden: AbstractSet[int]) -> OwnGrades:
    book = Rows(tx, course_id, user_id, hidden)
    (person,) = learners(tx, course_id, user_id)
    return OwnGrades(
        title=title, how=book.how, things=book.things, row=book.row(person), by_hand=_reasons(tx, course_id, user_id)
    )


def _reasons(tx: Transaction, course_id: int, user_id: int) -> dict[int, SetByHand]:
    teacher = aliased(User)
    rows = tx.execute(
        select(GradeOverride, col(teacher.name))
        .join(User, col(User.id) == col(GradeOverride.user_id))
        .join(teacher, col(teacher.id) == col(GradeOverride.set_by))
        .where(
            col(GradeOverride.course_id) == course_id,
            func.coalesce(col(User.merged_into_id), col(User.id)) == user_id,
        )
        .order_by(col(User.merged_into_id).is_(None))
    )
    return {
        row.checkpoint_id: SetByHand(score=row.score, reason=row.reason, by=name, at=row.set_at) for row, name in rows
    }
