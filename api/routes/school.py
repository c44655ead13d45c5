"""`/api/school`: the whole school, for its admins: people, courses, and what holds for everybody."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field

from api.auth import Person
from api.paging import Page, Paging, page_from
from api.subject import Subject
from api.types import Body, Id, Shape
from services.accounts import administration, resets, school_settings
from services.accounts.administration import Account
from services.accounts.resets import MadeLink
from services.core import database
from services.core.school import School
from services.core.transaction import Transaction
from services.courses import school_list
from services.courses.school_list import SchoolCourse
from services.enums import Role
from services.reports.exports import school_months

router = Subject(prefix='/school', tags=['school'])

Search = Annotated[str, Query(max_length=200, description='a part of a name, a title or an address')]
From = Annotated[date | None, Query(description='a day of the first month; twelve weeks ago where it is left out')]
Until = Annotated[date | None, Query(description='a day of the last month')]


class SchoolBody(Body):
    """What is chosen for the whole school."""

    name: str = Field(default='', max_length=200, examples=['Bramble Hill School'])
    time_zone: str = Field(default='', max_length=64, examples=['Europe/Berlin'], description='an IANA name')
    language: str = Field(default='', max_length=16, examples=['en'], description='a code')
    public_url: str | None = Field(
        default=None,
        max_length=200,
        examples=['https://waymark.example.org'],
        description='to which links lead; left out, it stays as it is',
    )
    by_surname: bool | None = Field(
        default=None, description='whether lists of people begin sorted by surname; null leaves it as it is'
    )


class CourseMonth(Shape):
    """The time of one course in one month; the figures are null where too few learners are in them."""

    month: str = Field(examples=['2026-03'])
    course: str
    month_learners: int | None
    study_hours: float | None
    class_hours: float | None
    mean_hours: float | None


class SchoolTime(Shape):
    """The time of all courses by month, then by course."""

    since: date
    until: date
    months: list[CourseMonth]


class AccountChange(Body):
    """What is to be different about a person; what is left out stays as it is."""

    role: Role | None = None
    is_disabled: bool | None = Field(default=None, examples=[False], description='a disabled account cannot sign in')


@router.get('')
async def school(actor: Person) -> School:
    """What is stored of the school; empty values leave it to the settings of the server."""
    return await database.read(school_settings.own, actor)


@router.put('')
async def edit_school(chosen: SchoolBody, actor: Person) -> School:
    """Change the name, time zone, language and address of the school."""
    return await school_settings.edit(
        actor,
        name=chosen.name,
        time_zone=chosen.time_zone,
        language=chosen.language,
        public_url=chosen.public_url,
        by_surname=chosen.by_surname,
    )


@router.get('/people')
async def people(actor: Person, place: Paging, search: Search = '') -> Page[Account]:
    """The people of the school, found by a part of their name or e-mail address."""
    found = await database.read(administration.people, actor, search=search, after=place.after, limit=place.limit + 1)
    return page_from(found, place, by=lambda person: person.user_id)


@router.get('/people/{user_id}')
async def person(user_id: Id, actor: Person) -> Account:
    """One person."""
    return await database.read(administration.one, actor, user_id=user_id)


@router.patch('/people/{user_id}')
async def change(user_id: Id, change: AccountChange, actor: Person) -> Account:
    """Give a person another role, or switch their account off or on. They are signed out everywhere."""

    def perform(tx: Transaction) -> Account:
        if change.role is not None:
            administration.change_role(tx, actor, user_id=user_id, role=change.role)
        if change.is_disabled is not None:
            switch = administration.disable if change.is_disabled else administration.enable
            switch(tx, actor, user_id=user_id)
        return administration.one(tx, actor, user_id=user_id)

    return await database.write(perform)


@router.post('/people/{user_id}/sign-out', status_code=204)
async def sign_out(user_id: Id, actor: Person) -> None:
    """Sign a person out on all their devices."""
    await database.write(administration.sign_out, actor, user_id=user_id)


@router.get('/courses')
async def courses(actor: Person, place: Paging, search: Search = '') -> Page[SchoolCourse]:
    """The courses of the school, found by a part of their title, subject or owner's name."""
    found = await database.read(school_list.courses, actor, search=search, after=place.after, limit=place.limit + 1)
    return page_from(found, place, by=lambda course: course.course_id)


@router.get('/time')
async def time_of_courses(actor: Person, since: From = None, until: Until = None) -> SchoolTime:
    """How long learners were at work in each course, in the whole months that are over; too few learners are hidden."""
    return SchoolTime.model_validate(await school_months.of_school(actor, since=since, until=until))


@router.get('/password-links')
async def password_links(actor: Person) -> list[MadeLink]:
    """The links for new passwords that were made in the last thirty days: for whom, by whom, and whether used."""
    return await database.read(resets.of_school, actor)
