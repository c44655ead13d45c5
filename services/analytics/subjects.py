"""How a learner does in each subject, over all courses that have it: strengths, and what is worth another look."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

from sqlmodel import col, select

from models import Course
from services import access
from services.access import Actor
from services.analytics import course_queries
from services.analytics.tags import FEWEST_SCORED, STRONG, WEAK
from services.core.transaction import Transaction
from services.grades import sources

MOST_COURSES = 20
"""the newest ones; each is read by itself"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFigures:
    """How the learner does in the courses of one subject."""

    subject: str
    subject_mean: float
    scored: int
    """how many checkpoints that is the mean of"""

    @property
    def is_strong(self) -> bool:
        """Whether it is a strength."""
        return self.subject_mean >= STRONG

    @property
    def is_weak(self) -> bool:
        """Whether it is something to work on."""
        return self.subject_mean < WEAK


def of_learner(tx: Transaction, actor: Actor | None, user_id: int) -> tuple[SubjectFigures, ...]:
    """Return the mean of the best scores by subject, the best first; of the courses that concern the actor.

    At least two checkpoints of a subject are scored. Learners find no scores here that they may not see yet.
    """
    course_ids = access.learning(tx, actor, user_id)[-MOST_COURSES:]
    is_own = actor is not None and actor.user_id == user_id
    if not is_own:
        access.note_look(tx, actor, 'subjects', about=user_id)
    names: dict[str, str] = {}
    found = defaultdict[str, list[int]](list)
    for course in tx.session.scalars(select(Course).where(col(Course.id).in_(course_ids)).order_by(col(Course.id))):
        if subject := course.subject.strip():
            names[subject.casefold()] = subject
            found[subject.casefold()] += _scores(tx, course.id, user_id, is_own=is_own)
    figures = [
        SubjectFigures(subject=names[key], subject_mean=fmean(its), scored=len(its))
        for key, its in found.items()
        if len(its) >= FEWEST_SCORED
    ]
    return tuple(sorted(figures, key=lambda each: (-each.subject_mean, each.subject)))


def _scores(tx: Transaction, course_id: int, user_id: int, *, is_own: bool) -> list[int]:
    """Return the best score of a learner at each checkpoint of a course that counts and has one."""
    scores = sources.results(tx, course_id, user_id).by_learner.get(user_id, {})
    if not scores:
        return []
    hidden = sources.hidden(tx, course_id, user_id) if is_own else set()
    counted = {checkpoint.checkpoint_id for checkpoint in course_queries.checkpoints(tx, course_id)} - hidden
    return [score for checkpoint_id, score in scores.items() if checkpoint_id in counted]
