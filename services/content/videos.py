"""Which video a step has."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from models import Checkpoint, CheckpointKind, Course, Upload, table
from services.core.database import Transaction
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """The video of a step, as it is now."""

    course_id: int
    file_id: int
    seconds: float
    is_preview: bool
    is_deleted: bool
    is_put_away: bool


def videos(tx: Transaction, checkpoint_ids: Collection[int]) -> dict[int, Video]:
    """Return the videos of steps; steps without one are left out."""
    rows = _VIDEOS.rows(tx.connection, checkpoints=list(checkpoint_ids))
    return {
        id_: Video(
            course_id=course_id,
            file_id=file_id,
            seconds=seconds or 0.0,
            is_preview=is_preview,
            is_deleted=deleted_at is not None,
            is_put_away=archived_at is not None or course_deleted_at is not None,
        )
        for id_, course_id, file_id, seconds, is_preview, deleted_at, archived_at, course_deleted_at in rows
    }


_checkpoints, _courses, _uploads = table(Checkpoint), table(Course), table(Upload)

_VIDEOS = Prepared(
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
