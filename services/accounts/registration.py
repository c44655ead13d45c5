"""Becoming somebody: registering an account, and the one-time links that let staff do so."""

from dataclasses import dataclass, replace
from datetime import timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import exists, select, update
from sqlmodel import col

from models import Agreement, Course, Invitation, Role, User
from services import access
from services.access import Actor
from services.accounts import addresses, agreements, parent_codes, passwords
from services.accounts.first_step import admit, arrived, check_local
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import Forbidden, Gone, Invalid
from services.core.secrets import new_token, read_code, token_hash
from services.core.server_address import network_of
from services.core.text import plain_name, read_address, read_name
from services.core.transaction import Transaction
from services.mail import delivery
from settings import Registration, settings

SETUP_LINK_LIFETIME = timedelta(days=7)
INVITATION_LIFETIME = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What somebody typed to register."""

    name: str
    email: str
    password: str
    role: Role = Role.STUDENT
    code: str = ''
    """A class code, where students need one to register; of a parent, the code from their child or the school."""
    invitation: str = ''
    """The token of an invitation; it decides the role."""
    language: str = ''
    """The code of the language in which they read, for the mail that asks them to confirm their address."""
    agreement: Agreement | None = None
    """Of a learner, who agrees that they register, where the school asks."""


async def register(new: NewAccount, *, device: str, replaces: str | None = None, address: str = '') -> Entered:
    """Create an account and sign it in; raises `HalfWay` where it needs a second factor first."""
    checked = await check(new, address=address)
    outcome = await database.write(lambda tx: admit(tx, create(tx, checked), device, replaces))
    delivery.hurry()
    return arrived(outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAccount:
    """What somebody typed to register, in order."""

    new: NewAccount
    email: str
    password_hash: str
    may_mail: bool = True
    """whether the address is asked to be confirmed; not where too many accounts were made from one place"""


async def check(new: NewAccount, *, address: str = '') -> CheckedAccount:
    """Return what can be registered, or raise `Invalid`; raises `Busy` when too much is waiting."""
    name = read_name(new.name)
    email = check_email(new.email)
    passwords.check_acceptable(new.password)
    return CheckedAccount(
        new=replace(new, name=name),
        email=email,
        password_hash=await passwords.hash_of(new.password, address=network_of(address)),
        may_mail=addresses.may_cause_mail(network_of(address)),
    )


def create(tx: Transaction, checked: CheckedAccount) -> int:
    """Create an account; returns the id of the person."""
    new = checked.new
    role = _use_invitation(tx, new.invitation) if new.invitation else _role_without_invitation(tx, new)
    check_local(role)
    check_free(tx, checked.email)
    user = User(
        name=new.name,
        plain_name=plain_name(new.name),
        email=checked.email,
        password_hash=checked.password_hash,
        role=role,
        created_at=tx.now,
        updated_at=tx.now,
    )
    if role is Role.STUDENT:
        agreements.record(tx, user, new.agreement)
    tx.session.add(user)
    tx.session.flush()
    if role is Role.PARENT:
        parent_codes.use(tx, user.id, new.code)
    if checked.may_mail:
        addresses.have_confirmed(tx, user, language=new.language)
    tx.note('registered', user=user.id, role=role)
    return user.id


def _role_without_invitation(tx: Transaction, new: NewAccount) -> Role:
    if new.role is Role.INSTRUCTOR:
        if settings().instructor_registration is not Registration.OPEN:
            raise Forbidden('Instructors need an invitation here. Ask your school for a link.')
        return Role.INSTRUCTOR
    if new.role is Role.PARENT:
        parent_codes.check(tx, new.code)  # before anything is said of the address; it is used below
        return Role.PARENT
    if new.role is not Role.STUDENT:
        raise Forbidden('This kind of account needs an invitation. Ask your school for a link.')
    if settings().student_registration is Registration.INVITATION:
        raise Forbidden('Students need an invitation here. Ask your school, or join a class with its code.')
    if settings().student_registration is Registration.CODE:
        is_open = col(Course.code_open), col(Course.archived_at).is_(None), col(Course.deleted_at).is_(None)
        course = exists().where(col(Course.code) == read_code(new.code), *is_open)
        if not tx.execute(select(course)).scalar():
            raise Invalid('Give the code of your class to register. Your instructor has it.', field='code')
    return Role.STUDENT


def set_up_link(tx: Transaction) -> str | None:
    """Return a new one-time token with which the first admin registers, or None if there is an admin already."""
    if is_set_up(tx):
        return None
    outdated = col(Invitation.role) == Role.ADMIN, col(Invitation.used_at).is_(None)
    tx.execute(update(Invitation).where(*outdated).values(used_at=tx.now))
    return _new_invitation(tx, Role.ADMIN, None, SETUP_LINK_LIFETIME)


def invite_instructor(tx: Transaction, actor: Actor | None) -> str:
    """Return a one-time token with which somebody registers as an instructor."""
    actor = access.admin(tx, actor)
    tx.note('instructor invited', by=actor.user_id)
    return _new_invitation(tx, Role.INSTRUCTOR, actor.user_id, INVITATION_LIFETIME)


def invite_admin(tx: Transaction, actor: Actor | None) -> str:
    """Return a one-time token with which somebody registers as one more admin."""
    actor = access.admin(tx, actor)
    tx.note('admin invited', by=actor.user_id)
    return _new_invitation(tx, Role.ADMIN, actor.user_id, INVITATION_LIFETIME)


def admin_link(tx: Transaction) -> str:
    """Return a one-time token for one more admin; for people who may start commands on the server."""
    tx.note('admin link made on the server')
    return _new_invitation(tx, Role.ADMIN, None, SETUP_LINK_LIFETIME)


def is_set_up(tx: Transaction) -> bool:
    """Return whether there is an admin already."""
    return bool(tx.execute(select(exists().where(col(User.role) == Role.ADMIN))).scalar())


def is_empty(tx: Transaction) -> bool:
    """Return whether nobody has been here yet, so that there is no class to join either."""
    return not tx.execute(select(exists().where(col(User.id).is_not(None)))).scalar()


def invitation_role(tx: Transaction, token: str) -> Role:
    """Return what an invitation that is still open lets its holder become, else raise `Gone`."""
    return _open_invitation(tx, token, to_use=False).role


def check_email(typed: str) -> str:
    """Return an e-mail address in its normal form, or raise `Invalid`."""
    try:
        return validate_email(read_address(typed), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid('This is not an e-mail address. It looks like amina@example.org.', field='email') from error


def check_free(tx: Transaction, email: str) -> None:
    """Raise `Invalid` if there is an account with this address already."""
    if tx.execute(select(exists().where(col(User.email) == email))).scalar():
        raise Invalid('There is an account with this e-mail address already. Sign in instead.', field='email')


def _new_invitation(tx: Transaction, role: Role, invited_by: int | None, lifetime: timedelta) -> str:
    token = new_token()
    invitation = Invitation(
        token_hash=token_hash(token),
        role=role,
        invited_by=invited_by,
        created_at=tx.now,
        expires_at=tx.now + lifetime,
    )
    tx.session.add(invitation)
    return token


def _open_invitation(tx: Transaction, token: str, *, to_use: bool) -> Invitation:
    mine = select(Invitation).where(col(Invitation.token_hash) == token_hash(token))
    invitation = tx.execute(mine.with_for_update() if to_use else mine).scalar_one_or_none()
    if invitation is None or invitation.used_at or invitation.expires_at <= tx.now:
        raise Gone('This link has been used already or is too old. Ask for a new one.')
    found: Invitation = invitation
    return found


def _use_invitation(tx: Transaction, token: str) -> Role:
    invitation = _open_invitation(tx, token, to_use=True)
    invitation.used_at = tx.now
    tx.session.add(invitation)
    return invitation.role
