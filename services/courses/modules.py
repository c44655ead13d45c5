"""Modules: the ordered groups of a course, and deletion that can be undone."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import col

from models import Checkpoint, Module
from services import access
from services.access import Actor
from services.core.events import CourseChanged
from services.core.text import check_text, check_title
from services.core.transaction import Transaction
from services.progress import counters

Row = TypeVar('Row', Module, Checkpoint)


def add(tx: Transaction, actor: Actor | None, course_id: int, *, title: str, description: str = '') -> int:
    """Add a module at the end; returns its id."""
    access.taught_course(tx, actor, course_id)
    last = tx.execute(select(func.max(col(Module.position))).where(col(Module.course_id) == course_id)).scalar()
    module = Module(
        course_id=course_id,
        title=check_title(title, 'module'),
        description=check_text(description),
        position=(last or 0) + 1,
    )
    tx.session.add(module)
    tx.session.flush()
    tx.announce(CourseChanged(course_id=course_id))
    return module.id


def edit(
    tx: Transaction, actor: Actor | None, module_id: int, *, title: str | None = None, description: str | None = None
) -> None:
    """Change the title or the description of a module; what is None stays as it is."""
    module = access.taught_module(tx, actor, module_id)
    if title is not None:
        module.title = check_title(title, 'module')
    if description is not None:
        module.description = check_text(description)
    tx.session.add(module)
    tx.announce(CourseChanged(course_id=module.course_id))


def move(tx: Transaction, actor: Actor | None, module_id: int, *, index: int) -> None:
    """Put a module in another place of its course."""
    module = access.taught_module(tx, actor, module_id)
    present = col(Module.course_id) == module.course_id, col(Module.deleted_at).is_(None)
    others = tx.session.scalars(select(Module).where(*present).order_by(col(Module.position), col(Module.id))).all()
    put_in_order(tx, [other for other in others if other.id != module_id], module, index)
    tx.announce(CourseChanged(course_id=module.course_id))


def delete(tx: Transaction, actor: Actor | None, module_id: int) -> None:
    """Delete a module with its checkpoints."""
    module = access.taught_module(tx, actor, module_id)
    module.deleted_at = tx.now
    tx.session.add(module)
    theirs = col(Checkpoint.module_id) == module_id, col(Checkpoint.deleted_at).is_(None)
    counting = _counting(tx, *theirs)
    tx.execute(update(Checkpoint).where(*theirs).values(deleted_at=tx.now))
    counters.cease_to_count(tx, module.course_id, counting)


def restore(tx: Transaction, actor: Actor | None, module_id: int) -> None:
    """Bring a module back, with the checkpoints that were deleted together with it."""
    module = access.taught_module(tx, actor, module_id, deleted=True)
    theirs = col(Checkpoint.module_id) == module_id, col(Checkpoint.deleted_at) == module.deleted_at
    counting = _counting(tx, *theirs)
    tx.execute(update(Checkpoint).where(*theirs).values(deleted_at=None))
    module.deleted_at = None
    tx.session.add(module)
    counters.begin_to_count(tx, module.course_id, counting)


def put_in_order(tx: Transaction, others: list[Row], moved: Row, index: int) -> None:
    """Put a row among the others, and number them all."""
    others.insert(max(0, min(index, len(others))), moved)
    for position, row in enumerate(others):
        row.position = position
        tx.session.add(row)


def _counting(tx: Transaction, *which: ColumnElement[bool]) -> Sequence[int]:
    """Return the ids of those checkpoints that are no previews."""
    return tx.execute(select(col(Checkpoint.id)).where(*which, ~col(Checkpoint.is_preview))).scalars().all()
