"""The path of a learner through a course: all checkpoints with how far they are, one in full, where to go on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, exists, select

from models import (
    Checkpoint,
    CheckpointKind,
    ContentPosition,
    Enrollment,
    LiveSession,
    Mode,
    Module,
    Progress,
    table,
)
from services import access
from services.access import Actor
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import checkpoint_progress, module_completions
from services.progress.checkpoint_progress import ModeProgress
from services.progress.extra_time import own_due
from services.study.lesson_checkpoints import LessonCheckpoint, lesson_checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class PathCheckpoint:
    """One checkpoint as the learner stands to it."""

    checkpoint_id: int
    number: int | None
    """None for a preview, which does not count"""
    title: str
    kind: CheckpointKind
    minutes: int | None
    started: bool = False
    done_alone: bool = False
    done_in_class: bool = False
    seen: int = 0
    """the share of a video or document that was really seen, in percent"""

    @property
    def done(self) -> bool:
        """Whether the checkpoint is complete; done in either mode is done."""
        return self.done_alone or self.done_in_class


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPart:
    """One module with its checkpoints."""

    module_id: int
    title: str
    description: str
    """what there is to read before its checkpoints, as Markdown"""
    completed_at: datetime | None
    """when all that counted in it was complete for the first time; it stays complete"""
    steps: tuple[PathCheckpoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a learner is in a course. Who teaches it may look, but does not learn (`learns`)."""

    course_id: int
    course_title: str
    is_archived: bool
    is_running: bool
    """whether a class is held on it now"""
    learns: bool
    percent: int
    done: int
    counted: int
    completed_at: datetime | None
    paused_at: datetime | None
    parts: tuple[PathPart, ...]
    checkpoint: LessonCheckpoint

    @property
    def checkpoints(self) -> list[PathCheckpoint]:
        """All checkpoints in order."""
        return [checkpoint for part in self.parts for checkpoint in part.steps]

    @property
    def here(self) -> PathCheckpoint:
        """The checkpoint that is shown, as the learner stands to it."""
        return next(
            checkpoint for checkpoint in self.checkpoints if checkpoint.checkpoint_id == self.checkpoint.checkpoint_id
        )

    def beside(self, distance: int) -> PathCheckpoint | None:
        """Return the checkpoint that many places after (or before) the one that is shown."""
        checkpoints = self.checkpoints
        index = checkpoints.index(self.here) + distance
        return checkpoints[index] if 0 <= index < len(checkpoints) else None


def continue_at(tx: Transaction, actor: Actor | None, course_id: int) -> int | None:
    """Return the first incomplete checkpoint, or the first one when all are complete; None if there is none at all.

    Source: s4, getNextIncompleteLesson.
    """
    access.course(tx, actor, course_id)
    user_id = actor.user_id if actor else 0
    for query in (_FIRST_OPEN, _FIRST):
        for (checkpoint_id,) in query.rows(tx.connection, course=course_id, user=user_id):
            return int(checkpoint_id)
    return None


def place(tx: Transaction, actor: Actor | None, course_id: int, checkpoint_id: int) -> Place:
    """Return everything that the learner's page shows; absent and not theirs look the same."""
    course = access.course(tx, actor, course_id)
    user_id = actor.user_id if actor else 0
    checkpoint = lesson_checkpoint(tx, course_id, checkpoint_id)
    facts = {'course': course_id, 'user': user_id}
    learner = next(iter(_LEARNER.rows(tx.connection, **facts)), None)
    percent, done, completed_at, paused_at, extra, enrolled_at = learner or (0, 0, None, None, 0, tx.now)
    running = _RUNNING.rows(tx.connection, course=course_id)
    return Place(
        course_id=course_id,
        course_title=course.title,
        is_archived=course.archived_at is not None,
        is_running=bool(running),
        learns=learner is not None,
        percent=percent,
        done=done,
        counted=course.counted,
        completed_at=completed_at,
        paused_at=paused_at,
        parts=path(tx, course_id, user_id),
        checkpoint=replace(
            checkpoint, due_at=own_due(checkpoint.due_at, extra, since=max(checkpoint.created_at, enrolled_at))
        ),
    )


def path(tx: Transaction, course_id: int, user_id: int) -> tuple[PathPart, ...]:
    """Return all checkpoints of a course in order, as a learner stands to them; the caller has checked access."""
    facts = {'course': course_id, 'user': user_id}
    progress = checkpoint_progress.of_learner(tx, course_id, user_id)
    seen: dict[int, int] = dict(SEEN.rows(tx.connection, **facts))
    rows = CHECKPOINTS.rows(tx.connection, course=course_id)
    numbers = iter(range(1, len(rows) + 1))
    parts = []
    completed = module_completions.moments(tx, course_id, user_id)
    described: dict[int, str] = dict(_DESCRIPTIONS.rows(tx.connection, course=course_id))
    for (module_id, title), its in groupby(rows, key=lambda row: (row[0], row[1])):
        checkpoints = tuple(
            PathCheckpoint(
                checkpoint_id=id_,
                number=None if is_preview else next(numbers),
                title=checkpoint_title,
                kind=kind,
                minutes=minutes,
                started=id_ in progress,
                done_alone=_is_done(progress, id_, Mode.SELF_PACED),
                done_in_class=_is_done(progress, id_, Mode.LIVE),
                seen=seen.get(id_, 0),
            )
            for _, _, id_, checkpoint_title, kind, minutes, is_preview in its
        )
        parts.append(
            PathPart(
                module_id=module_id,
                title=title,
                description=described.get(module_id, ''),
                completed_at=completed.get(module_id),
                steps=checkpoints,
            )
        )
    return tuple(parts)


def _is_done(progress: Mapping[int, Mapping[Mode, ModeProgress]], checkpoint_id: int, mode: Mode) -> bool:
    in_mode = progress.get(checkpoint_id, {}).get(mode)
    return in_mode is not None and in_mode.completed_at is not None


_checkpoints, _modules, _progress = table(Checkpoint), table(Module), table(Progress)
_enrollments, _positions, _classes = table(Enrollment), table(ContentPosition), table(LiveSession)

_ORDER = (_modules.c.position, _modules.c.id, _checkpoints.c.position, _checkpoints.c.id)
_PRESENT = (_checkpoints.c.course_id == bindparam('course')) & _checkpoints.c.deleted_at.is_(None)
_IN_ORDER = (
    select(_checkpoints.c.id)
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .where(_PRESENT, ~_checkpoints.c.is_preview)
    .order_by(*_ORDER)
    .limit(1)
)
_FIRST = Prepared(_IN_ORDER)
_FIRST_OPEN = Prepared(
    _IN_ORDER.where(
        ~exists().where(
            _progress.c.user_id == bindparam('user'),
            _progress.c.checkpoint_id == _checkpoints.c.id,
            _progress.c.completed_at.is_not(None),
        )
    )
)
CHECKPOINTS = Prepared(
    select(
        _modules.c.id,
        _modules.c.title,
        _checkpoints.c.id,
        _checkpoints.c.title,
        _checkpoints.c.kind,
        _checkpoints.c.estimated_minutes,
        _checkpoints.c.is_preview,
    )
    .join(_modules, _modules.c.id == _checkpoints.c.module_id)
    .where(_PRESENT)
    .order_by(*_ORDER)
)
"""module id and title, checkpoint id, title, kind, minutes, preview?; those of a `course` in order"""
_DESCRIPTIONS = Prepared(
    select(_modules.c.id, _modules.c.description).where(
        _modules.c.course_id == bindparam('course'), _modules.c.description != ''
    )
)
SEEN = Prepared(
    select(_positions.c.checkpoint_id, _positions.c.percent).where(
        _positions.c.user_id == bindparam('user'), _positions.c.course_id == bindparam('course')
    )
)
"""checkpoint id, percent seen; of a `user` in a `course`"""
_LEARNER = Prepared(
    select(
        *(
            _enrollments.c[name]
            for name in ('percent', 'done', 'completed_at', 'paused_at', 'extra_percent', 'enrolled_at')
        )
    ).where(
        _enrollments.c.course_id == bindparam('course'),
        _enrollments.c.user_id == bindparam('user'),
        _enrollments.c.removed_at.is_(None),
    )
)
_RUNNING = Prepared(
    select(_classes.c.id).where(_classes.c.course_id == bindparam('course'), _classes.c.ended_at.is_(None))
)
