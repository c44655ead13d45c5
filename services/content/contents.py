"""Which video or document a checkpoint has."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models import Checkpoint, CheckpointKind, Course, Upload, table
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared, Row
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The video or document of a checkpoint, as it is now."""

    course_id: int
    file_id: int | None
    """None for a text"""
    end: float
    """the seconds of a video, 0 where they are not known; the pages of a PDF; 1 for all of a text"""
    is_preview: bool
    """whether the checkpoint is open to anybody, and never counted"""
    is_deleted: bool
    is_closed: bool
    """whether the course was archived or deleted"""


def videos(tx: Transaction, checkpoint_ids: Collection[int]) -> dict[int, Content]:
    """Return the videos of checkpoints; checkpoints without one are left out."""
    found = _contents(_VIDEOS.rows(tx.connection, checkpoints=list(checkpoint_ids)))
    return {id_: content for id_, content in found if content.file_id is not None}


def document(tx: Transaction, checkpoint_id: int) -> Content | None:
    """Return the document of a checkpoint; None if it has none."""
    for _, content in _contents(_DOCUMENT.rows(tx.connection, checkpoint=checkpoint_id)):
        return content
    return None


def _contents(rows: Sequence[Row]) -> Iterator[tuple[int, Content]]:
    for id_, course_id, file_id, seconds, pages, is_preview, deleted_at, archived_at, course_deleted_at in rows:
        yield (
            id_,
            Content(
                course_id=course_id,
                file_id=file_id,
                end=1.0 if file_id is None else float(seconds or pages or 0),
                is_preview=is_preview,
                is_deleted=deleted_at is not None,
                is_closed=archived_at is not None or course_deleted_at is not None,
            ),
        )


_checkpoints, _courses, _uploads = table(Checkpoint), table(Course), table(Upload)

_CONTENTS = (
    select(
        _checkpoints.c.id,
        _checkpoints.c.course_id,
        _checkpoints.c.file_id,
        _uploads.c.seconds,
        _uploads.c.pages,
        _checkpoints.c.is_preview,
        _checkpoints.c.deleted_at,
        _courses.c.archived_at,
        _courses.c.deleted_at,
    )
    .join(_courses, _courses.c.id == _checkpoints.c.course_id)
    .outerjoin(_uploads, _uploads.c.id == _checkpoints.c.file_id)
)
_VIDEOS = Prepared(
    _CONTENTS.where(_checkpoints.c.kind == CheckpointKind.VIDEO, among(_checkpoints.c.id, 'checkpoints'))
)
_DOCUMENT = Prepared(
    _CONTENTS.where(_checkpoints.c.kind == CheckpointKind.DOCUMENT, _checkpoints.c.id == bindparam('checkpoint'))
)
