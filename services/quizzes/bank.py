"""The bank of a course: its questions, each in versions, found by words and tags.

What was asked once stays as it was asked: an edit makes a new version, and attempts keep theirs. What an edit means for
attempts that are over is decided in `regrading`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import func, select
from sqlmodel import col

from models import AttemptAnswer, Course, LiveQuestion, Question, QuestionVersion, QuizPart
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotFound, Refused
from services.core.markdown_words import words_of
from services.core.text import LONGEST_TITLE, line
from services.core.transaction import Transaction
from services.quizzes import checking
from services.quizzes.question import FORM
from services.quizzes.question import Question as Content

MOST_QUESTIONS = 5_000
"""in one bank"""
LONGEST_PLAIN = 4_000
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InBank:
    """A question as the list shows it."""

    question_id: int
    kind: str
    title: str
    tags: tuple[str, ...]
    points: Decimal
    version: int
    quizzes: int
    """in how many quizzes it is fixed"""
    is_answered: bool
    """whether somebody has met it, so that an edit has to say what becomes of their attempts"""
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """A question in its newest version."""

    question_id: int
    course_id: int
    version: int
    content: Content
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """The questions of a course that were looked for, and all tags that there are."""

    questions: tuple[InBank, ...]
    tags: tuple[tuple[str, int], ...]
    """with how many questions have each"""
    in_all: int


def of_course(
    tx: Transaction, actor: Actor | None, course_id: int, *, words: str = '', tag: str = '', kind: str = ''
) -> Bank:
    """Return the questions of a course in which all these words occur, newest first."""
    access.taught_course(tx, actor, course_id)
    is_there = col(Question.course_id) == course_id, col(Question.deleted_at).is_(None)
    rows = tx.session.scalars(select(Question).where(*is_there).order_by(col(Question.id).desc())).all()
    tags = Counter(each for row in rows for each in row.tags)
    wanted = line(words).casefold().split()
    found = [
        row
        for row in rows
        if (not tag or tag in row.tags) and kind in {'', row.kind} and all(word in row.plain for word in wanted)
    ]
    ids = [row.id for row in found]
    points = _points(tx, ids)
    used = _counts(tx, QuizPart, ids)
    met = _counts(tx, AttemptAnswer, ids) + _counts(tx, LiveQuestion, ids)
    return Bank(
        questions=tuple(
            InBank(
                question_id=row.id,
                kind=row.kind,
                title=row.title,
                tags=tuple(row.tags),
                points=points[row.id],
                version=row.version,
                quizzes=used[row.id],
                is_answered=met[row.id] > 0,
                updated_at=row.updated_at,
            )
            for row in found
        ),
        tags=tuple(sorted(tags.items())),
        in_all=len(rows),
    )


def one(tx: Transaction, actor: Actor | None, question_id: int) -> Versioned:
    """Return a question with its key, for those who teach its course."""
    row = taught(tx, actor, question_id)
    return Versioned(
        question_id=row.id,
        course_id=row.course_id,
        version=row.version,
        content=newest(tx, row)[1],
        is_answered=is_answered(tx, question_id),
    )


def add(tx: Transaction, actor: Actor | None, course_id: int, question: Content) -> int:
    """Put a question into the bank; returns its id."""
    return add_many(tx, actor, course_id, [question])[0]


def add_many(tx: Transaction, actor: Actor | None, course_id: int, questions: Sequence[Content]) -> list[int]:
    """Put questions into the bank, all of them or none; returns their ids in the same order."""
    course = access.taught_course(tx, actor, course_id)
    if course.archived_at:
        raise Refused('This course is archived. Bring it back before you change it.')
    checked = [checking.check(each) for each in questions]
    _check_room(tx, course, len(checked))
    rows = [_row(tx, course_id, each) for each in checked]
    tx.session.add_all(rows)
    tx.session.flush()
    by = access.signed_in(tx, actor).user_id
    versions = zip(rows, checked, strict=True)
    tx.session.add_all(_version(tx, row.id, 1, question, by) for row, question in versions)
    tx.session.flush()
    tx.note('questions added', course=course_id, by=by, count=len(rows))
    return [row.id for row in rows]


def new_version(tx: Transaction, actor: Actor | None, question_id: int, question: Content) -> QuestionVersion:
    """Give a question a new version and return it; the one before stays for the attempts that were made with it."""
    row = taught(tx, actor, question_id)
    checked = checking.check(question)
    before, content = newest(tx, row)
    if checked == content:
        return before
    changed = _row(tx, row.course_id, checked)
    row.version += 1
    row.kind, row.title, row.plain, row.tags = changed.kind, changed.title, changed.plain, changed.tags
    row.updated_at = tx.now
    version = _version(tx, row.id, row.version, checked, access.signed_in(tx, actor).user_id)
    tx.session.add_all([row, version])
    tx.session.flush()
    return version


def duplicate(tx: Transaction, actor: Actor | None, question_id: int) -> int:
    """Put a question into the bank a second time, to be changed; returns the id of the new one."""
    row = taught(tx, actor, question_id)
    return add(tx, actor, row.course_id, newest(tx, row)[1])


def delete(tx: Transaction, actor: Actor | None, question_id: int) -> None:
    """Take a question out of the bank; attempts keep it, and quizzes in which it is fixed hold it back."""
    row = taught(tx, actor, question_id)
    if used := _counts(tx, QuizPart, [question_id])[question_id]:
        raise Refused(
            'This question is part of a quiz ({count} in all). Take it out there first.', count=used, field='question'
        )
    row.deleted_at = tx.now
    tx.session.add(row)


def restore(tx: Transaction, actor: Actor | None, question_id: int) -> None:
    """Bring a question back into the bank."""
    row = taught(tx, actor, question_id, deleted=True)
    row.deleted_at = None
    tx.session.add(row)


def taught(tx: Transaction, actor: Actor | None, question_id: int, *, deleted: bool = False) -> Question:
    """Return a question of a course that the actor teaches; absent and not theirs look the same."""
    row = tx.session.get(Question, question_id)
    access.taught_course(tx, actor, row.course_id if row else 0)
    if row is None or bool(row.deleted_at) is not deleted:
        raise NotFound('This question is gone. Somebody may have deleted it.')
    return row


def newest(tx: Transaction, row: Question) -> tuple[QuestionVersion, Content]:
    """Return the newest version of a question, and what it says."""
    where = col(QuestionVersion.question_id) == row.id, col(QuestionVersion.number) == row.version
    version = tx.session.scalars(select(QuestionVersion).where(*where)).one()
    return version, content_of(version.id, version.content)


def is_answered(tx: Transaction, question_id: int) -> bool:
    """Tell whether somebody has met a question, in an attempt or in class."""
    in_attempt = select(col(AttemptAnswer.attempt_id)).where(col(AttemptAnswer.question_id) == question_id)
    in_class = select(col(LiveQuestion.id)).where(col(LiveQuestion.question_id) == question_id)
    return any(tx.execute(each.limit(1)).first() is not None for each in (in_attempt, in_class))


@lru_cache(maxsize=5_000)
def content_of(version_id: int, content: str) -> Content:
    """Return what a version says; versions never change, so each one is read once."""
    return FORM.validate_json(content)


def title_of(question: Content) -> str:
    """Return what a list calls a question: its title, or the beginning of what it asks."""
    title = question.title or words_of(question.text)
    return title if len(title) <= LONGEST_TITLE else f'{title[: LONGEST_TITLE - 1]}…'


def plain_of(question: Content) -> str:
    """Return what the search looks at."""
    return f'{question.title} {line(question.text)} {" ".join(question.tags)}'.casefold()[:LONGEST_PLAIN]


def _row(tx: Transaction, course_id: int, question: Content) -> Question:
    return Question(
        course_id=course_id,
        kind=question.kind,
        title=title_of(question),
        plain=plain_of(question),
        tags=list(question.tags),
        created_at=tx.now,
        updated_at=tx.now,
    )


def _version(tx: Transaction, question_id: int, number: int, question: Content, by: int) -> QuestionVersion:
    return QuestionVersion(
        question_id=question_id,
        number=number,
        content=FORM.dump_json(question, exclude_defaults=True).decode(),
        points=int(question.points * HUNDREDTHS),
        created_by=by,
        created_at=tx.now,
    )


def _check_room(tx: Transaction, course: Course, more: int) -> None:
    is_there = col(Question.course_id) == course.id, col(Question.deleted_at).is_(None)
    there = tx.execute(select(func.count()).where(*is_there)).scalar_one()
    if there + more > MOST_QUESTIONS:
        raise Invalid(
            'A bank can have at most {most} questions; it has {there}.', most=MOST_QUESTIONS, there=there, field='file'
        )


def _points(tx: Transaction, question_ids: Sequence[int]) -> dict[int, Decimal]:
    newest = (
        select(col(QuestionVersion.question_id), col(QuestionVersion.points))
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(col(Question.id).in_(question_ids), col(QuestionVersion.number) == col(Question.version))
    )
    return {id_: Decimal(points) / HUNDREDTHS for id_, points in tx.execute(newest)}


def _counts(
    tx: Transaction, model: type[QuizPart | AttemptAnswer | LiveQuestion], question_ids: Sequence[int]
) -> Counter[int]:
    where = col(model.question_id).in_(question_ids)
    rows = tx.execute(select(col(model.question_id), func.count()).where(where).group_by(col(model.question_id)))
    return Counter({id_: count for id_, count in rows if id_ is not None})
