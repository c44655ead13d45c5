"""Bringing questions in: a file or a pasted text is read first, and nothing is kept before a person has seen it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import col

from models import Question, QuestionVersion
from services import access
from services.access import Actor
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase, plural
from services.core.text import line
from services.core.threads import Line
from services.core.transaction import Transaction
from services.quizzes import bank, checking, pictures
from services.quizzes.checking import LONGEST_TAG, MOST_TAGS
from services.quizzes.formats import reading
from services.quizzes.formats.findings import PICTURE, At, Item, bounded
from services.quizzes.question import Question as Content

readers = Line('questions', threads=1, most_waiting=4, busy_for=20)
"""Files of questions may be large and slow; they never hold up anything else."""
DEFAULT = re.compile(r'(?:default|standard)\b', re.IGNORECASE)
"""how banks call the category of questions that nobody has sorted"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a file gives; with a problem in it, nothing of it may be taken."""

    questions: tuple[Content, ...]
    problems: tuple[Phrase, ...]
    left_out: tuple[Phrase, ...]
    warnings: tuple[Phrase, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """what the questions show, by the names of `services.quizzes.pictures`"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be added to a bank."""

    new: tuple[Content, ...]
    known: int
    """questions that the bank has already, word for word; they are left out"""
    alike: int
    """new ones whose text the bank has already, with something else about them, such as the key"""


async def read(name: str, content: bytes) -> Found:
    """Read a file of questions off the event loop; raises `Busy` where too many are being read."""
    return await readers.run(_read, name, content)


def plan(tx: Transaction, actor: Actor | None, course_id: int, questions: Sequence[Content]) -> Plan:
    """Return what of these questions would be new in the bank."""
    access.taught_course(tx, actor, course_id)
    there = _with_these_texts(tx, course_id, {bank.plain_of(each) for each in questions})
    new = tuple(each for each in questions if not _is_there(each, there[bank.plain_of(each)]))
    alike = sum(bool(there[bank.plain_of(each)]) for each in new)
    return Plan(new=new, known=len(questions) - len(new), alike=alike)


def bring_in(tx: Transaction, actor: Actor | None, course_id: int, questions: Sequence[Content]) -> list[int]:
    """Put the questions into the bank that are not there yet, all of them or none; returns their ids."""
    new = plan(tx, actor, course_id, questions).new
    return bank.add_many(tx, actor, course_id, new) if new else []


def _with_these_texts(tx: Transaction, course_id: int, plains: Collection[str]) -> Mapping[str, Sequence[Content]]:
    """Return what the bank says now in questions with some texts, by these."""
    ours = col(Question.course_id) == course_id, col(Question.deleted_at).is_(None)
    rows = tx.execute(select(col(Question.id), col(Question.plain)).where(*ours))
    ids = {id_: plain for id_, plain in rows if plain in plains}
    there: dict[str, list[Content]] = defaultdict(list)
    newest = (
        select(col(QuestionVersion.question_id), col(QuestionVersion.id), col(QuestionVersion.content))
        .join(Question, col(Question.id) == col(QuestionVersion.question_id))
        .where(col(Question.id).in_(ids), col(Question.version) == col(QuestionVersion.number))
    )
    for question_id, version_id, content in tx.execute(newest):
        there[ids[question_id]].append(bank.content_of(version_id, content))
    return there


def _is_there(question: Content, there: Sequence[Content]) -> bool:
    try:
        return bool(there) and checking.check(question) in there
    except Invalid:
        return False  # what is wrong with it is said when it is added


def _read(name: str, content: bytes) -> Found:
    found = reading.read(name, content)
    brought = _Brought()
    questions = tuple(_worth(brought.placed(item, _tagged(item))) for item in found.questions)
    said = phrase('it is worth 0 points there, and 1 here.')
    worthless = [_at(item).said(said) for item in found.questions if not item.question.points]
    lost = plural('The pictures of {count} question.', 'The pictures of {count} questions.', brought.lost)
    return Found(
        questions=questions,
        problems=(*found.problems, *bounded(list(_refusals(found.questions, questions)))),
        left_out=(*((lost,) if brought.lost else ()), *found.left_out),
        warnings=(*bounded(worthless), *found.warnings),
        pictures=brought.pictures,
    )


def _refusals(items: Sequence[Item], questions: Sequence[Content]) -> Iterator[Phrase]:
    """Yield what a bank would refuse of questions, each with its place, before anybody tries to add them."""
    for item, question in zip(items, questions, strict=True):
        try:
            checking.check(question)
        except Invalid as refusal:
            yield _at(item).said(refusal.sentence)


def _worth(question: Content) -> Content:
    """Return a question that is worth something, as all in a bank are; a quiz can give it other points."""
    return question if question.points else replace(question, points=Decimal(1))


def _at(item: Item) -> At:
    return At(line=item.line, number=item.number, title=item.question.title)


class _Brought:
    """The pictures of a file, each of them once, as many as are taken."""

    def __init__(self) -> None:
        self.pictures: dict[str, bytes] = {}
        self.lost = 0
        """questions that lose a picture"""
        self._left = pictures.MOST_TOGETHER

    def placed(self, item: Item, question: Content) -> Content:
        """Return a question that shows its pictures by their addresses here, and words where one is not taken."""
        if not any(PICTURE in text for text in pictures.texts_of(question)):
            return question
        names = {f'{PICTURE}{name}': self._take(content) for name, content in item.pictures.items()}

        def place(text: str) -> str:
            for before, name in names.items():
                text = text.replace(before, f'{pictures.ADDRESS}{name}') if name else text
            return text

        shown = pictures.changed(question, place)
        if not any(PICTURE in text for text in pictures.texts_of(shown)):
            return shown
        self.lost += 1
        bare = pictures.changed(shown, lambda text: pictures.in_words(text) if PICTURE in text else text)
        return replace(bare, text=bare.text or question.title)

    def _take(self, content: bytes) -> str | None:
        name = pictures.name_of(content)
        if name is None or name in self.pictures:
            return name
        if len(self.pictures) >= pictures.MOST or len(content) > self._left:
            return None
        self._left -= len(content)
        self.pictures[name] = content
        return name


def _tagged(item: Item) -> Content:
    """Return a question with the innermost category of its bank as a tag."""
    question = item.question
    tag = line(item.category.rsplit('/', 1)[-1]).lower()
    if not tag or DEFAULT.match(tag) or len(tag) > LONGEST_TAG or len(question.tags) >= MOST_TAGS:
        return question
    return replace(question, tags=tuple(dict.fromkeys((*question.tags, tag))))
