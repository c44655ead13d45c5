"""Study time of learners whose clients say themselves what a page finds out: a client is a device like a browser."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from models import LearningSession, Verb
from services import access
from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core.errors import DomainError, Refused
from services.core.transaction import Transaction
from services.study import path, sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """The learning session that goes on on one device in one course."""

    session_id: int
    course_id: int
    checkpoint_id: int
    """where the learner is"""
    started_at: datetime
    active_seconds: int
    idle_seconds: int
    pages_viewed: int
    videos_watched: int
    quizzes_attempted: int = 0


def begin_course(tx: Transaction, actor: Actor | None, course_id: int) -> OpenSession:
    """Begin to study a course where the learner goes on."""
    checkpoint_id = path.continue_at(tx, actor, course_id)
    if checkpoint_id is None:
        raise Refused('There is nothing to learn in this course yet.')
    return begin(tx, actor, checkpoint_id)


def begin(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> OpenSession:
    """Begin to study at a checkpoint, or come to it: what is open on this device in the course goes on."""
    view(tx, actor, checkpoint_id)
    return here(tx, actor, checkpoint_id)


def beat(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, plays: bool = False) -> OpenSession:
    """Say that the learner is still there, and whether a video `plays`; where nothing is open, a session begins."""
    use(tx, actor, checkpoint_id, plays=plays)
    return here(tx, actor, checkpoint_id)


def view(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Let a learner come to a checkpoint."""
    if not sessions.arrive(tx, actor, checkpoint_id, interacts=True).is_started:
        _start(tx, actor, checkpoint_id)


def use(tx: Transaction, actor: Actor | None, checkpoint_id: int, *, plays: bool) -> None:
    """Let a learner give a sign of life at a checkpoint."""
    if not sessions.beat(tx, actor, checkpoint_id, plays=plays).is_started:
        _start(tx, actor, checkpoint_id)


def here(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> OpenSession:
    """Return what is open on this device in the course of a checkpoint."""
    actor = access.signed_in(tx, actor)
    mine = col(LearningSession.user_id) == actor.user_id, col(LearningSession.sign_in_id) == actor.sign_in_id
    there = col(LearningSession.checkpoint_id) == checkpoint_id, col(LearningSession.ended_at).is_(None)
    row = tx.session.scalars(select(LearningSession).where(*mine, *there)).one_or_none()
    if row is None:
        raise Refused('Nothing is open on this device. Begin a learning session first.')
    return OpenSession(
        session_id=row.id,
        course_id=row.course_id,
        checkpoint_id=row.checkpoint_id,
        started_at=row.started_at,
        active_seconds=row.active_seconds,
        idle_seconds=row.idle_seconds,
        pages_viewed=row.pages_viewed,
        videos_watched=row.videos_watched,
        quizzes_attempted=row.quizzes_attempted,
    )


def _start(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> None:
    """Mark a checkpoint as started, as its page does when it is used first."""
    tap = Tap(actor=actor, session_id=None, verb=Verb.STARTED, tap_id=uuid4().hex, checkpoint_id=checkpoint_id)
    (outcome,) = taps.take_all(tx, [tap])
    if isinstance(outcome, DomainError):
        raise outcome
