"""What learners will see of a question or a quiz, for those who write it; no attempt is made."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import col

from models import AttemptAnswer, Question, QuestionVersion
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import bank, quiz_settings
from services.quizzes.asked import Asked, asked_of
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.question import NumberAnswer, QuestionKind, Tolerance
from services.quizzes.question import Question as Content
from services.quizzes.quiz_settings import Draw, Fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A quiz as it could come out for a learner: of each draw, the first questions that can be drawn."""

    questions: tuple[Asked, ...]
    points: Decimal


def of_question(content: Content, *, position: int = 0, points: Decimal | None = None) -> Asked:
    """Return a question as learners see it; its parts stand as they were written, parts to be sorted the other way."""
    row = AttemptAnswer(
        attempt_id=0, position=position, question_id=0, version_id=0, points=_hundredths(points or content.points)
    )
    row.shown = _places(content)
    return asked_of(row, content)


def of_quiz(tx: Transaction, actor: Actor | None, checkpoint_id: int) -> Previewed:
    """Return a quiz as learners see it."""
    quiz = quiz_settings.of_checkpoint(tx, actor, checkpoint_id)
    fixed = {item.question_id for item in quiz.items if isinstance(item, Fixed)}
    chosen: list[tuple[int, Decimal | None]] = []
    for item in quiz.items:
        if isinstance(item, Draw):
            taken = fixed | {question_id for question_id, _ in chosen}
            left = [id_ for id_ in quiz_settings.drawable(tx, quiz.course_id, item.tag) if id_ not in taken]
            chosen += [(id_, item.points) for id_ in left[: item.count]]
        else:
            chosen.append((item.question_id, item.points))
    contents = _contents(tx, [question_id for question_id, _ in chosen])
    asked = tuple(
        of_question(contents[question_id], position=position, points=points)
        for position, (question_id, points) in enumerate(chosen)
    )
    return Previewed(questions=asked, points=sum((each.points for each in asked), Decimal(0)))


def range_of(answer: NumberAnswer) -> tuple[Decimal, Decimal] | None:
    """Return the smallest and the largest number that an answer takes; None where it takes exactly one, or any."""
    if answer.is_any or not answer.tolerance:
        return None
    value, tolerance = answer.value, answer.tolerance
    if answer.tolerance_kind is Tolerance.GEOMETRIC:
        ends = sorted((value / (1 + tolerance), value * (1 + tolerance)))
        return ends[0], ends[1]
    distance = abs(value) * tolerance if answer.tolerance_kind is Tolerance.RELATIVE else tolerance
    return value - distance, value + distance


def without_key(content: Content) -> Content:
    """Return a question that may be unfinished, with what learners see of it alone."""
    filled = tuple(option for option in content.options if option.text.strip())
    is_named = content.kind is not QuestionKind.TRUE_FALSE
    return replace(
        content,
        options=filled if is_named else content.options,
        pairs=tuple(pair for pair in content.pairs if pair.right.strip()),
        order=tuple(part for part in content.order if part.strip()),
        numbers=(),
        texts=(),
    )


def _places(content: Content) -> list[int]:
    if content.kind is QuestionKind.MATCHING:
        firsts = {pair.right: place for place, pair in reversed(list(enumerate(content.pairs)))}
        return sorted(firsts.values(), key=lambda place: content.pairs[place].right.casefold())
    if content.kind is QuestionKind.ORDERING:
        return list(reversed(range(len(content.order))))
    return list(range(len(content.options)))


def _hundredths(points: Decimal) -> int:
    return int(points * HUNDREDTHS) if points.is_finite() else 0


def _contents(tx: Transaction, question_ids: list[int]) -> dict[int, Content]:
    newest = (
        select(QuestionVersion)
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(col(Question.id).in_(question_ids), col(QuestionVersion.number) == col(Question.version))
    )
    return {each.question_id: bank.content_of(each.id, each.content) for each in tx.session.scalars(newest)}
