"""Questions as programs send them and are answered: with their key, for those who teach."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from api.rubric_forms import CriterionForm
from api.types import Body, Exact, Said, Shape, plain_number
from services.core.text import LONGEST_TEXT
from services.quizzes import numbers
from services.quizzes.bank import Bank, InBank, Versioned
from services.quizzes.checking import LONGEST_OPTION, LONGEST_PATTERN, LONGEST_TAG, MOST_OPTIONS, MOST_POINTS, MOST_TAGS
from services.quizzes.question import (
    WHOLE,
    CreditRule,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
    Tolerance,
)
from services.rubrics import MOST_CRITERIA

LONGEST_TITLE = 500


def _as_typed(given: object) -> object:
    return str(given) if isinstance(given, Decimal) else given


Markdown = Annotated[str, Field(max_length=LONGEST_TEXT)]
Points = Annotated[float, Field(gt=0, le=float(MOST_POINTS), examples=[2.0]), BeforeValidator(plain_number)]
Credit = Annotated[
    int, Field(ge=-WHOLE, le=WHOLE, examples=[WHOLE], description='of 10,000; below 0 where it takes credit away')
]
Typed = Annotated[str, Field(max_length=numbers.LONGEST, examples=['7.5']), BeforeValidator(_as_typed)]
"""A number as text, so that no digit of it is lost."""


class _Part(Body):
    """A part of a question."""

    model_config = ConfigDict(from_attributes=True)


class OptionForm(_Part):
    """Something to choose; of a question that is true or false, the first one is “true”, and both have no text."""

    text: str = Field(default='', max_length=LONGEST_OPTION, examples=['Clay'])
    credit: Credit = 0
    feedback: Markdown = ''


class NumberForm(_Part):
    """A number that is right or partly right; the first one that fits decides."""

    value: Typed
    tolerance: Typed = '0'
    tolerance_kind: Tolerance = Tolerance.NOMINAL
    credit: Credit = WHOLE
    feedback: Markdown = ''
    is_any: bool = Field(default=False, description='whether it fits every number that was not met before')

    def content(self) -> NumberAnswer:
        """Return it as the services take it; raises `Invalid` for what is no number."""
        value, tolerance = numbers.read(self.value), numbers.read(self.tolerance)
        return NumberAnswer(**self.model_dump() | {'value': value, 'tolerance': tolerance})


class TextForm(_Part):
    """A text that is right or partly right: `*` stands for any letters; the first one that fits decides."""

    pattern: str = Field(max_length=LONGEST_PATTERN, examples=['humus'])
    credit: Credit = WHOLE
    feedback: Markdown = ''


class PairForm(_Part):
    """Two things that belong together; one without a `left` is there to be left over."""

    left: str = Field(default='', max_length=LONGEST_OPTION, examples=['Clay'])
    right: str = Field(max_length=LONGEST_OPTION, examples=['below 0.002 mm'])


class QuestionForm(_Part):
    """A question with its key; only the parts of its kind are kept."""

    kind: QuestionKind = Field(examples=['single_choice'])
    title: str = Field(default='', max_length=LONGEST_TITLE, description='for those who teach', examples=['Soil 1'])
    text: Markdown = Field(examples=['Which soil has the finest parts?'], description='what is asked, in Markdown')
    points: Points = 1.0
    tags: tuple[Annotated[str, Field(max_length=LONGEST_TAG * 2)], ...] = Field(
        default=(), max_length=MOST_TAGS, examples=[['soil']]
    )
    credit_rule: CreditRule = CreditRule.GUESS_NEUTRAL
    options: tuple[OptionForm, ...] = Field(
        default=(),
        max_length=MOST_OPTIONS,
        examples=[
            [
                {'text': 'Clay', 'credit': WHOLE, 'feedback': ''},
                {'text': 'Sand', 'credit': 0, 'feedback': 'The coarsest.'},
            ]
        ],
        description='of single choice, multiple choice, and true or false',
    )
    numbers: tuple[NumberForm, ...] = Field(default=(), max_length=MOST_OPTIONS)
    texts: tuple[TextForm, ...] = Field(default=(), max_length=MOST_OPTIONS)
    pairs: tuple[PairForm, ...] = Field(default=(), max_length=MOST_OPTIONS)
    order: tuple[Annotated[str, Field(max_length=LONGEST_OPTION)], ...] = Field(
        default=(), max_length=MOST_OPTIONS, description='the parts of an ordering question, in the right order'
    )
    is_shuffled: bool = True
    minds_case: bool = False
    minds_accents: bool = True
    forgives_typos: bool = False
    feedback: Markdown = Field(default='', description='what is said of every answer, in Markdown')
    feedback_right: Markdown = ''
    feedback_partly: Markdown = ''
    feedback_wrong: Markdown = ''
    graders_note: Markdown = Field(default='', description='what an essay should have, for those who grade it')
    rubric: tuple[CriterionForm, ...] = Field(
        default=(), max_length=MOST_CRITERIA, description='by which an essay is graded; empty where points are given'
    )

    def content(self) -> Question:
        """Return it as the services take it; raises `Invalid` for what is no number."""
        plain = self.model_dump(exclude={'points', 'options', 'numbers', 'texts', 'pairs', 'rubric'})
        return Question(
            **plain,
            points=Decimal(str(self.points)),
            options=tuple(Option(**each.model_dump()) for each in self.options),
            numbers=tuple(each.content() for each in self.numbers),
            texts=tuple(TextAnswer(**each.model_dump()) for each in self.texts),
            pairs=tuple(Pair(**each.model_dump()) for each in self.pairs),
            rubric=tuple(each.criterion() for each in self.rubric),
        )


class QuestionShown(Shape):
    """A question of the bank in its newest version."""

    question_id: int
    course_id: int
    version: int
    content: QuestionForm
    is_answered: bool = Field(description='whether somebody has met it, in an attempt or in class')

    @classmethod
    def of(cls, found: Versioned) -> 'QuestionShown':
        """Return what a client is answered."""
        return cls.model_validate(found)


class ListedQuestion(Shape):
    """A question as the list of a bank has it."""

    question_id: int
    kind: QuestionKind
    title: Said
    tags: tuple[str, ...]
    points: Exact
    version: int
    quizzes: int = Field(description='in how many quizzes it is fixed')
    is_answered: bool


class TagCount(Shape):
    """A tag, and how many questions have it."""

    tag: str
    questions: int


class BankPage(Shape):
    """A part of the questions that were looked for, newest first, and what there is in all."""

    items: tuple[ListedQuestion, ...]
    next: str | None = Field(description='the `cursor` of the next page; null on the last one')
    tags: tuple[TagCount, ...]
    in_all: int


def bank_page(bank: Bank, *, after: int, limit: int) -> BankPage:
    """Return the questions of a bank that come after one of them, which is older than those before."""
    rest: list[InBank] = [each for each in bank.questions if not after or each.question_id < after]
    items = tuple(ListedQuestion.model_validate(each) for each in rest[:limit])
    return BankPage(
        items=items,
        next=str(items[-1].question_id) if len(rest) > limit else None,
        tags=tuple(TagCount(tag=tag, questions=count) for tag, count in bank.tags),
        in_all=bank.in_all,
    )
