"""Handing the questions of a bank on, in formats that other systems read."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import select
from sqlmodel import col

from models import Question, QuestionVersion
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import bank, importing
from services.quizzes.formats import gift_writing, moodle_xml_writing, qti3_writing
from services.quizzes.formats.findings import PICTURE, Item, Written
from services.quizzes.pictures import texts_of
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


async def write(
    questions: tuple[Content, ...], wanted: Format, pictures: Mapping[str, bytes] = MappingProxyType({})
) -> Written:
    """Write questions off the event loop; raises `Busy` where too many files are being made.

    Texts refer to the `pictures` as `picture:name`.
    """
    items = [
        Item(question=each, number=number, pictures=_shown(each, pictures))
        for number, each in enumerate(questions, start=1)
    ]
    return await importing.readers.run(_WRITERS[wanted], items)


def _shown(question: Content, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    texts = [text for text in texts_of(question) if PICTURE in text]
    return {name: content for name, content in pictures.items() if any(f'{PICTURE}{name}' in text for text in texts)}


_WRITERS = {
    Format.GIFT: gift_writing.write,
    Format.MOODLE_XML: moodle_xml_writing.write,
    Format.QTI: qti3_writing.write,
}
