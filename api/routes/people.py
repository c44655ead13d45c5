"""`/api/courses/{course_id}/people`: who learns in a course, as those who teach it see them."""

from typing import Annotated

from pydantic import Field

from api.auth import Person
from api.idempotency import Once
from api.paging import Page, Paging, page_from, page_of
from api.paper import PDF, Document, Size, document, language_of
from api.subject import Subject
from api.types import LARGEST_ID, Body, Group, Id, IdField, few
from services.core import database, threads
from services.core.server_address import standing_address
from services.core.transaction import Transaction
from services.core.typesetting import Paper
from services.people import (
    cards,
    class_lists,
    custom_fields,
    groups,
    guest_codes,
    guest_limits,
    list_columns,
    list_entering,
    list_reading,
    merging,
    participants,
)
from services.people.guest_codes import GuestCode
from services.people.list_reading import Choices, Fact
from services.people.participants import Participant

router = Subject(prefix='/courses/{course_id}', tags=['people'])

MOST_CUSTOM, MOST_COLUMNS = 100, 200

Named = Annotated[str, Field(max_length=200)]
Custom = dict[Named, Annotated[str, Field(max_length=1000)]]
Candidate = Annotated[int, Field(ge=0, le=LARGEST_ID)]


class Change(Body):
    """What is to be different about a learner; what is left out stays as it is."""

    name: str | None = Field(default=None, max_length=200, examples=['Lena Brandt'], description='of a guest')
    group: str | None = Field(default=None, max_length=200, examples=['Blue'], description='empty: in none')
    extra_percent: int | None = Field(
        default=None, ge=0, le=groups.MOST_EXTRA, examples=[25], description='more time than others have'
    )
    custom: Annotated[Custom | None, few(MOST_CUSTOM)] = Field(
        default=None,
        max_length=MOST_CUSTOM,
        examples=[{'Seat row': '4'}],
        description='all that the school notes about them, by the name of the field',
    )


class SamePerson(Body):
    """Who a guest has turned out to be."""

    user_id: IdField


LineNumber = Annotated[str, Field(pattern='^[1-9][0-9]{0,5}$')]
"""a key of a JSON object, which is always a text"""


LineOfList = Annotated[int, Field(ge=1, lt=1_000_000, strict=True)]


class ClassFile(Body):
    """A class list from another program."""

    csv: str = Field(
        max_length=list_reading.LONGEST_LIST,
        examples=['name,email,group\nAmina Diallo,,Blue\nBen Okafor,,Red\n'],
        description='one of its first lines names the columns: `name` (or first and last name), `email`, `group`',
    )
    columns: Annotated[dict[Named, Fact], few(MOST_COLUMNS)] = Field(
        default_factory=dict,
        max_length=MOST_COLUMNS,
        examples=[{'Wer': 'name', 'Lerngruppe': 'group'}],
        description='what columns mean whose headings are not understood, by heading',
    )
    has_headings: bool = Field(
        default=True, description='false: the first line is a person, and the columns are `Column 1`, `Column 2`, …'
    )


class ClassList(ClassFile):
    """A class list, and what was decided about it."""

    decisions: Annotated[dict[LineNumber, Candidate], few(list_reading.MOST_LINES)] = Field(
        default_factory=dict,
        max_length=list_reading.MOST_LINES,
        examples=[{'3': 0}],
        description='who a line is about whose fate is `asked`: by line, the `user_id` of a candidate, or 0 for '
        'somebody new',
    )
    taken_lines: list[LineOfList] = Field(
        default_factory=list,
        max_length=list_reading.MOST_LINES,
        examples=[[17]],
        description='lines that come in although their fate was `nobody` or `left`',
    )
    skip_bad_lines: bool = Field(default=False, description='leave out lines that cannot be read, instead of all')
    keep_garbled: bool = Field(default=False, description='do not repair names like `MÃ¼ller`')

    def choices(self) -> Choices:
        """Return what was decided."""
        return Choices(
            columns=self.columns,
            decisions={int(line): user_id for line, user_id in self.decisions.items()},
            has_headings=self.has_headings,
            taken_lines=frozenset(self.taken_lines),
            skip_bad_lines=self.skip_bad_lines,
            keep_garbled=self.keep_garbled,
        )


@router.get('/people')
async def of_course(course_id: Id, actor: Person, place: Paging, group: Group = '') -> Page[Participant]:
    """Who learns in a course, and who was taken out of it."""
    found = await database.read(
        participants.page, actor, course_id, after=place.after, limit=place.limit + 1, group=group
    )
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


@router.get('/guest-codes/cards', response_class=Document, responses=PDF)
async def cards_of_guests(course_id: Id, actor: Person, group: Group = '', paper: Size = 'a4') -> Document:
    """The cards of the guests of a course as PDF, eight on a page: name, code, and a QR code that brings them back."""
    found = await database.read(cards.of_course, actor, course_id, group=group)
    address, language = standing_address(), language_of(actor)
    pdf = await cards.make_pdf(found, address=address, paper=Paper(paper), language=language)
    return document(pdf, name=f'cards-{course_id}')


@router.get('/guest-codes')
async def guest_codes_of(course_id: Id, actor: Person, place: Paging, group: Group = '') -> Page[GuestCode]:
    """The codes with which guests come back (`POST /auth/rejoin`). Each look is written to the server log."""
    found = await database.read(guest_codes.of_course, actor, course_id, group=group)
    return page_of(found, place, by=lambda guest: guest.user_id)


@router.post('/people/{user_id}/guest-code')
async def renew_code(course_id: Id, user_id: Id, actor: Person) -> GuestCode:
    """Give a guest another code; the old one leads nowhere from now on."""
    return await database.write(guest_codes.renew, actor, course_id, user_id=user_id)


@router.get('/guest-limits')
async def limits(course_id: Id, actor: Person) -> tuple[str, ...]:
    """What those who teach should know now about the limits of guests; nearly always nothing."""
    return tuple(map(str, await database.read(guest_limits.told, actor, course_id)))


@router.post('/class-list/columns')
async def columns(course_id: Id, file: ClassFile, actor: Person) -> tuple[list_columns.Column, ...]:
    """Say what each column of a class list seems to mean, nothing for bare names; changes nothing."""
    await database.read(class_lists.check, actor, course_id)
    choices = Choices(columns=file.columns, has_headings=file.has_headings)
    table = await threads.shared.run(list_reading.table, file.csv.encode(), choices)
    return list_columns.samples(table) if table else ()


@router.post('/class-list/plan')
async def plan(course_id: Id, list_: ClassList, actor: Person) -> tuple[list_reading.Person, ...]:
    """Say what would become of each line of a class list, those about nobody last; changes nothing."""
    await database.read(class_lists.check, actor, course_id)
    found = await threads.shared.run(list_reading.checked, list_.csv.encode(), list_.choices())
    planned = await database.read(class_lists.plan, actor, course_id, found.people, list_.choices())
    return *planned, *found.left_out


@router.post('/class-list', status_code=201)
async def bring_in(course_id: Id, list_: ClassList, actor: Person, once: Once) -> tuple[list_reading.Person, ...]:
    """Bring a class list in; `code` is how a new guest gets in (`POST /auth/rejoin`).

    Nothing happens if a line is bad or has to be decided. Sent again, it changes nothing, and completes a list that
    was interrupted.
    """

    async def work() -> tuple[list_reading.Person, ...]:
        await database.read(class_lists.check, actor, course_id)
        people = await threads.shared.run(list_reading.read, list_.csv.encode(), list_.choices())
        return await list_entering.bring_in(actor, course_id, people, list_.choices())

    return await once.write_in_steps(tuple[list_reading.Person, ...], work)
