"""Bringing questions in: a file or a pasted text is read first, and nothing is kept before a person has seen it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlmodel import col

from models import Question
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.core.phrases import Phrase, plural
from services.core.text import line
from services.core.threads import Line
from services.quizzes import bank
from services.quizzes.checking import LONGEST_TAG, MOST_TAGS
from services.quizzes.formats import reading
from services.quizzes.formats.findings import PICTURE, Item
from services.quizzes.question import Question as Content

readers = Line('questions', threads=1, most_waiting=4, busy_for=20)
"""Files of questions may be large and slow; they never hold up anything else."""
_PICTURE = re.compile(rf'!\[(?P<alt>[^\]]*)\]\({PICTURE}[^)]*\)|<img\b[^>]*{PICTURE}[^>]*>')
DEFAULT = re.compile(r'(?:default|standard)\b', re.IGNORECASE)
"""how banks call the category of questions that nobody has sorted"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file gives; with a problem in it, nothing of it may be taken."""

    questions: tuple[Content, ...]
    problems: tuple[Phrase, ...]
    left_out: tuple[Phrase, ...]
    warnings: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be added to a bank."""

    new: tuple[Content, ...]
    known: int
    """questions that the bank has already, word for word; they are left out"""


async def read(name: str, content: bytes) -> Found:
    """Read a file of questions off the event loop; raises `Busy` where too many are being read."""
    return await readers.run(_read, name, content)


def plan(tx: Transaction, actor: Actor | None, course_id: int, questions: Sequence[Content]) -> Plan:
    """Return what of these questions would be new in the bank."""
    access.taught_course(tx, actor, course_id)
    there = col(Question.course_id) == course_id, col(Question.deleted_at).is_(None)
    known = set(tx.session.scalars(select(col(Question.plain)).where(*there)))
    new = tuple(each for each in questions if bank.plain_of(each) not in known)
    return Plan(new=new, known=len(questions) - len(new))


def bring_in(tx: Transaction, actor: Actor | None, course_id: int, questions: Sequence[Content]) -> list[int]:
    """Put the questions into the bank that are not there yet, all of them or none; returns their ids."""
    new = plan(tx, actor, course_id, questions).new
    return bank.add_many(tx, actor, course_id, new) if new else []


def _read(name: str, content: bytes) -> Found:
    found = reading.read(name, content)
    pictures = sum(_has_pictures(item) for item in found.questions)
    lost = plural('The pictures of {count} question.', 'The pictures of {count} questions.', pictures)
    return Found(
        questions=tuple(_without_pictures(_tagged(item)) for item in found.questions),
        problems=found.problems,
        left_out=(*((lost,) if pictures else ()), *found.left_out),
        warnings=found.warnings,
    )


def _tagged(item: Item) -> Content:
    """Return a question with the innermost category of its bank as a tag."""
    question = item.question
    tag = line(item.category.rsplit('/', 1)[-1]).lower()
    if not tag or DEFAULT.match(tag) or len(tag) > LONGEST_TAG or len(question.tags) >= MOST_TAGS:
        return question
    return replace(question, tags=tuple(dict.fromkeys((*question.tags, tag))))


def _has_pictures(item: Item) -> bool:
    return any(_PICTURE.search(text) for text in _texts(item.question))


def _texts(question: Content) -> list[str]:
    options = [text for option in question.options for text in (option.text, option.feedback)]
    return [question.text, question.feedback, *options, *(pair.left for pair in question.pairs), *question.order]


def _without_pictures(question: Content) -> Content:
    """Return a question with the words that stand for its pictures, where it has any."""
    if not any(PICTURE in text for text in _texts(question)):
        return question
    return replace(
        question,
        text=_bare(question.text) or question.title,
        feedback=_bare(question.feedback),
        options=tuple(replace(each, text=_bare(each.text), feedback=_bare(each.feedback)) for each in question.options),
        pairs=tuple(replace(each, left=_bare(each.left)) for each in question.pairs),
        order=tuple(_bare(each) for each in question.order),
    )


def _bare(text: str) -> str:
    return _PICTURE.sub(lambda found: found['alt'] or '', text)
