"""`/api/courses/{course_id}/people`: who learns in a course, as those who teach it see them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.paging import Page, Paging, page_from
from api.types import Body, Id, IdField
from services.core import database
from services.core.database import Transaction
from services.people import class_lists, custom_fields, groups, merging, participants
from services.people.participants import Participant

router = APIRouter(prefix='/courses/{course_id}', tags=['people'])


class Change(Body):
    """What is to be different about a learner; what is left out stays as it is."""

    name: str | None = Field(default=None, max_length=200, examples=['Lena Brandt'], description='of a guest')
    group: str | None = Field(default=None, max_length=200, examples=['Blue'], description='empty: in none')
    extra_percent: int | None = Field(
        default=None, ge=0, le=groups.MOST_EXTRA, examples=[25], description='more time than others have'
    )
    custom: dict[Annotated[str, Field(max_length=200)], Annotated[str, Field(max_length=1000)]] | None = Field(
        default=None,
        max_length=100,
        examples=[{'Seat row': '4'}],
        description='all that the school notes about them, by the name of the field',
    )


class SamePerson(Body):
    """Who a guest has turned out to be."""

    user_id: IdField


class ClassList(Body):
    """A class list from another program."""

    csv: str = Field(
        max_length=class_lists.LONGEST_LIST,
        examples=['name,email,group\nAmina Diallo,,Blue\nBen Okafor,,Red\n'],
        description='its first line names the columns: `name` (or first and last name), `email`, `group`',
    )


@router.get('/people')
async def of_course(course_id: Id, actor: Person, place: Paging) -> Page[Participant]:
    """Who learns in a course, and who was taken out of it."""
    found = await database.read(participants.page, actor, course_id, after=place.after, limit=place.limit + 1)
    return page_from(found, place, by=lambda person: person.user_id)


@router.get('/people/{user_id}')
async def one(course_id: Id, user_id: Id, actor: Person) -> Participant:
    """One learner."""
    return await database.read(participants.one, actor, course_id, user_id=user_id)


@router.patch('/people/{user_id}')
async def change(course_id: Id, user_id: Id, change: Change, actor: Person) -> Participant:
    """Rename a guest, put a learner into a group, give them more time, note something; all of it or nothing."""

    def perform(tx: Transaction) -> Participant:
        them = tx, actor, course_id
        if change.name is not None:
            participants.rename(*them, user_id=user_id, name=change.name)
        if change.group is not None:
            groups.put(*them, user_id=user_id, name=change.group)
        if change.extra_percent is not None:
            groups.give_extra_time(*them, user_id=user_id, percent=change.extra_percent)
        if change.custom is not None:
            custom_fields.fill(*them, user_id=user_id, fields=tuple(change.custom.items()))
        return participants.one(*them, user_id=user_id)

    return await database.write(perform)


@router.delete('/people/{user_id}', status_code=204)
async def remove(course_id: Id, user_id: Id, actor: Person) -> None:
    """Take a learner out of a course; everything they did is kept, and comes back with them."""
    await database.write(participants.remove, actor, course_id, user_id=user_id)


@router.post('/people/{user_id}/restore', status_code=204)
async def bring_back(course_id: Id, user_id: Id, actor: Person) -> None:
    """Let a learner who was taken out of a course take part again."""
    await database.write(participants.bring_back, actor, course_id, user_id=user_id)


@router.put('/people/{guest_id}/same-as', status_code=204)
async def merge(course_id: Id, guest_id: Id, person: SamePerson, actor: Person) -> None:
    """Say that a guest is somebody else who learns in the course: what they did counts as that person's."""
    await database.write(merging.merge, actor, course_id, guest_id=guest_id, into_id=person.user_id)


@router.delete('/people/{guest_id}/same-as', status_code=204)
async def unmerge(course_id: Id, guest_id: Id, actor: Person) -> None:
    """Say that a guest is a person of their own after all; everything is as it was."""
    await database.write(merging.unmerge, actor, course_id, guest_id=guest_id)


@router.post('/class-list/plan')
async def plan(course_id: Id, list_: ClassList, actor: Person) -> tuple[class_lists.Person, ...]:
    """Say what would become of each line of a class list; changes nothing."""
    return await database.read(class_lists.plan, actor, course_id, list_.csv.encode())


@router.post('/class-list', status_code=201)
async def bring_in(course_id: Id, list_: ClassList, actor: Person, once: Once) -> tuple[class_lists.Person, ...]:
    """Bring a class list in, as a whole or not at all; `code` is how a new guest gets in (`POST /auth/rejoin`)."""
    people = tuple[class_lists.Person, ...]
    return await once.write(people, class_lists.bring_in, actor, course_id, list_.csv.encode())
