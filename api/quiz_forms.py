"""Quizzes as the program of a teacher sends them and is answered: rules, questions, and how it came out."""

from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field

from api.question_forms import Points
from api.types import Body, Exact, IdField, Said, Shape
from services.enums import Reveal
from services.quizzes.checking import LONGEST_TAG
from services.quizzes.class_answers import InClasses
from services.quizzes.item_analysis import Item, Whole
from services.quizzes.limits import MOST_ATTEMPTS, MOST_MINUTES
from services.quizzes.question_results import Chosen
from services.quizzes.quiz_settings import (
    LONGEST_BAND,
    MOST_BANDS,
    MOST_QUESTIONS,
    Band,
    Draw,
    Fixed,
    QuizItem,
    QuizShown,
    Rules,
)

Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES, examples=[30])]
Attempts = Annotated[int, Field(ge=1, le=MOST_ATTEMPTS, examples=[2])]
Percent = Annotated[int, Field(ge=0, le=100, examples=[60])]


class BandForm(Body):
    """What is said to those who reach some percent."""

    model_config = ConfigDict(from_attributes=True)

    from_percent: Percent
    text: str = Field(max_length=LONGEST_BAND, examples=['Well done.'])


class RulesForm(Body):
    """How a quiz is taken, and from when on learners see what."""

    model_config = ConfigDict(from_attributes=True)

    minutes: Minutes | None = None
    attempts_allowed: Attempts | None = None
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    passing_percent: Percent = 60
    is_practice: bool = False
    is_adaptive: bool = False
    asks_confidence: bool = False
    one_at_a_time: bool = False
    may_go_back: bool = True
    shuffles_questions: bool = False
    shuffles_options: bool = True
    shows_score: Reveal = Reveal.AFTER_SUBMIT
    shows_right: Reveal = Reveal.AFTER_SUBMIT
    shows_solution: Reveal = Reveal.AFTER_CLOSE
    shows_feedback: Reveal = Reveal.AFTER_SUBMIT
    bands: tuple[BandForm, ...] = Field(default=(), max_length=MOST_BANDS)

    def rules(self) -> Rules:
        """Return them as the services take them."""
        plain = self.model_dump(exclude={'bands'})
        return Rules(**plain, bands=tuple(Band(**each.model_dump()) for each in self.bands))


class ItemForm(Body):
    """A question that everybody gets, by its id; or else so many that are drawn from those with a tag."""

    model_config = ConfigDict(from_attributes=True)

    question_id: IdField | None = Field(default=None, examples=[12])
    tag: str = Field(default='', max_length=LONGEST_TAG * 2, description='of those that are drawn; empty: all')
    count: int = Field(default=0, ge=0, le=MOST_QUESTIONS, description='how many are drawn')
    points: Points | None = Field(default=None, description='of each of them; null for their own')

    def item(self) -> QuizItem:
        """Return it as the services take it."""
        points = None if self.points is None else Decimal(str(self.points))
        if self.question_id is not None:
            return Fixed(question_id=self.question_id, points=points)
        return Draw(tag=self.tag, count=self.count, points=points)


class QuizForm(Body):
    """How a quiz is taken, and of what it consists."""

    rules: RulesForm
    items: tuple[ItemForm, ...] = Field(max_length=MOST_QUESTIONS, examples=[[{'question_id': 12}]])


class ItemShown(Shape):
    """A question that everybody gets, or so many that are drawn from those with a tag."""

    question_id: int | None = None
    title: Said = ''
    tag: str = ''
    count: int = 0
    points: Exact | None


class QuizSeen(Shape):
    """A quiz as those see it who teach its course."""

    checkpoint_id: int
    course_id: int
    title: str
    is_published: bool
    rules: RulesForm
    items: tuple[ItemShown, ...]

    @classmethod
    def of(cls, quiz: QuizShown) -> 'QuizSeen':
        """Return what a client is answered."""
        return cls.model_validate(quiz)


class LimitsForm(Body):
    """What is agreed with one learner; what is left out is as for everybody."""

    minutes: Minutes | None = Field(default=None, examples=[45])
    attempts_allowed: Attempts | None = None
    closes_at: AwareDatetime | None = None


class QuestionResultShown(Shape):
    """One question in words and numbers."""

    question_id: int
    title: str
    item: Item | None = Field(description='null below ten attempts')
    said: tuple[Said, ...] = Field(description='what the figures mean, the worst first')
    options: tuple[Chosen, ...]
    median_seconds: float
    in_classes: InClasses | None = Field(
        description='what classes have answered to it, beside the attempts; null where no class was asked'
    )


class AnalysisShown(Shape):
    """A quiz over the first attempt of each learner."""

    attempts: int
    whole: Whole | None
    questions: tuple[QuestionResultShown, ...]
