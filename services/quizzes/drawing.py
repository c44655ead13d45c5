"""The questions of a new attempt: which ones, in which version, and in which order their parts are shown."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import col

from models import AttemptAnswer, Checkpoint, Question, QuestionVersion
from services.core.errors import Refused
from services.core.transaction import Transaction
from services.quizzes import bank, quiz_settings
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.question import Question as Content
from services.quizzes.question import QuestionKind
from services.quizzes.quiz_settings import Fixed, QuizItem, Rules

_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A question that was drawn."""

    version: QuestionVersion
    points: int
    """in hundredths"""
    shown: list[int]


def drawn(tx: Transaction, checkpoint: Checkpoint, rules: Rules) -> list[Drawn]:
    """Return the questions of a new attempt in the order in which they are shown."""
    chosen = _chosen(tx, checkpoint.course_id, quiz_settings.items_of(tx, checkpoint.id))
    if not chosen:
        raise Refused('This quiz has no question at the moment. Tell your instructor.')
    if rules.shuffles_questions:
        _random.shuffle(chosen)
    versions = _newest(tx, [question_id for question_id, _ in chosen])
    return [
        Drawn(
            version=versions[question_id],
            points=versions[question_id].points if points is None else int(points * HUNDREDTHS),
            shown=_order(bank.content_of(versions[question_id].id, versions[question_id].content), rules),
        )
        for question_id, points in chosen
    ]


def place(attempt_id: int, position: int, drawn: Drawn) -> AttemptAnswer:
    """Return the place of a question in an attempt."""
    return AttemptAnswer(
        attempt_id=attempt_id,
        position=position,
        question_id=drawn.version.question_id,
        version_id=drawn.version.id,
        points=drawn.points,
        shown=drawn.shown,
    )


def _chosen(tx: Transaction, course_id: int, items: Sequence[QuizItem]) -> list[tuple[int, Decimal | None]]:
    fixed = {each.question_id for each in items if isinstance(each, Fixed)}
    taken = set(fixed)
    chosen: list[tuple[int, Decimal | None]] = []
    for item in items:
        if isinstance(item, Fixed):
            chosen.append((item.question_id, item.points))
            continue
        left = [id_ for id_ in quiz_settings.drawable(tx, course_id, item.tag) if id_ not in taken]
        drawn = _random.sample(left, min(item.count, len(left)))
        taken.update(drawn)
        chosen += [(id_, item.points) for id_ in drawn]
    return chosen


def _newest(tx: Transaction, question_ids: Sequence[int]) -> dict[int, QuestionVersion]:
    newest = (
        select(QuestionVersion)
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(col(Question.id).in_(question_ids), col(QuestionVersion.number) == col(Question.version))
    )
    return {version.question_id: version for version in tx.session.scalars(newest)}


def _order(content: Content, rules: Rules) -> list[int]:
    """Return the order in which the parts of a question are shown; parts to be sorted never come sorted."""
    if content.kind is QuestionKind.ORDERING:
        places = list(range(len(content.order)))
        shuffled = places.copy()
        while shuffled == places:
            _random.shuffle(shuffled)
        return shuffled
    if content.kind is QuestionKind.MATCHING:
        firsts = {pair.right: place for place, pair in reversed(list(enumerate(content.pairs)))}
        places = sorted(firsts.values())
        _random.shuffle(places)
        return places
    places = list(range(len(content.options)))
    if content.kind is not QuestionKind.TRUE_FALSE and content.is_shuffled and rules.shuffles_options:
        _random.shuffle(places)
    return places
