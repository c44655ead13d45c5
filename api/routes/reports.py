"""`/api/progress`: how far learners are, for themselves and for those who teach them."""

from api.auth import Person
from api.paging import Page, Paging, page_from
from api.subject import Subject
from api.types import Group, Id
from services.core import database
from services.progress import counters
from services.progress.counters import Recounted
from services.quizzes import skills, spacing
from services.quizzes.skills import SkillShown
from services.quizzes.spacing import ToReview
from services.reports import checkpoints, content, overview
from services.reports.checkpoints import CoursePath, InCourse
from services.reports.content import CheckpointStanding
from services.reports.overview import Classmate, LearnerStanding

router = Subject(prefix='/progress', tags=['progress'])


@router.get('/student/{user_id}')
async def of_learner(user_id: Id, actor: Person) -> LearnerStanding:
    """How far a learner is with all courses that concern the reader: their own, or those that they teach."""
    return await database.read(overview.of_learner, actor, user_id)


@router.get('/course/{course_id}')
async def of_course(course_id: Id, actor: Person, place: Paging, group: Group = '') -> Page[Classmate]:
    """How far everybody in a course is, for those who teach it."""
    rows = await database.read(
        overview.of_course, actor, course_id, after=place.after, limit=place.limit + 1, group=group
    )
    return page_from(rows, place, by=lambda row: row.user_id)


@router.get('/student/{user_id}/course/{course_id}')
async def in_course(user_id: Id, course_id: Id, actor: Person) -> InCourse:
    """How far a learner is with a course: its modules, each checkpoint in each mode, and the time they studied."""
    return await database.read(checkpoints.in_course, actor, user_id, course_id)


@router.get('/student/{user_id}/course/{course_id}/skills')
async def skills_in_course(user_id: Id, course_id: Id, actor: Person) -> tuple[SkillShown, ...]:
    """How sure a learner is of each skill of a course, by their graded answers: what to practise comes first."""
    return await database.read(skills.of_learner, actor, course_id, user_id)


@router.get('/student/{user_id}/course/{course_id}/reviews')
async def reviews_in_course(user_id: Id, course_id: Id, actor: Person) -> tuple[ToReview, ...]:
    """Which skills of a course a learner should look at again today, the most urgent first."""
    return await database.read(spacing.due, actor, course_id, user_id)


@router.post('/student/{user_id}/course/{course_id}/recalculate')
async def recalculate_learner(user_id: Id, course_id: Id, actor: Person) -> Recounted:
    """Count again what one learner of a course has done, and repair what differs; for those who teach it."""
    return await database.write(counters.recount_learner, actor, course_id, user_id)


@router.get('/student/{user_id}/concept/{checkpoint_id}')
async def at_checkpoint(user_id: Id, checkpoint_id: Id, actor: Person) -> CheckpointStanding:
    """How far a learner is with one checkpoint, and where they are in its video or document."""
    return await database.read(content.at_checkpoint, actor, user_id, checkpoint_id)


@router.get('/learning-path/{user_id}')
async def learning_path(user_id: Id, actor: Person, place: Paging) -> Page[CoursePath]:
    """The path of a learner: courses, modules and checkpoints with their states, and where to go on."""
    rows = await database.read(checkpoints.paths, actor, user_id, after=place.after, limit=place.limit + 1)
    return page_from(rows, place, by=lambda row: row.course.course_id)
