"""Grades of quizzes: the best attempt that counts. Practice is not graded."""

from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, select
from sqlmodel import col

from models import Attempt, AttemptState, Checkpoint, Enrollment, Mastery, Quiz, Reveal, User, table
from services.core.database import Transaction
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.grades.results import Key, Results
from services.quizzes import mastery, revealing


def graded(tx: Transaction, course_id: int) -> set[int]:
    """Return the quizzes that are published, and those that were when somebody took them; a preview is never marked."""
    return {checkpoint_id for (checkpoint_id,) in _GRADED.rows(tx.connection, course=course_id)}


def results(tx: Transaction, course_id: int, user_id: int | None = None) -> Results:
    """Return the best scores of a course, which of them came late, and what waits for a grade; of one learner only."""
    asked = {'course': course_id} if user_id is None else {'course': course_id, 'user': user_id}
    late_ones, waiting_ones, shared, guests = _EVERYBODY if user_id is None else _ONE
    scores = mastery.best_scores(tx, course_id, user_id)
    nothing: dict[int, int] = {}
    late: dict[Key, datetime] = {}
    for whose, checkpoint_id, score, submitted_at in late_ones.rows(tx.connection, **asked):
        if score == scores.get(whose, nothing).get(checkpoint_id):
            late[whose, checkpoint_id] = submitted_at
    both = sorted({id_ for pair in guests.rows(tx.connection, **asked) for id_ in pair})
    of_both = shared.rows(tx.connection, **asked, people=both) if both else ()
    for whose, checkpoint_id, score, first, due_at in of_both:
        if score == scores.get(whose, nothing).get(checkpoint_id):
            late.pop((whose, checkpoint_id), None)
            if due_at is not None and first > due_at:
                late[whose, checkpoint_id] = first
    waiting = {(whose, checkpoint_id) for whose, checkpoint_id in waiting_ones.rows(tx.connection, **asked)}
    return Results(by_learner=scores, late=late, waiting=waiting)


def hidden(tx: Transaction, course_id: int, user_id: int) -> set[int]:
    """Return the quizzes of which a learner may not see the score yet."""
    may_hide = col(Quiz.course_id) == course_id, col(Quiz.shows_score).in_((Reveal.AFTER_CLOSE, Reveal.NEVER))
    quizzes = tx.session.scalars(select(Quiz).where(*may_hide)).all()  # whether one has closed costs two statements
    return {quiz.checkpoint_id for quiz in quizzes if not revealing.of_quiz(tx, quiz, user_id).score}


_attempts, _checkpoints, _users = table(Attempt), table(Checkpoint), table(User)
_enrollments, _quizzes, _mastery = table(Enrollment), table(Quiz), table(Mastery)
_earlier = _attempts.alias('earlier')
_whose = func.coalesce(_users.c.merged_into_id, _users.c.id)
_GRADED = Prepared(
    select(_quizzes.c.checkpoint_id)
    .join(_checkpoints, _checkpoints.c.id == _quizzes.c.checkpoint_id)
    .where(
        _quizzes.c.course_id == bindparam('course'),
        _quizzes.c.is_practice.is_(False),
        _checkpoints.c.is_preview.is_(False),
        _quizzes.c.is_published | exists().where(_mastery.c.checkpoint_id == _quizzes.c.checkpoint_id),
    )
)
_LATE = (
    select(_whose, _attempts.c.checkpoint_id, _attempts.c.score, _attempts.c.submitted_at)
    .join(_users, _users.c.id == _attempts.c.user_id)
    .join(_checkpoints, _checkpoints.c.id == _attempts.c.checkpoint_id)
    .where(
        _attempts.c.course_id == bindparam('course'),
        _attempts.c.is_practice.is_(False),
        _attempts.c.score.is_not(None),
        _attempts.c.submitted_at > _checkpoints.c.due_at,
        ~exists().where(
            and_(
                _earlier.c.user_id == _attempts.c.user_id,
                _earlier.c.checkpoint_id == _attempts.c.checkpoint_id,
                _earlier.c.is_practice.is_(False),
                _earlier.c.score == _attempts.c.score,
                _earlier.c.submitted_at < _attempts.c.submitted_at,
            )
        ),
    )
)
"""attempts after the due date, the first of those with the same score"""
_SHARED = (
    select(
        _whose, _attempts.c.checkpoint_id, _attempts.c.score, func.min(_attempts.c.submitted_at), _checkpoints.c.due_at
    )
    .join(_users, _users.c.id == _attempts.c.user_id)
    .join(_checkpoints, _checkpoints.c.id == _attempts.c.checkpoint_id)
    .where(
        _attempts.c.course_id == bindparam('course'),
        _attempts.c.is_practice.is_(False),
        _attempts.c.score.is_not(None),
        among(_attempts.c.user_id, 'people'),
    )
    .group_by(_whose, _attempts.c.checkpoint_id, _attempts.c.score, _checkpoints.c.due_at)
)
"""the same of people who were guests as well, and of those guests: the first attempt may be the guest's"""
_guests = (
    select(_users.c.id, _users.c.merged_into_id)
    .join(_enrollments, _enrollments.c.user_id == _users.c.merged_into_id)
    .where(_enrollments.c.course_id == bindparam('course'))
)
_WAITING = (
    select(_whose, _attempts.c.checkpoint_id)
    .join(_users, _users.c.id == _attempts.c.user_id)
    .where(
        _attempts.c.course_id == bindparam('course'),
        _attempts.c.is_practice.is_(False),
        _attempts.c.state == AttemptState.SUBMITTED.value,
    )
    .distinct()
)
_own = _whose == bindparam('user')
_EVERYBODY = tuple(Prepared(each) for each in (_LATE, _WAITING, _SHARED, _guests))
_ONE = tuple(Prepared(each.where(_own)) for each in (_LATE, _WAITING, _SHARED, _guests))
