"""`/api/courses`: courses as a whole."""

from fastapi import APIRouter
from pydantic import Field

from api.once import Once
from api.paging import Page, Paging, page_of
from api.types import Body, Id
from api.who import Person
from services import courses
from services.core import database
from services.courses import CourseCard, CourseFacts

router = APIRouter(prefix='/courses', tags=['courses'])


class CourseBody(Body):
    """What is said about a course."""

    title: str = Field(max_length=500, examples=['Python, second term'])
    description: str = Field(default='', max_length=20_000)
    subject: str = Field(default='', max_length=200, examples=['Computer science'])


@router.get('')
async def taught(actor: Person, place: Paging) -> Page[CourseCard]:
    """The courses that one teaches."""
    return page_of(await database.read(courses.taught, actor), place, by=lambda card: card.course_id)


@router.post('', status_code=201)
async def create(course: CourseBody, actor: Person, once: Once) -> CourseFacts:
    """Make a course with one empty module."""
    course_id = await once.write(int, courses.create, actor, **course.model_dump())
    return await database.read(courses.facts, actor, course_id)


@router.put('/{course_id}')
async def edit(course_id: Id, course: CourseBody, actor: Person) -> CourseFacts:
    """Change title, description and subject."""
    await database.write(courses.edit, actor, course_id, **course.model_dump())
    return await database.read(courses.facts, actor, course_id)


@router.delete('/{course_id}', status_code=204)
async def delete(course_id: Id, actor: Person) -> None:
    """Delete a course; `restore` brings it back with everything in it."""
    await database.write(courses.delete, actor, course_id)
