"""What is told of a certificate: to people who have its serial, to whom it belongs, and no more than needed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from models import Certificate, User, table
from services import access
from services.access import Actor
from services.accounts import guessing
from services.accounts.guessing import Origin
from services.certificates.pdf import Sheet
from services.certificates.render_queue import sheet_of
from services.certificates.validity import VALID, is_valid
from services.core import database
from services.core.errors import NotFound
from services.core.secrets import SERIAL_LENGTH, read_code, spell_serial
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


class Validity(StrEnum):
    """Whether a certificate holds."""

    VALID = 'valid'
    REPLACED = 'replaced'
    REVOKED = 'revoked'
    WITHDRAWN = 'withdrawn'
    """at the request of the person whose it was"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A certificate for people who have its serial; of one that does not hold, nobody is told whose it was."""

    serial: str
    course_id: int
    standing: Validity
    issued_at: datetime
    sheet: Sheet | None
    """None unless it is valid"""
    email: str | None = None
    """of the learner, for those who make the badge; never shown"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One of a person's own certificates."""

    serial: str
    course_id: int
    course_title: str
    completed_at: datetime
    is_printed: bool


async def look_up(typed: str, *, address: str) -> Shown:
    """Return the certificate with a serial, however it was typed. Only wrong ones are counted, and slowed."""
    shown = await database.read(_find, spell_serial(typed[:40]))
    if shown is None:
        unknown = NotFound(
            'There is no certificate with this number. Compare it with what is printed, letter by letter.'
        )
        guessing.serials.count(Origin(address=address), unknown)
        raise unknown
    return shown


def own(tx: Transaction, actor: Actor | None) -> tuple[Own, ...]:
    """Return the actor's valid certificates, the newest first."""
    return of_person(tx, access.participant(tx, actor).user_id)


def of_person(tx: Transaction, user_id: int) -> tuple[Own, ...]:
    """Return the valid certificates of a person, the newest first; the caller has checked who may see them."""
    return of_people(tx, [user_id]).get(user_id, ())


def of_people(tx: Transaction, user_ids: Collection[int]) -> dict[int, tuple[Own, ...]]:
    """Return the same of those of many people who have any."""
    found: dict[int, tuple[Own, ...]] = {}
    for user_id, serial, course_id, course_title, completed_at, is_printed in _OWN.rows(
        tx.connection, people=sorted(user_ids)
    ):
        certificate = Own(
            serial=serial,
            course_id=course_id,
            course_title=course_title,
            completed_at=completed_at,
            is_printed=bool(is_printed),
        )
        found[user_id] = *found.get(user_id, ()), certificate
    return found


def for_course(tx: Transaction, actor: Actor | None, course_id: int) -> Own | None:
    """Return the actor's valid certificate for a course, if they have one."""
    access.course(tx, actor, course_id)
    return next((each for each in own(tx, actor) if each.course_id == course_id), None)


def _find(tx: Transaction, serial: str) -> Shown | None:
    if len(read_code(serial)) != SERIAL_LENGTH:
        return None
    row = tx.session.scalars(select(Certificate).where(col(Certificate.serial) == serial)).one_or_none()
    if row is None:
        return None
    if not is_valid(row):
        standing = _why_not(tx, row)
        return Shown(serial=row.serial, course_id=row.course_id, standing=standing, issued_at=row.issued_at, sheet=None)
    return Shown(
        serial=row.serial,
        course_id=row.course_id,
        standing=Validity.VALID,
        issued_at=row.issued_at,
        sheet=sheet_of(row),
        email=tx.session.get_one(User, row.user_id).email,
    )


def _why_not(tx: Transaction, row: Certificate) -> Validity:
    if tx.session.get_one(User, row.user_id).erased_at:
        return Validity.WITHDRAWN
    return Validity.REPLACED if row.replaced_by_id else Validity.REVOKED


_certificates = table(Certificate)
_OWN = Prepared(
    select(
        _certificates.c.user_id,
        _certificates.c.serial,
        _certificates.c.course_id,
        _certificates.c.course_title,
        _certificates.c.completed_at,
        _certificates.c.rendered_at.is_not(None),
    )
    .where(among(_certificates.c.user_id, 'people'), VALID)
    .order_by(_certificates.c.completed_at.desc())
)
