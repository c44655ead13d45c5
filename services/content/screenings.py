"""Which film a step has, and whether watching it counts for somebody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, select

from models import Checkpoint, CheckpointKind, Course, Enrollment, SignIn, Upload, table
from services.access import Actor
from services.core.among import among
from services.core.database import Transaction
from services.core.errors import Gone, NotEnrolled, NotFound, NotSignedIn, Refused, Removed
from services.core.prepared import Prepared

Learning = Mapping[int, Mapping[int, bool]]
"""sign-in id → course id → whether its person was taken out of it; signed out devices are not there"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """The film of a step, as it is now."""

    course_id: int
    file_id: int
    seconds: float
    is_preview: bool
    is_deleted: bool
    is_put_away: bool


def films(tx: Transaction, checkpoint_ids: Collection[int]) -> dict[int, Film]:
    """Return the films of steps; steps without one are left out."""
    rows = _FILMS.rows(tx.connection, checkpoints=list(checkpoint_ids))
    return {
        id_: Film(
            course_id=course_id,
            file_id=file_id,
            seconds=seconds or 0.0,
            is_preview=is_preview,
            is_deleted=deleted_at is not None,
            is_put_away=archived_at is not None or course_deleted_at is not None,
        )
        for id_, course_id, file_id, seconds, is_preview, deleted_at, archived_at, course_deleted_at in rows
    }


def learning(tx: Transaction, sign_in_ids: Collection[int], course_ids: Collection[int]) -> Learning:
    """Return in which of these courses the people of these devices learn, or have learned."""
    found: dict[int, dict[int, bool]] = {}
    chosen = {'sign_ins': list(sign_in_ids), 'courses': list(course_ids)}
    for sign_in_id, course_id, removed_at in _PLACES.rows(tx.connection, **chosen, now=tx.now):
        found.setdefault(sign_in_id, {})[course_id] = removed_at is not None
    return found


def check(actor: Actor | None, film: Film | None, learning: Learning) -> None:
    """Raise why it does not count when somebody watches a film."""
    if actor is None or actor.sign_in_id not in learning:
        raise NotSignedIn
    if film is None:
        raise NotFound('There is no film here, or it is not one of yours.')
    is_removed = learning[actor.sign_in_id].get(film.course_id)
    if is_removed is None:
        raise NotEnrolled
    if is_removed:
        raise Removed
    if film.is_put_away:
        raise Gone('Your instructor has put this course away. What you did is kept.')
    if film.is_deleted:
        raise Gone('Your instructor has removed this step. It does not count any longer; go on with the next one.')
    if film.is_preview:
        raise Refused('A preview is only to be looked at; it is never marked.')


_checkpoints, _courses, _uploads = table(Checkpoint), table(Course), table(Upload)
_sign_ins, _enrollments = table(SignIn), table(Enrollment)

_FILMS = Prepared(
    select(
        _checkpoints.c.id,
        _checkpoints.c.course_id,
        _checkpoints.c.file_id,
        _uploads.c.seconds,
        _checkpoints.c.is_preview,
        _checkpoints.c.deleted_at,
        _courses.c.archived_at,
        _courses.c.deleted_at,
    )
    .join(_courses, _courses.c.id == _checkpoints.c.course_id)
    .join(_uploads, _uploads.c.id == _checkpoints.c.file_id)
    .where(_checkpoints.c.kind == CheckpointKind.VIDEO, among(_checkpoints.c.id, 'checkpoints'))
)
_PLACES = Prepared(
    select(_sign_ins.c.id, _enrollments.c.course_id, _enrollments.c.removed_at)
    .outerjoin(
        _enrollments,
        and_(_enrollments.c.user_id == _sign_ins.c.user_id, among(_enrollments.c.course_id, 'courses')),
    )
    .where(among(_sign_ins.c.id, 'sign_ins'), _sign_ins.c.expires_at > bindparam('now'))
)
"""which devices are signed in, and which of these courses their people learn in"""
