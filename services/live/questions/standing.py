"""The question that a class is shown, as the board keeps it: with its key, and with what was answered so far."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import LiveAnswer, LiveQuestion, LiveQuestionState, QuestionVersion, User
from services.core.events import LiveQuestionAnswered, LiveQuestionMoved
from services.core.transaction import Transaction
from services.quizzes import bank
from services.quizzes.answer import FORM, Answer
from services.quizzes.question import Question


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Standing:
    """One question in class and how far it is. No screen is given it: `views` makes of it what each may show."""

    live_question_id: int
    session_id: int
    question_id: int
    number: int
    state: LiveQuestionState
    shown: tuple[int, ...]
    """the places of its options in the order in which everybody sees them"""
    content: Question
    closes_at: datetime | None = None
    """when it closes by itself, while it is open"""
    shows_live: bool = False
    """whether the room sees what is answered while it is open"""
    answers: dict[int, Answer] = field(default_factory=dict)
    """by user id, of those who have answered"""


def moved(before: Standing | None, event: LiveQuestionMoved) -> Standing | None:
    """Return what is shown after a question was opened, closed, shown or taken from the screens."""
    is_same = before is not None and before.live_question_id == event.live_question_id
    if event.state is None:
        return None if is_same else before
    if before is not None and event.live_question_id < before.live_question_id:
        return before  # what a fresh board knows already may be told once more
    return Standing(
        live_question_id=event.live_question_id,
        session_id=event.session_id,
        question_id=event.question_id,
        number=event.number,
        state=event.state,
        shown=event.shown,
        content=bank.content_of(event.version_id, event.content),
        closes_at=event.closes_at,
        shows_live=event.shows_live,
        answers=before.answers if before is not None and is_same else {},
    )


def answered(standing: Standing, event: LiveQuestionAnswered) -> bool:
    """Take in what somebody answered; returns whether it was to this question."""
    if event.live_question_id != standing.live_question_id:
        return False
    if event.answer is None:
        standing.answers.pop(event.user_id, None)
    else:
        standing.answers[event.user_id] = FORM.validate_json(event.answer)
    return True


def load(tx: Transaction, session_id: int) -> Standing | None:
    """Return the question that a class is shown, as the database has it now."""
    shown = asked(tx, col(LiveQuestion.session_id) == session_id, col(LiveQuestion.put_away_at).is_(None))
    if not shown:
        return None
    row, version = shown[0]
    return replace(of_row(row, version), answers=answers_to(tx, [row.id]).get(row.id, {}))


def asked(tx: Transaction, *conditions: ColumnElement[bool]) -> list[tuple[LiveQuestion, QuestionVersion]]:
    """Return the questions that meet some conditions, each with its version, in the order in which they were asked."""
    query = select(LiveQuestion, QuestionVersion).join(
        QuestionVersion, col(QuestionVersion.id) == col(LiveQuestion.version_id)
    )
    rows = tx.execute(query.where(*conditions).order_by(col(LiveQuestion.number)))
    return [(row, version) for row, version in rows]


def of_row(row: LiveQuestion, version: QuestionVersion) -> Standing:
    """Return a question that was asked, without its answers."""
    return Standing(
        live_question_id=row.id,
        session_id=row.session_id,
        question_id=row.question_id,
        number=row.number,
        state=row.state,
        shown=tuple(row.shown),
        content=bank.content_of(version.id, version.content),
        closes_at=row.closes_at,
        shows_live=row.shows_live,
    )


def answers_to(tx: Transaction, live_question_ids: list[int]) -> dict[int, dict[int, Answer]]:
    """Return what was answered to some questions, by question and learner; guests count as who they turned out to be.

    Where a person has answered under both names, the later answer counts.
    """
    who = func.coalesce(col(User.merged_into_id), col(User.id))
    rows = tx.execute(
        select(col(LiveAnswer.live_question_id), who, col(LiveAnswer.answer))
        .join(User, col(User.id) == col(LiveAnswer.user_id))
        .where(col(LiveAnswer.live_question_id).in_(live_question_ids))
        .order_by(col(LiveAnswer.saved_at), col(LiveAnswer.user_id))
    )
    found: dict[int, dict[int, Answer]] = {}
    for live_question_id, user_id, answer in rows:
        if answer is not None:
            found.setdefault(live_question_id, {})[user_id] = FORM.validate_json(answer)
    return found
