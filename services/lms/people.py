"""People who come from a platform: known again by issuer and subject, and by nothing else."""

from sqlalchemy import select
from sqlmodel import col

from models import LtiIdentity, Role, User
from services.accounts import passwords
from services.core.errors import DomainError, Forbidden, Refused
from services.core.secrets import token_hash
from services.core.text import LONGEST_NAME, plain_name, read_name
from services.core.transaction import Transaction
from services.lms.platforms import Platform


def known(tx: Transaction, issuer: str, subject: str) -> User | None:
    """Return who somebody from a platform is here, if they have been here."""
    mine = col(LtiIdentity.issuer) == issuer, col(LtiIdentity.subject) == subject
    found = select(User).join(LtiIdentity, col(LtiIdentity.user_id) == col(User.id)).where(*mine)
    person: User | None = tx.session.scalars(found).one_or_none()
    if person and person.merged_into_id:
        return tx.session.get_one(User, person.merged_into_id)
    return person


def make(tx: Transaction, platform: Platform, *, subject: str, name: str, role: Role) -> User:
    """Make an account for somebody from a platform; they enter from there, and have no password.

    Their e-mail address stays where it is: an address that a platform gives proves nothing here.
    """
    shown = _readable(name, subject)
    person = User(
        name=shown,
        plain_name=plain_name(shown),
        role=role,
        password_hash=passwords.nobodys_hash(),
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.session.add(person)
    tx.session.flush()
    join(tx, platform, subject=subject, person=person)
    tx.note('person from a platform', platform=platform.platform_id, user=person.id, role=role)
    return person


def join(tx: Transaction, platform: Platform, *, subject: str, person: User) -> None:
    """Let somebody from a platform be a person who is here already, and who has just proved it."""
    check_may_enter(person)
    if person.role not in {Role.INSTRUCTOR, Role.STUDENT}:
        raise Refused('Only accounts of people who teach or learn can be joined with a platform.')
    tx.session.add(
        LtiIdentity(issuer=platform.issuer, subject=subject, user_id=person.id, made_at=tx.now),
    )
    tx.session.flush()


def check_may_enter(person: User) -> None:
    """Refuse admins, who prove here and not to another system that they run the school, and parents."""
    if person.role is Role.ADMIN:
        raise Forbidden('Admins sign in here with their password, not from a learning management system.')
    if person.role is Role.PARENT:
        raise Forbidden('This is for people in courses. As a parent you see how your children learn.')


def _readable(name: str, subject: str) -> str:
    """Return a name that can be shown; platforms may give none away."""
    try:
        return read_name(name[:LONGEST_NAME])
    except DomainError:
        return f'Learner {token_hash(subject)[:6]}'
