"""Whether an attempt at a quiz can begin now, and if not, why."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, Course, Enrollment, Quiz
from services.core.errors import Gone, NotEnrolled, Refused, Removed
from services.core.phrases import Phrase, phrase
from services.core.transaction import Transaction
from services.quizzes.limits import Limits
from services.quizzes.past import Past


def quiz_of(tx: Transaction, checkpoint: Checkpoint) -> Quiz:
    """Return the quiz of a checkpoint; one that nobody has set up is not published."""
    unset = Quiz(checkpoint_id=checkpoint.id, course_id=checkpoint.course_id, updated_at=tx.now)
    return tx.session.get(Quiz, checkpoint.id) or unset


def check_learner(tx: Transaction, user_id: int, checkpoint: Checkpoint) -> None:
    """Raise why somebody takes no quiz here: they do not learn in the course, or it is archived, or a preview."""
    mine = col(Enrollment.user_id) == user_id, col(Enrollment.course_id) == checkpoint.course_id
    # two devices of a learner begin one after the other
    place = tx.session.scalars(select(Enrollment).where(*mine).with_for_update()).one_or_none()
    if place is None:
        raise NotEnrolled
    if place.removed_at:
        raise Removed
    if tx.session.get_one(Course, checkpoint.course_id).archived_at:
        raise Gone('Your instructor has archived this course. What you did is kept.')
    if checkpoint.is_preview:
        raise Refused('A preview is only to be looked at; it is never marked.')


def attempts_left(limits: Limits, mine: Sequence[Past]) -> int | None:
    """Return how many attempts are left; None for as many as the learner likes."""
    if limits.attempts is None:
        return None
    return max(0, limits.attempts - sum(not each.is_practice for each in mine))


def problem_of(tx: Transaction, quiz: Quiz, limits: Limits, left: int | None, *, knows_key: bool) -> Phrase | None:
    """Return why no attempt can begin now; `knows_key` says whether the learner is shown by now what is right."""
    if not quiz.is_published:
        return phrase('This quiz is not open yet. Your instructor opens it.')
    if quiz.opens_at and tx.now < quiz.opens_at:
        return phrase('This quiz is not open yet.')
    if limits.closes_at and tx.now >= limits.closes_at:
        return phrase('This quiz has closed. Ask your instructor if you need more time.')
    if knows_key:
        return phrase(
            'You have handed in, and since the due date you are shown what is right. Ask your instructor if you need '
            'another attempt.'
        )
    if left == 0 and not quiz.is_practice:
        return phrase('You have used all your attempts at this quiz.')
    return None
