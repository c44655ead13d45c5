"""Grades of quizzes: the best attempt that counts. Practice is not graded."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, select
from sqlmodel import col

from models import Attempt, AttemptState, Checkpoint, Enrollment, Mastery, Quiz, User, table
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.grades.results import Key, Place, Reached, Results
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


def reached(tx: Transaction, course_ids: Sequence[int], owners: Mapping[int, int]) -> Reached:
    """Return the best scores of some learners in some courses, and what waits for a grade.

    `owners` are the learners by their own ids, and by those of the guests who have turned out to be them.
    """
    waiting: dict[Place, set[int]] = {}
    for course_id, whose, checkpoint_id in _WAITING_OF.rows(
        tx.connection, courses=list(course_ids), people=list(owners)
    ):
        waiting.setdefault((course_id, owners[whose]), set()).add(checkpoint_id)
    return Reached(scores=mastery.best_of(tx, course_ids, sorted(set(owners.values()))), waiting=waiting)


def hidden(tx: Transaction, course_id: int, user_id: int) -> set[int]:
    """Return the quizzes of which a learner may not see the score yet."""
    quizzes = _that_hide(tx, [course_id])
    return {checkpoint_id for checkpoint_id, _ in revealing.keeps_score(tx, [(quiz, user_id) for quiz in quizzes])}


def hidden_of(tx: Transaction, scored: Mapping[Place, Collection[int]]) -> dict[Place, set[int]]:
    """Return which of some checkpoints with a score may not be seen yet by their learner."""
    quizzes = {quiz.checkpoint_id: quiz for quiz in _that_hide(tx, sorted({course_id for course_id, _ in scored}))}
    asked = [(quizzes[id_], place[1]) for place, ids in scored.items() for id_ in ids if id_ in quizzes]
    found = revealing.keeps_score(tx, asked)
    return {place: {id_ for id_ in ids if (id_, place[1]) in found} for place, ids in scored.items()}


def _that_hide(tx: Transaction, course_ids: Sequence[int]) -> Sequence[Quiz]:
    may_hide = col(Quiz.shows_score).in_(revealing.LATER)
    return tx.session.scalars(select(Quiz).where(col(Quiz.course_id).in_(course_ids), may_hide)).all()


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
_WAITING_OF = Prepared(
    select(_attempts.c.course_id, _attempts.c.user_id, _attempts.c.checkpoint_id).where(
        among(_attempts.c.user_id, 'people'),
        among(_attempts.c.course_id, 'courses'),
        _attempts.c.is_practice.is_(False),
        _attempts.c.state == AttemptState.SUBMITTED.value,
    )
)
_own = _whose == bindparam('user')
_EVERYBODY = tuple(Prepared(each) for each in (_LATE, _WAITING, _SHARED, _guests))
_ONE = tuple(Prepared(each.where(_own)) for each in (_LATE, _WAITING, _SHARED, _guests))
