"""`/api/courses`: courses as a whole."""

from typing import Annotated

from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.paging import Page, Paging, page_from
from api.paper import PDF, Document, PosterSize, document, language_of
from api.subject import Subject
from api.types import Body, Id
from services.accounts import guessing
from services.accounts.guessing import Origin
from services.core import database
from services.core.server_address import standing_address
from services.core.typesetting import Paper
from services.courses import catalog, poster, trash, views
from services.courses.trash import Trashed
from services.courses.views import CourseShown, OwnCourse
from services.people import joining
from services.people.joining import Joined

router = Subject(prefix='/courses', tags=['courses'])

ClassCode = Annotated[str, Field(max_length=40, examples=['K7M2PX'], description='as the class is shown it')]


class CourseBody(Body):
    """What is said about a course."""

    title: str = Field(max_length=500, examples=['Python, second term'])
    description: str = Field(default='', max_length=20_000)
    subject: str = Field(default='', max_length=200, examples=['Computer science'])


class Enrolling(Body):
    """How one gets into a course."""

    code: ClassCode


class CodeState(Body):
    """Whether the code lets people in."""

    is_open: bool = Field(examples=[True])


class Attention(Body):
    """When a learner in class needs a look."""

    percent: int = Field(ge=1, le=100, examples=[70], description='of the average of the class: who is below')
    steps: int = Field(ge=1, le=50, examples=[2], description='behind the median of the class')
    minutes: int = Field(ge=1, le=120, examples=[5], description='for which somebody is behind, or silent')


class ClassmatesHelp(Body):
    """Whether learners help each other."""

    allowed: bool = Field(examples=[True])


class CertificatesGiven(Body):
    """Whether who completes a course gets a certificate."""

    given: bool = Field(examples=[True])


class NewColleague(Body):
    """Another instructor of this school."""

    email: str = Field(max_length=254, examples=['otto@example.org'])


@router.get('')
async def own(actor: Person, place: Paging) -> Page[OwnCourse]:
    """The courses that one teaches, and those that one learns in."""
    found = await database.read(views.own, actor, after=place.after, limit=place.limit + 1)
    return page_from(found, place, by=lambda course: course.course_id)


@router.post('', status_code=201)
async def create(course: CourseBody, actor: Person, once: Once) -> CourseShown:
    """Make a course with one empty module."""
    course_id = await once.write(int, catalog.create, actor, **course.model_dump())
    return await database.read(views.shown, actor, course_id)


@router.post('/enroll', status_code=201)
async def enroll_by_code(entrance: Enrolling, actor: Person, once: Once) -> CourseShown:
    """Enroll in the course that a code leads to; idempotent."""
    with guessing.class_codes.counted(Origin(address=f'user {actor.user_id}')):
        joined = await once.write(Joined, joining.join, actor, code=entrance.code)
    return await database.read(views.shown, actor, joined.course_id)


@router.get('/trash')
async def deleted(actor: Person) -> list[Trashed]:
    """Your courses that were deleted within thirty days; `POST /courses/{course_id}/restore` brings one back."""
    return await database.read(trash.courses, actor)


@router.get('/{course_id}/trash')
async def deleted_parts(course_id: Id, actor: Person) -> list[Trashed]:
    """The modules and checkpoints of a course that were deleted within thirty days."""
    return await database.read(trash.of_course, actor, course_id)


@router.get('/{course_id}')
async def one(course_id: Id, actor: Person) -> CourseShown:
    """One course: `teaching` is there for those who teach it, `learning` for those who learn in it."""
    return await database.read(views.shown, actor, course_id)


@router.get('/{course_id}/poster', response_class=Document, responses=PDF)
async def poster_of(course_id: Id, actor: Person, paper: PosterSize = 'a4') -> Document:
    """The poster of a course as PDF: its title, the address, its code in large letters, and a QR code."""
    found = await database.read(poster.of_course, actor, course_id)
    address, language = standing_address(), language_of(actor)
    pdf = await poster.make_pdf(found, address=address, paper=Paper(paper), language=language)
    return document(pdf, name=f'poster-{course_id}')


@router.put('/{course_id}')
async def edit(course_id: Id, course: CourseBody, actor: Person) -> CourseShown:
    """Change title, description and subject."""
    await database.write(catalog.edit, actor, course_id, **course.model_dump())
    return await database.read(views.shown, actor, course_id)


@router.delete('/{course_id}', status_code=204)
async def delete(course_id: Id, actor: Person) -> None:
    """Delete a course; `restore` brings it back with everything in it."""
    await database.write(catalog.delete, actor, course_id)


@router.post('/{course_id}/restore', status_code=204)
async def restore(course_id: Id, actor: Person) -> None:
    """Bring a deleted course back."""
    await database.write(catalog.restore, actor, course_id)


@router.post('/{course_id}/archive', status_code=204)
async def archive(course_id: Id, actor: Person) -> None:
    """Archive a course: it can be read, but not worked on."""
    await database.write(catalog.archive, actor, course_id, archived=True)


@router.post('/{course_id}/unarchive', status_code=204)
async def unarchive(course_id: Id, actor: Person) -> None:
    """Bring a archived course back."""
    await database.write(catalog.archive, actor, course_id, archived=False)


@router.post('/{course_id}/duplicate', status_code=201)
async def duplicate(course_id: Id, actor: Person, once: Once) -> CourseShown:
    """Copy a course with its modules, checkpoints, questions and quizzes, but without people."""
    copy_id = await once.write(int, catalog.duplicate, actor, course_id)
    return await database.read(views.shown, actor, copy_id)


@router.post('/{course_id}/enroll', status_code=201)
async def enroll(course_id: Id, entrance: Enrolling, actor: Person, once: Once) -> CourseShown:
    """Enroll in a course, with its code; idempotent."""
    with guessing.class_codes.counted(Origin(address=f'user {actor.user_id}')):
        await once.write(Joined, joining.join_course, actor, course_id, code=entrance.code)
    return await database.read(views.shown, actor, course_id)


@router.post('/{course_id}/code', status_code=201)
async def renew_code(course_id: Id, actor: Person, once: Once) -> CourseShown:
    """Give a course a new code; the old one leads nowhere from now on."""
    await once.write(str, catalog.renew_code, actor, course_id)
    return await database.read(views.shown, actor, course_id)


@router.put('/{course_id}/code', status_code=204)
async def open_code(course_id: Id, code: CodeState, actor: Person) -> None:
    """Open or close joining with the code; who is in stays in."""
    await database.write(catalog.open_code, actor, course_id, is_open=code.is_open)


@router.put('/{course_id}/attention/thresholds', status_code=204)
async def set_attention(course_id: Id, attention: Attention, actor: Person) -> None:
    """Choose when a learner in class needs a look."""
    await database.write(catalog.set_attention, actor, course_id, **attention.model_dump())


@router.put('/{course_id}/classmates-help', status_code=204)
async def let_classmates_help(course_id: Id, help_: ClassmatesHelp, actor: Person) -> None:
    """Let learners who have done a checkpoint help those who are stuck at it, or leave that to its instructors."""
    await database.write(catalog.let_classmates_help, actor, course_id, allowed=help_.allowed)


@router.put('/{course_id}/certificates', status_code=204)
async def give_certificates(course_id: Id, certificates: CertificatesGiven, actor: Person) -> None:
    """Choose whether who completes a course gets a certificate; what was given stays."""
    await database.write(catalog.give_certificates, actor, course_id, given=certificates.given)


@router.post('/{course_id}/co-instructors', status_code=201)
async def add_co_instructor(course_id: Id, colleague: NewColleague, actor: Person, once: Once) -> CourseShown:
    """Let another instructor teach this course too."""
    await once.write(int, catalog.add_co_instructor, actor, course_id, email=colleague.email)
    return await database.read(views.shown, actor, course_id)


@router.delete('/{course_id}/co-instructors/{user_id}', status_code=204)
async def remove_co_instructor(course_id: Id, user_id: Id, actor: Person) -> None:
    """Let a co-instructor go."""
    await database.write(catalog.remove_co_instructor, actor, course_id, user_id=user_id)
