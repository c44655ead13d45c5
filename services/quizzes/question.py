"""What one question is: what is asked, what is right, and what is said about an answer.

A question is a frozen value that a version in the bank keeps as JSON. Whatever is read from a file or typed on a page
becomes this one value, and `checking.check` says what is wrong with it.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from pydantic import TypeAdapter

from services.rubrics import Rubric

WHOLE = 10_000
"""all the credit that a question gives, in ten-thousandths, so that sums are exact"""


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE_CHOICE = 'single_choice'
    MULTIPLE_CHOICE = 'multiple_choice'
    TRUE_FALSE = 'true_false'
    NUMERIC = 'numeric'
    SHORT_TEXT = 'short_text'
    ESSAY = 'essay'
    MATCHING = 'matching'
    ORDERING = 'ordering'


class CreditRule(StrEnum):
    """What several ticks together are worth."""

    GUESS_NEUTRAL = 'guess_neutral'
    """the share of the right ones that are ticked less the share of the wrong ones; ticking everything gives nothing"""
    ALL_OR_NOTHING = 'all_or_nothing'
    RIGHT_MINUS_WRONG = 'right_minus_wrong'
    OWN_WEIGHTS = 'own_weights'
    """the sum of the credit that the author gave to each option"""


class Tolerance(StrEnum):
    """What the tolerance of a number counts; see `grading.numbers`."""

    NOMINAL = 'nominal'
    """the largest distance from the number"""
    RELATIVE = 'relative'
    """the largest distance, as a share of the number"""
    GEOMETRIC = 'geometric'
    """the largest factor above or below, less one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to choose. Of true and false, the first option is “true”, and both have no text."""

    text: str = ''
    """Markdown"""
    credit: int = 0
    """of 10,000; below 0 where the author takes credit away. It is right where it is above 0"""
    feedback: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAnswer:
    """A number, or a band of numbers, that is right or partly right. The first one that fits decides."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    tolerance_kind: Tolerance = Tolerance.NOMINAL
    credit: int = WHOLE
    feedback: str = ''
    is_any: bool = False
    """whether it fits every number that was not met before, such as the feedback for “all others”"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAnswer:
    """A text that is right or partly right: `*` stands for any letters. The first one that fits decides."""

    pattern: str
    credit: int = WHOLE
    feedback: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two things that belong together; one without a `left` is there to be left over."""

    left: str = ''
    """Markdown"""
    right: str
    """plain text"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its key."""

    kind: QuestionKind
    title: str = ''
    """for those who teach; empty where the text speaks for itself"""
    text: str
    """what is asked, in Markdown"""
    points: Decimal = Decimal(1)
    """with at most two places"""
    tags: tuple[str, ...] = ()
    credit_rule: CreditRule = CreditRule.GUESS_NEUTRAL
    options: tuple[Option, ...] = ()
    """of single choice, multiple choice, and true or false"""
    numbers: tuple[NumberAnswer, ...] = ()
    texts: tuple[TextAnswer, ...] = ()
    pairs: tuple[Pair, ...] = ()
    order: tuple[str, ...] = ()
    """the parts of an ordering question in the right order, in Markdown"""
    is_shuffled: bool = True
    """whether its options may be shown in another order"""
    minds_case: bool = False
    minds_accents: bool = True
    forgives_typos: bool = False
    feedback: str = ''
    """what is said of every answer, in Markdown"""
    feedback_right: str = ''
    feedback_partly: str = ''
    feedback_wrong: str = ''
    graders_note: str = ''
    """what an answer to an essay should have, for those who grade it"""
    rubric: Rubric = ()
    """by which an essay is graded; empty where points are typed"""


FORM: TypeAdapter[Question] = TypeAdapter(Question)
"""how a question is kept as JSON"""
