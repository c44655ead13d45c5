"""`/api/goals`: what a learner wants to reach this week, and by a day."""

from datetime import date

from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.subject import Subject
from api.types import Body, Id, IdField
from services.core import database
from services.goals import closed_weeks, personal, weekly
from services.goals.closed_weeks import PastWeek
from services.goals.personal import MOST_MILESTONES, OwnGoal, OwnMilestone, Wish
from services.goals.weekly import MOST, Week

router = Subject(tags=['goals'])


class MilestoneBody(Body):
    """A part of a goal."""

    milestone_id: IdField | None = Field(default=None, description='of one that is there already and stays')
    title: str = Field(max_length=500, examples=['Half of the steps'])
    due_on: date | None = None


class GoalBody(Body):
    """What a learner says about a goal."""

    title: str = Field(max_length=500, examples=['Pass the examination'])
    due_on: date | None = Field(default=None, examples=['2030-06-30'])
    course_id: IdField | None = None
    milestones: list[MilestoneBody] = Field(default=[], max_length=MOST_MILESTONES)

    def wish(self) -> Wish:
        """Return it as the service takes it."""
        milestones = tuple(OwnMilestone(**each.model_dump()) for each in self.milestones)
        return Wish(title=self.title, due_on=self.due_on, course_id=self.course_id, milestones=milestones)


class Achieved(Body):
    """Whether a goal is achieved."""

    achieved: bool = Field(examples=[True])


class Reached(Body):
    """Whether a milestone is reached."""

    reached: bool = Field(examples=[True])


class WeeklyGoal(Body):
    """How many checkpoints of a course to complete in a week."""

    checkpoints: int = Field(ge=1, le=MOST, examples=[5])


@router.get('/goals')
async def goals(actor: Person) -> tuple[OwnGoal, ...]:
    """Your own goals: open ones by their day, then those achieved. A hundred at most."""
    return await database.read(personal.own, actor)


@router.post('/goals', status_code=201)
async def add(goal: GoalBody, actor: Person, once: Once) -> OwnGoal:
    """Set oneself a goal."""
    return await once.write(OwnGoal, personal.add, actor, wish=goal.wish())


@router.put('/goals/{goal_id}')
async def edit(goal_id: Id, goal: GoalBody, actor: Person) -> OwnGoal:
    """Change a goal; milestones that are not sent are deleted."""
    return await database.write(personal.edit, actor, goal_id, wish=goal.wish())


@router.delete('/goals/{goal_id}', status_code=204)
async def delete(goal_id: Id, actor: Person) -> None:
    """Delete a goal for good."""
    await database.write(personal.delete, actor, goal_id)


@router.put('/goals/{goal_id}/achieved')
async def achieve(goal_id: Id, body: Achieved, actor: Person) -> OwnGoal:
    """Say that a goal is achieved, or that it is not after all."""
    return await database.write(personal.achieve, actor, goal_id, achieved=body.achieved)


@router.put('/goals/{goal_id}/milestones/{milestone_id}/reached')
async def reach(goal_id: Id, milestone_id: Id, body: Reached, actor: Person) -> OwnGoal:
    """Say that a milestone is reached, or that it is not after all."""
    return await database.write(personal.reach, actor, goal_id, milestone_id=milestone_id, reached=body.reached)


@router.get('/goals/weeks')
async def weeks(actor: Person) -> list[Week]:
    """How this week goes in each course in which one learns."""
    return list((await database.read(weekly.weeks, actor)).values())


@router.put('/courses/{course_id}/weekly-goal')
async def choose(course_id: Id, goal: WeeklyGoal, actor: Person) -> Week:
    """Choose how many checkpoints of a course one wants to complete in a week."""
    await database.write(weekly.choose, actor, course_id, checkpoints=goal.checkpoints)
    return (await database.read(weekly.weeks, actor))[course_id]


@router.get('/courses/{course_id}/weeks')
async def past_weeks(course_id: Id, actor: Person) -> tuple[PastWeek, ...]:
    """The learner's own weeks in a course that are over, newest first, with the goal that held in each."""
    return await database.read(closed_weeks.own_in, actor, course_id)


@router.get('/courses/{course_id}/people/{user_id}/weeks')
async def past_weeks_of(course_id: Id, user_id: Id, actor: Person) -> tuple[PastWeek, ...]:
    """The weeks of a learner in a course that are over, newest first, for those who teach it."""
    return await database.read(closed_weeks.of_learner, actor, course_id, user_id)
