"""How far a learner is with one checkpoint, with everything that is known of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Checkpoint, CheckpointKind, LearningSession, Mode, Quiz, Verb
from services import access
from services.access import Actor
from services.content import positions
from services.content.positions import Position
from services.core.errors import NotFound
from services.core.transaction import Transaction
from services.quizzes import mastery, revealing
from services.reports.checkpoints import CheckpointState, ModeStanding, modes_at, state_at
from services.study import times


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentStanding:
    """How far a learner is with a video or document. Source: s1, ContentProgress."""

    position: float
    """where to go on: seconds in a video, pages (counted from 0) in a PDF, share (0–1) of a text"""
    furthest: float
    """in the same unit"""
    seen_percent: int
    views: int
    plays: int
    pauses: int
    seeks: int
    downloads: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointStanding:
    """How far a learner is with one checkpoint. Source: s1 and s3."""

    user_id: int
    course_id: int
    module_id: int
    checkpoint_id: int
    title: str
    kind: CheckpointKind
    state: CheckpointState
    percent: int
    """100 when it is complete, else the share of a video or document that was really seen"""
    attempts: int
    """how often it was completed, also where that was taken back; of a quiz, how many attempts were graded"""
    best_score: int | None
    """0 to 100; None where nothing was assessed, or where the quiz does not show its learners the score yet"""
    mastered_at: datetime | None
    """when the best score first reached the mark of the course"""
    study_seconds: int
    last_accessed: datetime | None
    live: ModeStanding | None
    self_paced: ModeStanding | None
    content: ContentStanding | None


def at_checkpoint(tx: Transaction, actor: Actor | None, user_id: int, checkpoint_id: int) -> CheckpointStanding:
    """Return how far a learner is with a checkpoint of a course that concerns the actor."""
    found = tx.session.get(Checkpoint, checkpoint_id)
    access.learner(tx, actor, user_id, found.course_id if found else 0)
    if found is None or found.deleted_at:
        raise NotFound('This step is gone. Somebody may have deleted it.')
    modes = modes_at(tx, found.course_id, user_id).get(checkpoint_id, {})
    position = positions.find(tx, user_id, checkpoint_id)
    position = position.of_file(found.file_id) if position else None
    state = state_at(modes, seen=bool(position and position.percent))
    people = times.same_person(tx, user_id)
    reached = mastery.of_learner(tx, found.course_id, user_id).get(checkpoint_id)
    is_own = actor is not None and actor.user_id == user_id
    shows_score = reached is not None and (not is_own or _shows_score(tx, checkpoint_id, user_id))
    attempts, told_at = _told(tx, people, checkpoint_id)
    moments = told_at, _studied_at(tx, people, checkpoint_id), position.updated_at if position else None
    return CheckpointStanding(
        user_id=user_id,
        course_id=found.course_id,
        module_id=found.module_id,
        checkpoint_id=checkpoint_id,
        title=found.title,
        kind=found.kind,
        state=state,
        percent=100 if state is CheckpointState.COMPLETED else position.percent if position else 0,
        attempts=len(reached.scores) if reached and found.kind is CheckpointKind.QUIZ else attempts,
        best_score=reached.best_score if reached and shows_score else None,
        mastered_at=reached.mastered_at if reached and shows_score else None,
        study_seconds=times.seconds_by_checkpoint(tx, found.course_id, people).get(checkpoint_id, 0),
        last_accessed=max((moment for moment in moments if moment), default=None),
        live=modes.get(Mode.LIVE),
        self_paced=modes.get(Mode.SELF_PACED),
        content=_content(position) if position else None,
    )


def _shows_score(tx: Transaction, checkpoint_id: int, user_id: int) -> bool:
    quiz = tx.session.get(Quiz, checkpoint_id)
    return quiz is None or revealing.of_quiz(tx, quiz, user_id).score


def _told(tx: Transaction, people: Sequence[int], checkpoint_id: int) -> tuple[int, datetime | None]:
    """Return how often the log says that it was completed, and when it was last told of it."""
    theirs = col(Activity.user_id).in_(people), col(Activity.checkpoint_id) == checkpoint_id
    completions = func.count().filter(col(Activity.verb) == Verb.COMPLETED)
    count, last = tx.execute(select(completions, func.max(col(Activity.at))).where(*theirs)).one()
    return count, last


def _studied_at(tx: Transaction, people: Sequence[int], checkpoint_id: int) -> datetime | None:
    theirs = col(LearningSession.user_id).in_(people)
    last = select(func.max(col(LearningSession.seen_at)))
    return tx.execute(last.where(theirs, col(LearningSession.checkpoint_id) == checkpoint_id)).scalar()


def _content(position: Position) -> ContentStanding:
    return ContentStanding(
        position=position.position,
        furthest=position.furthest,
        seen_percent=position.percent,
        views=position.views,
        plays=position.plays,
        pauses=position.pauses,
        seeks=position.seeks,
        downloads=position.downloads,
        updated_at=position.updated_at,
    )
