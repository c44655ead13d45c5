"""The questions and quizzes of a course as its file has them: questions with a number, by which quizzes name them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from models import Question, QuestionVersion, Quiz
from services.core.transaction import Transaction
from services.courses.draft import RULE_WORDS
from services.courses.export_assignments import criterion
from services.quizzes import quiz_settings
from services.quizzes.bank import content_of
from services.quizzes.question import FORM
from services.quizzes.quiz_settings import Draw, QuizItem, Rules


class Digits(str):
    """A number that is written digit by digit, without quotes."""

    __slots__ = ()


def questions(tx: Transaction, course_id: int) -> tuple[list[dict[str, Any]], dict[int, int]]:
    """Return the questions of a bank in their newest versions, and their numbers by their ids."""
    newest = (
        select(col(QuestionVersion.question_id), col(QuestionVersion.id), col(QuestionVersion.content))
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(col(Question.course_id) == course_id, col(Question.deleted_at).is_(None))
        .where(col(QuestionVersion.number) == col(Question.version))
        .order_by(col(Question.id))
    )
    written, numbers = [], {}
    for number, (question_id, version_id, content) in enumerate(tx.execute(newest), start=1):
        numbers[question_id] = number
        question = content_of(version_id, content)
        plain = FORM.dump_python(question, exclude_defaults=True, exclude={'rubric'})
        rubric = {'rubric': [criterion(each) for each in question.rubric]} if question.rubric else {}
        written.append({'number': number} | _plain(plain) | rubric)
    return written, numbers


def quizzes(tx: Transaction, course_id: int, numbers: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """Return the quizzes of a course by the ids of their checkpoints."""
    rows = tx.session.scalars(select(Quiz).where(col(Quiz.course_id) == course_id))
    return {row.checkpoint_id: _quiz(row, quiz_settings.items_of(tx, row.checkpoint_id), numbers) for row in rows}


def _quiz(row: Quiz, items: Sequence[QuizItem], numbers: Mapping[int, int]) -> dict[str, Any]:
    """Return what differs from a new quiz."""
    rules, new = quiz_settings.rules_of(row), Rules()
    written: dict[str, Any] = {'published': True} if row.is_published else {}
    for word, name in RULE_WORDS.items():
        if (value := getattr(rules, name)) != getattr(new, name):
            written[word] = value.isoformat() if hasattr(value, 'isoformat') else _plain(value)
    if rules.bands:
        written['bands'] = [{'from_percent': band.from_percent, 'text': band.text} for band in rules.bands]
    asked = [_item(item, numbers) for item in items if isinstance(item, Draw) or item.question_id in numbers]
    return written | ({'questions': asked} if asked else {})


def _item(item: QuizItem, numbers: Mapping[int, int]) -> dict[str, Any]:
    points = {} if item.points is None else {'points': _plain(item.points)}
    if isinstance(item, Draw):
        return {'draw': item.count} | ({'tag': item.tag} if item.tag else {}) | points
    return {'question': numbers[item.question_id]} | points


def _plain(value: Any) -> Any:
    """Return a value in what YAML has."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return Digits(value)
    return value.value if isinstance(value, Enum) else value
