"""Checkpoints: what is said about each, their order, and deletion that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import func, select, update
from sqlmodel import col

from models import Checkpoint, CheckpointKind, Course, Module
from services import access
from services.access import Actor
from services.checkpoint_kinds import OFFERED, not_offered
from services.core import text as texts
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import CourseChanged
from services.core.text import check_text, check_title
from services.core.transaction import Transaction
from services.courses import modules, pasted, video_links
from services.progress import counters, module_completions

MOST_CHECKPOINTS = 500
MOST_PASTED = 4 * MOST_CHECKPOINTS
"""lines that are read at once, some of which may turn out to be no checkpoints"""
MOST_MINUTES = 24 * 60
MOST_TAGS = 20
LONGEST_TAG = 40
LONGEST_BODY = 100_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""between which a checkpoint can be due"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What can be said about a checkpoint."""

    title: str
    kind: CheckpointKind = CheckpointKind.MARKER
    description: str = ''
    body: str = ''
    """what there is to read in a document that is no file, as Markdown"""
    link: str = ''
    """the address of a video that is no file"""
    estimated_minutes: int | None = None
    due_at: datetime | None = None
    tags: tuple[str, ...] = ()
    is_preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCheckpoint:
    """A checkpoint in its place."""

    checkpoint_id: int
    module_id: int
    details: Details
    has_file: bool
    has_questions: bool = False
    """whether it is a quiz that asks something"""
    seconds: float | None = None
    """how long its video is"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A checkpoint that is open to anyone with the link."""

    course_title: str
    details: Details


def placed_checkpoint(
    checkpoint: Checkpoint, *, has_questions: bool = False, seconds: float | None = None
) -> PlacedCheckpoint:
    """Return a row as others see it."""
    return PlacedCheckpoint(
        checkpoint_id=checkpoint.id,
        module_id=checkpoint.module_id,
        details=Details(
            title=checkpoint.title,
            kind=checkpoint.kind,
            description=checkpoint.description,
            body=checkpoint.body,
            link=checkpoint.link,
            estimated_minutes=checkpoint.estimated_minutes,
            due_at=checkpoint.due_at,
            tags=tuple(checkpoint.tags),
            is_preview=checkpoint.is_preview,
        ),
        has_file=checkpoint.file_id is not None,
        has_questions=has_questions,
        seconds=seconds,
    )


def preview(tx: Transaction, checkpoint_id: int) -> Preview:
    """Return a preview checkpoint to anyone; others look absent."""
    checkpoint = tx.session.get(Checkpoint, checkpoint_id)
    if checkpoint is None or checkpoint.deleted_at or not checkpoint.is_preview:
        raise NotFound('There is no preview here.')
    course = tx.session.get_one(Course, checkpoint.course_id)
    if course.deleted_at:
        raise NotFound('There is no preview here.')
    return Preview(course_title=course.title, details=placed_checkpoint(checkpoint).details)


def add(tx: Transaction, actor: Actor | None, module_id: int, *, lines: str) -> list[int]:
    """Add a checkpoint for each line that is not empty, at the end of a module; returns their ids.

    A line may end with its minutes: `Wet the sample (5 min)`. List marks and numbers in front are left out.
    A line with the address of a video, `Wet the sample https://youtu.be/…`, becomes a video.
    A title that is too long is cut at a sentence, and the rest becomes the description.
    """
    module = access.taught_module(tx, actor, module_id)
    if (pasted_lines := pasted.count(lines)) > MOST_PASTED:
        _check_room(tx, module, pasted_lines)
    wanted = _read_lines(lines)
    if not wanted:
        raise Invalid('Type at least one step.', field='lines')
    return _append(tx, module, wanted)


def add_one(
    tx: Transaction, actor: Actor | None, course_id: int, *, details: Details, module_id: int | None = None
) -> int:
    """Add a checkpoint with all that is said about it, at the end of a module, or of the last one; returns its id."""
    access.taught_course(tx, actor, course_id)
    details = check_details(details)
    if details.kind not in OFFERED:
        raise Invalid(not_offered(), field='kind')
    if module_id is None:
        present = col(Module.course_id) == course_id, col(Module.deleted_at).is_(None)
        order = col(Module.position).desc(), col(Module.id).desc()
        module = tx.session.scalars(select(Module).where(*present).order_by(*order)).first()
        if module is None:
            raise Refused('The course has no module. Add one first.')
    else:
        module = access.taught_module(tx, actor, module_id)
        if module.course_id != course_id:
            raise NotFound('This module is not in the same course.')
    (checkpoint_id,) = _append(tx, module, [details])
    return checkpoint_id


def edit(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, details: Details, *, keep_kind: bool = False
) -> None:
    """Change what is said about a checkpoint; with `keep_kind` it stays of the kind that it is."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    details = check_details(replace(details, kind=checkpoint.kind) if keep_kind else details)
    if details.kind not in {checkpoint.kind, *OFFERED}:
        raise Invalid(not_offered(), field='kind')
    was_preview = checkpoint.is_preview
    be_of_kind(checkpoint, details.kind)
    checkpoint.title = details.title
    checkpoint.description = details.description
    checkpoint.body = details.body
    checkpoint.link = details.link
    checkpoint.estimated_minutes = details.estimated_minutes
    checkpoint.due_at = details.due_at
    checkpoint.tags = list(details.tags)
    checkpoint.is_preview = details.is_preview
    checkpoint.updated_at = tx.now
    tx.session.add(checkpoint)
    if was_preview == details.is_preview:
        tx.announce(CourseChanged(course_id=checkpoint.course_id))
    elif details.is_preview:
        counters.cease_to_count(tx, checkpoint.course_id, [checkpoint_id])
    else:
        counters.begin_to_count(tx, checkpoint.course_id, [checkpoint_id])


def be_of_kind(checkpoint: Checkpoint, kind: CheckpointKind) -> None:
    """Make a checkpoint one of another kind: it lets go of the files of the kind before; what learners did is kept."""
    if checkpoint.kind is not kind:
        checkpoint.kind = kind
        checkpoint.file_id = checkpoint.captions_id = None


def check_details(details: Details) -> Details:
    """Return details as they are kept; raises `Invalid` with what cannot be taken."""
    return replace(
        details,
        title=check_title(details.title, 'checkpoint'),
        description=check_text(details.description),
        body=check_text(details.body, most=LONGEST_BODY, field='body'),
        link=video_links.check(details.link),
        estimated_minutes=_check_minutes(details.estimated_minutes),
        due_at=check_due(details.due_at),
        tags=tuple(_check_tags(details.tags)),
    )


def move(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, module_id: int, index: int) -> None:
    """Put a checkpoint in another place, also in another module of its course."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    module = access.taught_module(tx, actor, module_id)
    if module.course_id != checkpoint.course_id:
        raise NotFound('This module is not in the same course.')
    present = col(Checkpoint.module_id) == module_id, col(Checkpoint.deleted_at).is_(None)
    order = col(Checkpoint.position), col(Checkpoint.id)
    others = tx.session.scalars(select(Checkpoint).where(*present).order_by(*order)).all()
    module_completions.changed(tx, [checkpoint.module_id])
    checkpoint.module_id = module_id
    modules.put_in_order(tx, [other for other in others if other.id != checkpoint_id], checkpoint, index)
    tx.announce(CourseChanged(course_id=checkpoint.course_id))


def delete(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Delete a checkpoint; what learners did there is kept."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    checkpoint.deleted_at = tx.now
    tx.session.add(checkpoint)
    counters.cease_to_count(tx, checkpoint.course_id, [] if checkpoint.is_preview else [checkpoint_id])


def restore(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Bring a checkpoint back where it was; its module comes back with it if it had gone."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id, deleted=True)
    checkpoint.deleted_at = None
    tx.session.add(checkpoint)
    tx.execute(update(Module).where(col(Module.id) == checkpoint.module_id).values(deleted_at=None))
    counters.begin_to_count(tx, checkpoint.course_id, [] if checkpoint.is_preview else [checkpoint_id])


def _append(tx: Transaction, module: Module, wanted: Sequence[Details]) -> list[int]:
    _check_room(tx, module, len(wanted))
    last = tx.execute(select(func.max(col(Checkpoint.position))).where(col(Checkpoint.module_id) == module.id)).scalar()
    added = []
    for position, details in enumerate(wanted, start=(-1 if last is None else last) + 1):
        checkpoint = Checkpoint(
            course_id=module.course_id,
            module_id=module.id,
            kind=details.kind,
            title=details.title,
            description=details.description,
            body=details.body,
            link=details.link,
            position=position,
            estimated_minutes=details.estimated_minutes,
            due_at=details.due_at,
            tags=list(details.tags),
            is_preview=details.is_preview,
            created_at=tx.now,
            updated_at=tx.now,
        )
        tx.session.add(checkpoint)
        added.append(checkpoint)
    tx.session.flush()
    counting = [checkpoint.id for checkpoint in added if not checkpoint.is_preview]
    counters.begin_to_count(tx, module.course_id, counting)
    return [checkpoint.id for checkpoint in added]


def _check_room(tx: Transaction, module: Module, more: int) -> None:
    """Raise `Invalid` if the course cannot have so many more checkpoints."""
    there = tx.execute(
        select(func.count()).where(col(Checkpoint.course_id) == module.course_id, col(Checkpoint.deleted_at).is_(None))
    ).scalar_one()
    if there + more > MOST_CHECKPOINTS:
        raise Invalid(
            'A course can have at most {most} steps; it has {there}.', most=MOST_CHECKPOINTS, there=there, field='lines'
        )


def _read_lines(lines: str) -> list[Details]:
    read = []
    for line in pasted.read(lines):
        try:
            read.append(_details(line))
        except Invalid as error:
            raise Invalid('Line {line}: {problem}', line=line.number, problem=error.sentence, field='lines') from error
    return read


def _details(line: pasted.Line) -> Details:
    return Details(
        title=check_title(line.title, 'checkpoint'),
        kind=CheckpointKind.VIDEO if line.link else CheckpointKind.MARKER,
        description=check_text(line.description),
        link=video_links.check(line.link),
        estimated_minutes=_check_minutes(line.minutes),
    )


def _check_minutes(minutes: int | None) -> int | None:
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Invalid('The minutes must be between 1 and {most}.', most=MOST_MINUTES, field='estimated_minutes')
    return minutes


def check_due(due_at: datetime | None) -> datetime | None:
    """Return a due date, or raise `Invalid` for one of another age."""
    if due_at is not None and not EARLIEST <= due_at < LATEST:
        raise Invalid(
            'A step is due in a year from {first} to {last}.',
            first=EARLIEST.year,
            last=LATEST.year - 1,
            field='due_at',
        )
    return due_at


def _check_tags(tags: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(plain for tag in tags if (plain := texts.line(tag).lower())))
    if len(kept) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in kept):
        raise Invalid(
            'Use at most {most} tags of {longest} characters each.', most=MOST_TAGS, longest=LONGEST_TAG, field='tags'
        )
    return kept
