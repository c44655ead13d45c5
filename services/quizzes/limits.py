"""What holds for one learner in one quiz: its rules, with their extra time and what was agreed with them.

Whatever becomes more generous while an attempt goes on moves its end, forward only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlmodel import col

from models import Attempt, AttemptState, Checkpoint, Enrollment, Quiz, QuizException, Reveal, User
from services import access
from services.access import Actor
from services.core import name_order, zones
from services.core.errors import Invalid, NotFound
from services.core.events import CourseChanged
from services.core.transaction import Transaction
from services.progress.extra_time import longer, own_due

MOST_MINUTES = 24 * 60
MOST_ATTEMPTS = 100
GRACE = timedelta(seconds=10)
"""How long after the end an answer may arrive that was given before it."""
AT_ONCE = Reveal.AFTER_ANSWER, Reveal.AFTER_SUBMIT
"""when something is shown without waiting for the close of the quiz"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for one learner; None for no limit."""

    minutes: int | None
    closes_at: datetime | None
    attempts: int | None

    def end(self, started_at: datetime) -> datetime | None:
        """Return when an attempt ends that began at a moment."""
        ends = [self.closes_at] if self.closes_at else []
        if self.minutes is not None:
            ends.append(started_at + timedelta(minutes=self.minutes))
        return min(ends, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One learner, and what was agreed with them; None where the rules of the quiz hold."""

    user_id: int
    name: str
    minutes: int | None
    attempts: int | None
    closes_at: datetime | None

    @property
    def is_other(self) -> bool:
        """Whether anything was agreed."""
        return (self.minutes, self.attempts, self.closes_at) != (None, None, None)


def of_learner(tx: Transaction, quiz: Quiz, user_id: int) -> Limits:
    """Return what holds for one learner."""
    mine = col(Enrollment.user_id) == user_id, col(Enrollment.course_id) == quiz.course_id
    percent = tx.execute(select(col(Enrollment.extra_percent)).where(*mine)).scalar() or 0
    minutes = quiz.minutes
    if minutes is not None:
        minutes = round(longer(timedelta(minutes=minutes), percent) / timedelta(minutes=1))
    agreed = tx.session.get(QuizException, (quiz.checkpoint_id, user_id))
    if agreed is None:
        return Limits(minutes=minutes, closes_at=quiz.closes_at, attempts=quiz.attempts_allowed)
    return Limits(
        minutes=minutes if agreed.minutes is None else agreed.minutes,
        closes_at=agreed.closes_at or quiz.closes_at,
        attempts=quiz.attempts_allowed if agreed.attempts_allowed is None else agreed.attempts_allowed,
    )


def attempts_of(tx: Transaction, quiz: Quiz, user_id: int) -> int | None:
    """Return how many attempts one learner has in all; None for as many as they like."""
    agreed = tx.session.get(QuizException, (quiz.checkpoint_id, user_id))
    return quiz.attempts_allowed if agreed is None or agreed.attempts_allowed is None else agreed.attempts_allowed


def has_end(tx: Transaction, quiz: Quiz) -> bool:
    """Tell whether a quiz is over at some time, so that what is shown after its close can be seen then."""
    return quiz.closes_at is not None or tx.session.get_one(Checkpoint, quiz.checkpoint_id).due_at is not None


def is_over(tx: Transaction, quiz: Quiz, user_id: int) -> bool:
    """Tell whether a quiz has closed for everybody, so that what is right can be shown to this learner.

    A quiz without an end is over for a learner when their due date has passed and, where it shows then what is right
    (`shows_key_when_due`), nothing of theirs goes on and they have passed or have no attempt left. They can begin no
    other attempt from then on.
    """
    return bool(which_are_over(tx, [(quiz, user_id)]))


def shows_key_when_due(quiz: Quiz) -> bool:
    """Tell whether the due date, and no end, lets learners see what is right."""
    shown = quiz.shows_right, quiz.shows_solution, quiz.shows_feedback
    waits = Reveal.AFTER_CLOSE in shown or (has_key_wait(quiz) and quiz.attempts_allowed != 1)
    return quiz.closes_at is None and not quiz.is_practice and waits


def has_key_wait(quiz: Quiz) -> bool:
    """Tell whether a quiz shows what would have been right before its close, but not to those who may try again."""
    return not quiz.is_practice and quiz.shows_solution in AT_ONCE


def due_of(tx: Transaction, quiz: Quiz, user_id: int) -> datetime | None:
    """Return when a quiz is due for one learner, with their extra time."""
    return _dues(tx, [(quiz, user_id)])[quiz.checkpoint_id, user_id]


def which_are_over(tx: Transaction, asked: Sequence[tuple[Quiz, int]]) -> set[tuple[int, int]]:
    """Return the same of some quizzes, each with a learner: as pairs of (checkpoint id, user id)."""
    ends = _ends(tx, {quiz.checkpoint_id: quiz.closes_at for quiz, _ in asked if quiz.closes_at})
    dues = _dues(tx, [(quiz, user_id) for quiz, user_id in asked if quiz.closes_at is None])
    closed = {(quiz.checkpoint_id, user_id) for quiz, user_id in asked if _has_passed(tx, ends.get(quiz.checkpoint_id))}
    due = {pair for pair, due_at in dues.items() if due_at is not None and tx.now >= due_at}
    showing = {quiz.checkpoint_id: quiz for quiz, _ in asked if shows_key_when_due(quiz)}
    return closed | (due - _still_trying(tx, showing, {pair for pair in due if pair[0] in showing}))


def _has_passed(tx: Transaction, end: datetime | None) -> bool:
    return end is not None and tx.now >= end + GRACE


def _ends(tx: Transaction, closing: Mapping[int, datetime]) -> dict[int, datetime]:
    """Return when quizzes with an end have ended for everybody: with what was agreed, and with what goes on."""
    if not closing:
        return {}
    found = dict(closing)
    agreed = select(col(QuizException.checkpoint_id), func.max(col(QuizException.closes_at)))
    agreed = agreed.where(col(QuizException.checkpoint_id).in_(closing)).group_by(col(QuizException.checkpoint_id))
    going_on = select(col(Attempt.checkpoint_id), func.max(col(Attempt.ends_at)))
    here = col(Attempt.checkpoint_id).in_(closing), col(Attempt.state) == AttemptState.IN_PROGRESS
    going_on = going_on.where(*here).group_by(col(Attempt.checkpoint_id))
    for checkpoint_id, end in [*tx.execute(agreed), *tx.execute(going_on)]:
        if end is not None:
            found[checkpoint_id] = max(found[checkpoint_id], end)
    return found


def _still_trying(
    tx: Transaction, quizzes: Mapping[int, Quiz], pairs: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return which of some (checkpoint id, user id) are in an attempt, have an end of their own that is to come, or
    know that they have not passed and have attempts left.
    """
    if not pairs:
        return set()
    checkpoints, people = {checkpoint_id for checkpoint_id, _ in pairs}, {user_id for _, user_id in pairs}
    going_on = select(col(Attempt.checkpoint_id), col(Attempt.user_id)).where(
        col(Attempt.checkpoint_id).in_(checkpoints),
        col(Attempt.user_id).in_(people),
        col(Attempt.state) == AttemptState.IN_PROGRESS,
    )
    found = {(checkpoint_id, user_id) for checkpoint_id, user_id in tx.execute(going_on)}
    of_them = col(QuizException.checkpoint_id).in_(checkpoints), col(QuizException.user_id).in_(people)
    allowed: dict[tuple[int, int], int | None] = {}
    for each in tx.session.scalars(select(QuizException).where(*of_them)):
        allowed[each.checkpoint_id, each.user_id] = each.attempts_allowed
        if each.closes_at and each.closes_at > tx.now:
            found.add((each.checkpoint_id, each.user_id))
    is_passed = func.max(case((col(Attempt.is_passed).is_(True), 1), else_=0))
    tried = (
        select(col(Attempt.checkpoint_id), col(Attempt.user_id), func.count(), is_passed)
        .where(
            col(Attempt.checkpoint_id).in_(checkpoints),
            col(Attempt.user_id).in_(people),
            col(Attempt.is_practice).is_(False),
        )
        .group_by(col(Attempt.checkpoint_id), col(Attempt.user_id))
    )
    for checkpoint_id, user_id, number, has_passed in tx.execute(tried):
        quiz = quizzes[checkpoint_id]
        most = allowed.get((checkpoint_id, user_id)) or quiz.attempts_allowed
        knows_it = quiz.shows_score in AT_ONCE
        if knows_it and not has_passed and (most is None or number < most):
            found.add((checkpoint_id, user_id))
    return found


def _dues(tx: Transaction, asked: Sequence[tuple[Quiz, int]]) -> dict[tuple[int, int], datetime | None]:
    """Return when quizzes are due for learners, with their extra time."""
    if not asked:
        return {}
    ids = {quiz.checkpoint_id for quiz, _ in asked}
    if len(ids) == 1:  # it is held by those who ask of one quiz
        checkpoints = {id_: tx.session.get_one(Checkpoint, id_) for id_ in ids}
    else:
        rows = tx.session.scalars(select(Checkpoint).where(col(Checkpoint.id).in_(ids)))
        checkpoints = {checkpoint.id: checkpoint for checkpoint in rows}
    if all(checkpoint.due_at is None for checkpoint in checkpoints.values()):
        return dict.fromkeys((quiz.checkpoint_id, user_id) for quiz, user_id in asked)
    places = select(
        col(Enrollment.course_id), col(Enrollment.user_id), col(Enrollment.extra_percent), col(Enrollment.enrolled_at)
    ).where(
        col(Enrollment.course_id).in_({quiz.course_id for quiz, _ in asked}),
        col(Enrollment.user_id).in_({user_id for _, user_id in asked}),
    )
    here = {(course_id, user_id): (percent, since) for course_id, user_id, percent, since in tx.execute(places)}
    found: dict[tuple[int, int], datetime | None] = {}
    for quiz, user_id in asked:
        checkpoint = checkpoints[quiz.checkpoint_id]
        percent, since = here.get((quiz.course_id, user_id), (0, checkpoint.created_at))
        own = own_due(checkpoint.due_at, percent, since=max(checkpoint.created_at, since))
        found[quiz.checkpoint_id, user_id] = own
    return found


def agree(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    user_id: int,
    minutes: int | None = None,
    attempts_allowed: int | None = None,
    closes_at: datetime | None = None,
) -> None:
    """Agree on other limits with one learner; with none of them given, the rules of the quiz hold again."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    quiz = tx.session.get(Quiz, checkpoint_id)
    if quiz is None or not access.enrolled(tx, user_id, checkpoint.course_id):
        raise NotFound('This learner is not in this course, or the step is not a quiz.')
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Invalid('The minutes must be between 1 and {most}.', most=MOST_MINUTES, field='minutes')
    if attempts_allowed is not None and not 1 <= attempts_allowed <= MOST_ATTEMPTS:
        raise Invalid('The attempts must be between 1 and {most}.', most=MOST_ATTEMPTS, field='attempts_allowed')
    zones.check_year(closes_at, 'closes_at')
    agreed = tx.session.get(QuizException, (checkpoint_id, user_id))
    agreed = agreed or QuizException(checkpoint_id=checkpoint_id, user_id=user_id)
    agreed.minutes, agreed.attempts_allowed, agreed.closes_at = minutes, attempts_allowed, closes_at
    tx.session.add(agreed)
    tx.session.flush()
    extend(tx, quiz.course_id, user_id=user_id)
    tx.announce(CourseChanged(course_id=quiz.course_id))
    tx.note('quiz limits agreed', checkpoint=checkpoint_id, user=user_id, by=actor.user_id if actor else 0)


def agreed(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> tuple[Agreed, ...]:
    """Return everybody in the course of a quiz by name, each with what was agreed with them."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    rows = tx.execute(
        select(col(User.id), col(User.name), QuizException)
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(
            QuizException,
            (col(QuizException.user_id) == col(User.id)) & (col(QuizException.checkpoint_id) == checkpoint_id),
        )
        .where(col(Enrollment.course_id) == checkpoint.course_id, col(Enrollment.removed_at).is_(None))
        .where(col(User.merged_into_id).is_(None))
        .order_by(col(User.plain_name), col(User.id))
    )
    return tuple(
        Agreed(
            user_id=user_id,
            name=name,
            minutes=row.minutes if row else None,
            attempts=row.attempts_allowed if row else None,
            closes_at=row.closes_at if row else None,
        )
        for user_id, name, row in name_order.in_order(rows, lambda each: each.name)
    )


def extend(tx: Transaction, course_id: int, *, user_id: int | None = None, checkpoint_id: int | None = None) -> None:
    """Move the ends of attempts that are going on to what holds now, where that is later."""
    going_on = select(Attempt, Quiz).join(Quiz, col(Quiz.checkpoint_id) == col(Attempt.checkpoint_id))
    where = [col(Attempt.course_id) == course_id, col(Attempt.state) == AttemptState.IN_PROGRESS]
    where += [col(Attempt.user_id) == user_id] if user_id is not None else []
    where += [col(Attempt.checkpoint_id) == checkpoint_id] if checkpoint_id is not None else []
    tx.session.flush()
    for attempt, quiz in tx.execute(going_on.where(*where, col(Attempt.ends_at).is_not(None))).all():
        end = of_learner(tx, quiz, attempt.user_id).end(attempt.started_at)
        if attempt.ends_at is not None and (end is None or end > attempt.ends_at):
            attempt.ends_at = end
            tx.session.add(attempt)
