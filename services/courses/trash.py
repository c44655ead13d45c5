"""What was deleted lately: courses, modules and checkpoints, listed for thirty days so that they can be restored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models import Checkpoint, Course, Module, Role, table
from services import access
from services.access import Actor
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction

LISTED_FOR = timedelta(days=30)


class Deleted(StrEnum):
    """What kind of thing was deleted."""

    COURSE = 'course'
    MODULE = 'module'
    CHECKPOINT = 'checkpoint'


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """One thing that was deleted and can be restored."""

    what: Deleted
    id: int
    title: str
    deleted_at: datetime
    checkpoints: int = 0
    """in a course or a module: how many come back with it"""


def courses(tx: Transaction, actor: Actor | None) -> list[Trashed]:
    """Return the deleted courses that the actor may restore, the latest first; an admin may restore any."""
    actor = access.teacher(tx, actor)
    since = tx.now - LISTED_FOR
    if actor.role is Role.ADMIN:
        rows = _DELETED.rows(tx.connection, since=since)
    else:
        rows = _DELETED_OF_ONE.rows(tx.connection, since=since, owner=actor.user_id)
    return _latest_first(_trashed(Deleted.COURSE, *row) for row in rows)


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> list[Trashed]:
    """Return the modules and checkpoints of a course that were deleted lately, the latest first.

    A checkpoint that was deleted together with its module comes back with it, and is not listed by itself.
    """
    access.taught_course(tx, actor, course_id)
    since = tx.now - LISTED_FOR
    together = select(func.count()).where(
        col(Checkpoint.module_id) == col(Module.id), col(Checkpoint.deleted_at) == col(Module.deleted_at)
    )
    modules = select(col(Module.id), col(Module.title), col(Module.deleted_at), together.scalar_subquery()).where(
        col(Module.course_id) == course_id, col(Module.deleted_at) > since
    )
    alone = (
        select(col(Checkpoint.id), col(Checkpoint.title), col(Checkpoint.deleted_at))
        .join(Module, col(Module.id) == col(Checkpoint.module_id))
        .where(
            col(Checkpoint.course_id) == course_id,
            col(Checkpoint.deleted_at) > since,
            col(Module.deleted_at).is_(None) | (col(Module.deleted_at) != col(Checkpoint.deleted_at)),
        )
    )
    return _latest_first(
        [
            *(_trashed(Deleted.MODULE, *row) for row in tx.execute(modules)),
            *(_trashed(Deleted.CHECKPOINT, *row) for row in tx.execute(alone)),
        ]
    )


def _trashed(what: Deleted, id_: int, title: str, deleted_at: datetime | None, checkpoints: int = 0) -> Trashed:
    assert deleted_at is not None
    return Trashed(what=what, id=id_, title=title, deleted_at=deleted_at, checkpoints=checkpoints)


def _latest_first(found: Iterable[Trashed]) -> list[Trashed]:
    return sorted(found, key=lambda each: (each.deleted_at, each.id), reverse=True)


_size = select(func.count()).where(col(Checkpoint.course_id) == col(Course.id), col(Checkpoint.deleted_at).is_(None))
_deleted = select(col(Course.id), col(Course.title), col(Course.deleted_at), _size.scalar_subquery()).where(
    col(Course.deleted_at) > bindparam('since', type_=table(Course).c.deleted_at.type)
)
_DELETED = Prepared(_deleted)
_DELETED_OF_ONE = Prepared(_deleted.where(col(Course.owner_id) == bindparam('owner')))
