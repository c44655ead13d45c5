"""Rubrics as programs send them and are answered: of assignments, and of essays in quizzes."""

from pydantic import ConfigDict, Field

from api.types import Body, Shape
from services.rubrics import (
    LONGEST_CRITERION,
    LONGEST_LEVEL,
    LONGEST_REMARK,
    MOST_LEVELS,
    MOST_POINTS,
    Choice,
    Criterion,
    Level,
)


class LevelForm(Body):
    """How well a criterion can be met."""

    model_config = ConfigDict(from_attributes=True)

    points: int = Field(ge=0, le=MOST_POINTS, examples=[4])
    text: str = Field(max_length=LONGEST_LEVEL, examples=['Each step has a reason'])


class CriterionForm(Body):
    """What is looked at, with its levels."""

    model_config = ConfigDict(from_attributes=True)

    title: str = Field(max_length=LONGEST_CRITERION, examples=['Reasons'])
    levels: tuple[LevelForm, ...] = Field(
        max_length=MOST_LEVELS,
        examples=[[{'points': 4, 'text': 'Each step has a reason'}, {'points': 0, 'text': 'No step has one'}]],
    )

    def criterion(self) -> Criterion:
        """Return it as the services take it."""
        levels = tuple(Level(points=level.points, text=level.text) for level in self.levels)
        return Criterion(title=self.title, levels=levels)


class MarkSeen(Shape):
    """What work got for one criterion, as the rubric was when it was graded."""

    criterion: str
    most: int
    points: int
    level: str
    remark: str


class ChoiceForm(Body):
    """What is chosen for one criterion of the rubric."""

    model_config = ConfigDict(from_attributes=True)

    level: int | None = Field(ge=0, lt=MOST_LEVELS, description='its place, the best one being 0', examples=[0])
    remark: str = Field(default='', max_length=LONGEST_REMARK)

    def choice(self) -> Choice:
        """Return it as the services take it."""
        return Choice(**self.model_dump())
