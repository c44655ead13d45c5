"""Grades that teachers set by hand, and learners who are excused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, GradeOverride, User, Verb, table
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core.errors import Invalid, NotFound, Refused
from services.core.sql.upsert import upsert
from services.core.text import check_is_text, line
from services.core.transaction import Transaction
from services.grades import sources
from services.grades.grading import graded_checkpoint

LONGEST_REASON = 280
HIGHEST = 150
"""percent: a grade that is set by hand may have extra credit. Half as much again is more than schools give, and 800 for
80 is still refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Was:
    """What a teacher had set for a learner before it was changed."""

    score: int | None
    """None for excused"""
    reason: str
    by: str
    """the name of the teacher"""
    at: datetime


def was(tx: Transaction, checkpoint_id: int, user_id: int) -> Was | None:
    """Return what is set by hand, also for a guest who is this learner; the caller has checked who may see it."""
    row = next(iter(_rows(tx, checkpoint_id, user_id)), None)
    if row is None:
        return None
    return Was(score=row.score, reason=row.reason, by=tx.session.get_one(User, row.set_by).name, at=row.set_at)


def set_score(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, user_id: int, score: int, reason: str = ''
) -> None:
    """Set the grade of a learner by hand; one that replaces what the learner has reached needs a reason."""
    course_id = graded_checkpoint(tx, actor, checkpoint_id).course_id
    if isinstance(score, bool) or not isinstance(score, int) or not 0 <= score <= HIGHEST:
        raise Invalid(
            'A grade is a whole number from 0 to {most}; more than 100 is extra credit.', most=HIGHEST, field='score'
        )
    reached = sources.results(tx, course_id, user_id).score_of(user_id, checkpoint_id)
    if reached is not None and reached != score and not line(reason):
        raise Invalid(
            'The learner has reached {score} here. Give a reason, so that they understand why the grade is another.',
            score=reached,
            field='reason',
        )
    _store(tx, actor, course_id, checkpoint_id, user_id, score=score, reason=reason)


def store_many(
    tx: Transaction, actor: Actor | None, course_id: int, wanted: Sequence[tuple[int, int, int | None]], *, reason: str
) -> None:
    """Set many grades: of a learner, at a checkpoint, a score or None for excused; all of them or none.

    The caller has checked that the checkpoints are graded, and that the learners are in the course.
    """
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    people = {user_id for user_id, _checkpoint, _score in wanted}
    theirs = col(Enrollment.course_id) == course_id, col(Enrollment.user_id).in_(people)
    places = select(Enrollment).where(*theirs).order_by(col(Enrollment.id)).with_for_update()
    if people != {place.user_id for place in tx.session.scalars(places) if place.removed_at is None}:
        raise NotFound(access.NOT_HERE)
    given = {'course_id': course_id, 'reason': _reason(reason), 'set_by': actor.user_id, 'set_at': tx.now}
    _STORE.each(
        tx.connection,
        [
            {'user_id': user_id, 'checkpoint_id': checkpoint_id, 'score': score, **given}
            for user_id, checkpoint_id, score in wanted
        ],
    )
    entries = [
        _entry(actor, course_id, checkpoint_id, user_id, score=score, state='excused' if score is None else 'set')
        for user_id, checkpoint_id, score in wanted
    ]
    recording.record(tx, entries)


def excuse(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, user_id: int, reason: str = '') -> None:
    """Leave a graded checkpoint out of the total of one learner."""
    course_id = graded_checkpoint(tx, actor, checkpoint_id).course_id
    _store(tx, actor, course_id, checkpoint_id, user_id, score=None, reason=reason)


def clear(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, user_id: int) -> None:
    """Take back what was set by hand, also for guests who are this learner; what was reached counts again."""
    course_id = graded_checkpoint(tx, actor, checkpoint_id).course_id
    access.enrollment(tx, course_id, user_id)
    rows = _rows(tx, checkpoint_id, user_id)
    if not rows:
        return
    for row in rows:
        tx.session.delete(row)
    tx.session.flush()
    _record(tx, actor, course_id, checkpoint_id, user_id, score=None, state='cleared')


def put_back(
    tx: Transaction,
    actor: Actor | None,
    checkpoint_id: int,
    *,
    user_id: int,
    before: Was | None,
    after: Was | None,
) -> None:
    """Set what was set before, or take back what was set since; `after` is what the person has set meanwhile.

    Where another grade has been set after that, `Refused` says so: it is not the person's to undo.
    """
    graded_checkpoint(tx, actor, checkpoint_id)
    now = was(tx, checkpoint_id, user_id)
    if now != after:
        raise Refused('This grade was changed again meanwhile, so it stays as it is. Type it anew to change it.')
    if before is None:
        clear(tx, actor, checkpoint_id, user_id=user_id)
        return
    course_id = graded_checkpoint(tx, actor, checkpoint_id).course_id
    _store(tx, actor, course_id, checkpoint_id, user_id, score=before.score, reason=before.reason)


def _rows(tx: Transaction, checkpoint_id: int, user_id: int) -> Sequence[GradeOverride]:
    """Return what is set for a learner, their own first, and for guests who are this learner."""
    theirs = select(col(User.id)).where((col(User.id) == user_id) | (col(User.merged_into_id) == user_id))
    here = col(GradeOverride.checkpoint_id) == checkpoint_id, col(GradeOverride.user_id).in_(theirs)
    rows = tx.session.scalars(select(GradeOverride).where(*here)).all()
    return sorted(rows, key=lambda row: row.user_id != user_id)


def _store(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    checkpoint_id: int,
    user_id: int,
    *,
    score: int | None,
    reason: str,
) -> None:
    assert actor is not None
    place = access.enrollment(tx, course_id, user_id, locked=True)
    if place.removed_at:
        raise NotFound(access.NOT_HERE)
    reason = _reason(reason)
    key = col(GradeOverride.user_id) == user_id, col(GradeOverride.checkpoint_id) == checkpoint_id
    row = tx.session.scalars(select(GradeOverride).where(*key)).one_or_none()
    if row and (row.score, row.reason) == (score, reason):
        return
    if row is None:
        row = GradeOverride(
            user_id=user_id,
            checkpoint_id=checkpoint_id,
            course_id=course_id,
            set_by=actor.user_id,
            set_at=tx.now,
        )
    row.score, row.reason, row.set_by, row.set_at = score, reason, actor.user_id, tx.now
    tx.session.add(row)
    tx.session.flush()
    _record(tx, actor, course_id, checkpoint_id, user_id, score=score, state='excused' if score is None else 'set')


def _record(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    checkpoint_id: int,
    user_id: int,
    *,
    score: int | None,
    state: str,
) -> None:
    assert actor is not None
    recording.record(tx, [_entry(actor, course_id, checkpoint_id, user_id, score=score, state=state)])


def _entry(actor: Actor, course_id: int, checkpoint_id: int, user_id: int, *, score: int | None, state: str) -> Entry:
    return Entry(
        user_id=user_id,
        tap_id=f'grade:{uuid4().hex}',
        verb=Verb.GRADE_SET,
        course_id=course_id,
        checkpoint_id=checkpoint_id,
        score=score,
        details={'by': actor.user_id, 'state': state},
    )


def _reason(reason: str) -> str:
    check_is_text(reason)
    reason = line(reason)
    if len(reason) > LONGEST_REASON:
        raise Invalid('This reason is too long; use at most {most} characters.', most=LONGEST_REASON, field='reason')
    return reason


_STORE = upsert(
    table(GradeOverride),
    ('user_id', 'checkpoint_id', 'course_id', 'score', 'reason', 'set_by', 'set_at'),
    key=('user_id', 'checkpoint_id'),
)
