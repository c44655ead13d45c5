"""Links with which somebody who has forgotten their password chooses a new one.

Staff make a link and hand it over. It is signed, works once, and only for an hour; only its hash is stored.
"""

from datetime import timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select, update
from sqlmodel import col

from models import PasswordReset, User
from services import access
from services.access import Actor
from services.accounts import passwords, throttle
from services.accounts.sign_ins import Entered, end_all, enter
from services.core import database
from services.core.database import Transaction
from services.core.errors import Gone, Invalid, NotFound, Refused
from services.core.phrases import phrase
from services.core.secrets import new_token, token_hash
from services.core.server_address import network_of
from services.core.text import read_address
from settings import settings

LIFETIME = timedelta(hours=1)


def make_link(tx: Transaction, actor: Actor | None, *, user_id: int) -> str:
    """Return the token of a link for a learner of the actor, or for anybody if the actor is an admin."""
    actor = access.signed_in(tx, actor)
    return _make(tx, actor, access.student(tx, actor, user_id))


def make_link_for(tx: Transaction, actor: Actor | None, *, email: str) -> str:
    """Return the token of a link for the account with an e-mail address."""
    actor = access.admin(tx, actor)
    user = tx.execute(select(User).where(col(User.email) == read_address(email))).scalar_one_or_none()
    if user is None:
        raise Invalid('There is no account with this e-mail address.', field='email')
    return _make(tx, actor, user)


def holder(tx: Transaction, link: str) -> str:
    """Return the e-mail address for which a link is, or raise why it leads nowhere any longer."""
    return tx.session.get_one(User, _open(tx, link, lock=False).user_id).email or ''


async def choose_password(
    link: str, password: str, *, device: str, replaces: str | None = None, address: str = ''
) -> Entered:
    """Set a new password by a link. This device is signed in; all others of this person are signed out."""
    await database.read(holder, link)
    passwords.check_acceptable(password)
    return await database.write(
        _choose, link, await passwords.hash_of(password, address=network_of(address)), device, replaces
    )


def _choose(tx: Transaction, link: str, password_hash: str, device: str, replaces: str | None) -> Entered:
    reset = _open(tx, link, lock=True)
    reset.used_at = tx.now
    user = tx.session.get_one(User, reset.user_id)
    user.password_hash = password_hash
    user.updated_at = tx.now
    tx.session.add_all([reset, user])
    tx.session.flush()
    ended = end_all(tx, user.id)
    throttle.forget_account(tx, user.id)
    tx.note('password reset', user=user.id, made_by=reset.made_by, signed_out=ended)
    return enter(tx, user.id, device, replaces)


def _make(tx: Transaction, actor: Actor, user: User) -> str:
    if user.email is None:
        raise Refused('{name} is a guest and has no password. Guests come back with their own code.', name=user.name)
    theirs = col(PasswordReset.user_id) == user.id, col(PasswordReset.used_at).is_(None)
    tx.execute(update(PasswordReset).where(*theirs).values(used_at=tx.now))
    link = _signature().dumps(new_token())
    assert isinstance(link, str)
    reset = PasswordReset(
        token_hash=token_hash(link),
        user_id=user.id,
        made_by=actor.user_id,
        created_at=tx.now,
        expires_at=tx.now + LIFETIME,
    )
    tx.session.add(reset)
    tx.note('password reset offered', user=user.id, by=actor.user_id)
    return link


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
