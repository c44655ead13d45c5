"""`/api/certificates`: what was earned by completing courses, and whether it holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import Response
from pydantic import Field

from api import files
from api.auth import Person, address_of
from api.idempotency import Once
from api.paging import Page, Paging, page_of
from api.paper import PDF, Document, document
from api.subject import Subject
from api.types import Body, Group, Id, IdField
from services.certificates import badges, failures, holders, lookup, reissuing, render_queue, together
from services.certificates.lookup import Own, Shown, Validity
from services.certificates.pdf import Sheet
from services.core import database, school, threads
from services.core.errors import Gone, NotSaved

router = Subject(tags=['certificates'])

Serial = Annotated[str, Path(max_length=40, examples=['K7M2-PX9Q-ABCD-2345'], description='however it is typed')]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Whether a certificate holds. Of one that does not, nobody is told whose it was."""

    serial: str
    standing: Validity
    issued_at: datetime
    name: str | None
    course_title: str | None
    completed_at: datetime | None
    school: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A valid certificate as Open Badge 3.0, in the form in which programs ask each other for credentials."""

    credential: list[str]
    compactJwsString: list[str]  # noqa: N815 - what the specification calls it


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHolder:
    """Somebody who has completed a course."""

    user_id: int
    name: str
    """as it is printed, or would be"""
    serial: str | None
    """None where the certificate was taken back"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate that was issued again."""

    serial: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why certificates are not printed, how many, and when the next try is."""

    reason: str
    count: int
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgain:
    """How many certificates are tried to be printed at once."""

    count: int


class Again(Body):
    """Whose certificate to issue again, with which name."""

    user_id: IdField = Field(examples=[1])
    name: str = Field(max_length=200, examples=['Amina Diallo'])


@router.get('/certificates')
async def own(actor: Person) -> tuple[Own, ...]:
    """Your own valid certificates, the newest first."""
    return await database.read(lookup.own, actor)


@router.get('/certificates/troubles')
async def of_school(actor: Person) -> tuple[Trouble, ...]:
    """What keeps certificates from being printed, for admins."""
    troubles = await database.read(failures.of_school, actor)
    return tuple(Trouble(reason=str(each.reason), count=each.count, next_try_at=each.next_try_at) for each in troubles)


@router.post('/certificates/troubles/try-again')
async def try_again(actor: Person) -> TriedAgain:
    """Let what could not be printed be tried again within half a minute."""
    return TriedAgain(count=await database.write(failures.try_again, actor))


@router.get('/certificates/{serial}')
async def verify(serial: Serial, request: Request) -> Verified:
    """Whether a certificate holds; anybody who was shown one may ask, without a token."""
    shown = await _look_up(serial, request)
    sheet = shown.sheet
    return Verified(
        serial=shown.serial,
        standing=shown.standing,
        issued_at=shown.issued_at,
        name=sheet.name if sheet else None,
        course_title=sheet.course_title if sheet else None,
        completed_at=sheet.completed_at if sheet else None,
        school=school.current().name,
    )


@router.get('/certificates/{serial}/pdf', response_class=Response, responses=files.answers('application/pdf'))
async def pdf(serial: Serial, request: Request) -> Response:
    """The PDF of a valid certificate, for everybody who has its serial."""
    shown = await _look_up(serial, request)
    path = await render_queue.file_of(_sheet(shown))
    if path is None:
        raise NotSaved('This certificate is still being printed. Try again in a few minutes.')
    return files.Ranged(path, media_type='application/pdf', filename=f'certificate-{shown.serial}.pdf')


@router.get('/certificates/{serial}/credential')
async def credential(serial: Serial, request: Request) -> Credential:
    """A valid certificate as signed credential (VC-JWT) that any wallet can keep and anybody can check."""
    shown = await _look_up(serial, request)
    _sheet(shown)
    return Credential(credential=[], compactJwsString=[await threads.shared.run(badges.signed, shown)])


@router.get('/courses/{course_id}/certificates')
async def of_course(course_id: Id, actor: Person, place: Paging) -> Page[CourseHolder]:
    """Who has completed a course, with their valid certificates, for those who teach it."""
    found = await database.read(holders.of_course, actor, course_id)
    people = [CourseHolder(user_id=id_, name=each.name, serial=each.serial) for id_, each in found.items()]
    return page_of(people, place, by=lambda each: each.user_id)


@router.get('/courses/{course_id}/certificates/file', response_class=Document, responses=PDF)
async def of_course_together(course_id: Id, actor: Person, group: Group = '') -> Document:
    """All valid certificates of a course that are printed, in one PDF, for those who teach it."""
    found = await database.read(together.of_course, actor, course_id, group=group)
    return document(await together.make_pdf(found), name=f'certificates-{course_id}')


@router.post('/courses/{course_id}/certificates', status_code=201)
async def issue_again(course_id: Id, again: Again, actor: Person, once: Once) -> Issued:
    """Issue the certificate of a learner again; the one before says from then on that it was replaced."""
    user_id, name = again.user_id, again.name
    serial = await once.write(str, reissuing.issue_again, actor, course_id, user_id=user_id, name=name)
    return Issued(serial=serial)


@router.delete('/courses/{course_id}/certificates/{user_id}', status_code=204)
async def revoke(course_id: Id, user_id: Id, actor: Person) -> None:
    """Take a certificate back that should not have been issued; issuing it again is the way back."""
    await database.write(reissuing.revoke, actor, course_id, user_id=user_id)


async def _look_up(serial: str, request: Request) -> Shown:
    return await lookup.look_up(serial, address=address_of(request))


def _sheet(shown: Shown) -> Sheet:
    if shown.sheet is None:
        raise Gone('This certificate is not valid.')
    return shown.sheet
