"""What is in a course, copied into another one: modules, checkpoints, questions, quizzes, assignments, its grading.

What of each row goes along stands in `carried`. Rows are written together, for a bank can have thousands.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlmodel import SQLModel, col

from models import Assignment, Checkpoint, Module, Question, QuestionPicture, QuestionVersion, Quiz, QuizPart
from services.core.transaction import Transaction
from services.courses import course_grading
from services.courses.carried import carried_of

Ids = Mapping[int, int]
"""of the original → of the copy"""


def copy_all(tx: Transaction, course_id: int, copy_id: int, *, by: int) -> None:
    """Copy everything in a course into another one, which has nothing yet; deleted things stay behind."""
    checkpoints = _checkpoints(tx, course_id, copy_id)
    questions = _questions(tx, course_id, copy_id, by)
    _pictures(tx, course_id, copy_id)
    _quizzes(tx, copy_id, checkpoints, questions)
    _assignments(tx, copy_id, checkpoints)
    course_grading.copy(tx, course_id, copy_id, checkpoints)


def _checkpoints(tx: Transaction, course_id: int, copy_id: int) -> Ids:
    of_original = col(Module.course_id) == course_id, col(Module.deleted_at).is_(None)
    modules = tx.session.scalars(select(Module).where(*of_original).order_by(col(Module.position))).all()
    copies = [Module(course_id=copy_id, **carried_of(module)) for module in modules]
    tx.session.add_all(copies)
    tx.session.flush()
    places = {module.id: copied.id for module, copied in zip(modules, copies, strict=True)}
    present = col(Checkpoint.module_id).in_(places), col(Checkpoint.deleted_at).is_(None)
    checkpoints = tx.session.scalars(select(Checkpoint).where(*present).order_by(col(Checkpoint.id))).all()
    dated = {'course_id': copy_id, 'created_at': tx.now, 'updated_at': tx.now}
    rows = [carried_of(checkpoint) | dated | {'module_id': places[checkpoint.module_id]} for checkpoint in checkpoints]
    return dict(
        zip((checkpoint.id for checkpoint in checkpoints), _inserted(tx, Checkpoint, copy_id, rows), strict=True)
    )


def _questions(tx: Transaction, course_id: int, copy_id: int, by: int) -> Ids:
    newest = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, col(QuestionVersion.question_id) == col(Question.id))
        .where(col(Question.course_id) == course_id, col(Question.deleted_at).is_(None))
        .where(col(QuestionVersion.number) == col(Question.version))
        .order_by(col(Question.id))
    )
    found = tx.execute(newest).all()
    dated = {'course_id': copy_id, 'version': 1, 'created_at': tx.now, 'updated_at': tx.now}
    ids = _inserted(tx, Question, copy_id, [carried_of(question) | dated for question, _ in found])
    first = {'number': 1, 'created_by': by, 'created_at': tx.now}
    versions = [
        carried_of(version) | first | {'question_id': id_} for id_, (_, version) in zip(ids, found, strict=True)
    ]
    _insert(tx, QuestionVersion, versions)
    return dict(zip((question.id for question, _ in found), ids, strict=True))


def _pictures(tx: Transaction, course_id: int, copy_id: int) -> None:
    """Let a copy show the pictures of its questions; the files are shared."""
    rows = tx.session.scalars(select(QuestionPicture).where(col(QuestionPicture.course_id) == course_id))
    shared = [
        carried_of(row) | {'course_id': copy_id, 'stored_as': row.stored_as, 'added_at': tx.now} for row in rows.all()
    ]
    _insert(tx, QuestionPicture, shared)


def _quizzes(tx: Transaction, copy_id: int, checkpoints: Ids, questions: Ids) -> None:
    quizzes = tx.session.scalars(select(Quiz).where(col(Quiz.checkpoint_id).in_(checkpoints)))
    dated = {'course_id': copy_id, 'updated_at': tx.now}
    _insert(
        tx, Quiz, [carried_of(quiz) | dated | {'checkpoint_id': checkpoints[quiz.checkpoint_id]} for quiz in quizzes]
    )
    parts = tx.session.scalars(
        select(QuizPart).where(col(QuizPart.checkpoint_id).in_(checkpoints)).order_by(col(QuizPart.id))
    )
    _insert(
        tx,
        QuizPart,
        [
            carried_of(part)
            | {
                'checkpoint_id': checkpoints[part.checkpoint_id],
                'question_id': part.question_id and questions[part.question_id],
            }
            for part in parts
            if part.question_id is None or part.question_id in questions
        ],
    )


def _assignments(tx: Transaction, copy_id: int, checkpoints: Ids) -> None:
    rows = tx.session.scalars(select(Assignment).where(col(Assignment.checkpoint_id).in_(checkpoints)))
    dated = {'course_id': copy_id, 'updated_at': tx.now}
    _insert(
        tx, Assignment, [carried_of(row) | dated | {'checkpoint_id': checkpoints[row.checkpoint_id]} for row in rows]
    )


def _inserted(
    tx: Transaction, model: type[Checkpoint | Question], copy_id: int, rows: Sequence[dict[str, Any]]
) -> Sequence[int]:
    """Write the first rows of a copy and return their ids, in the same order: ids grow as rows are written.

    Asking for the ids in the statement itself would write row after row on SQLite.
    """
    _insert(tx, model, rows)
    return tx.session.scalars(
        select(col(model.id)).where(col(model.course_id) == copy_id).order_by(col(model.id))
    ).all()


def _insert(tx: Transaction, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        tx.execute(insert(model), rows)
