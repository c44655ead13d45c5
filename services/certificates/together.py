"""The certificates of a course as one file, for those who teach it and hand them out on paper."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models import Certificate, CourseGroup, Enrollment, User
from services import access
from services.access import Actor
from services.certificates import pdf
from services.certificates.pdf import Sheet
from services.certificates.render_queue import UNPRINTED, sheet_of
from services.certificates.validity import VALID
from services.core.errors import NotSaved, Refused
from services.core.phrases import plural
from services.core.transaction import Transaction

MOST = 1_000
"""certificates in one file: they take a quarter of a minute, and six megabytes"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Certificates that are printed in one file."""

    course_title: str
    sheets: tuple[Sheet, ...]


def of_course(tx: Transaction, actor: Actor | None, course_id: int, *, group: str = '') -> Together:
    """Return all valid certificates of a course, or of one group, by name; the server log notes it.

    One that could not be printed by itself is left out; the admin sees why. One that has not been tried yet will be
    there in a minute, so the file has to wait for it.
    """
    course = access.taught_course(tx, actor, course_id)
    assert actor is not None
    waiting = _count(tx, course_id, group)
    if waiting:
        raise NotSaved(
            plural(
                '{count} certificate is still being printed. Try again in a minute.',
                '{count} certificates are still being printed. Try again in a minute.',
                waiting,
            )
        )
    printed = select(Certificate).where(VALID, col(Certificate.rendered_at).is_not(None), _here(course_id, group))
    rows = tx.session.scalars(
        printed.join(User, col(User.id) == col(Certificate.user_id))
        .order_by(col(User.plain_name), col(User.id))
        .limit(MOST + 1)
    ).all()
    if not rows:
        raise Refused('There is no certificate to print yet. Learners get one when they complete the course.')
    if len(rows) > MOST:
        raise Refused('There are more than {most} certificates. Choose one group.', most=MOST)
    tx.note('certificates taken along', course=course_id, by=actor.user_id, certificates=len(rows))
    return Together(course_title=course.title, sheets=tuple(sheet_of(row) for row in rows))


async def make_pdf(together: Together) -> bytes:
    """Return the certificates as one PDF, each on a page of its own. Raises `Busy` or `NotSaved`."""
    return await pdf.make_one_pdf(together.course_title, together.sheets)


def _count(tx: Transaction, course_id: int, group: str) -> int:
    """Return how many certificates wait for their first print."""
    never_tried = UNPRINTED & (col(Certificate.attempts) == 0)
    return tx.session.scalars(select(func.count(col(Certificate.id))).where(never_tried, _here(course_id, group))).one()


def _here(course_id: int, group: str) -> ColumnElement[bool]:
    """Return the condition for certificates of a course, or of one of its groups."""
    here = col(Certificate.course_id) == course_id
    if not group:
        return here
    members = (
        select(col(Enrollment.user_id))
        .join(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
        .where(col(Enrollment.course_id) == course_id, col(CourseGroup.name) == group)
    )
    return here & col(Certificate.user_id).in_(members)
