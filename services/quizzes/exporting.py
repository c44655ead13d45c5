"""Handing the questions of a bank on, in formats that other systems read."""

from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from models import Question, QuestionVersion
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.quizzes import bank, importing
from services.quizzes.formats import gift_writing, moodle_xml_writing, qti3_writing
from services.quizzes.formats.findings import Item, Written
from services.quizzes.question import Question as Content


class Format(StrEnum):
    """A format, called as its files end."""

    GIFT = 'gift'
    MOODLE_XML = 'xml'
    QTI = 'zip'


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> tuple[Content, ...]:
    """Return all questions of a bank, the first one first."""
    access.taught_course(tx, actor, course_id)
    newest = (
        select(QuestionVersion)
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(
            col(Question.course_id) == course_id,
            col(Question.deleted_at).is_(None),
            col(QuestionVersion.number) == col(Question.version),
        )
        .order_by(col(Question.id))
    )
    return tuple(bank.content_of(each.id, each.content) for each in tx.session.scalars(newest))


async def write(questions: tuple[Content, ...], wanted: Format) -> Written:
    """Write questions off the event loop; raises `Busy` where too many files are being made."""
    items = [Item(question=each, number=number) for number, each in enumerate(questions, start=1)]
    return await importing.readers.run(_WRITERS[wanted], items)


_WRITERS = {
    Format.GIFT: gift_writing.write,
    Format.MOODLE_XML: moodle_xml_writing.write,
    Format.QTI: qti3_writing.write,
}
