"""People of the whole school, as an admin finds them and changes what they may do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import col

from models import Agreement, DeviceKind, Enrollment, Role, SecondFactor, SignIn, User
from services import access
from services.access import Actor
from services.accounts import parent_codes, second_factor, sign_ins
from services.core.errors import Invalid, NotFound, Refused
from services.core.phrases import phrase
from services.core.text import line, plain_name
from services.core.transaction import Transaction

GIVEN: tuple[Role, ...] = (Role.STUDENT, Role.INSTRUCTOR, Role.PARENT, Role.ADMIN)
"""the roles that an admin gives"""
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person of the school, as an admin sees them in a list."""

    user_id: int
    name: str
    email: str | None
    role: Role
    is_guest: bool
    is_disabled: bool
    is_erased: bool
    has_second_factor: bool
    agreement: Agreement | None
    """who agrees that they registered, as they said; None where the school did not ask"""
    since: datetime
    last_seen_at: datetime | None
    """when one of their devices was last in use; None while they are signed in nowhere"""


def people(tx: Transaction, actor: Actor | None, *, search: str = '', after: int = 0, limit: int = 50) -> list[Account]:
    """Return the people whose name or e-mail address has a text in it, in the order in which they came."""
    access.admin(tx, actor)
    which = [col(User.id) > after, col(User.merged_into_id).is_(None)]
    if wanted := line(search[:LONGEST_SEARCH]):
        by_name = col(User.plain_name).contains(plain_name(wanted), autoescape=True)
        which.append(or_(by_name, col(User.email).contains(wanted.lower(), autoescape=True)))
    return _accounts(tx, *which, limit=limit)


def one(tx: Transaction, actor: Actor | None, *, user_id: int) -> Account:
    """Return one person."""
    access.admin(tx, actor)
    found = _accounts(tx, col(User.id) == user_id, limit=1)
    if not found:
        raise NotFound(_NOBODY)
    return found[0]


def change_role(tx: Transaction, actor: Actor | None, *, user_id: int, role: Role) -> None:
    """Give a person another role. They are signed out everywhere, and come back with the new role;
    links to parents or children end."""
    actor = access.admin(tx, actor)
    person = _person(tx, user_id)
    if person.password_hash is None:
        raise Refused('{person} is a guest, and guests learn. They make an account first.', person=person.name)
    if role not in GIVEN:
        raise Invalid('Choose one of the roles of the list.', field='role')
    if person.role is role:
        return
    if role is not Role.ADMIN:
        keep_an_admin(tx, person)
    if role is Role.PARENT:
        _check_learns_nowhere(tx, person)
    give_role(tx, person, role, by=actor.user_id)


def give_role(tx: Transaction, person: User, role: Role, *, by: int | None) -> None:
    """Give somebody another role, and end what came with the one before; the caller has checked that it may be."""
    parent_codes.end_links_of(tx, person.id)
    before, person.role, person.updated_at = person.role, role, tx.now
    tx.session.add(person)
    tx.session.flush()
    ended = sign_ins.end_all(tx, person.id)
    tx.note('role changed', user=person.id, before=before, role=role, by=by, signed_out=ended)


def disable(tx: Transaction, actor: Actor | None, *, user_id: int) -> None:
    """Switch an account off: the person is signed out everywhere and cannot come back. What they did stays."""
    actor = access.admin(tx, actor)
    person = _person(tx, user_id)
    if person.disabled_at:
        return
    keep_an_admin(tx, person)
    person.disabled_at = person.updated_at = tx.now
    tx.session.add(person)
    tx.session.flush()
    tx.note('account disabled', user=user_id, by=actor.user_id, signed_out=sign_ins.end_all(tx, user_id))


def enable(tx: Transaction, actor: Actor | None, *, user_id: int) -> None:
    """Switch an account on again."""
    actor = access.admin(tx, actor)
    person = _person(tx, user_id)
    if person.erased_at:
        raise Refused('{person} was erased, and nobody can come back to that account.', person=person.name)
    person.disabled_at, person.updated_at = None, tx.now
    tx.session.add(person)
    tx.session.flush()
    tx.note('account enabled', user=user_id, by=actor.user_id)


def sign_out(tx: Transaction, actor: Actor | None, *, user_id: int) -> int:
    """Sign a person out on all their devices; returns how many there were."""
    actor = access.admin(tx, actor)
    ended = sign_ins.end_all(tx, _person(tx, user_id).id)
    tx.note('signed out by an admin', user=user_id, by=actor.user_id, signed_out=ended)
    return ended


def reset_second_factor(tx: Transaction, actor: Actor | None, *, user_id: int) -> None:
    """Remove the second factor of a person who has lost it. They are signed out everywhere; the log says by whom."""
    actor = access.admin(tx, actor)
    person = _person(tx, user_id)
    if person.id == actor.user_id:
        raise Refused('Remove your own second factor on your account page.')
    if not second_factor.remove(tx, person.id, by=actor.user_id):
        raise Refused('{person} has no second factor.', person=person.name)
    sign_ins.end_all(tx, person.id)


def keep_an_admin(tx: Transaction, person: User) -> None:
    """Raise `Refused` if there would be no admin without this person; two who ask at once wait for each other."""
    ready = select(col(User.id)).where(col(User.role) == Role.ADMIN, col(User.disabled_at).is_(None))
    admins = set(tx.execute(ready.order_by(col(User.id)).with_for_update()).scalars())
    if admins <= {person.id} and person.role is Role.ADMIN:
        raise Refused('{person} is the only admin. Make somebody else an admin first.', person=person.name)


def _accounts(tx: Transaction, *which: ColumnElement[bool], limit: int) -> list[Account]:
    devices = col(SignIn.user_id) == col(User.id), col(SignIn.kind) != DeviceKind.SERVICE
    seen_at = select(func.max(col(SignIn.seen_at))).where(*devices).scalar_subquery()
    factor = exists().where(col(SecondFactor.user_id) == col(User.id))
    found = select(User, seen_at, factor).where(*which).order_by(col(User.id)).limit(limit)
    return [_account(person, at, has_factor) for person, at, has_factor in tx.execute(found)]


def _account(person: User, seen_at: datetime | None, has_factor: bool) -> Account:
    return Account(
        user_id=person.id,
        name=person.name,
        email=person.email,
        role=person.role,
        is_guest=person.password_hash is None,
        is_disabled=person.disabled_at is not None,
        is_erased=person.erased_at is not None,
        has_second_factor=has_factor,
        agreement=person.agreement,
        since=person.created_at,
        last_seen_at=seen_at,
    )


def _person(tx: Transaction, user_id: int) -> User:
    found: User | None = tx.execute(select(User).where(col(User.id) == user_id).with_for_update()).scalar_one_or_none()
    if found is None or found.merged_into_id:
        raise NotFound(_NOBODY)
    return found


def _check_learns_nowhere(tx: Transaction, person: User) -> None:
    """Raise `Refused` for somebody who has a place in a course, as parents have none."""
    learns = exists().where(col(Enrollment.user_id) == person.id, col(Enrollment.removed_at).is_(None))
    if tx.execute(select(learns)).scalar():
        raise Refused('{person} learns in a course. Take them out of it first.', person=person.name)


_NOBODY = phrase('There is no such person.')
