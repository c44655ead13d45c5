"""Certificates after who is who has changed: each completion of a course that gives them has one, nothing else has.

A completion that holds only together with the work of a guest goes when the guest is separated, and its certificate
with it. It comes back when they are merged again: what was printed is true again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from models import Certificate, Course, Enrollment, User, Verb
from services.certificates import issuing
from services.certificates.validity import is_valid
from services.core.projection import Form, Part, Projection, State
from services.core.transaction import Transaction

Issued = tuple[int, int, str]
"""(user id, course id, serial number)"""


def settle(tx: Transaction, people: Collection[int]) -> None:
    """Bring the certificates of people in line with what they have completed."""
    held: dict[tuple[int, int], list[Certificate]] = {}
    theirs = select(Certificate).where(col(Certificate.user_id).in_(people)).order_by(col(Certificate.id))
    for certificate in tx.session.scalars(theirs):
        held.setdefault((certificate.course_id, certificate.user_id), []).append(certificate)
    places = select(col(Enrollment.course_id), col(Enrollment.user_id), col(Enrollment.completed_at))
    rows = tx.execute(places.where(col(Enrollment.user_id).in_(people)).order_by(col(Enrollment.id))).all()
    for course_id, user_id, completed_at in rows:
        if completed_at:
            _give(tx, course_id, user_id, completed_at, held.get((course_id, user_id), []))
    for course_id, user_id, completed_at in rows:
        if not completed_at:
            _take_back(tx, held.get((course_id, user_id), []))


def _give(tx: Transaction, course_id: int, user_id: int, completed_at: datetime, held: Sequence[Certificate]) -> None:
    if any(map(is_valid, held)) or (held and held[-1].revoked_by):
        return  # what somebody revoked by hand stays revoked
    if not held:
        issuing.issue(tx, course_id, {user_id: completed_at})
        return
    held[-1].revoked_at = held[-1].replaced_by_id = None
    tx.session.add(held[-1])
    tx.session.flush()


def _take_back(tx: Transaction, held: Sequence[Certificate]) -> None:
    for certificate in filter(is_valid, held):
        heir = tx.session.get_one(User, certificate.user_id).merged_into_id
        newer = valid(tx, certificate.course_id, heir) if heir else None
        if newer:
            certificate.replaced_by_id = newer.id
        else:
            certificate.revoked_at = tx.now
        tx.session.add(certificate)
        tx.session.flush()


def valid(tx: Transaction, course_id: int, user_id: int) -> Certificate | None:
    """Return the valid certificate of a learner for a course."""
    theirs = col(Certificate.course_id) == course_id, col(Certificate.user_id) == user_id
    found = tx.session.scalars(select(Certificate).where(*theirs)).all()
    return next(filter(is_valid, found), None)


def differences(tx: Transaction, part: Part) -> list[str]:
    """Compare certificates with the log: each completion has a valid one where the course gives any, unless revoked."""
    issued = part.folded(tx, STATE).keys()
    theirs = select(Certificate).where(col(Certificate.user_id).in_(part.people))
    rows = tx.session.scalars(theirs.order_by(col(Certificate.id))).all()
    stored = {(row.user_id, row.course_id, row.serial) for row in rows}
    latest = {(row.user_id, row.course_id): row for row in rows}
    valid_ones = {key for key, row in latest.items() if is_valid(row)}
    revoked = {key for key, row in latest.items() if row.revoked_by}
    done = col(Enrollment.user_id).in_(part.people), col(Enrollment.completed_at).is_not(None)
    places = select(col(Enrollment.user_id), col(Enrollment.course_id)).where(*done)
    completed = {(user_id, course_id) for user_id, course_id in tx.execute(places)}
    giving = set(tx.execute(select(col(Course.id)).where(col(Course.gives_certificates))).scalars())
    found = [f'certificate {key}: in one of log and table only' for key in issued ^ stored]
    found += [f'certificate of {key}: valid without a completed course' for key in valid_ones - completed]
    without = completed - valid_ones - revoked
    return found + [f'certificate of {key}: none is valid' for key in without if key[1] in giving]


def _issue(_: Transaction, part: Part, issued: dict[Issued, datetime]) -> None:
    certified = (each for each in part.own() if each.verb is Verb.CERTIFIED)
    issued.update(((each.user_id, each.of_course, each.words), each.at) for each in certified)


STATE: State[Issued, datetime] = State(name='certified', form=Form(list[tuple[Issued, datetime]]), fold=_issue)
PROJECTION = Projection(
    name='certificates',
    rebuild=lambda tx, part: settle(tx, part.people),
    states=(STATE,),
    differences=differences,
)
"""The log follows the certificates."""
