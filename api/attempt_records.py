"""Attempts as the program of a teacher is answered: all that is kept of one, and what waits to be graded."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from api.attempt_forms import SolutionShown
from api.rubric_forms import ChoiceForm, CriterionForm, MarkSeen
from api.types import Exact, Shape
from services.enums import AttemptState, DeviceClass, Mode
from services.quizzes.answer import Answer
from services.quizzes.marking import Submitted
from services.quizzes.question import QuestionKind
from services.quizzes.review import Solution, Verdict


def _solution(given: object) -> object:
    return SolutionShown.of(given) if isinstance(given, Solution) else given


class AnswerRecordShown(Shape):
    """One question of an attempt, with everything that is kept of it."""

    position: int
    question_id: int
    kind: QuestionKind
    text: str
    shown: tuple[int, ...] = Field(
        description='places of options, pairs or parts in the order in which they were shown'
    )
    answer: Answer | None
    solution: Annotated[SolutionShown, BeforeValidator(_solution)]
    verdict: Verdict
    points_earned: Exact | None
    points_possible: Exact
    saved_at: datetime | None
    seconds: int
    changes: int = Field(description='how often an answer was replaced by another')
    confidence: int | None
    auto_feedback: tuple[str, ...]
    is_by_hand: bool
    graded_by: int | None
    graded_at: datetime | None
    remark: str
    marks: tuple[MarkSeen, ...] = Field(description='what it got for each criterion of a rubric')


class AttemptRecordShown(Shape):
    """One attempt, with everything that is kept of it."""

    attempt_id: int
    user_id: int
    name: str
    time_zone: str = Field(examples=['Europe/Berlin'], description='as the profile says it now; empty: of the school')
    course_id: int
    checkpoint_id: int
    number: int
    state: AttemptState
    is_practice: bool
    mode: Mode
    session_id: int | None = Field(description='the class in which it began')
    started_at: datetime
    ends_at: datetime | None
    submitted_at: datetime | None
    seconds: int
    is_out_of_time: bool
    late_seconds: int
    score: int | None
    points_earned: Exact | None
    points_possible: Exact
    is_passed: bool | None
    passing_percent: int
    auto_feedback: str | None = Field(description='what the quiz says to those who reach this score')
    feedback: str
    feedback_at: datetime | None
    feedback_by: int | None
    device: DeviceClass
    browser: str = Field(examples=['Firefox on Linux'])
    address_hash: str
    interruptions: int
    times_left: int = Field(description='how often the learner looked at another window, as far as programs said so')
    times_pasted: int
    answers: tuple[AnswerRecordShown, ...]


class OnDesk(Shape):
    """One answer that a person grades."""

    attempt_id: int
    position: int
    asked: str
    graders_note: str
    rubric: tuple[CriterionForm, ...] = Field(description='empty where points are given')
    text: str
    possible: Exact
    points: Exact | None = Field(description='null until it is graded')
    remark: str
    choices: tuple[ChoiceForm, ...] = Field(description='for each criterion of the rubric, in its order')
    graded_at: datetime | None = Field(description='to be sent as `seen` with the grade')
    name: str = Field(description='empty unless names were asked for')

    @classmethod
    def of(cls, submitted: Submitted) -> 'OnDesk':
        """Return what a client is answered."""
        same = {name: getattr(submitted, name) for name in cls.model_fields if hasattr(submitted, name)}
        return cls(
            **same | {'choices': tuple(ChoiceForm.model_validate(each) for each in submitted.choices)},
            asked=submitted.content.text,
            graders_note=submitted.content.graders_note,
            rubric=tuple(CriterionForm.model_validate(each) for each in submitted.content.rubric),
        )
