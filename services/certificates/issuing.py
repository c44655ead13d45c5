"""Issuing certificates: in the transaction in which somebody completes a course."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, exists, insert, literal, select
from sqlmodel import col

from models import Certificate, Course, Enrollment, Verb, table
from models import User as Person
from services.activity import recording
from services.activity.log import Entry
from services.certificates.validity import VALID
from services.core.secrets import new_serial
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


def issue(tx: Transaction, course_id: int, completed: Mapping[int, datetime]) -> None:
    """Give learners who have completed a course their certificate, all at once; learners who have a valid one keep it.

    Nobody gets one where the course gives none. The log is told each serial, so that `verify` can tell a row that
    nobody was ever given.
    """
    people = _WITHOUT.rows(tx.connection, course=course_id, users=list(completed))
    if not people:
        return
    rows = [
        {
            'serial': new_serial(),
            'course_id': course_id,
            'user_id': user_id,
            'name': name,
            'course_title': title,
            'completed_at': completed[user_id],
            'issued_at': tx.now,
            'attempts': 0,
            'problem': '',
        }
        for user_id, name, title in people
    ]
    _ISSUE.each(tx.connection, rows)
    tell(tx, course_id, {row['user_id']: row['serial'] for row in rows})


def missing(tx: Transaction) -> dict[int, dict[int, datetime]]:
    """Return who completed a course before there were certificates: by course, the learners and when they did."""
    has_one = exists().where(
        col(Certificate.course_id) == col(Enrollment.course_id), col(Certificate.user_id) == col(Enrollment.user_id)
    )
    without = select(col(Enrollment.course_id), col(Enrollment.user_id), col(Enrollment.completed_at))
    without = without.join(Course, col(Course.id) == col(Enrollment.course_id)).where(
        col(Enrollment.completed_at).is_not(None), col(Course.gives_certificates), ~has_one
    )
    by_course: dict[int, dict[int, datetime]] = {}
    for course_id, user_id, completed_at in tx.execute(without):
        assert completed_at is not None
        by_course.setdefault(course_id, {})[user_id] = completed_at
    return by_course


def issue_missing(tx: Transaction) -> int:
    """Give a certificate to everybody who completed a course before there were any; returns how many got one."""
    by_course = missing(tx)
    for course_id, completed in sorted(by_course.items()):
        issue(tx, course_id, completed)
    return sum(map(len, by_course.values()))


def tell(tx: Transaction, course_id: int, serials: Mapping[int, str]) -> None:
    """Write to the log who was given which serial, and to the server log how many."""
    entries = [
        Entry(user_id=user_id, tap_id=f'certified:{serial}', verb=Verb.CERTIFIED, course_id=course_id, words=serial)
        for user_id, serial in serials.items()
    ]
    recording.record(tx, entries)
    tx.note('certificates issued', course=course_id, users=list(serials))


_certificates, _people, _courses = table(Certificate), table(Person), table(Course)
_HAS_VALID = exists(literal(1)).where(
    _certificates.c.course_id == bindparam('course'),
    _certificates.c.user_id == _people.c.id,
    VALID,
)
_WITHOUT = Prepared(
    select(_people.c.id, _people.c.name, _courses.c.title)
    .join(_courses, (_courses.c.id == bindparam('course')) & _courses.c.gives_certificates)
    .where(among(_people.c.id, 'users'), ~_HAS_VALID)
    .order_by(_people.c.id)
)
_ISSUE = Prepared(
    insert(_certificates),
    columns=(
        'serial',
        'course_id',
        'user_id',
        'name',
        'course_title',
        'completed_at',
        'issued_at',
        'attempts',
        'problem',
    ),
)
