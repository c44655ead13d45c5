"""Links that let a person in who has forgotten their password: with an account they choose a new one, guests go on.

An admin makes a link for anybody. An instructor makes one only for guests whom they teach: with a link for an account
they could take it over, and with it what the person does elsewhere. Where mails are sent, people have one mailed to
their confirmed address: it is made when the mail is, so no link ever lies in the database or in a log.
A link is signed, works once and for an hour; only its hash is stored. Its person sees on their account page who made
it, and admins see all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models import MailKind, PasswordReset, Role, User
from services import access
from services.access import Actor
from services.accounts import addresses, passwords, throttle
from services.accounts.first_step import admit, arrived, refuse_local
from services.accounts.guessing import Origin
from services.accounts.half_way import HalfWay
from services.accounts.registration import check_email
from services.accounts.sign_ins import Entered, end_all, enter, refuse_disabled
from services.accounts.throttle import Count
from services.core import database
from services.core.errors import Forbidden, Gone, Invalid, NotFound, Refused
from services.core.phrases import phrase
from services.core.secrets import new_token, token_hash
from services.core.server_address import network_of, public_url
from services.core.text import read_address
from services.core.transaction import Transaction
from services.mail import delivery, mail_server, outbox
from services.mail.letters import Addressed, Letter
from settings import settings

LIFETIME = timedelta(hours=1)
SHOWN_FOR = timedelta(days=30)
"""how long a person and the admins see that a link was made"""
MOST_SHOWN = 100
MAILS_OF_BROWSER = 10
"""that somebody has sent from one browser before the next one has to wait"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOwner:
    """For whom a link is; guests have no password."""

    name: str
    email: str | None
    is_guest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLink:
    """A link that was made lately: for whom, by whom, and whether it was used."""

    name: str
    email: str | None
    made_by: str
    """name; empty where it was asked for by mail or on the server itself"""
    made_at: datetime
    used_at: datetime | None
    """when a password was chosen with it, or a newer link or a change of the account ended it"""


def make_link(tx: Transaction, actor: Actor | None, *, user_id: int) -> str:
    """Return the token of a link for a guest whom the actor teaches, or for anybody if the actor is an admin."""
    actor = access.signed_in(tx, actor)
    person = access.student(tx, actor, user_id)
    if person.password_hash and actor.role is not Role.ADMIN:
        raise Forbidden(
            '{person} has an account with an e-mail address. Ask an admin of your school for the link.',
            person=person.name,
        )
    return make(tx, person, by=actor.user_id)


def make_link_for(tx: Transaction, actor: Actor | None, *, email: str) -> str:
    """Return the token of a link for the account with an e-mail address."""
    actor = access.admin(tx, actor)
    user = tx.execute(select(User).where(col(User.email) == read_address(email))).scalar_one_or_none()
    if user is None:
        raise Invalid('There is no account with this e-mail address.', field='email')
    return make(tx, user, by=actor.user_id)


async def ask(*, email: str, origin: Origin, language: str = '') -> None:
    """Have a link mailed to an address, if it is the confirmed one of an account.

    Nobody learns whether it is: whether there is an account is looked up when the mail is sent, and nothing of what
    happens until then depends on it. Raises `Invalid`, or `TooManyAttempts` for an address, browser or network.
    """
    if not mail_server.is_ready():
        raise Refused('No mails are sent here. Ask your school for a link.')
    email = check_email(email)
    addresses.resets_from.take(network_of(origin.address))
    await database.write(_ask, email, origin.browser, language)
    delivery.hurry()


def mailed(tx: Transaction, to: Addressed) -> Letter | None:
    """Return the mail with a fresh link, or None if there is no account that may have one."""
    may = col(User.email_confirmed_at).is_not(None), col(User.disabled_at).is_(None)
    mine = select(User).where(col(User.email) == to.address, col(User.password_hash).is_not(None), *may)
    user: User | None = tx.execute(mine).scalar_one_or_none()
    if user is None:
        return None
    link = make(tx, user, by=None)
    return Letter(
        subject=phrase('A link for a new password'),
        before=(
            phrase('Somebody, probably you, has asked for a new password for your account at our school.'),
            phrase('Choose one on this page. The link works once, within an hour:'),
        ),
        link=f'{public_url()}/new-password?link={link}',
        after=(phrase('You have not asked for it? Then do nothing: your password stays as it is.'),),
        language=user.language,
    )


def holder(tx: Transaction, link: str) -> LinkOwner:
    """Return for whom a link is; raises `Gone` or `NotFound` if it leads nowhere."""
    person = tx.session.get_one(User, _open(tx, link, lock=False).user_id)
    return LinkOwner(name=person.name, email=person.email, is_guest=person.password_hash is None)


def made_for(tx: Transaction, actor: Actor | None) -> list[MadeLink]:
    """Return the links that others made for the actor lately, the newest first."""
    actor = access.signed_in(tx, actor)
    return _lately(tx, col(PasswordReset.user_id) == actor.user_id)


def of_school(tx: Transaction, actor: Actor | None) -> list[MadeLink]:
    """Return the links that were made lately in the whole school, the newest first."""
    access.admin(tx, actor)
    return _lately(tx)


def forget_old(tx: Transaction) -> int:
    """Delete what was kept of old links; returns how many. To be called once a day."""
    return tx.change(delete(PasswordReset).where(col(PasswordReset.expires_at) < tx.now - SHOWN_FOR))


async def choose_password(
    link: str, password: str, *, device: str, replaces: str | None = None, address: str = ''
) -> Entered:
    """Set a new password by a link. This device is signed in; all others of this person are signed out.

    Raises `HalfWay`, with the new password set, for an account that needs a second factor.
    """
    password_hash = await _hash_for(link, password, address)
    return arrived(await database.write(_choose, link, password_hash, device, replaces))


async def replace_password(link: str, password: str, *, address: str = '') -> None:
    """Set a new password by a link for a client, which signs in with it as everybody does. All devices are out."""
    password_hash = await _hash_for(link, password, address)
    await database.write(_replace, link, password_hash)


def come_back(tx: Transaction, link: str, *, device: str, replaces: str | None = None) -> Entered:
    """Sign a guest in by a link; their other devices stay signed in."""
    reset = _open(tx, link, lock=True)
    if tx.session.get_one(User, reset.user_id).password_hash is not None:
        raise Refused('Choose a new password with this link.')
    reset.used_at = tx.now
    tx.session.add(reset)
    tx.session.flush()
    tx.note('guest came back by a link', user=reset.user_id, made_by=reset.made_by)
    return enter(tx, reset.user_id, device, replaces)


def _ask(tx: Transaction, email: str, browser: str, language: str) -> None:
    account = throttle.account_key(None, email)  # by the address, so that unknown ones are slowed in the same way
    counts = [Count(key=f'mail to {account}', free=addresses.FREE_MAILS)]
    if browser:
        counts.append(Count(key=f'mails by {token_hash(browser)[:32]}', free=MAILS_OF_BROWSER))
    throttle.check(tx, counts, said=throttle.too_many_mails)
    throttle.failed(tx, counts)
    outbox.put(tx, MailKind.RESET, Addressed(address=email, language=language), lifetime=LIFETIME)
    tx.note('password reset asked')


async def _hash_for(link: str, password: str, address: str) -> str:
    if (await database.read(holder, link)).is_guest:
        raise Refused('Guests have no password. Open the link again and go on without one.')
    passwords.check_acceptable(password)
    return await passwords.hash_of(password, address=network_of(address))


def _choose(tx: Transaction, link: str, password_hash: str, device: str, replaces: str | None) -> Entered | HalfWay:
    return admit(tx, _replace(tx, link, password_hash), device, replaces)


def _replace(tx: Transaction, link: str, password_hash: str) -> int:
    """Set the password of the person of a link; returns the id of that person."""
    reset = _open(tx, link, lock=True)
    refuse_local(tx, reset.user_id)
    refuse_disabled(tx, reset.user_id)
    reset.used_at = tx.now
    user = tx.session.get_one(User, reset.user_id)
    user.password_hash = password_hash
    user.updated_at = tx.now
    tx.session.add_all([reset, user])
    tx.session.flush()
    ended = end_all(tx, user.id)
    throttle.forget_account(tx, user.id)
    tx.note('password reset', user=user.id, made_by=reset.made_by, signed_out=ended)
    return user.id


def make(tx: Transaction, user: User, *, by: int | None) -> str:
    """Return the token of a new link for a person; older ones of theirs end. The caller has checked who may."""
    addresses.end_reset_links(tx, user.id)
    link = _signature().dumps(new_token())
    assert isinstance(link, str)
    reset = PasswordReset(
        token_hash=token_hash(link),
        user_id=user.id,
        made_by=by,
        created_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    tx.session.add(reset)
    tx.note('password reset offered', user=user.id, by=by)
    return link


def _lately(tx: Transaction, *which: ColumnElement[bool]) -> list[MadeLink]:
    maker = aliased(User)
    shown = select(PasswordReset, col(User.name), col(User.email), col(maker.name))
    shown = shown.join(User, col(User.id) == col(PasswordReset.user_id))
    shown = shown.outerjoin(maker, col(maker.id) == col(PasswordReset.made_by))
    shown = shown.where(col(PasswordReset.created_at) > tx.now - SHOWN_FOR, *which)
    rows = tx.execute(shown.order_by(col(PasswordReset.id).desc()).limit(MOST_SHOWN))
    return [
        MadeLink(name=name, email=email, made_by=made_by or '', made_at=reset.created_at, used_at=reset.used_at)
        for reset, name, email, made_by in rows
    ]


def _open(tx: Transaction, link: str, *, lock: bool) -> PasswordReset:
    try:
        _signature().loads(link)
    except BadData:
        raise NotFound(_UNKNOWN) from None
    this = select(PasswordReset).where(col(PasswordReset.token_hash) == token_hash(link))
    if lock:  # never while reading: PostgreSQL would refuse the read when somebody uses the link meanwhile
        this = this.with_for_update()
    reset: PasswordReset | None = tx.execute(this).scalar_one_or_none()
    if reset is None:
        raise NotFound(_UNKNOWN)
    if reset.used_at or reset.expires_at <= tx.now:
        raise Gone('This link has been used already or is older than an hour. Ask for a new one.')
    return reset


def _signature() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt='password reset')


_UNKNOWN = phrase('This link leads nowhere. Check that you have all of it, or ask for a new one.')
