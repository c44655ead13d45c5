"""Removes pictures that came along with questions, once nothing in their course refers to them.

Questions that were deleted still refer to theirs, and so does each version that a question has had. Courses share a
file, so it stays on the disk for as long as one of them has it. It goes in the same transaction as the last row: who
brings the same picture in meanwhile is either seen here, or sees that it is gone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select
from sqlmodel import col

from models import Checkpoint, Course, Module, Question, QuestionPicture, QuestionVersion
from services.content.uploads import storage
from services.core import clock, database
from services.core.jobs import Kind
from services.core.transaction import Transaction
from services.quizzes import pictures

CHECK_EVERY = timedelta(days=1)
KEPT_FOR = timedelta(days=1)
MOST_AT_ONCE = 20
"""pictures of which one transaction makes sure"""


def kind() -> Kind:
    """Return the job that clears away, every day."""
    return Kind(name='pictures', work=lambda _: clear_away(), repeats=CHECK_EVERY)


async def clear_away() -> None:
    """Remove what came a day ago or more and is not shown, one course after the other."""
    before = clock.now() - KEPT_FOR
    for course_id in await database.read(_courses, before=before):
        ids = await database.read(unused, course_id, before=before)
        for start in range(0, len(ids), MOST_AT_ONCE):
            await database.write(forget, course_id, ids[start : start + MOST_AT_ONCE])


def unused(tx: Transaction, course_id: int, *, before: datetime) -> tuple[int, ...]:
    """Return the ids of pictures to which no text of a course refers, of those that it had before then."""
    shown: set[str] = set()
    for texts in _texts(course_id):
        for row in tx.execute(texts.execution_options(yield_per=100)):
            shown.update(name for text in row if text for name in pictures.named_in(text))
    its = col(QuestionPicture.course_id) == course_id, col(QuestionPicture.added_at) < before
    rows = tx.execute(select(col(QuestionPicture.id), col(QuestionPicture.name)).where(*its))
    return tuple(id_ for id_, name in rows if name not in shown)


def forget(tx: Transaction, course_id: int, picture_ids: Sequence[int]) -> None:
    """Remove pictures from a course if nothing refers to them now, and from the disk what no course has any more."""
    rows = select(QuestionPicture).where(col(QuestionPicture.id).in_(picture_ids)).with_for_update()
    gone = {row.id: row.stored_as for row in tx.session.scalars(rows) if not _is_shown(tx, course_id, row.name)}
    tx.execute(delete(QuestionPicture).where(col(QuestionPicture.id).in_(gone)))
    kept = select(col(QuestionPicture.stored_as)).where(col(QuestionPicture.stored_as).in_(gone.values()))
    for stored_as in set(gone.values()) - set(tx.session.scalars(kept)):
        storage.remove(stored_as)
    tx.note('pictures cleared away', course=course_id, pictures=len(gone))


def _courses(tx: Transaction, *, before: datetime) -> Sequence[int]:
    ids = select(col(QuestionPicture.course_id)).where(col(QuestionPicture.added_at) < before)
    return tx.session.scalars(ids.distinct().order_by(col(QuestionPicture.course_id))).all()


def _is_shown(tx: Transaction, course_id: int, name: str) -> bool:
    return any(
        tx.execute(texts.where(or_(*(column.contains(name) for column in texts.selected_columns))).limit(1)).first()
        for texts in _texts(course_id)
    )


def _texts(course_id: int) -> tuple[Select[*tuple[str, ...]], ...]:
    """Return what selects all texts of a course that can show a picture."""
    versions = select(col(QuestionVersion.content)).join(Question, col(Question.id) == col(QuestionVersion.question_id))
    return (
        versions.where(col(Question.course_id) == course_id),
        select(col(Checkpoint.description), col(Checkpoint.body)).where(col(Checkpoint.course_id) == course_id),
        select(col(Module.description)).where(col(Module.course_id) == course_id),
        select(col(Course.description)).where(col(Course.id) == course_id),
    )
