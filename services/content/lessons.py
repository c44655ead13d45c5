"""What there is at a checkpoint, for people who may see it, and how far a learner is with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models import Checkpoint, CheckpointKind
from services import access
from services.access import Actor
from services.content import documents, video_progress
from services.content.documents import Read
from services.content.uploads import serving
from services.content.video_progress import Watched
from services.core.transaction import Transaction
from services.study import lesson_checkpoints
from services.study.lesson_checkpoints import LessonCheckpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One checkpoint in full. `position` and `percent` are those of a learner, and begin at 0."""

    course_id: int
    checkpoint: LessonCheckpoint
    position: float
    """where to go on: seconds of a video, pages of a PDF counted from 0, or a share of a text"""
    percent: int


SO_FAR: Mapping[CheckpointKind, Callable[[Transaction, Actor | None, int], Watched | Read]] = MappingProxyType(
    {CheckpointKind.VIDEO: video_progress.so_far, CheckpointKind.DOCUMENT: documents.so_far}
)
"""how far a learner is, for the kinds with a content of which that can be said"""


def lesson(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Lesson:
    """Return a checkpoint of a course of the actor's, or a preview to anyone; others look absent."""
    checkpoint = serving.readable_checkpoint(tx, actor, checkpoint_id)
    far = _far(tx, actor, checkpoint)
    return Lesson(
        course_id=checkpoint.course_id,
        checkpoint=lesson_checkpoints.lesson_checkpoint(tx, checkpoint.course_id, checkpoint_id),
        position=far.position,
        percent=far.percent,
    )


def _far(tx: Transaction, actor: Actor | None, checkpoint: Checkpoint) -> Watched | Read:
    so_far = SO_FAR.get(checkpoint.kind)
    if so_far and actor and access.enrolled(tx, actor.user_id, checkpoint.course_id):
        return so_far(tx, actor, checkpoint.id)
    return Read()
