"""A checkpoint and its files: what belongs to it, and what an instructor does with it."""

from dataclasses import dataclass

from models import Checkpoint, Upload
from services import access
from services.access import Actor
from services.checkpoint_kinds import KINDS, takes_files
from services.content.uploads.file_types import Found
from services.content.uploads.slots import Part
from services.core.errors import Refused
from services.core.events import CourseChanged
from services.core.transaction import Transaction
from services.courses import checkpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file that is whole in the data folder."""

    name: str
    size: int
    stored_as: str
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of a checkpoint, as its instructor sees it."""

    name: str
    size: int
    seconds: float | None
    pages: int | None


def attached(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> dict[Part, Attached]:
    """Return the files of a checkpoint."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    parts = {part: checkpoint.file_id for part, kind in _KIND.items() if checkpoint.kind is kind}
    uploads = {
        part: tx.session.get_one(Upload, upload_id)
        for part, upload_id in {**parts, Part.CAPTIONS: checkpoint.captions_id}.items()
        if upload_id
    }
    return {
        part: Attached(name=upload.name, size=upload.size, seconds=upload.seconds, pages=upload.pages)
        for part, upload in uploads.items()
    }


def may_give(tx: Transaction, actor: Actor | None, checkpoint_id: int, part: Part) -> None:
    """Refuse a file before any of it is taken in, if it could not be attached afterwards."""
    _check(access.taught_checkpoint(tx, actor, checkpoint_id), part)


def attach(tx: Transaction, actor: Actor | None, checkpoint_id: int, part: Part, given: Given) -> int:
    """Make a file part of a checkpoint, in place of the one before; returns its id.

    A video makes the checkpoint a video, a PDF makes it a document; what learners did there is kept.
    """
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    _check(checkpoint, part)
    assert actor is not None  # `access` has seen to it
    upload = stored(tx, actor, given)
    if part is Part.CAPTIONS:
        checkpoint.captions_id = upload.id
    else:
        checkpoints.be_of_kind(checkpoint, _KIND[part])
        checkpoint.file_id = upload.id
    _changed(tx, checkpoint)
    tx.note('file given', course=checkpoint.course_id, checkpoint=checkpoint_id, part=part, size=given.size)
    return upload.id


def stored(tx: Transaction, actor: Actor, given: Given) -> Upload:
    """Remember a file that is in the data folder; the caller has checked who may give it."""
    upload = Upload(
        name=given.name,
        media_type=given.found.media_type,
        size=given.size,
        stored_as=given.stored_as,
        seconds=given.found.seconds,
        pages=given.found.pages,
        uploaded_by=actor.user_id,
        uploaded_at=tx.now,
    )
    tx.session.add(upload)
    tx.session.flush()
    return upload


def detach(tx: Transaction, actor: Actor | None, checkpoint_id: int, part: Part) -> None:
    """Take a file away from a checkpoint; captions go with their video. Taking away what is gone changes nothing."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    if part is Part.CAPTIONS:
        checkpoint.captions_id = None
    elif checkpoint.kind is _KIND[part]:
        checkpoint.file_id = checkpoint.captions_id = None
    _changed(tx, checkpoint)


_KIND = {Part(traits.files[0]): kind for kind, traits in KINDS.items() if traits.files}
"""which part makes a checkpoint one of which kind"""


def _check(checkpoint: Checkpoint, part: Part) -> None:
    if not takes_files(checkpoint.kind):
        raise Refused(
            'This step is {kind}, which has no video and no document of its own.', kind=KINDS[checkpoint.kind].name
        )
    if part is Part.CAPTIONS and (part not in KINDS[checkpoint.kind].files or checkpoint.file_id is None):
        raise Refused('Captions belong to a video: upload the video first.')


def _changed(tx: Transaction, checkpoint: Checkpoint) -> None:
    checkpoint.updated_at = tx.now
    tx.session.add(checkpoint)
    tx.announce(CourseChanged(course_id=checkpoint.course_id))
