"""What a person finds on their dashboard: a learner in their courses, and an instructor in those that they teach."""

from dataclasses import dataclass

from services import access
from services.access import Actor
from services.analytics import educator, learner, school
from services.analytics.educator import CourseFigures
from services.analytics.learner import LearnerFigures
from services.analytics.school import SchoolFigures
from services.core.errors import NotFound
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.courses import course_cards

MOST_LEARNED = 5
"""courses of a learner that are read at once"""
MOST_TAUGHT = 3
"""courses of an instructor of which everything is read at once"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSummary:
    """One course at a glance."""

    course_id: int
    title: str
    learners: int
    mean_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EducatorDashboard:
    """The courses that somebody teaches: all at a glance, and the newest with learners in full."""

    courses: tuple[CourseSummary, ...]
    in_full: tuple[CourseFigures, ...]


def of_learner(
    tx: Transaction, actor: Actor | None, user_id: int, *, course_id: int | None = None
) -> tuple[LearnerFigures, ...]:
    """Return the figures of a learner in the newest of the courses that concern the actor, or in one of them."""
    found = access.learning(tx, actor, user_id)
    if course_id is not None and course_id not in found:
        raise NotFound('There is no such learner, or they do not learn in one of your courses.')
    courses = found[-MOST_LEARNED:][::-1] if course_id is None else [course_id]
    return tuple(learner.of_learner(tx, actor, id_, user_id=user_id) for id_ in courses)


def of_educator(tx: Transaction, actor: Actor | None, user_id: int) -> EducatorDashboard:
    """Return the dashboard of an instructor, for themselves alone; absent and not theirs look the same."""
    actor = access.signed_in(tx, actor)
    if user_id != actor.user_id or not actor.may_teach:
        raise NotFound(_NO_DASHBOARD)
    cards = course_cards.taught(tx, actor)
    full = [card.course_id for card in cards if card.learners][:MOST_TAUGHT]
    return EducatorDashboard(
        courses=tuple(
            CourseSummary(course_id=card.course_id, title=card.title, learners=card.learners, mean_percent=card.percent)
            for card in cards
        ),
        in_full=tuple(educator.of_course(tx, actor, course_id) for course_id in full),
    )


def of_admin(tx: Transaction, actor: Actor | None, user_id: int) -> SchoolFigures:
    """Return the dashboard of an admin, for themselves alone."""
    actor = access.admin(tx, actor)
    if user_id != actor.user_id:
        raise NotFound(_NO_DASHBOARD)
    return school.of_school(tx, actor)


_NO_DASHBOARD = phrase('There is no such dashboard, or it is not yours.')
