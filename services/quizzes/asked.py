"""Questions of an attempt as they are shown to those who answer them: without anything that says what is right."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import col

from models import AttemptAnswer, QuestionVersion
from services.core.phrases import Phrase
from services.core.transaction import Transaction
from services.quizzes import bank, grading
from services.quizzes.answer import FORM, Answer
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.question import Question as Content
from services.quizzes.question import QuestionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as it is shown to those who answer it: without anything that says what is right."""

    position: int
    kind: QuestionKind
    text: str
    points: Decimal
    rule: Phrase | None
    """how several parts of an answer count"""
    options: tuple[tuple[int, str], ...] = ()
    """(place, text) of options or parts, in the order in which they are shown"""
    lefts: tuple[str, ...] = ()
    rights: tuple[tuple[int, str], ...] = ()
    answer: Answer | None
    """what is saved"""
    saved_at: datetime | None
    confidence: int | None
    is_checked: bool
    """whether it was checked at once, so that it cannot be changed"""


def rows_of(tx: Transaction, attempt_id: int) -> list[tuple[AttemptAnswer, Content]]:
    """Return the questions of an attempt in order, each with what its version says."""
    rows = tx.execute(
        select(AttemptAnswer, col(QuestionVersion.content))
        .join(QuestionVersion, col(QuestionVersion.id) == col(AttemptAnswer.version_id))
        .where(col(AttemptAnswer.attempt_id) == attempt_id)
        .order_by(col(AttemptAnswer.position))
    )
    return [(row, bank.content_of(row.version_id, content)) for row, content in rows]


def asked_of(row: AttemptAnswer, content: Content) -> Asked:
    """Return a question of an attempt without anything that says what is right."""
    kind = content.kind
    options = content.order if kind is QuestionKind.ORDERING else tuple(each.text for each in content.options)
    is_matching = kind is QuestionKind.MATCHING
    return Asked(
        position=row.position,
        kind=kind,
        text=content.text,
        points=Decimal(row.points) / HUNDREDTHS,
        rule=grading.rule_of(content),
        options=() if is_matching else tuple((place, options[place]) for place in row.shown),
        lefts=tuple(pair.left for pair in content.pairs if pair.left),
        rights=tuple((place, content.pairs[place].right) for place in row.shown) if is_matching else (),
        answer=FORM.validate_json(row.answer) if row.answer is not None else None,
        saved_at=row.saved_at,
        confidence=row.confidence,
        is_checked=row.credit is not None,
    )
