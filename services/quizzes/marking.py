"""Grading by hand: question by question, without names and times, so that each answer is judged like the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import Attempt, AttemptAnswer, AttemptState, Checkpoint, Question, QuestionVersion, User
from services import access, rubrics
from services.access import Actor
from services.core.errors import Invalid, NotFound, Refused
from services.core.text import check_text
from services.core.transaction import Transaction
from services.quizzes import bank, closing
from services.quizzes.answer import FORM
from services.quizzes.attempts import taught_attempt
from services.quizzes.bank import HUNDREDTHS
from services.quizzes.formats.findings import quoted
from services.quizzes.question import WHOLE
from services.quizzes.question import Question as Content
from services.rubrics import Choice

MOST_REMARKS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """The answers to one question of one quiz that a person grades."""

    checkpoint_id: int
    question_id: int
    quiz: str
    question: str
    waiting: int
    in_all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One answer on the desk."""

    attempt_id: int
    position: int
    content: Content
    text: str
    possible: Decimal
    points: Decimal | None
    """None until it is graded"""
    remark: str
    choices: tuple[Choice, ...]
    """for each criterion of the rubric of the question, in its order"""
    graded_at: datetime | None
    """to be given back with the grade, so that nobody overwrites what another person has just done"""
    name: str
    """empty unless names were asked for"""


def piles(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Pile, ...]:
    """Return what there is to grade in a course: for each question, how many answers wait."""
    access.taught_course(tx, actor, course_id)
    waits = func.sum(_WAITS)
    rows = tx.execute(
        select(
            col(Attempt.checkpoint_id),
            col(AttemptAnswer.question_id),
            col(Checkpoint.title),
            col(Question.title),
            waits,
            func.count(),
        )
        .join(AttemptAnswer, col(AttemptAnswer.attempt_id) == col(Attempt.id))
        .join(Question, col(Question.id) == col(AttemptAnswer.question_id))
        .join(Checkpoint, col(Checkpoint.id) == col(Attempt.checkpoint_id))
        .where(col(Attempt.course_id) == course_id, col(Question.kind) == 'essay', *_ANSWERED)
        .group_by(
            col(Attempt.checkpoint_id), col(AttemptAnswer.question_id), col(Checkpoint.title), col(Question.title)
        )
        .order_by(waits.desc(), col(Attempt.checkpoint_id))
    )
    return tuple(
        Pile(
            checkpoint_id=checkpoint, question_id=question, quiz=quiz, question=title, waiting=waiting or 0, in_all=all_
        )
        for checkpoint, question, quiz, title, waiting, all_ in rows
    )


def on_desk(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, question_id: int, names: bool = False
) -> tuple[Submitted, ...]:
    """Return the answers to a question, those that wait first, in an order that says nothing of people."""
    checkpoint = access.taught_checkpoint(tx, actor, checkpoint_id)
    if names:
        access.note_look(tx, actor, 'grading desk', course=checkpoint.course_id)
    rows = tx.execute(
        select(AttemptAnswer, col(QuestionVersion.content), col(User.name))
        .join(Attempt, col(Attempt.id) == col(AttemptAnswer.attempt_id))
        .join(QuestionVersion, col(QuestionVersion.id) == col(AttemptAnswer.version_id))
        .join(User, col(User.id) == col(Attempt.user_id))
        .where(col(Attempt.checkpoint_id) == checkpoint_id, col(AttemptAnswer.question_id) == question_id, *_ANSWERED)
    )
    found = [
        Submitted(
            attempt_id=row.attempt_id,
            position=row.position,
            content=bank.content_of(row.version_id, content),
            text=FORM.validate_json(row.answer).text if row.answer else '',
            possible=Decimal(row.points) / HUNDREDTHS,
            points=None if row.credit is None else _points(row),
            remark=row.remark,
            choices=_choices(row, bank.content_of(row.version_id, content)),
            graded_at=row.graded_at,
            name=name if names else '',
        )
        for row, content, name in rows
    ]
    return tuple(sorted(found, key=lambda each: (each.points is not None, hash((each.attempt_id, question_id)))))


def grade(
    tx: Transaction,
    actor: Actor | None,
    attempt_id: int,
    *,
    position: int,
    points: Decimal | None,
    remark: str = '',
    choices: Sequence[Choice] = (),
    seen: datetime | None = None,
) -> None:
    """Grade one answer by hand; `seen` is the `graded_at` that the person saw, so that nobody overwrites silently.

    That holds for the same person on two devices, too. Without points, only the remark changes. Where the question has
    a rubric, the points follow from the `choices`, and none are given; without choices, only the remark changes.
    """
    attempt = taught_attempt(tx, actor, attempt_id)
    row = tx.session.get(AttemptAnswer, (attempt_id, position), with_for_update=True)
    if row is None or attempt.state is AttemptState.IN_PROGRESS:
        raise NotFound('This answer is not there, or the attempt still goes on.')
    remark = check_text(remark, field='remark')
    credit, marks = _graded(tx, row, points, choices)
    is_new = points is not None or bool(choices)
    is_again = actor is not None and (row.graded_by, row.credit, row.remark, row.marks) == (
        actor.user_id,
        credit,
        remark,
        marks,
    )
    if row.graded_by is not None and row.graded_at != seen and not is_again:
        raise Refused(
            '{name} has graded this answer meanwhile: {points} points. Look at it before you change it.',
            name=tx.session.get_one(User, row.graded_by).name,
            points=str(_points(row)),
        )
    row.remark, row.credit, row.marks = remark, credit, marks
    row.is_by_hand = row.is_by_hand or is_new
    row.graded_by, row.graded_at = (actor.user_id if actor else None), tx.now
    tx.session.add(row)
    tx.session.flush()
    closing.count(tx, [attempt], by=actor.user_id if actor else None)


def say(
    tx: Transaction, actor: Actor | None, attempt_id: int, *, feedback: str, seen: datetime | None = None
) -> datetime:
    """Say something of a whole attempt; `seen` is the `feedback_at` that the person saw. Returns the new one."""
    attempt = taught_attempt(tx, actor, attempt_id)
    tx.session.refresh(attempt, with_for_update=True)
    feedback = check_text(feedback, field='feedback')
    if attempt.feedback == feedback and attempt.feedback_at is not None:
        return attempt.feedback_at
    if attempt.feedback_at != seen and attempt.feedback_by is not None:
        raise Refused(
            '{name} has written this meanwhile: “{feedback}”. Save again to put your words in its place.',
            name=tx.session.get_one(User, attempt.feedback_by).name,
            feedback=quoted(attempt.feedback),
            field='feedback',
        )
    attempt.feedback = feedback
    attempt.feedback_by, attempt.feedback_at = (actor.user_id if actor else None), tx.now
    tx.session.add(attempt)
    return tx.now


def remarks(tx: Transaction, actor: Actor | None, question_id: int) -> tuple[str, ...]:
    """Return what was remarked on answers to a question, the most frequent first, to be used again."""
    bank.taught(tx, actor, question_id)
    said = col(AttemptAnswer.question_id) == question_id, col(AttemptAnswer.remark) != ''
    counted = Counter(tx.session.scalars(select(col(AttemptAnswer.remark)).where(*said)))
    return tuple(remark for remark, _ in counted.most_common(MOST_REMARKS))


_ANSWERED: Sequence[ColumnElement[bool]] = (
    col(Attempt.state) != AttemptState.IN_PROGRESS,
    col(AttemptAnswer.answer).is_not(None),
)
_WAITS = func.coalesce(col(AttemptAnswer.credit) * 0, 1)
"""1 for an answer without a grade, 0 for others"""


Marks = list[list[int | str]]


def _graded(
    tx: Transaction, row: AttemptAnswer, points: Decimal | None, choices: Sequence[Choice]
) -> tuple[int | None, Marks]:
    """Return the credit for the points that were typed, or for the levels that were chosen, with these."""
    rubric = bank.content_of(row.version_id, tx.session.get_one(QuestionVersion, row.version_id).content).rubric
    if not rubric:
        if choices:
            raise Invalid('This question has no rubric. Type the points.', field='marks')
        return (row.credit if points is None else _credit(points, row.points)), row.marks
    if points is not None:
        raise Invalid('The points follow from the rubric. Choose a level for each criterion.', field='points')
    if not choices:
        return row.credit, row.marks
    marks = rubrics.kept(rubrics.marks_for(rubric, choices))
    share = rubrics.share_of(rubric, choices)
    if share is None:
        raise Invalid('Choose a level for each criterion.', field='marks')
    return rubrics.portion(share, WHOLE), marks


def _choices(row: AttemptAnswer, content: Content) -> tuple[Choice, ...]:
    return rubrics.choices_of(content.rubric, rubrics.read_marks(row.marks))


def _points(row: AttemptAnswer) -> Decimal:
    return Decimal(row.points * (row.credit or 0)) / (HUNDREDTHS * WHOLE)


def _credit(points: Decimal, possible: int) -> int:
    try:
        hundredths = points * HUNDREDTHS
        is_right = points.is_finite() and 0 <= hundredths <= possible
    except InvalidOperation:
        is_right = False
    if not is_right:
        most = format(Decimal(possible) / HUNDREDTHS, 'f')
        raise Invalid('The points must be between 0 and {most}.', most=most, field='points')
    return round(hundredths * WHOLE / possible)
