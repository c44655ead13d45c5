"""How far a learner is with each checkpoint: one course in full, and the path through all their courses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from models import CheckpointKind, Mode, User
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.progress import checkpoint_progress, module_completions
from services.progress.checkpoint_progress import ModeProgress
from services.reports.overview import CourseStanding, in_courses
from services.study import path, times
from services.study.times import Studied


class CheckpointState(StrEnum):
    """How far a learner is with one checkpoint; done in either mode is done."""

    NOT_STARTED = 'not_started'
    IN_PROGRESS = 'in_progress'
    COMPLETED = 'completed'


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeStanding:
    """How it went with a checkpoint in one mode."""

    started_at: datetime
    completed_at: datetime | None
    duration_seconds: int | None
    """from start to completion, idle or not"""


Modes = Mapping[Mode, ModeStanding]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointInModule:
    """How far a learner is with one checkpoint."""

    checkpoint_id: int
    number: int | None
    """None for a preview, which does not count"""
    title: str
    kind: CheckpointKind
    state: CheckpointState
    seen_percent: int
    """the share of a video or document that was really seen"""
    study_seconds: int
    live: ModeStanding | None
    self_paced: ModeStanding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleStanding:
    """How far a learner is with one module."""

    module_id: int
    title: str
    percent: int
    done: int
    counted: int
    completed_at: datetime | None
    """when all that counted in it was complete for the first time; it stays complete"""
    steps: tuple[CheckpointInModule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePath:
    """One course as the path that a learner takes."""

    course: CourseStanding
    next_checkpoint_id: int | None
    """the first incomplete one; the first for review when all are complete"""
    modules: tuple[ModuleStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InCourse(CoursePath):
    """Everything about one learner in one course."""

    user_id: int
    name: str
    studied: Studied


def in_course(tx: Transaction, actor: Actor | None, user_id: int, course_id: int) -> InCourse:
    """Return how far a learner is with a course and each of its checkpoints."""
    access.learner(tx, actor, user_id, course_id)
    access.note_look(tx, actor, 'learner', course=course_id, about=user_id)
    (course,) = in_courses(tx, user_id, [course_id])
    people = times.same_person(tx, user_id)
    modules = _modules(tx, course_id, user_id, people)
    return InCourse(
        user_id=user_id,
        name=tx.session.get_one(User, user_id).name,
        course=course,
        next_checkpoint_id=_next(modules),
        modules=modules,
        studied=times.studied(tx, course_id, people),
    )


def paths(tx: Transaction, actor: Actor | None, user_id: int, *, after: int = 0, limit: int) -> tuple[CoursePath, ...]:
    """Return the path through the courses of a learner that concern the actor, at most so many after one of them."""
    course_ids = [id_ for id_ in access.learning(tx, actor, user_id) if id_ > after][:limit]
    people, found = times.same_person(tx, user_id), []
    for course in in_courses(tx, user_id, course_ids):
        modules = _modules(tx, course.course_id, user_id, people)
        found.append(CoursePath(course=course, next_checkpoint_id=_next(modules), modules=modules))
    return tuple(found)


def modes_at(tx: Transaction, course_id: int, user_id: int) -> dict[int, dict[Mode, ModeStanding]]:
    """Return how it went with each checkpoint, by its id; the caller has checked who may see it."""
    return {
        id_: {mode: _standing(progress) for mode, progress in modes.items()}
        for id_, modes in checkpoint_progress.of_learner(tx, course_id, user_id).items()
    }


def _standing(progress: ModeProgress) -> ModeStanding:
    return ModeStanding(
        started_at=progress.started_at,
        completed_at=progress.completed_at,
        duration_seconds=progress.duration_seconds,
    )


def state_at(modes: Modes, *, seen: bool) -> CheckpointState:
    """Return how far a learner is; a learner who has seen something of a video or document has begun."""
    if any(standing.completed_at for standing in modes.values()):
        return CheckpointState.COMPLETED
    return CheckpointState.IN_PROGRESS if modes or seen else CheckpointState.NOT_STARTED


def _modules(tx: Transaction, course_id: int, user_id: int, people: Sequence[int]) -> tuple[ModuleStanding, ...]:
    facts = {'course': course_id, 'user': user_id}
    modes = modes_at(tx, course_id, user_id)
    seen: dict[int, int] = dict(path.SEEN.rows(tx.connection, **facts))
    seconds = times.seconds_by_checkpoint(tx, course_id, people)
    rows = path.CHECKPOINTS.rows(tx.connection, course=course_id)
    completed = module_completions.moments(tx, course_id, user_id)
    number, found = 0, []
    for (module_id, title), its in groupby(rows, key=lambda row: (row[0], row[1])):
        checkpoints = []
        for _, _, id_, checkpoint_title, kind, _, is_preview in its:
            number += not is_preview
            its_modes = modes.get(id_, {})
            checkpoint = CheckpointInModule(
                checkpoint_id=id_,
                number=None if is_preview else number,
                title=checkpoint_title,
                kind=kind,
                state=state_at(its_modes, seen=bool(seen.get(id_))),
                seen_percent=seen.get(id_, 0),
                study_seconds=seconds.get(id_, 0),
                live=its_modes.get(Mode.LIVE),
                self_paced=its_modes.get(Mode.SELF_PACED),
            )
            checkpoints.append(checkpoint)
        found.append(_module(module_id, title, tuple(checkpoints), completed.get(module_id)))
    return tuple(found)


def _module(
    module_id: int, title: str, checkpoints: tuple[CheckpointInModule, ...], completed_at: datetime | None
) -> ModuleStanding:
    counted = [checkpoint for checkpoint in checkpoints if checkpoint.number is not None]
    done = sum(checkpoint.state is CheckpointState.COMPLETED for checkpoint in counted)
    return ModuleStanding(
        module_id=module_id,
        title=title,
        percent=done * 100 // len(counted) if counted else 0,
        done=done,
        counted=len(counted),
        completed_at=completed_at,
        steps=checkpoints,
    )


def _next(modules: tuple[ModuleStanding, ...]) -> int | None:
    counted = [checkpoint for module in modules for checkpoint in module.steps if checkpoint.number is not None]
    still_open = (checkpoint for checkpoint in counted if checkpoint.state is not CheckpointState.COMPLETED)
    found = next(still_open, counted[0] if counted else None)
    return found.checkpoint_id if found else None
