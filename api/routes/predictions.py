"""`/api/…/predictions`: who is likely not to complete a course, why, and what would help. Never a verdict.

A band is high, medium, low, or null with the reason for saying nothing. There is a percentage only where the school has
runs of its own to know it from. Learners see what is predicted of themselves, and may contest it or switch it off.
"""

from datetime import date, datetime

from pydantic import Field

from api.auth import Person
from api.subject import Subject
from api.types import Body, Id, Said, SaidOrNot, Shape
from services.analytics import prediction
from services.analytics.prediction import Silence, Urgency, answers, nightly, switches
from services.core import database
from services.enums import RiskBand, RiskRemark

router = Subject(tags=['predictions'])


class Switch(Body):
    """Whether predictions are made."""

    on: bool = Field(examples=[True])


class Reason(Body):
    """Why a prediction is contested or dismissed."""

    reason: str = Field(max_length=answers.LONGEST_REASON, examples=['Handed in on paper.'])


class ReasonShown(Shape):
    """One fact that raises the risk."""

    fact: str
    sentence: Said
    weight: float = Field(description='by how much it raises the log-odds')


class StepShown(Shape):
    """Something that would help, the cheapest first."""

    urgency: Urgency
    sentence: Said
    checkpoint_id: int | None
    band: RiskBand | None = Field(description='the band that would follow from it; null where that cannot be said')


class MilestoneShown(Shape):
    """The checkpoint that comes next."""

    checkpoint_id: int
    title: str
    on: date | None = Field(description='about when it will be completed')
    due_at: datetime | None


class SpanShown(Shape):
    """Between which days the course is completed, in eight cases of ten."""

    earliest: date
    latest: date


class AnswerShown(Shape):
    """What somebody said of the band in which a learner is now."""

    kind: RiskRemark
    reason: str
    by: str
    at: datetime


class PredictionShown(Shape):
    """What is predicted of one learner in one course."""

    user_id: int
    course_id: int
    name: str
    band: RiskBand | None
    silence: Silence | None = Field(description='why nothing is predicted')
    why_silent: SaidOrNot
    percent: int | None = Field(description='how likely it is that they complete the course')
    reasons: tuple[ReasonShown, ...]
    next_steps: tuple[StepShown, ...]
    completion: SpanShown | None
    milestone: MilestoneShown | None
    since: datetime | None = Field(description='since when they have been in this band')
    made_at: datetime | None
    contested: AnswerShown | None
    dismissed: AnswerShown | None


class CoursePredictionsShown(Shape):
    """What is predicted of everybody in a course, the highest risk first."""

    course_id: int
    is_on: bool
    made_at: datetime | None
    model: str
    learners: tuple[PredictionShown, ...]


@router.get('/courses/{course_id}/predictions')
async def of_course(course_id: Id, actor: Person) -> CoursePredictionsShown:
    """What is predicted of the learners of a course, the highest risk first."""
    return CoursePredictionsShown.model_validate(await database.read(prediction.of_course, actor, course_id))


@router.post('/courses/{course_id}/predictions')
async def make(course_id: Id, actor: Person) -> CoursePredictionsShown:
    """Make the predictions of a course anew, instead of waiting for the night."""
    await nightly.make_now(actor, course_id)
    return CoursePredictionsShown.model_validate(await database.read(prediction.of_course, actor, course_id))


@router.put('/courses/{course_id}/predictions/on', status_code=204)
async def switch_course(course_id: Id, switch: Switch, actor: Person) -> None:
    """Let predictions be made in a course, or remove them and make no more."""
    await database.write(switches.switch_course, actor, course_id, on=switch.on)


@router.get('/courses/{course_id}/predictions/quality')
async def quality_of_course(course_id: Id, actor: Person) -> tuple[prediction.CourseQuality, ...]:
    """How often predictions were right in a course that is over; nothing before."""
    return await database.read(prediction.quality, actor, course_id)


@router.post('/courses/{course_id}/predictions/contest', status_code=204)
async def contest(course_id: Id, said: Reason, actor: Person) -> None:
    """Contest what is predicted of oneself; those who teach the course see that, and why."""
    await database.write(answers.contest, actor, course_id, reason=said.reason)


@router.get('/courses/{course_id}/predictions/{user_id}')
async def of_learner(course_id: Id, user_id: Id, actor: Person) -> PredictionShown:
    """What is predicted of one learner: for themselves, and for those who teach the course."""
    return PredictionShown.model_validate(await database.read(prediction.of_learner, actor, course_id, user_id))


@router.post('/courses/{course_id}/predictions/{user_id}/dismiss', status_code=204)
async def dismiss(course_id: Id, user_id: Id, said: Reason, actor: Person) -> None:
    """Dismiss what is predicted of a learner, with the reason."""
    await database.write(answers.dismiss, actor, course_id, user_id, reason=said.reason)


@router.get('/predictions/quality')
async def quality_of_school(actor: Person) -> tuple[prediction.CourseQuality, ...]:
    """How often predictions were right, in all courses that are over."""
    return await database.read(prediction.quality, actor)


@router.put('/predictions/on', status_code=204)
async def switch_school(switch: Switch, actor: Person) -> None:
    """Let predictions be made in this school, or remove all of them and make no more."""
    await database.write(switches.switch_school, actor, on=switch.on)


@router.put('/predictions/own/on', status_code=204)
async def switch_own(switch: Switch, actor: Person) -> None:
    """Let something be predicted of oneself, or remove it and have nothing predicted from now on."""
    await database.write(switches.switch_mine, actor, on=switch.on)
