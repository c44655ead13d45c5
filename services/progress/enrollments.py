"""Enrollments: one learner in one course, and the percentage that follows from their progress."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, distinct, func, insert, select, update
from sqlmodel import col

from models import Checkpoint, Course, Enrollment, Progress, Verb, table, verbs_where
from services import access
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import metrics
from services.core.errors import NotEnrolled, Removed
from services.core.events import CourseChanged, PersonHidden, PersonNamed, Recorded
from services.core.projection import Form, Part, Projection, State
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared, Row
from services.core.transaction import Transaction
from services.progress import checkpoint_progress, completions


def enroll(tx: Transaction, *, course_id: int, user_id: int, name: str) -> bool:
    """Let a person take part in a course; idempotent. Returns whether they are new."""
    place = {'course_id': course_id, 'user_id': user_id}
    for (removed_at,) in _PLACE.rows(tx.connection, **place):
        if removed_at:
            raise Removed
        return False
    _ENROLL.rows(tx.connection, **place, enrolled_at=tx.now, percent=0, custom={})
    enrolled = Entry(user_id=user_id, tap_id=f'enrolled:{course_id}', verb=Verb.ENROLLED, course_id=course_id)
    recording.record(tx, [enrolled])
    tx.announce(PersonNamed(course_id=course_id, user_id=user_id, name=name))
    return True


def hide(tx: Transaction, actor: Actor | None, course_id: int, hidden: bool) -> None:
    """Choose whether one is shown on the projector of a course that one takes part in."""
    access.course(tx, actor, course_id)
    user_id = actor.user_id if actor else 0
    mine = (col(Enrollment.course_id) == course_id) & (col(Enrollment.user_id) == user_id)
    chosen = tx.execute(update(Enrollment).where(mine).values(is_hidden=hidden).returning(col(Enrollment.id)))
    if chosen.first() is None:
        raise NotEnrolled
    tx.announce(PersonHidden(course_id=course_id, user_id=user_id, hidden=hidden))
    tx.note('hidden from the projector' if hidden else 'shown on the projector', course=course_id, user=user_id)


def project(tx: Transaction, recorded: Sequence[Recorded]) -> None:
    """Recount the enrollments that activities just recorded can have moved."""
    moved: dict[int, set[int]] = {}
    for activity in recorded:
        moved.setdefault(activity.of_course, set()).add(activity.user_id)
    for course_id, user_ids in sorted(moved.items()):
        recount(tx, course_id, user_ids)


def rebuild(tx: Transaction, part: Part) -> None:
    """Count anew how far some people are, and when they completed their courses, from the log."""
    completed = part.folded(tx, completions.STATE)
    places = select(col(Enrollment.id), col(Enrollment.user_id), col(Enrollment.course_id))
    places = places.where(col(Enrollment.user_id).in_(part.people)).order_by(col(Enrollment.course_id))
    for id_, user_id, course_id in tx.execute(places).all():
        fresh = {'percent': 0, 'completed_at': completed.get((user_id, course_id))}
        tx.execute(update(Enrollment).where(col(Enrollment.id) == id_).values(**fresh))
        recount(tx, course_id, {user_id}, with_guest=part.with_guest)
        tx.announce(CourseChanged(course_id=course_id))


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare who takes part in which course, and how far they are, with the log; counted here, not by the database."""
    rows = tx.session.scalars(select(Enrollment).where(col(Enrollment.user_id).in_(part.people))).all()
    enrolled = part.folded(tx, STATE).keys()
    stored = {(row.user_id, row.course_id): row for row in rows}
    found = [f'enrollment {key}: in one of log and table only' for key in enrolled ^ stored.keys()]
    checkpoints = counted_in(tx, {course_id for _, course_id in stored})
    done = _done(tx, part, checkpoints)
    for key, row in stored.items():
        number = len(done.get(key, ()))
        percent = number * 100 // max(1, len(checkpoints.get(row.course_id, ())))
        if (row.done, row.percent) != (number, percent):
            found.append(f'enrollment {key}: {row.done} = {row.percent} % instead of {number} = {percent} %')
    return found


def counted_in(tx: Transaction, course_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the checkpoints that count in some courses."""
    found: dict[int, set[int]] = {}
    query = select(col(Checkpoint.course_id), col(Checkpoint.id)).where(counted())
    for course_id, id_ in tx.execute(query.where(col(Checkpoint.course_id).in_(course_ids))):
        found.setdefault(course_id, set()).add(id_)
    return found


def _done(tx: Transaction, part: Part, checkpoints: Mapping[int, set[int]]) -> dict[tuple[int, int], set[int]]:
    """Return which checkpoints that count each (user, course) has completed."""
    standings = part.folded(tx, checkpoint_progress.STATE)
    done: dict[tuple[int, int], set[int]] = {}
    for (user_id, checkpoint_id, _mode), standing in standings.items():
        if standing.completed_at and checkpoint_id in checkpoints.get(standing.course_id, ()):
            done.setdefault((user_id, standing.course_id), set()).add(checkpoint_id)
    return done


def recount(tx: Transaction, course_id: int, user_ids: Collection[int], *, with_guest: int | None = None) -> int:
    """Count again what some learners of a course have done; returns how many of them it changed.

    Percentage = completed / counted checkpoints, rounded down; done in either mode is done.
    A changed shape of the course goes through `services.progress.counters`, which does not count again.
    """
    began = time.monotonic()
    chosen = {'course': course_id, 'users': list(user_ids)}
    before = [Counted(*row) for row in BEFORE_SOME.rows(tx.connection, **chosen)]
    changed = conclude(tx, course_id, before, _RECOUNT.rows(tx.connection, **chosen), with_guest=with_guest)
    metrics.recalculated(time.monotonic() - began)
    return changed


class Counted(NamedTuple):
    """How an enrollment was before its counters moved."""

    id: int
    user_id: int
    done: int
    percent: int
    completed_at: datetime | None
    removed_at: datetime | None


def conclude(
    tx: Transaction,
    course_id: int,
    before: Iterable[Counted],
    after: Iterable[Row],
    *,
    with_guest: int | None = None,
) -> int:
    """Tell of the counters that have moved; returns how many. `after` has (id, done, percent) of those written.

    A learner at 100 for the first time has completed the course, for good; but `with_guest` only for as long
    as the work of that guest is theirs (see `services.people.merging`), and nobody while they are out of the course.
    """
    now = {id_: (done, percent) for id_, done, percent in after}
    finished: list[int] = []
    changed = 0
    for was in before:
        done, percent = now.get(was.id, (was.done, was.percent))
        changed += (done, percent) != (was.done, was.percent)
        if percent != was.percent:
            request = tx.request_id or tx.request_ids.get(was.user_id, '')
            facts = {'course': course_id, 'user': was.user_id, 'old_percent': was.percent, 'new_percent': percent}
            tx.note('recalculated', request=request, **facts)
        if percent == 100 and was.completed_at is None and was.removed_at is None:
            finished.append(was.user_id)
    completions.complete(tx, course_id, finished, with_guest=with_guest)
    return changed


def counted() -> ColumnElement[bool]:
    """Return the condition under which a checkpoint counts."""
    return col(Checkpoint.deleted_at).is_(None) & ~col(Checkpoint.is_preview)


_RECOUNTED = verbs_where(lambda traits: traits.moves_percentage)

_enrollments, _progress, _checkpoints, _courses = table(Enrollment), table(Progress), table(Checkpoint), table(Course)

_PLACE = Prepared(
    select(_enrollments.c.removed_at).where(
        _enrollments.c.course_id == bindparam('course_id'), _enrollments.c.user_id == bindparam('user_id')
    )
)
_ENROLL = Prepared(insert(_enrollments), columns=('course_id', 'user_id', 'enrolled_at', 'percent', 'custom'))

_IN_COURSE = _enrollments.c.course_id == bindparam('course')
_CHOSEN = _IN_COURSE & among(_enrollments.c.user_id, 'users')
_BEFORE = select(*(_enrollments.c[name] for name in Counted._fields)).order_by(_enrollments.c.id).with_for_update()
BEFORE_ALL, BEFORE_SOME = Prepared(_BEFORE.where(_IN_COURSE)), Prepared(_BEFORE.where(_CHOSEN))
"""Read and lock, so that nobody else moves the counters meanwhile."""

_DONE = (
    select(func.count(distinct(_progress.c.checkpoint_id)))
    .join(_checkpoints, _checkpoints.c.id == _progress.c.checkpoint_id)
    .where(
        _progress.c.course_id == bindparam('course'),
        _progress.c.user_id == _enrollments.c.user_id,
        _progress.c.completed_at.is_not(None),
        _checkpoints.c.deleted_at.is_(None),
        ~_checkpoints.c.is_preview,
    )
    .correlate(_enrollments)
    .scalar_subquery()
)
_COUNTED = select(_courses.c.counted).where(_courses.c.id == bindparam('course')).scalar_subquery()


def percentage(done: ColumnElement[int]) -> ColumnElement[int]:
    """Return how many percent of what counts in the course is done; an empty course is at 0."""
    return func.coalesce((done * 100).op('/')(func.nullif(_COUNTED, 0)), 0)


# materialized, or both databases would count once for each column that is written
_FRESH = select(_enrollments.c.id, _DONE.label('done')).where(_CHOSEN).cte('fresh').prefix_with('MATERIALIZED')
_RECOUNT = Prepared(
    update(_enrollments)
    .where(_enrollments.c.id == _FRESH.c.id)
    .values(done=_FRESH.c.done, percent=percentage(_FRESH.c.done))
    .returning(_enrollments.c.id, _enrollments.c.done, _enrollments.c.percent)
)


def _enroll(_: Transaction, part: Part, enrolled: dict[tuple[int, int], datetime]) -> None:
    enrolled.update(((each.user_id, each.of_course), each.at) for each in part.own() if each.verb is Verb.ENROLLED)


STATE: State[tuple[int, int], datetime] = State(
    name='enrolled', form=Form(list[tuple[tuple[int, int], datetime]]), fold=_enroll
)
PROJECTION = Projection(
    name='enrollments',
    follows=_RECOUNTED,
    project=project,
    rebuild=rebuild,
    states=(STATE,),
    differences=differences,
)
