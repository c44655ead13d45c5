"""`/api/courses/{course_id}/grading`, `/api/attempts`: grading by hand, and all that is kept of an attempt."""

from decimal import Decimal

from pydantic import AwareDatetime, Field

from api.attempt_records import AnswerRecordShown, AttemptRecordShown, OnDesk
from api.auth import Person
from api.routes.attempts import Position
from api.rubric_forms import ChoiceForm
from api.subject import Subject
from api.types import Body, Id
from services.core import database
from services.core.text import LONGEST_TEXT
from services.quizzes import attempt_record, marking
from services.quizzes.checking import MOST_POINTS
from services.quizzes.marking import Pile
from services.rubrics import MOST_CRITERIA

router = Subject(tags=['grading'])


class GradeForm(Body):
    """What an answer is worth, and what is said of it."""

    points: float | None = Field(
        default=None,
        ge=0,
        le=float(MOST_POINTS),
        examples=[3.5],
        description='left out, they stay as they are, or follow from a rubric',
    )
    choices: tuple[ChoiceForm, ...] = Field(
        default=(),
        max_length=MOST_CRITERIA,
        description='for each criterion of the rubric, in its order; left out, they stay as they are',
    )
    remark: str = Field(default='', max_length=LONGEST_TEXT, examples=['Which pores?'])
    seen: AwareDatetime | None = Field(
        default=None, description='its `graded_at` as you know it: refused if it was graded meanwhile'
    )


class FeedbackForm(Body):
    """What is said of a whole attempt."""

    feedback: str = Field(max_length=LONGEST_TEXT, examples=['Go on like this.'])
    seen: AwareDatetime | None = Field(
        default=None, description='its `feedback_at` as you know it: refused if another text was written meanwhile'
    )


@router.get('/courses/{course_id}/grading')
async def piles(course_id: Id, actor: Person) -> tuple[Pile, ...]:
    """What there is to grade in a course: for each question, how many answers wait."""
    return await database.read(marking.piles, actor, course_id)


@router.get('/checkpoints/{checkpoint_id}/grading/{question_id}')
async def on_desk(checkpoint_id: Id, question_id: Id, actor: Person, names: bool = False) -> tuple[OnDesk, ...]:
    """The answers to a question, those that wait first, in an order that says nothing of people."""
    found = await database.read(marking.on_desk, actor, checkpoint_id, question_id=question_id, names=names)
    return tuple(OnDesk.of(each) for each in found)


@router.put('/attempts/{attempt_id}/answers/{position}/grade')
async def grade(attempt_id: Id, position: Position, form: GradeForm, actor: Person) -> AnswerRecordShown:
    """Grade one answer of a submitted attempt."""
    points = None if form.points is None else Decimal(str(form.points))
    await database.write(
        marking.grade,
        actor,
        attempt_id,
        position=position,
        points=points,
        remark=form.remark,
        choices=[each.choice() for each in form.choices],
        seen=form.seen,
    )
    return (await record(attempt_id, actor)).answers[position]


@router.put('/attempts/{attempt_id}/feedback', status_code=204)
async def say(attempt_id: Id, form: FeedbackForm, actor: Person) -> None:
    """Say something of a whole attempt."""
    await database.write(marking.say, actor, attempt_id, feedback=form.feedback, seen=form.seen)


@router.get('/attempts/{attempt_id}/record')
async def record(attempt_id: Id, actor: Person) -> AttemptRecordShown:
    """All that is kept of an attempt, for those who teach."""
    return AttemptRecordShown.model_validate(await database.read(attempt_record.of_attempt, actor, attempt_id))
