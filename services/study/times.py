"""How long somebody studied: in a course, at each of its checkpoints, and in each learning session."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import Checkpoint, Course, LearningSession, Mode, Module, StudyTime, User, table
from services import access
from services.access import Actor
from services.core.errors import NotEnrolled
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.progress import checkpoint_progress


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTime:
    """One learning session: one course on one device."""

    session_id: int
    started_at: datetime
    ended_at: datetime | None
    """None while it goes on"""
    ended_by: str
    device: str
    active_seconds: int
    idle_seconds: int
    pages_viewed: int
    videos_watched: int
    quizzes_attempted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeTime:
    """How it went with one checkpoint in one mode."""

    started_at: datetime
    completed_at: datetime | None
    seconds: int | None
    """from start to completion, idle or not"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointTime:
    """One checkpoint: how long it was studied, and how it went in each mode."""

    checkpoint_id: int
    title: str
    number: int | None
    """None where it does not count, or does not count now"""
    seconds: int
    alone: ModeTime | None
    in_class: ModeTime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """What all learning sessions of a learner in a course come to. Source: s1."""

    sessions: int
    active_seconds: int
    idle_seconds: int
    average_seconds: int
    """of study in one session; source: s1, avg_session_duration"""
    is_studying: bool
    """whether one of them goes on"""
    session_started_at: datetime | None
    """when that one began; None where none goes on; source: s1, session_start_time"""
    current_module_id: int | None
    """of the checkpoint where they were seen last; source: s1"""
    last_checkpoint_id: int | None
    """where they were seen last"""
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """A learner's time in a course; the times of the checkpoints and of the sessions have the same sum."""

    course: str
    learner: str
    seconds: int
    checkpoints: tuple[CheckpointTime, ...]
    sessions: tuple[SessionTime, ...]
    """the newest first"""


def seconds_here(tx: Transaction, actor: Actor | None, course_id: int) -> int:
    """Return how long the actor has studied a course."""
    access.course(tx, actor, course_id)
    total = select(func.sum(col(LearningSession.active_seconds)))
    people = same_person(tx, actor.user_id if actor else 0)
    return tx.execute(total.where(_theirs(course_id, people))).scalar() or 0


def own(tx: Transaction, actor: Actor | None, course_id: int) -> Learning:
    """Return the actor's own time in a course in which they learn."""
    course = access.course(tx, actor, course_id)
    assert actor is not None
    if not access.enrolled(tx, actor.user_id, course_id):
        raise NotEnrolled
    return _learning(tx, course, actor.user_id)


def of_learner(tx: Transaction, actor: Actor | None, course_id: int, user_id: int) -> Learning:
    """Return the time of a learner, also of one who was taken out, for those who teach the course."""
    course = access.taught_course(tx, actor, course_id)
    access.note_look(tx, actor, 'study time', course=course_id, about=user_id)
    access.enrollment(tx, course_id, user_id)
    return _learning(tx, course, user_id)


def same_person(tx: Transaction, user_id: int) -> list[int]:
    """Return the ids of somebody and of the guests who have turned out to be them."""
    guests = tx.execute(select(col(User.id)).where(col(User.merged_into_id) == user_id)).scalars()
    return [user_id, *guests]


def owners(tx: Transaction, user_ids: Collection[int]) -> dict[int, int]:
    """Return some people by their own ids, and by those of the guests who have turned out to be them."""
    return {user_id: user_id for user_id in user_ids} | dict(_GUESTS.rows(tx.connection, people=sorted(user_ids)))


def seconds_by_checkpoint(tx: Transaction, course_id: int, people: Sequence[int]) -> dict[int, int]:
    """Return how long the `same_person` studied each checkpoint, by its id; the caller has checked who may see it."""
    sessions = select(col(LearningSession.id)).where(_theirs(course_id, people))
    times = select(col(StudyTime.checkpoint_id), func.sum(col(StudyTime.seconds)))
    times = times.where(col(StudyTime.session_id).in_(sessions)).group_by(col(StudyTime.checkpoint_id))
    return {checkpoint_id: seconds or 0 for checkpoint_id, seconds in tx.execute(times)}


def studied(tx: Transaction, course_id: int, people: Sequence[int]) -> Studied:
    """Return what all learning sessions of the `same_person` come to; the caller has checked who may see it."""
    theirs = _theirs(course_id, people)
    figures = func.count(), func.sum(col(LearningSession.active_seconds)), func.sum(col(LearningSession.idle_seconds))
    sessions, active, idle = tx.execute(select(*figures).where(theirs)).one()
    last = (
        select(LearningSession)
        .where(theirs)
        .order_by(col(LearningSession.seen_at).desc(), col(LearningSession.id).desc())
        .limit(1)
    )
    latest = tx.session.scalars(last).one_or_none()
    is_studying = latest is not None and latest.ended_at is None
    place = tx.session.get(Checkpoint, latest.checkpoint_id) if latest else None
    return Studied(
        sessions=sessions,
        active_seconds=active or 0,
        idle_seconds=idle or 0,
        average_seconds=(active or 0) // sessions if sessions else 0,
        is_studying=is_studying,
        session_started_at=latest.started_at if latest and is_studying else None,
        current_module_id=place.module_id if place else None,
        last_checkpoint_id=latest.checkpoint_id if latest else None,
        last_seen_at=latest.seen_at if latest else None,
    )


def _learning(tx: Transaction, course: Course, user_id: int) -> Learning:
    people = same_person(tx, user_id)
    sessions = _sessions(tx, course.id, people)
    return Learning(
        course=course.title,
        learner=tx.session.get_one(User, user_id).name,
        seconds=sum(each.active_seconds for each in sessions),
        checkpoints=_at_checkpoints(tx, course.id, user_id, seconds_by_checkpoint(tx, course.id, people)),
        sessions=sessions,
    )


def _sessions(tx: Transaction, course_id: int, people: Sequence[int]) -> tuple[SessionTime, ...]:
    rows = select(LearningSession).where(_theirs(course_id, people))
    return tuple(
        SessionTime(
            session_id=row.id,
            started_at=row.started_at,
            ended_at=row.ended_at,
            ended_by=row.ended_by,
            device=row.device,
            active_seconds=row.active_seconds,
            idle_seconds=row.idle_seconds,
            pages_viewed=row.pages_viewed,
            videos_watched=row.videos_watched,
            quizzes_attempted=row.quizzes_attempted,
        )
        for row in tx.session.scalars(
            rows.order_by(col(LearningSession.started_at).desc(), col(LearningSession.id).desc())
        )
    )


def _at_checkpoints(
    tx: Transaction, course_id: int, user_id: int, seconds: Mapping[int, int]
) -> tuple[CheckpointTime, ...]:
    """Return the checkpoints in order; those that are gone are at the end, if any time was spent there."""
    standings = {
        (id_, mode): ModeTime(
            started_at=progress.started_at, completed_at=progress.completed_at, seconds=progress.duration_seconds
        )
        for id_, modes in checkpoint_progress.of_learner(tx, course_id, user_id).items()
        for mode, progress in modes.items()
    }
    in_order = (
        select(Checkpoint)
        .join(Module, col(Module.id) == col(Checkpoint.module_id))
        .where(col(Checkpoint.course_id) == course_id)
        .order_by(col(Module.position), col(Module.id), col(Checkpoint.position), col(Checkpoint.id))
    )
    found = list(tx.session.scalars(in_order))
    counts = [row.deleted_at is None and not row.is_preview for row in found]
    counted = [row for row, counts_now in zip(found, counts, strict=True) if counts_now]
    gone = [row for row, counts_now in zip(found, counts, strict=True) if not counts_now and seconds.get(row.id)]
    numbered = [*enumerate(counted, start=1), *((None, row) for row in gone)]
    return tuple(
        CheckpointTime(
            checkpoint_id=row.id,
            title=row.title,
            number=number,
            seconds=seconds.get(row.id, 0),
            alone=standings.get((row.id, Mode.SELF_PACED)),
            in_class=standings.get((row.id, Mode.LIVE)),
        )
        for number, row in numbered
    )


def _theirs(course_id: int, people: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that sessions are of a person in a course, or of a guest who has turned out to be them."""
    return col(LearningSession.user_id).in_(people) & (col(LearningSession.course_id) == course_id)


_users = table(User)
_GUESTS = Prepared(select(_users.c.id, _users.c.merged_into_id).where(among(_users.c.merged_into_id, 'people')))
