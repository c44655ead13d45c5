"""Claiming: a guest turns into an account, so that everything they did stays theirs."""

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, User
from services import access
from services.access import Actor
from services.accounts import addresses, agreements, passwords, sign_ins
from services.accounts.registration import NewAccount, check_email, check_free
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import Forbidden, NotSignedIn, Refused
from services.core.events import PersonNamed
from services.core.phrases import phrase
from services.core.server_address import network_of
from services.core.text import plain_name, read_name
from services.core.transaction import Transaction
from services.mail import delivery
from settings import Registration, settings

_SIGNED_OUT = phrase(
    'You are signed out on this device. If you have made your account on another one, sign in with it.'
)


def is_open() -> bool:
    """Tell whether guests may make accounts here; having joined, they need no code for it."""
    return settings().local_sign_in and settings().student_registration is not Registration.INVITATION


async def claim(new: NewAccount, actor: Actor | None, *, address: str = '') -> Entered:
    """Turn a guest into an account. This device goes on, with a new token; others sign in with the account."""
    name = read_name(new.name)
    email = check_email(new.email)
    passwords.check_acceptable(new.password)
    password_hash = await passwords.hash_of(new.password, address=network_of(address))
    may_mail = addresses.may_cause_mail(network_of(address))
    entered = await database.write(_claim, actor, name, email, password_hash, may_mail, new)
    delivery.hurry()
    return entered


def _claim(
    tx: Transaction,
    actor: Actor | None,
    name: str,
    email: str,
    password_hash: str,
    may_mail: bool,
    new: NewAccount,
) -> Entered:
    try:
        actor = access.signed_in(tx, actor)
    except NotSignedIn:
        raise NotSignedIn(_SIGNED_OUT) from None
    if not is_open():
        raise Forbidden('Students need an invitation here. Ask your school for a link.')
    user = tx.execute(select(User).where(col(User.id) == actor.user_id).with_for_update()).scalar_one()
    if user.merged_into_id:
        raise Refused('What you did here counts for somebody else already. Ask your instructor to look at it.')
    if user.password_hash:
        raise Refused('You have an account already. There is nothing more to do; everything is kept in it.')
    check_free(tx, email)
    agreements.record(tx, user, new.agreement)
    user.name, user.plain_name = name, plain_name(name)
    user.email, user.password_hash, user.rejoin_code = email, password_hash, None
    user.updated_at = tx.now
    tx.session.add(user)
    tx.session.flush()
    if may_mail:
        addresses.have_confirmed(tx, user, language=new.language)
    learns = col(Enrollment.user_id) == user.id, col(Enrollment.removed_at).is_(None)
    mine = select(col(Enrollment.course_id)).where(*learns)
    tx.announce(*(PersonNamed(course_id=id_, user_id=user.id, name=name) for id_ in tx.execute(mine).scalars()))
    tx.note('guest claimed', user=user.id)
    return sign_ins.renew(tx, actor)
