"""Pictures that questions show: each is named by what is in it, so that the same one is kept once, and copies share it.

A text refers to one as `/pictures/<name>`; who may see it depends on the courses that have it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType

from sqlalchemy import select
from sqlmodel import col

from models import QuestionPicture
from services.core.transaction import Transaction
from services.quizzes.formats.findings import PICTURE
from services.quizzes.formats.pictures import LARGEST, ending_of
from services.quizzes.question import Question

ADDRESS = '/pictures/'
MOST = 500
"""pictures that one file brings in"""
MOST_TOGETHER = 50_000_000
"""bytes of all of them"""
MEDIA_TYPES = MappingProxyType({'png': 'image/png', 'jpg': 'image/jpeg', 'gif': 'image/gif', 'webp': 'image/webp'})
_NAME = r'[0-9a-f]{64}\.(?:png|jpg|gif|webp)'
_NAMED = re.compile(rf'{ADDRESS}({_NAME})')
_SHOWN = re.compile(rf'!\[(?P<alt>[^\]]*)\]\((?:{PICTURE}|{ADDRESS}{_NAME})[^)]*\)|<img\b[^>]*{PICTURE}[^>]*>')


def name_of(content: bytes) -> str | None:
    """Return what a picture is called; None for what is no picture, or too large."""
    ending = ending_of(content)
    return None if ending is None or len(content) > LARGEST else f'{sha256(content).hexdigest()}.{ending}'


def is_name(word: str) -> bool:
    """Tell whether a word can be the name of a picture."""
    return re.fullmatch(_NAME, word) is not None


def media_type_of(name: str) -> str:
    """Return what kind of picture it is."""
    return MEDIA_TYPES[name.rpartition('.')[2]]


def names_in(question: Question) -> set[str]:
    """Return the names of all pictures that a question shows."""
    return {name for text in texts_of(question) for name in named_in(text)}


def named_in(text: str) -> set[str]:
    """Return the names of all pictures to which a text refers, also a text that is written as JSON."""
    return set(_NAMED.findall(text))


def texts_of(question: Question) -> Iterator[str]:
    """Yield every text of a question that is Markdown."""
    yield from (question.text, question.feedback, question.graders_note)
    yield from (question.feedback_right, question.feedback_partly, question.feedback_wrong)
    for option in question.options:
        yield from (option.text, option.feedback)
    yield from (answer.feedback for answer in question.numbers)
    yield from (answer.feedback for answer in question.texts)
    yield from (pair.left for pair in question.pairs)
    yield from question.order


def changed(question: Question, change: Callable[[str], str]) -> Question:
    """Return a question with each of its texts changed."""
    return replace(
        question,
        text=change(question.text),
        feedback=change(question.feedback),
        graders_note=change(question.graders_note),
        feedback_right=change(question.feedback_right),
        feedback_partly=change(question.feedback_partly),
        feedback_wrong=change(question.feedback_wrong),
        options=tuple(
            replace(each, text=change(each.text), feedback=change(each.feedback)) for each in question.options
        ),
        numbers=tuple(replace(each, feedback=change(each.feedback)) for each in question.numbers),
        texts=tuple(replace(each, feedback=change(each.feedback)) for each in question.texts),
        pairs=tuple(replace(each, left=change(each.left)) for each in question.pairs),
        order=tuple(map(change, question.order)),
    )


def in_words(text: str) -> str:
    """Return a text with the words that stand for its pictures in their places."""
    return _SHOWN.sub(lambda found: found['alt'] or '', text)


def of_course(tx: Transaction, course_id: int) -> dict[str, str]:
    """Return the names of all pictures of a course, and where they lie; the caller has checked who may know it."""
    rows = tx.session.scalars(select(QuestionPicture).where(col(QuestionPicture.course_id) == course_id))
    return {row.name: row.stored_as for row in rows}


def of_all(tx: Transaction, names: Iterable[str], *, held: bool = False) -> dict[str, str]:
    """Return where pictures lie that some course has, by their names; what is `held` is not cleared away meanwhile."""
    rows = select(QuestionPicture).where(col(QuestionPicture.name).in_(list(names)))
    found = tx.session.scalars(rows.with_for_update(read=True) if held else rows)
    return {row.name: row.stored_as for row in found}


def keep(tx: Transaction, course_id: int, name: str, *, stored_as: str, size: int) -> None:
    """Let a course have a picture that lies on the disk."""
    tx.session.add(
        QuestionPicture(
            course_id=course_id,
            name=name,
            media_type=media_type_of(name),
            size=size,
            stored_as=stored_as,
            added_at=tx.now,
        )
    )
