"""How a quiz came out, for those who teach: attempts, and wrong answers in groups."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, Enrollment, Question, User
from services import access
from services.access import Actor
from services.core import name_order
from services.core.transaction import Transaction
from services.quizzes import bank, short_texts
from services.quizzes.answer import FORM
from services.quizzes.question import QuestionKind

MOST_GROUPS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One attempt in the list."""

    attempt_id: int
    user_id: int
    name: str
    number: int
    state: AttemptState
    started_at: datetime
    submitted_at: datetime | None
    seconds: int
    score: int | None
    is_passed: bool | None
    is_practice: bool
    late_seconds: int
    answered: int
    questions: int
    interruptions: int
    times_left: int
    times_pasted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongGroup:
    """Wrong answers that are the same but for case and blanks."""

    text: str
    count: int


def of_quiz(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> tuple[Result, ...]:
    """Return all attempts at a quiz of those who learn in the course, by name; those of a guest are the person's."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    access.note_look(tx, actor, 'quiz results', course=checkpoint.course_id)
    counted = _counts(tx, checkpoint_id)
    taker, person = aliased(User), aliased(User)
    rows = tx.execute(
        select(Attempt, person)
        .join(taker, col(taker.id) == col(Attempt.user_id))
        .join(person, col(person.id) == func.coalesce(col(taker.merged_into_id), col(taker.id)))
        .join(
            Enrollment,
            (col(Enrollment.user_id) == col(person.id)) & (col(Enrollment.course_id) == col(Attempt.course_id)),
        )
        .where(col(Attempt.checkpoint_id) == checkpoint_id, col(Enrollment.removed_at).is_(None))
        .order_by(col(person.name), col(person.id), col(Attempt.started_at), col(Attempt.id))
    )
    numbers: Counter[int] = Counter()
    found = []
    for attempt, who in name_order.in_order(rows, lambda row: row[1].name):
        numbers[who.id] += 1
        found.append(_result(attempt, who, numbers[who.id], counted.get(attempt.id, (0, 0))))
    return tuple(found)


def wrong_answers(tx: Transaction, actor: Actor | None, question_id: int) -> tuple[WrongGroup, ...]:
    """Return what was answered to a short text or a number that got nothing, the most frequent first."""
    row = bank.taught(tx, actor, question_id)
    content = bank.newest(tx, row)[1]
    wrong = (
        col(AttemptAnswer.question_id) == question_id,
        col(AttemptAnswer.credit) == 0,
        col(AttemptAnswer.answer).is_not(None),
    )
    groups: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for written in tx.session.scalars(select(col(AttemptAnswer.answer)).where(*wrong)):
        text = FORM.validate_json(written or '{}').text
        plain = short_texts.plain(text, content)
        groups[plain] += 1
        shown.setdefault(plain, text.strip())
    return tuple(
        WrongGroup(text=shown[plain], count=count) for plain, count in groups.most_common(MOST_GROUPS) if plain
    )


def wrong_in_quiz(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Mapping[int, tuple[WrongGroup, ...]]:
    """Return the wrong answers to each short text and number of a quiz, by its question."""
    access.taught_checkpoint(tx, actor, checkpoint_id)
    met = tx.session.scalars(
        select(col(AttemptAnswer.question_id))
        .join(Attempt, col(Attempt.id) == col(AttemptAnswer.attempt_id))
        .join(Question, col(Question.id) == col(AttemptAnswer.question_id))
        .where(col(Attempt.checkpoint_id) == checkpoint_id, col(Question.kind).in_(_TYPED))
        .where(col(Question.deleted_at).is_(None))
        .distinct()
    )
    return {question_id: wrong_answers(tx, actor, question_id) for question_id in met.all()}


_TYPED = QuestionKind.SHORT_TEXT, QuestionKind.NUMERIC


def _result(attempt: Attempt, who: User, number: int, counted: tuple[int, int]) -> Result:
    end = attempt.submitted_at or attempt.seen_at
    return Result(
        attempt_id=attempt.id,
        user_id=who.id,
        name=who.name,
        number=number,
        state=attempt.state,
        started_at=attempt.started_at,
        submitted_at=attempt.submitted_at,
        seconds=max(0, int((end - attempt.started_at).total_seconds())),
        score=attempt.score,
        is_passed=attempt.is_passed,
        is_practice=attempt.is_practice,
        late_seconds=attempt.late_seconds,
        answered=counted[0],
        questions=counted[1],
        interruptions=attempt.interruptions,
        times_left=attempt.times_left,
        times_pasted=attempt.times_pasted,
    )


def _counts(tx: Transaction, checkpoint_id: int) -> dict[int, tuple[int, int]]:
    """Return for each attempt how many questions are answered, of how many."""
    rows = tx.execute(
        select(col(AttemptAnswer.attempt_id), col(AttemptAnswer.saved_at), col(AttemptAnswer.answer).is_not(None))
        .join(Attempt, col(Attempt.id) == col(AttemptAnswer.attempt_id))
        .where(col(Attempt.checkpoint_id) == checkpoint_id)
    )
    answered: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for attempt_id, _, is_answered in rows:
        asked[attempt_id] += 1
        answered[attempt_id] += bool(is_answered)
    return {id_: (answered[id_], asked[id_]) for id_ in asked}
