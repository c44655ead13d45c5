"""Which file may be handed out to whom: to those who teach or learn in the course; of a preview, to anyone."""

from dataclasses import dataclass
from pathlib import Path

from models import Checkpoint, Course, Upload
from services import access
from services.access import Actor
from services.content.uploads.slots import MEDIA_TYPES, Part
from services.content.uploads.storage import folder
from services.core.errors import NotFound
from services.core.phrases import phrase
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A file, ready to be handed out."""

    upload_id: int
    path: Path
    media_type: str
    name: str
    etag: str


def served(tx: Transaction, actor: Actor | None, checkpoint_id: int, part: Part) -> Served:
    """Return a file of a checkpoint; absent and not yours look the same."""
    checkpoint = readable_checkpoint(tx, actor, checkpoint_id)
    upload_id = checkpoint.captions_id if part is Part.CAPTIONS else checkpoint.file_id
    upload = tx.session.get(Upload, upload_id) if upload_id else None
    if upload is None or upload.media_type not in MEDIA_TYPES[part]:
        raise NotFound(_NO_FILE)
    return Served(
        upload_id=upload.id,
        path=folder() / upload.stored_as,
        media_type=upload.media_type,
        name=upload.name,
        etag=f'"{upload.stored_as}"',
    )


def readable_checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Checkpoint:
    """Return a checkpoint that the actor may read: one of a course of theirs, or a preview."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    if checkpoint and checkpoint.is_preview and not checkpoint.deleted_at:
        course = tx.session.get_one(Course, checkpoint.course_id)
        if not course.deleted_at:
            return checkpoint
    try:
        access.course(tx, actor, checkpoint.course_id if checkpoint else 0)
    except NotFound as refusal:
        raise NotFound(_NO_FILE) from refusal
    if checkpoint is None or checkpoint.deleted_at:
        raise NotFound(_NO_FILE)
    return checkpoint


_NO_FILE = phrase('There is no such file, or it is not in one of your courses.')
