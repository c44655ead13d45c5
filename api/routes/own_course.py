"""`/api/courses/…`: a learner's own progress in a course, where to go on, and counting a whole course again."""

from pydantic import BaseModel

from api.auth import Person
from api.subject import Subject
from api.types import Id
from services.core import database
from services.progress import counters
from services.progress.counters import Repair
from services.study import path, summary
from services.study.summary import Summary, Why

router = Subject(prefix='/courses/{course_id}', tags=['progress'])


class Next(BaseModel):
    """Where to go on in a course."""

    checkpoint_id: int | None
    """null where there is nothing to go on with"""


class Explanation(BaseModel):
    """How a percentage comes about: as figures that add up, and in sentences."""

    figures: Why
    sentences: list[str]


@router.get('/progress')
async def own_progress(course_id: Id, actor: Person) -> Summary | None:
    """Your own progress in a course; null where you do not learn."""
    return await database.read(summary.summary, actor, course_id)


@router.get('/progress/why')
async def why(course_id: Id, actor: Person) -> Explanation | None:
    """Why your percentage is what it is; null where you do not learn."""
    found = await database.read(summary.why, actor, course_id)
    return Explanation(figures=found, sentences=[str(said) for said in found.sentences()]) if found else None


@router.get('/next')
async def go_on(course_id: Id, actor: Person) -> Next:
    """The first checkpoint that is not complete; when all are, the first one for review."""
    return Next(checkpoint_id=await database.read(path.continue_at, actor, course_id))


@router.post('/recalculate')
async def recalculate(course_id: Id, actor: Person) -> Repair:
    """Count everything in a course again, and repair what differs; for those who teach it."""
    return await counters.recalculate(actor, course_id)
