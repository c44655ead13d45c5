"""Writes some steps of a plan. A step that somebody else has done meanwhile is left out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import col

from models import Course, Enrollment, Role, RosterClass, RosterPerson, User
from services import access
from services.access import Actor
from services.accounts import passwords
from services.core.events import PersonNamed
from services.core.secrets import REJOIN_CODE_LENGTH, new_code
from services.core.text import plain_name
from services.core.transaction import Transaction
from services.courses import catalog
from services.people.oneroster import found, tying
from services.people.oneroster.known import TEACHERS
from services.people.oneroster.school import Part, Roster
from services.people.oneroster.steps import Kind, Step


def people(tx: Transaction, actor: Actor | None, roster: Roster, steps: Sequence[Step]) -> set[int]:
    """Make accounts and guests, and note who has come and left; returns no course."""
    access.admin(tx, actor)
    here = _person_ids(tx, roster, steps)
    made = _make(tx, [step for step in steps if step.kind in _MADE and step.id not in here], roster)
    made |= {step.id: step.user_id for step in steps if step.kind is Kind.KNOWN and step.id not in here}
    if made:
        row = {'source': roster.source, 'seen_at': tx.now}
        tx.execute(insert(RosterPerson), [row | {'sourced_id': id_, 'user_id': made[id_]} for id_ in made])
    for kind, left_at in ((Kind.LEFT, tx.now), (Kind.BACK, None)):
        if ids := [step.id for step in steps if step.kind is kind]:
            theirs = col(RosterPerson.source) == roster.source, col(RosterPerson.sourced_id).in_(ids)
            tx.execute(update(RosterPerson).where(*theirs).values(left_at=left_at))
    for step in steps:
        if step.kind is Kind.RENAMED:
            _rename(tx, step)
    return set()


def _rename(tx: Transaction, step: Step) -> None:
    """Give a guest the name that the list has now; people with an account choose their own."""
    named = {'name': step.name, 'plain_name': plain_name(step.name), 'updated_at': tx.now}
    guest = col(User.id) == step.user_id, col(User.password_hash).is_(None)
    if tx.change(update(User).where(*guest).values(**named)):
        theirs = col(Enrollment.user_id) == step.user_id, col(Enrollment.removed_at).is_(None)
        for course_id in tx.execute(select(col(Enrollment.course_id)).where(*theirs)).scalars():
            tx.announce(PersonNamed(course_id=course_id, user_id=step.user_id, name=step.name))


def _make(tx: Transaction, steps: Sequence[Step], roster: Roster) -> dict[str, int]:
    """Make a guest of each learner who is new, and an account without a password of each teacher.

    The school says whose address it is: so the teacher, and nobody else, can have a link for a password mailed there.
    """
    learners = [step for step in steps if step.kind is Kind.NEW_LEARNER]
    teachers = [step for step in steps if step.kind is Kind.NEW_TEACHER]
    codes = {new_code(REJOIN_CODE_LENGTH): step for step in learners}
    made: dict[str, int] = {}
    if codes:
        rows = [_row(tx, step) | {'role': Role.STUDENT, 'rejoin_code': code} for code, step in codes.items()]
        returned = insert(User).returning(col(User.rejoin_code), col(User.id))
        made |= {codes[code or ''].id: id_ for code, id_ in tx.execute(returned, rows).all()}
    if teachers:
        emails = {roster.people[step.id].email: step for step in teachers}
        rows = [
            _row(tx, step)
            | {
                'role': Role.INSTRUCTOR,
                'email': email,
                'email_confirmed_at': tx.now,
                'password_hash': passwords.nobodys_hash(),
            }
            for email, step in emails.items()
        ]
        returned = insert(User).returning(col(User.email), col(User.id))
        made |= {emails[email or ''].id: id_ for email, id_ in tx.execute(returned, rows).all()}
    return made


def _row(tx: Transaction, step: Step) -> dict[str, Any]:
    return {'name': step.name, 'plain_name': plain_name(step.name), 'created_at': tx.now, 'updated_at': tx.now}


def classes(tx: Transaction, actor: Actor | None, roster: Roster, steps: Sequence[Step]) -> set[int]:
    """Make, rename, archive and bring back courses; returns those that have changed."""
    access.admin(tx, actor)
    rows = found.classes(tx, roster, [step.id for step in steps])
    owners = _owners(tx, roster, {step.id for step in steps if step.kind is Kind.NEW_CLASS})
    changed = set()
    for step in steps:
        row = rows.get(step.id)
        if row is None and step.kind is Kind.NEW_CLASS:
            rows[step.id] = row = _new_class(tx, actor, roster, step, owners.get(step.id))
        elif row is None and step.kind is Kind.TIED:
            tying.check_is_free(tx, step.course_id)
            rows[step.id] = row = _row_of(tx, roster, step.id, step.course_id)
        elif row is not None and step.kind in _CHANGES:
            _CHANGES[step.kind](tx, actor, row, step)
        if row is not None:
            changed.add(row.course_id)
    return changed


def _owners(tx: Transaction, roster: Roster, ids: Collection[str]) -> dict[str, int]:
    """Return to whom each new course belongs: the first who teaches the class, and has not left the school."""
    teaching = [
        place
        for place in roster.places.values()
        if place.class_id in ids and place.part is Part.TEACHES and not place.is_gone
    ]
    who = found.users(tx, roster, [place.person_id for place in teaching])
    owners: dict[str, int] = {}
    for place in sorted(teaching, key=lambda each: not each.is_primary):
        if (user := who.get(place.person_id)) and user.role in TEACHERS and not user.has_left:
            owners.setdefault(place.class_id, user.id)
    return owners


def _new_class(tx: Transaction, actor: Actor | None, roster: Roster, step: Step, owner_id: int | None) -> RosterClass:
    """Make the course of a class; it belongs to the admin where nobody teaches it."""
    meant = roster.classes[step.id]
    course_id = catalog.create(tx, actor, title=meant.title, subject=meant.subject)
    if owner_id:
        tx.session.get_one(Course, course_id).owner_id = owner_id
    return _row_of(tx, roster, meant.id, course_id)


def _row_of(tx: Transaction, roster: Roster, class_id: str, course_id: int) -> RosterClass:
    """Note that a class is a course."""
    meant = roster.classes[class_id]
    row = RosterClass(
        source=roster.source,
        sourced_id=meant.id,
        course_id=course_id,
        title=meant.title,
        school=meant.school,
        terms=list(meant.terms),
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def _retitle(tx: Transaction, actor: Actor | None, row: RosterClass, step: Step) -> None:
    course = access.taught_course(tx, actor, row.course_id)
    catalog.edit(tx, actor, course.id, title=step.name, description=course.description, subject=course.subject)
    row.title = step.name
    tx.session.add(row)


def _end(tx: Transaction, actor: Actor | None, row: RosterClass, _: Step) -> None:
    row.left_at = tx.now
    tx.session.add(row)
    course = tx.session.get_one(Course, row.course_id)
    if course.archived_at is None and course.deleted_at is None:
        catalog.archive(tx, actor, row.course_id, archived=True)


def _resume(tx: Transaction, actor: Actor | None, row: RosterClass, _: Step) -> None:
    row.left_at = None
    tx.session.add(row)
    catalog.archive(tx, actor, row.course_id, archived=False)


_CHANGES: Mapping[Kind, Callable[[Transaction, Actor | None, RosterClass, Step], None]] = {
    Kind.RETITLED: _retitle,
    Kind.ENDED: _end,
    Kind.RESUMED: _resume,
}


def note_classes(tx: Transaction, roster: Roster) -> None:
    """Keep which school and terms each class names, for its results."""
    for row in tx.session.scalars(select(RosterClass).where(col(RosterClass.source) == roster.source)).all():
        meant = roster.classes.get(row.sourced_id)
        if meant and not meant.is_gone:
            row.school, row.terms = meant.school, list(meant.terms)
            tx.session.add(row)


def _person_ids(tx: Transaction, roster: Roster, steps: Sequence[Step]) -> set[str]:
    theirs = (
        col(RosterPerson.source) == roster.source,
        col(RosterPerson.sourced_id).in_([step.id for step in steps]),
    )
    return set(tx.execute(select(col(RosterPerson.sourced_id)).where(*theirs)).scalars())


_MADE = frozenset({Kind.NEW_LEARNER, Kind.NEW_TEACHER})
