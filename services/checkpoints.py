"""The outline of a course: modules and checkpoints, their order, and deletion that can be undone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Course, Module
from services import access, enrollments
from services.access import Actor
from services.core.database import Transaction
from services.core.errors import Invalid, NotFound
from services.core.events import CourseChanged
from services.courses import check_text, check_title

Row = TypeVar('Row', Module, Checkpoint)

MOST_CHECKPOINTS = 500
MOST_MINUTES = 24 * 60
MOST_TAGS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What can be said about a checkpoint."""

    title: str
    description: str = ''
    estimated_minutes: int | None = None
    due_at: datetime | None = None
    tags: tuple[str, ...] = ()
    is_preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A checkpoint in its place."""

    checkpoint_id: int
    module_id: int
    kind: CheckpointKind
    details: Details


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A module in its place, with its checkpoints."""

    module_id: int
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A checkpoint that is open to anyone with the link."""

    course_title: str
    details: Details


def outline(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Section, ...]:
    """Return modules and checkpoints in order."""
    access.course(tx, actor, course_id)
    present = col(Module.course_id) == course_id, col(Module.deleted_at).is_(None)
    modules = tx.session.scalars(select(Module).where(*present).order_by(col(Module.position), col(Module.id))).all()
    steps = [_step(checkpoint) for checkpoint in in_order(tx, course_id)]
    return tuple(
        Section(
            module_id=module.id,
            title=module.title,
            steps=tuple(step for step in steps if step.module_id == module.id),
        )
        for module in modules
    )


def in_order(tx: Transaction, course_id: int) -> Sequence[Checkpoint]:
    """Return the rows of all checkpoints of a course that are not deleted, by module and position."""
    query = select(Checkpoint).join(Module, col(Module.id) == col(Checkpoint.module_id))
    present = col(Checkpoint.course_id) == course_id, col(Checkpoint.deleted_at).is_(None)
    order = col(Module.position), col(Module.id), col(Checkpoint.position), col(Checkpoint.id)
    return tx.session.scalars(query.where(*present).order_by(*order)).all()


def preview(tx: Transaction, checkpoint_id: int) -> Preview:
    """Return a preview checkpoint to anyone; others look absent."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    if checkpoint is None or checkpoint.deleted_at or not checkpoint.is_preview:
        raise NotFound('There is no preview here.')
    course = tx.session.get_one(Course, checkpoint.course_id)
    if course.deleted_at:
        raise NotFound('There is no preview here.')
    return Preview(course_title=course.title, details=_step(checkpoint).details)


def add_module(tx: Transaction, actor: Actor | None, course_id: int, *, title: str) -> int:
    """Add a module at the end; returns its id."""
    access.taught_course(tx, actor, course_id)
    last = tx.execute(select(func.max(col(Module.position))).where(col(Module.course_id) == course_id)).scalar()
    module = Module(course_id=course_id, title=check_title(title, 'module'), position=(last or 0) + 1)
    tx.session.add(module)
    tx.session.flush()
    tx.announce(CourseChanged(course_id=course_id))
    return module.id


def rename_module(tx: Transaction, actor: Actor | None, module_id: int, *, title: str) -> None:
    """Give a module another title."""
    module = _module(tx, actor, module_id)
    module.title = check_title(title, 'module')
    tx.session.add(module)
    tx.announce(CourseChanged(course_id=module.course_id))


def move_module(tx: Transaction, actor: Actor | None, module_id: int, *, index: int) -> None:
    """Put a module in another place of its course."""
    module = _module(tx, actor, module_id)
    present = col(Module.course_id) == module.course_id, col(Module.deleted_at).is_(None)
    others = tx.session.scalars(select(Module).where(*present).order_by(col(Module.position), col(Module.id))).all()
    _put_in_order(tx, [other for other in others if other.id != module_id], module, index)
    tx.announce(CourseChanged(course_id=module.course_id))


def delete_module(tx: Transaction, actor: Actor | None, module_id: int) -> None:
    """Delete a module with its checkpoints."""
    module = _module(tx, actor, module_id)
    module.deleted_at = tx.now
    tx.session.add(module)
    theirs = col(Checkpoint.module_id) == module_id, col(Checkpoint.deleted_at).is_(None)
    tx.execute(update(Checkpoint).where(*theirs).values(deleted_at=tx.now))
    _reshaped(tx, module.course_id)


def restore_module(tx: Transaction, actor: Actor | None, module_id: int) -> None:
    """Bring a module back, with the checkpoints that were deleted together with it."""
    module = _module(tx, actor, module_id, deleted=True)
    theirs = col(Checkpoint.module_id) == module_id, col(Checkpoint.deleted_at) == module.deleted_at
    tx.execute(update(Checkpoint).where(*theirs).values(deleted_at=None))
    module.deleted_at = None
    tx.session.add(module)
    _reshaped(tx, module.course_id)


def add(tx: Transaction, actor: Actor | None, module_id: int, *, lines: str) -> list[int]:
    """Add a checkpoint for each line that is not empty, at the end of a module; returns their ids.

    A line may end with its minutes: `Wet the sample (5 min)`. List marks and numbers in front are left out.
    """
    module = _module(tx, actor, module_id)
    wanted = _read_lines(lines)
    if not wanted:
        raise Invalid('Type at least one step.', field='lines')
    there = tx.execute(
        select(func.count()).where(col(Checkpoint.course_id) == module.course_id, col(Checkpoint.deleted_at).is_(None))
    ).scalar_one()
    if there + len(wanted) > MOST_CHECKPOINTS:
        raise Invalid(f'A course can have {MOST_CHECKPOINTS} steps at most; it has {there}.', field='lines')
    last = tx.execute(select(func.max(col(Checkpoint.position))).where(col(Checkpoint.module_id) == module_id)).scalar()
    added = []
    for position, details in enumerate(wanted, start=(-1 if last is None else last) + 1):
        checkpoint = Checkpoint(
            course_id=module.course_id,
            module_id=module_id,
            title=details.title,
            position=position,
            estimated_minutes=details.estimated_minutes,
            created_at=tx.now,
            updated_at=tx.now,
        )
        tx.session.add(checkpoint)
        added.append(checkpoint)
    _reshaped(tx, module.course_id)
    return [checkpoint.id for checkpoint in added]


def edit(tx: Transaction, actor: Actor | None, checkpoint_id: int, details: Details) -> None:
    """Change what is said about a checkpoint."""
    checkpoint = _checkpoint(tx, actor, checkpoint_id)
    details = check_details(details)
    was_preview = checkpoint.is_preview
    checkpoint.title = details.title
    checkpoint.description = details.description
    checkpoint.estimated_minutes = details.estimated_minutes
    checkpoint.due_at = details.due_at
    checkpoint.tags = list(details.tags)
    checkpoint.is_preview = details.is_preview
    checkpoint.updated_at = tx.now
    tx.session.add(checkpoint)
    if was_preview != details.is_preview:
        _reshaped(tx, checkpoint.course_id)
    else:
        tx.announce(CourseChanged(course_id=checkpoint.course_id))


def check_details(details: Details) -> Details:
    """Return details as they are kept; raises `Invalid` with what cannot be taken."""
    return replace(
        details,
        title=check_title(details.title, 'step'),
        description=check_text(details.description),
        estimated_minutes=_check_minutes(details.estimated_minutes),
        tags=tuple(_check_tags(details.tags)),
    )


def move(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, module_id: int, index: int) -> None:
    """Put a checkpoint in another place, also in another module of its course."""
    checkpoint = _checkpoint(tx, actor, checkpoint_id)
    module = _module(tx, actor, module_id)
    if module.course_id != checkpoint.course_id:
        raise NotFound('This module is not in the same course.')
    present = col(Checkpoint.module_id) == module_id, col(Checkpoint.deleted_at).is_(None)
    order = col(Checkpoint.position), col(Checkpoint.id)
    others = tx.session.scalars(select(Checkpoint).where(*present).order_by(*order)).all()
    checkpoint.module_id = module_id
    _put_in_order(tx, [other for other in others if other.id != checkpoint_id], checkpoint, index)
    tx.announce(CourseChanged(course_id=checkpoint.course_id))


def delete(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Delete a checkpoint; what learners did there is kept."""
    checkpoint = _checkpoint(tx, actor, checkpoint_id)
    checkpoint.deleted_at = tx.now
    tx.session.add(checkpoint)
    _reshaped(tx, checkpoint.course_id)


def restore(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Bring a checkpoint back where it was; its module comes back with it if it had gone."""
    checkpoint = _checkpoint(tx, actor, checkpoint_id, deleted=True)
    checkpoint.deleted_at = None
    tx.session.add(checkpoint)
    tx.execute(update(Module).where(col(Module.id) == checkpoint.module_id).values(deleted_at=None))
    _reshaped(tx, checkpoint.course_id)


def _module(tx: Transaction, actor: Actor | None, module_id: int, *, deleted: bool = False) -> Module:
    module = tx.session.get(Module, module_id)
    access.taught_course(tx, actor, module.course_id if module else 0)  # so that absent and not yours look the same
    if module is None or bool(module.deleted_at) is not deleted:
        raise NotFound('This module is not there any longer.')
    return module


def _checkpoint(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, deleted: bool = False) -> Checkpoint:
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    access.taught_course(tx, actor, checkpoint.course_id if checkpoint else 0)
    if checkpoint is None or bool(checkpoint.deleted_at) is not deleted:
        raise NotFound('This step is not there any longer.')
    return checkpoint


def _reshaped(tx: Transaction, course_id: int) -> None:
    """What counts in the course has changed, so everybody's percentage follows at once."""
    tx.session.flush()
    enrollments.recount(tx, course_id)
    tx.announce(CourseChanged(course_id=course_id))


def _put_in_order(tx: Transaction, others: list[Row], moved: Row, index: int) -> None:
    others.insert(max(0, min(index, len(others))), moved)
    for position, row in enumerate(others):
        row.position = position
        tx.session.add(row)


def _step(checkpoint: Checkpoint) -> Step:
    return Step(
        checkpoint_id=checkpoint.id,
        module_id=checkpoint.module_id,
        kind=checkpoint.kind,
        details=Details(
            title=checkpoint.title,
            description=checkpoint.description,
            estimated_minutes=checkpoint.estimated_minutes,
            due_at=checkpoint.due_at,
            tags=tuple(checkpoint.tags),
            is_preview=checkpoint.is_preview,
        ),
    )


_MINUTES_AT_END = re.compile(r'\s*\((\d{1,4})\s*(?:min|minutes|m|′|\')\.?\)\s*$', re.IGNORECASE)
_MARK_IN_FRONT = re.compile(r'^\s*(?:[-*•–](?:\s+|$)|\d{1,3}[.)](?:\s+|$))?(?:\[.?\](?:\s+|$))?')


def _read_lines(lines: str) -> list[Details]:
    read = []
    for number, line in enumerate(lines.splitlines(), start=1):
        try:
            read.append(_read_line(line))
        except Invalid as error:
            raise Invalid(f'Line {number}: {error}', field='lines') from error
    return [details for details in read if details.title]


def _read_line(line: str) -> Details:
    line = _MARK_IN_FRONT.sub('', line)
    minutes = _MINUTES_AT_END.search(line)
    title = ' '.join(_MINUTES_AT_END.sub('', line).split())
    return Details(
        title=check_title(title, 'step') if title else '',
        estimated_minutes=_check_minutes(int(minutes[1])) if minutes else None,
    )


def _check_minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(f'The minutes must be between 1 and {MOST_MINUTES}.', field='estimated_minutes')
    return minutes


def _check_tags(tags: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(tag.strip().lower() for tag in tags if tag.strip()))
    if len(kept) > MOST_TAGS or any(len(tag) > 40 for tag in kept):
        raise Invalid(f'At most {MOST_TAGS} tags of 40 characters each, please.', field='tags')
    return kept
