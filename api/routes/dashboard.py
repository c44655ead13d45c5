"""`/api/dashboard`: what a learner, a parent, an instructor or an admin finds on their dashboard, in one answer."""

from fastapi import APIRouter

from api.analytics_shapes import ChildsWeek, EducatorsDashboard, LearnerAnalytics
from api.auth import Person
from api.types import Id
from services.analytics import dashboards
from services.analytics.school import SchoolFigures
from services.core import database
from services.parents import children

router = APIRouter(prefix='/dashboard', tags=['analytics'])


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
    """The courses that one teaches oneself: all at a glance, and the newest with learners in full."""
    return await database.read(lambda tx: EducatorsDashboard.model_validate(dashboards.of_educator(tx, actor, user_id)))


@router.get('/admin/{user_id}')
async def of_admin(user_id: Id, actor: Person) -> SchoolFigures:
    """The figures of the school, for an admin; small groups are hidden."""
    return await database.read(dashboards.of_admin, actor, user_id)
