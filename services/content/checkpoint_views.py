"""Checkpoints as those see them who teach or learn in their course: all of them in order, or one in full."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import defer
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Course, Enrollment, Module, Upload
from services import access
from services.access import Actor
from services.content.uploads.attaching import Attached
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.progress.extra_time import own_due


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointShown:
    """A checkpoint."""

    checkpoint_id: int
    course_id: int
    module_id: int
    kind: CheckpointKind
    title: str
    description: str
    estimated_minutes: int | None
    due_at: datetime | None
    """for a learner with extra time, the day that is theirs"""
    tags: tuple[str, ...]
    is_preview: bool
    """open to anyone, and never counted"""
    has_file: bool
    has_captions: bool
    link: str
    """the address of a video elsewhere; it is shown where the video has no file"""
    body: str | None = None
    """what there is to read in it; None where many are listed, because it can be long"""
    file: Attached | None = None
    """its video or its PDF; None where many are listed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleShown:
    """A module with its checkpoints in order."""

    module_id: int
    title: str
    description: str
    """what learners read before its checkpoints, as Markdown"""
    checkpoints: tuple[CheckpointShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewShown:
    """A checkpoint that is open to anyone."""

    course_title: str
    checkpoint: CheckpointShown


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[ModuleShown, ...]:
    """Return modules and checkpoints in order, without what there is to read in a checkpoint."""
    access.course(tx, actor, course_id)
    due = _due_of(tx, actor, course_id)
    texts = defer(Checkpoint.body)  # type: ignore[arg-type]  # it is a column, whatever its annotation says
    checkpoints = select(Checkpoint).options(texts).order_by(col(Checkpoint.position), col(Checkpoint.id))
    is_there = col(Checkpoint.course_id) == course_id, col(Checkpoint.deleted_at).is_(None)
    by_module: dict[int, list[CheckpointShown]] = {}
    for checkpoint in tx.session.scalars(checkpoints.where(*is_there)):
        by_module.setdefault(checkpoint.module_id, []).append(_shown(checkpoint, due))
    modules = select(Module).order_by(col(Module.position), col(Module.id))
    return tuple(
        ModuleShown(
            module_id=module.id,
            title=module.title,
            description=module.description,
            checkpoints=tuple(by_module.get(module.id, ())),
        )
        for module in tx.session.scalars(
            modules.where(col(Module.course_id) == course_id, col(Module.deleted_at).is_(None))
        )
    )


def in_full(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> CheckpointShown:
    """Return a checkpoint of a course that the actor teaches or learns in, with what there is to read."""
    checkpoint = access.checkpoint(tx, actor, checkpoint_id)
    return _in_full(tx, checkpoint, _due_of(tx, actor, checkpoint.course_id))


def preview(tx: Transaction, checkpoint_id: int) -> PreviewShown:
    """Return a preview to anyone; other checkpoints look absent."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    course = tx.session.get_one(Course, checkpoint.course_id) if checkpoint else None
    if checkpoint is None or checkpoint.deleted_at or not checkpoint.is_preview or course is None or course.deleted_at:
        raise NotFound('There is no preview here.')
    return PreviewShown(course_title=course.title, checkpoint=_in_full(tx, checkpoint))


Due = Callable[[Checkpoint], datetime | None]


def _due_of_all(checkpoint: Checkpoint) -> datetime | None:
    return checkpoint.due_at


def _due_of(tx: Transaction, actor: Actor | None, course_id: int) -> Due:
    """Return what tells when a checkpoint is due for the actor: for a learner, with their extra time."""
    mine = col(Enrollment.course_id) == course_id, col(Enrollment.user_id) == (actor.user_id if actor else 0)
    row = tx.execute(select(col(Enrollment.extra_percent), col(Enrollment.enrolled_at)).where(*mine)).first()
    if row is None:
        return _due_of_all
    percent, enrolled_at = row
    return lambda each: own_due(each.due_at, percent, since=max(each.created_at, enrolled_at))


def _shown(checkpoint: Checkpoint, due: Due = _due_of_all) -> CheckpointShown:
    return CheckpointShown(
        checkpoint_id=checkpoint.id,
        course_id=checkpoint.course_id,
        module_id=checkpoint.module_id,
        kind=checkpoint.kind,
        title=checkpoint.title,
        description=checkpoint.description,
        estimated_minutes=checkpoint.estimated_minutes,
        due_at=due(checkpoint),
        tags=tuple(checkpoint.tags),
        is_preview=checkpoint.is_preview,
        has_file=checkpoint.file_id is not None,
        has_captions=checkpoint.captions_id is not None,
        link=checkpoint.link,
    )


def _in_full(tx: Transaction, checkpoint: Checkpoint, due: Due = _due_of_all) -> CheckpointShown:
    return replace(_shown(checkpoint, due), body=checkpoint.body, file=_file(tx, checkpoint))


def _file(tx: Transaction, checkpoint: Checkpoint) -> Attached | None:
    if checkpoint.file_id is None:
        return None
    upload = tx.session.get_one(Upload, checkpoint.file_id)
    return Attached(name=upload.name, size=upload.size, seconds=upload.seconds, pages=upload.pages)
