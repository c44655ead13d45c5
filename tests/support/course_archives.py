"""How tests pack a course into a ZIP, bring one in, and look at what has become of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from models import (
    Assignment,
    Checkpoint,
    CheckpointKind,
    Course,
    FileKind,
    GradeCategory,
    GradedItem,
    Grading,
    Module,
    Question,
    Quiz,
    QuizPart,
    Reveal,
    Upload,
)
from services.access import Actor
from services.assignments import rules
from services.assignments.rules import Rules as AssignmentRules
from services.content.course_archive.bringing_in import bring_in
from services.content.course_archive.packing import DESCRIPTION, pack
from services.content.uploads.receiving import take
from services.content.uploads.slots import Part
from services.content.uploads.storage import folder
from services.core import database
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.carried import CARRIED
from services.courses.checkpoints import Details
from services.grades import grading
from services.quizzes import bank, quiz_settings
from services.quizzes.quiz_settings import Band, Draw, Fixed, Rules
from services.rubrics import Criterion, Level
from tests.factories.classes import CourseAtHand
from tests.factories.files import CAPTIONS, a_pdf, a_video
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT, WHY
from tests.support.files_at_hand import in_pieces

TEXT = """\
waymark: 1
course:
  title: Soil
modules:
- title: Outside
  steps:
  - title: Read
    kind: document
    file: files/soil.pdf
"""
PDF = a_pdf(pages=2)

Entry = tuple[str | ZipInfo, str | bytes]
Row = TypeVar('Row', Module, Checkpoint)


async def add_files(course: CourseAtHand) -> None:
    """Make the first checkpoint a film with captions and the second a PDF."""
    for checkpoint, part, content, name in (
        (0, Part.VIDEO, a_video(), 'Böden “nass”.mp4'),
        (0, Part.CAPTIONS, CAPTIONS, 'soil.vtt'),
        (1, Part.FILE, PDF, 'Heft.pdf'),
    ):
        await take(course.teacher, course.checkpoints[checkpoint], part, in_pieces(content), name=name)


ALL_RULES = Rules(
    minutes=20,
    attempts_allowed=3,
    opens_at=datetime(2027, 3, 1, 8, tzinfo=UTC),
    closes_at=datetime(2027, 3, 8, 8, 30, tzinfo=UTC),
    passing_percent=75,
    is_practice=True,
    is_adaptive=True,
    asks_confidence=True,
    one_at_a_time=True,
    may_go_back=False,
    shuffles_questions=True,
    shuffles_options=False,
    shows_score=Reveal.NEVER,
    shows_right=Reveal.AFTER_CLOSE,
    shows_solution=Reveal.AFTER_SUBMIT,
    shows_feedback=Reveal.NEVER,
    bands=(Band(from_percent=80, text='**Good**: go on.'), Band(from_percent=0, text='Read\nit again.')),
)
"""in which nothing is as in a new quiz"""


async def add_quizzes(course: CourseAtHand) -> int:
    """Fill the bank, and add a published quiz with rules of its own and one that nobody set up; returns the first."""
    teacher, course_id = course.teacher, course.course_id
    ids = await database.write(bank.add_many, teacher, course_id, [FINEST, HOW_ACID, NAME_IT, WHY])
    gone = await database.write(bank.add, teacher, course_id, replace(WHY, text='Gone?'))
    await database.write(bank.delete, teacher, gone)
    await database.write(bank.new_version, teacher, ids[2], replace(NAME_IT, title='Humus'))
    quiz_id, _ = [
        await database.write(
            checkpoints.add_one, teacher, course_id, details=Details(title=title, kind=CheckpointKind.QUIZ)
        )
        for title in ('Soil quiz', 'Empty quiz')
    ]
    await database.write(quiz_settings.set_rules, teacher, quiz_id, ALL_RULES)
    items = Fixed(question_id=ids[3], points=Decimal('2.5')), Draw(tag='soil', count=2), Fixed(question_id=ids[2])
    await database.write(quiz_settings.set_items, teacher, quiz_id, items)
    await database.write(quiz_settings.publish, teacher, quiz_id, published=True)
    return quiz_id


ALL_ASSIGNMENT_RULES = AssignmentRules(
    takes_text=False,
    most_files=2,
    file_kinds=frozenset({FileKind.PDF, FileKind.PICTURE}),
    takes_late=False,
    is_graded=False,
    passing_percent=75,
    may_resubmit=True,
    hides_names=True,
    rubric=(Criterion(title='Why', levels=(Level(points=3, text='with a reason'), Level(points=0, text='without'))),),
)
"""in which nothing is as in a new assignment"""


async def add_assignments(course: CourseAtHand) -> None:
    """Add an assignment with rules of its own, and one that nobody set up."""
    first, _ = [
        await database.write(
            checkpoints.add_one,
            course.teacher,
            course.course_id,
            details=Details(title=title, kind=CheckpointKind.ASSIGNMENT),
        )
        for title in ('Soil report', 'Another report')
    ]
    await database.write(rules.set_rules, course.teacher, first, ALL_ASSIGNMENT_RULES)


async def add_grading(course: CourseAtHand) -> None:
    """Weigh what is graded in a course, in categories, and give letters."""
    teacher, course_id = course.teacher, course.course_id
    tests = await database.write(grading.set_category, teacher, course_id, name='Tests', weight=40, drop_lowest=1)
    await database.write(grading.set_category, teacher, course_id, name='Essays', weight=60)
    await database.write(grading.set_letters, teacher, course_id, letters=[(90, 'A'), (0, 'F')])
    await database.write(grading.count_missing, teacher, course_id, counts=True)
    await database.write(_place, course_id, tests)


def _place(tx: Transaction, course_id: int, category_id: int) -> None:
    """Put one assignment into a category, and let another not count, also where neither has a grade now."""
    ours = col(Checkpoint.course_id) == course_id, col(Checkpoint.kind) == CheckpointKind.ASSIGNMENT
    first, second = tx.session.scalars(select(col(Checkpoint.id)).where(*ours).order_by(col(Checkpoint.id))).all()
    tx.session.add(GradedItem(checkpoint_id=first, course_id=course_id, category_id=category_id))
    tx.session.add(GradedItem(checkpoint_id=second, course_id=course_id, counts=False))


async def packed(actor: Actor, course_id: int) -> bytes:
    return b''.join((await database.read(pack, actor, course_id)).pieces())


async def brought_in(actor: Actor, content: bytes) -> int:
    return await bring_in(actor, _large_pieces(content), size=len(content))


def a_zip(*entries: Entry, text: str | bytes = TEXT, pdf: bytes | None = PDF) -> bytes:
    """A course file made by hand: what describes the course, its document, and whatever else."""
    content = BytesIO()
    with ZipFile(content, 'w', ZIP_DEFLATED) as archive:
        archive.writestr(DESCRIPTION, text)
        if pdf is not None:
            archive.writestr('files/soil.pdf', pdf)
        for name, entry in entries:
            archive.writestr(name, entry)
    return content.getvalue()


def names_in(content: bytes) -> list[str]:
    return ZipFile(BytesIO(content)).namelist()


def described(tx: Transaction, course_id: int) -> list[dict[str, object]]:
    """All that a course carries along, row by row, with what is in its files."""
    course = tx.session.get_one(Course, course_id)
    modules = _in_order(tx, Module, course_id)
    checkpoints = [
        checkpoint
        for module in modules
        for checkpoint in _in_order(tx, Checkpoint, course_id)
        if checkpoint.module_id == module.id
    ]
    rows = [_carried(tx, row) for row in (course, *modules, *checkpoints)]
    return rows + _quizzes(tx, course_id, checkpoints) + _grading(tx, course_id, checkpoints)


def _quizzes(tx: Transaction, course_id: int, checkpoints: Sequence[Checkpoint]) -> list[dict[str, object]]:
    """Return the bank and the quizzes; questions and checkpoints by their places."""
    where = col(Question.course_id) == course_id, col(Question.deleted_at).is_(None)
    questions = tx.session.scalars(select(Question).where(*where).order_by(col(Question.id))).all()
    told = []
    for question in questions:
        version, _ = bank.newest(tx, question)
        told += [_carried(tx, question), _carried(tx, version)]
    places = {question.id: place for place, question in enumerate(questions)}
    for place, checkpoint in enumerate(checkpoints):
        assignment = tx.session.get(Assignment, checkpoint.id)
        told += [_carried(tx, assignment) | {'step': place}] if assignment else []
        quiz = tx.session.get(Quiz, checkpoint.id)
        parts = select(QuizPart).where(col(QuizPart.checkpoint_id) == checkpoint.id).order_by(col(QuizPart.position))
        told += [_carried(tx, quiz) | {'step': place}] if quiz else []
        told += [
            _carried(tx, part) | {'question_id': part.question_id and places[part.question_id]}
            for part in tx.session.scalars(parts)
        ]
    return told


def _grading(tx: Transaction, course_id: int, checkpoints: Sequence[Checkpoint]) -> list[dict[str, object]]:
    """Return how a course is graded; categories by their names."""
    whole = tx.session.get(Grading, course_id)
    ours = select(GradeCategory).where(col(GradeCategory.course_id) == course_id).order_by(col(GradeCategory.position))
    categories = tx.session.scalars(ours).all()
    names = {each.id: each.name for each in categories}
    told = [_carried(tx, row) for row in (*([whole] if whole else []), *categories)]
    for place, checkpoint in enumerate(checkpoints):
        if (item := tx.session.get(GradedItem, checkpoint.id)) is not None:
            told.append(_carried(tx, item) | {'category_id': names.get(item.category_id or 0), 'step': place})
    return told


def count_courses(tx: Transaction) -> int:
    return tx.execute(select(func.count(col(Course.id)))).scalar_one()


def _in_order(tx: Transaction, model: type[Row], course_id: int) -> Sequence[Row]:
    present = col(model.course_id) == course_id, col(model.deleted_at).is_(None)
    return tx.session.scalars(select(model).where(*present).order_by(col(model.position), col(model.id))).all()


def _carried(tx: Transaction, row: SQLModel) -> dict[str, object]:
    """Return what goes along of a row; a file in place of its id."""
    told: dict[str, Any] = {'table': row.__tablename__} | {name: getattr(row, name) for name in CARRIED[type(row)]}
    for name in ('file_id', 'captions_id'):
        if told.get(name):
            upload = tx.session.get_one(Upload, told[name])
            told[name] = {each: getattr(upload, each) for each in CARRIED[Upload]}
            told[name] |= {'content': (folder() / upload.stored_as).read_bytes()}
    return told


async def _large_pieces(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 64 * 1024):
        yield content[begin : begin + 64 * 1024]
