"""The outline of a course: its modules in order, each with its checkpoints in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Module, QuizPart, Upload
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.courses.checkpoints import PlacedCheckpoint, placed_checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A module in its place, with its checkpoints."""

    module_id: int
    title: str
    description: str
    checkpoints: tuple[PlacedCheckpoint, ...]


def sections(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Section, ...]:
    """Return modules and checkpoints in order."""
    access.course(tx, actor, course_id)
    present = col(Module.course_id) == course_id, col(Module.deleted_at).is_(None)
    modules = tx.session.scalars(select(Module).where(*present).order_by(col(Module.position), col(Module.id))).all()
    with_lengths = _ordered(course_id).add_columns(col(Upload.seconds))
    found = tx.execute(with_lengths.outerjoin(Upload, col(Upload.id) == col(Checkpoint.file_id))).all()
    rows = [row for row, _ in found]
    asking = _with_questions(tx, [row.id for row in rows if row.kind is CheckpointKind.QUIZ])
    checkpoints = [placed_checkpoint(row, has_questions=row.id in asking, seconds=seconds) for row, seconds in found]
    return tuple(
        Section(
            module_id=module.id,
            title=module.title,
            description=module.description,
            checkpoints=tuple(each for each in checkpoints if each.module_id == module.id),
        )
        for module in modules
    )


def _with_questions(tx: Transaction, checkpoint_ids: Sequence[int]) -> set[int]:
    """Return the quizzes that ask something."""
    if not checkpoint_ids:
        return set()
    where = col(QuizPart.checkpoint_id).in_(checkpoint_ids)
    return set(tx.session.scalars(select(col(QuizPart.checkpoint_id)).where(where).distinct()))


def in_order(tx: Transaction, course_id: int) -> Sequence[Checkpoint]:
    """Return the rows of all checkpoints of a course that are not deleted, by module and position."""
    return tx.session.scalars(_ordered(course_id)).all()


def _ordered(course_id: int) -> Select[Checkpoint]:
    query = select(Checkpoint).join(Module, col(Module.id) == col(Checkpoint.module_id))
    present = col(Checkpoint.course_id) == course_id, col(Checkpoint.deleted_at).is_(None)
    order = col(Module.position), col(Module.id), col(Checkpoint.position), col(Checkpoint.id)
    return query.where(*present).order_by(*order)
