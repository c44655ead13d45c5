"""Who in a course has a certificate, as those who teach it see them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Certificate, Enrollment, User
from services import access
from services.access import Actor
from services.certificates.validity import VALID
from services.core.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who has completed the course."""

    name: str
    """as it is printed, or would be"""
    serial: str | None
    """None where the certificate was taken back"""


def of_course(tx: Transaction, actor: Actor | None, course_id: int) -> Mapping[int, Holder]:
    """Return who has completed a course, by user id, with their valid certificate."""
    access.taught_course(tx, actor, course_id)
    theirs = (col(Certificate.course_id) == course_id) & (col(Certificate.user_id) == col(User.id)) & VALID
    rows = tx.execute(
        select(col(User.id), col(User.name), col(Certificate.name), col(Certificate.serial))
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(Certificate, theirs)
        .where(col(Enrollment.course_id) == course_id, col(Enrollment.completed_at).is_not(None))
    )
    return {id_: Holder(name=printed or name, serial=serial) for id_, name, printed, serial in rows}
