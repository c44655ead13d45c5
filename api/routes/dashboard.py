"""`/api/dashboard`: what a learner, a parent, an instructor or an admin finds on their dashboard, in one answer."""

from datetime import datetime

from pydantic import Field

from api.analytics_shapes import CourseAnalytics, LearnerAnalytics
from api.auth import Person
from api.subject import Subject
from api.types import Id, Said, Shape
from services.analytics import dashboards
from services.analytics.school import SchoolFigures
from services.core import database
from services.goals.status import Outlook
from services.parents import children
from services.progress.states import EnrollmentState

router = Subject(prefix='/dashboard', tags=['analytics'])


class CourseAtAGlance(Shape):
    """One course at a glance."""

    course_id: int
    title: str
    learners: int
    mean_percent: int


class EducatorsDashboard(Shape):
    """The courses that somebody teaches: all at a glance, and the newest with learners in full."""

    courses: list[CourseAtAGlance]
    in_full: list[CourseAnalytics]


class DoneInWeek(Shape):
    """A checkpoint that a child completed this week."""

    title: str
    course: str
    score: int | None = Field(description='null where there is none, or where the child does not see it')


class CourseOfWeek(Shape):
    """One course of a child, this week."""

    title: str
    percent: int
    state: EnrollmentState
    done: int
    goal: int
    outlook: Outlook
    seconds: int
    teachers: list[str] = Field(description='whom to ask: the owner of the course first')


class ChildsWeek(Shape):
    """The week of one child of a parent, up to now. Source: s3"""

    child_id: int
    name: str
    as_of: datetime
    done: int
    goal: int
    outlook: Outlook
    seconds: int
    usual_seconds: int | None = Field(description='in a week; null until two weeks are over')
    active_days: int
    done_steps: list[DoneInWeek]
    certificates: list[str] = Field(description='titles of the courses that were completed this week')
    attention: list[Said] = Field(description='what needs attention, the most urgent first')
    ideas: list[Said] = Field(description='what parents can do')
    courses: list[CourseOfWeek]


@router.get('/student/{user_id}')
async def of_learner(user_id: Id, actor: Person) -> list[LearnerAnalytics]:
    """The figures of a learner in the newest of the courses that concern the reader."""
    return await database.read(
        lambda tx: [LearnerAnalytics.model_validate(each) for each in dashboards.of_learner(tx, actor, user_id)]
    )


@router.get('/parent/{parent_id}')
async def of_parent(parent_id: Id, actor: Person) -> list[ChildsWeek]:
    """The week of each child of a parent, for the parent alone. Each look is written down for the child."""
    return [ChildsWeek.model_validate(each) for each in await children.look_at_all(actor, parent_id)]


@router.get('/educator/{user_id}')
async def of_educator(user_id: Id, actor: Person) -> EducatorsDashboard:
    """The courses that somebody teaches: all at a glance, and the newest with learners in full."""
    return await database.read(lambda tx: EducatorsDashboard.model_validate(dashboards.of_educator(tx, actor, user_id)))


@router.get('/admin/{user_id}')
async def of_admin(user_id: Id, actor: Person) -> SchoolFigures:
    """The figures of the school, for an admin; small groups are hidden."""
    return await database.read(dashboards.of_admin, actor, user_id)
