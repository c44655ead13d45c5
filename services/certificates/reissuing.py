"""Certificates that have to change: issued again with another name, or revoked because they were an error."""

from models import Certificate, Course, Enrollment, User
from services import access
from services.access import Actor
from services.certificates import issuing
from services.certificates.reconciling import valid
from services.core.errors import Refused
from services.core.secrets import new_serial
from services.core.text import read_name
from services.core.transaction import Transaction


def issue_again(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, name: str) -> str:
    """Issue the certificate of a learner again, with the name as it should be printed; returns the new serial.

    The one before says from then on that it has been replaced.
    """
    course = access.taught_course(tx, actor, course_id)
    assert actor is not None
    person, place = _learner(tx, course_id, user_id)
    if place.completed_at is None:
        raise Refused('{name} has not completed this course yet.', name=person.name)
    name = read_name(name)
    before = valid(tx, course_id, user_id)
    if before:
        before.revoked_at = tx.now  # for this moment, because nobody has two valid ones
        tx.session.add(before)
        tx.session.flush()
    fresh = _fresh(tx, actor, course, place, name)
    if before:
        before.revoked_at, before.replaced_by_id = None, fresh.id
        tx.session.add(before)
    issuing.tell(tx, course_id, {user_id: fresh.serial})
    return fresh.serial


def revoke(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int) -> None:
    """Take a certificate back that should not have been issued; issuing it again is the way back."""
    access.taught_course(tx, actor, course_id)
    assert actor is not None
    person, _place = _learner(tx, course_id, user_id)
    certificate = valid(tx, course_id, user_id)
    if certificate is None:
        raise Refused('{name} has no valid certificate for this course.', name=person.name)
    certificate.revoked_at, certificate.revoked_by = tx.now, actor.user_id
    tx.session.add(certificate)
    tx.note('certificate revoked', course=course_id, user=user_id, by=actor.user_id)


def _fresh(tx: Transaction, actor: Actor, course: Course, place: Enrollment, name: str) -> Certificate:
    assert place.completed_at is not None
    fresh = Certificate(
        serial=new_serial(),
        course_id=course.id,
        user_id=place.user_id,
        name=name,
        course_title=course.title,
        completed_at=place.completed_at,
        issued_at=tx.now,
        issued_by=actor.user_id,
    )
    tx.session.add(fresh)
    tx.session.flush()
    return fresh


def _learner(tx: Transaction, course_id: int, user_id: int) -> tuple[User, Enrollment]:
    place = access.enrollment(tx, course_id, user_id, locked=True)
    return tx.session.get_one(User, user_id), place
