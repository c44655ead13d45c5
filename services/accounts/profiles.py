"""What a person sees and changes of their own account: who they are, and how times and words are shown to them."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlmodel import col

from models import Enrollment, Role, User
from services import access
from services.access import Actor
from services.core import languages, zones
from services.core.errors import Invalid
from services.core.events import PersonNamed
from services.core.text import plain_name, read_name
from services.core.transaction import Transaction
from services.mail import refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who somebody is here: with an e-mail address if they have an account, with a rejoin code if they are a guest."""

    user_id: int
    name: str
    role: Role
    email: str | None
    is_confirmed: bool
    """whether their address is confirmed"""
    is_refused: bool
    """whether nothing is sent to it, as mails came back"""
    rejoin_code: str | None
    time_zone: str
    """IANA name; empty for the zone of the school"""
    language: str
    """code; empty for the language that their browser asks for"""


def own(tx: Transaction, actor: Actor | None) -> Profile:
    """Return the actor's own profile."""
    actor = access.signed_in(tx, actor)
    return _shown(tx, tx.session.get_one(User, actor.user_id))


def edit(tx: Transaction, actor: Actor | None, *, name: str, time_zone: str, language: str) -> Profile:
    """Change the actor's own name, time zone and language."""
    actor = access.signed_in(tx, actor)
    user = tx.session.get_one(User, actor.user_id)
    user.time_zone, user.language = zones.check(time_zone), languages.check(language)
    user.updated_at = tx.now
    _rename(tx, user, name)
    tx.session.add(user)
    tx.session.flush()
    tx.note('profile changed', user=user.id, time_zone=user.time_zone, language=user.language)
    return _shown(tx, user)


def live_in(tx: Transaction, actor: Actor | None, *, time_zone: str) -> None:
    """Take over the zone of the actor's browser, unless they have chosen one."""
    actor = access.signed_in(tx, actor)
    user = tx.session.get_one(User, actor.user_id)
    if not user.time_zone:
        user.time_zone = zones.check(time_zone)
        tx.session.add(user)


def _rename(tx: Transaction, user: User, name: str) -> None:
    if name == user.name:
        return
    name = read_name(name)
    user.name, user.plain_name = name, plain_name(name)
    mine = select(col(Enrollment.course_id)).where(
        col(Enrollment.user_id) == user.id, col(Enrollment.removed_at).is_(None)
    )
    if user.password_hash is None and _is_taken(tx, user):
        raise Invalid('Somebody called {name} is in your class already. Add your surname.', name=name, field='name')
    tx.announce(*(PersonNamed(course_id=id_, user_id=user.id, name=name) for id_ in tx.execute(mine).scalars()))


def _is_taken(tx: Transaction, user: User) -> bool:
    """Tell whether somebody in a course of a guest is called like this already, as when guests join."""
    mine = select(col(Enrollment.course_id)).where(
        col(Enrollment.user_id) == user.id, col(Enrollment.removed_at).is_(None)
    )
    namesake = (
        select(col(User.id))
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .where(col(User.plain_name) == user.plain_name, col(User.id) != user.id)
        .where(col(Enrollment.course_id).in_(mine), col(Enrollment.removed_at).is_(None))
    )
    with tx.session.no_autoflush:
        return bool(tx.execute(select(exists(namesake))).scalar())


def _shown(tx: Transaction, user: User) -> Profile:
    return Profile(
        user_id=user.id,
        name=user.name,
        role=user.role,
        email=user.email,
        is_confirmed=user.email_confirmed_at is not None,
        is_refused=refused.is_off(tx, user),
        rejoin_code=user.rejoin_code,
        time_zone=user.time_zone,
        language=user.language,
    )
