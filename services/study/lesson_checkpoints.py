"""One checkpoint in full: what there is to read or to watch, with its file."""

from dataclasses import dataclass
from datetime import datetime

from models import (
    Checkpoint,
    CheckpointKind,
    Course,
    Upload,
)
from services.checkpoint_kinds import link_of, text_of
from services.core.errors import NotFound
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What is known of a file."""

    upload_id: int
    name: str
    media_type: str
    size: int
    seconds: float | None
    pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonCheckpoint:
    """One checkpoint in full."""

    checkpoint_id: int
    kind: CheckpointKind
    title: str
    description: str
    body: str
    minutes: int | None
    created_at: datetime
    due_at: datetime | None
    """for the learner of a `Place` the day that is theirs, with their extra time"""
    is_preview: bool
    file: FileFacts | None
    has_captions: bool
    link: str
    """the address to which a video leads that has no file"""

    @property
    def text(self) -> str:
        """What there is to read as text; nothing where there is none, or a file in its place."""
        return text_of(self.kind, self.body, self.file.upload_id if self.file else None)


def preview_checkpoint(tx: Transaction, checkpoint_id: int) -> LessonCheckpoint:
    """Return a preview in full to anyone; other checkpoints look absent."""
    found = tx.session.get(Checkpoint, checkpoint_id)
    course = tx.session.get_one(Course, found.course_id) if found else None
    if found is None or not found.is_preview or course is None or course.deleted_at:
        raise NotFound('There is no preview here.')
    return lesson_checkpoint(tx, found.course_id, checkpoint_id)


def lesson_checkpoint(tx: Transaction, course_id: int, checkpoint_id: int) -> LessonCheckpoint:
    """Return one checkpoint of a course in full; the caller has checked who may see it."""
    found = tx.session.get(Checkpoint, checkpoint_id)
    if found is None or found.course_id != course_id or found.deleted_at:
        raise NotFound('This step is gone. Somebody may have deleted it.')
    file = tx.session.get(Upload, found.file_id) if found.file_id else None
    return LessonCheckpoint(
        checkpoint_id=found.id,
        kind=found.kind,
        title=found.title,
        description=found.description,
        body=found.body,
        minutes=found.estimated_minutes,
        created_at=found.created_at,
        due_at=found.due_at,
        is_preview=found.is_preview,
        file=_file(file) if file else None,
        has_captions=found.captions_id is not None,
        link=link_of(found.kind, found.link, found.file_id),
    )


def _file(upload: Upload) -> FileFacts:
    return FileFacts(
        upload_id=upload.id,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        seconds=upload.seconds,
        pages=upload.pages,
    )
