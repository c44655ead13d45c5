"""What somebody answered to one question, as it is kept, and how it comes from a page or a client."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from services.core.errors import Invalid
from services.core.phrases import phrase
from services.core.text import storable
from services.quizzes.question import Question, QuestionKind

LONGEST_LINE = 1_000
LONGEST_ESSAY = 50_000
UNREADABLE = phrase('This answer cannot be read. Load the page again; what was saved is still there.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer. Options, pairs and parts are named by their places in the question, not on the screen."""

    chosen: tuple[int, ...] = ()
    """the options that are ticked"""
    text: str = ''
    """a number, a short text or an essay, as it was typed"""
    pairs: tuple[int | None, ...] = ()
    """for each left part, the place of the right part that was chosen"""
    order: tuple[int, ...] = ()
    """the parts of an ordering question as they were put"""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered, which is not the same as something wrong."""
        return not (self.chosen or self.text.strip() or self.order or any(each is not None for each in self.pairs))


FORM: TypeAdapter[Answer] = TypeAdapter(Answer)
"""how an answer is kept as JSON"""


def check(question: Question, answer: Answer) -> Answer:
    """Return an answer that fits its question, as it is kept; raises `Invalid`."""
    kind = question.kind
    if kind in _CHOICES:
        return Answer(chosen=_choice(question, answer.chosen))
    if kind is QuestionKind.MATCHING:
        return Answer(pairs=_pairs(question, answer.pairs))
    if kind is QuestionKind.ORDERING:
        if answer.order and sorted(answer.order) != list(range(len(question.order))):
            raise Invalid(UNREADABLE, field='answer')
        return Answer(order=answer.order)
    most = LONGEST_ESSAY if kind is QuestionKind.ESSAY else LONGEST_LINE
    if len(answer.text) > most:
        raise Invalid('This answer is too long; use at most {most} characters.', most=most, field='answer')
    return Answer(text=storable(answer.text))


def from_json(told: object) -> Answer:
    """Return the answer that a page or a client sent; raises `Invalid` for what is no answer."""
    if not isinstance(told, Mapping):
        raise Invalid(UNREADABLE, field='answer')
    text: Any = told.get('text', '')
    if not isinstance(text, str):
        raise Invalid(UNREADABLE, field='answer')
    return Answer(
        chosen=_places(told.get('chosen', ())),
        text=text,
        pairs=_places_or_none(told.get('pairs', ())),
        order=_places(told.get('order', ())),
    )


_CHOICES = {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.TRUE_FALSE}
MOST_PLACES = 100


def _choice(question: Question, chosen: tuple[int, ...]) -> tuple[int, ...]:
    kept = tuple(sorted(set(chosen)))
    is_single = question.kind is not QuestionKind.MULTIPLE_CHOICE
    if any(not 0 <= each < len(question.options) for each in kept) or (is_single and len(kept) > 1):
        raise Invalid(UNREADABLE, field='answer')
    return kept


def _pairs(question: Question, pairs: tuple[int | None, ...]) -> tuple[int | None, ...]:
    lefts = sum(bool(pair.left) for pair in question.pairs)
    if len(pairs) > lefts or any(each is not None and not 0 <= each < len(question.pairs) for each in pairs):
        raise Invalid(UNREADABLE, field='answer')
    return pairs + (None,) * (lefts - len(pairs))


def _places(told: object) -> tuple[int, ...]:
    found = _places_or_none(told)
    if None in found:
        raise Invalid(UNREADABLE, field='answer')
    return tuple(each for each in found if each is not None)


def _places_or_none(told: object) -> tuple[int | None, ...]:
    if not isinstance(told, list | tuple) or len(told) > MOST_PLACES:
        raise Invalid(UNREADABLE, field='answer')
    if any(each is not None and type(each) is not int for each in told):
        raise Invalid(UNREADABLE, field='answer')
    return tuple(told)
