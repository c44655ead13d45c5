"""Whose an e-mail address is: confirmed by a link that was mailed to it, by somebody who is signed in to the account.

Both are needed. The link alone proves that somebody reads the mails, not that it is their account; the account alone
proves nothing about the address. With the link alone its holder can only say that the account is not theirs.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlmodel import col

from models import MailKind, PasswordReset, User
from services import access
from services.access import Actor
from services.accounts import throttle
from services.accounts.throttle import Count
from services.core import database
from services.core.buckets import Buckets
from services.core.errors import Forbidden, Gone, NotFound, Refused, TooManyAttempts
from services.core.phrases import phrase, plural
from services.core.server_address import public_url
from services.core.transaction import Transaction
from services.mail import delivery, mail_server, outbox, refused
from services.mail.letters import Addressed, Letter
from settings import settings

LIFETIME = timedelta(days=7)
FREE_MAILS = 3
"""to one address before the next one has to wait"""

_TOO_MANY = phrase('Too many mails were asked for from your network. Try again in a few minutes.')
resets_from = Buckets(name='resets', per_second=1 / 20, at_once=60, sentence=_TOO_MANY)
"""links for a new password that are asked for at one address of the network: a school has one for all"""
confirmations_from = Buckets(name='confirmations', per_second=1 / 5, at_once=300, sentence=_TOO_MANY)
"""new accounts whose address is asked to be confirmed at once; people of later ones ask for the mail themselves"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """The account that a link is about."""

    user_id: int
    email: str
    is_confirmed: bool
    may_disown: bool
    """whether its owner can still say that the account is not theirs"""


def is_proven(user: User) -> bool:
    """Tell whether the address of an account counts as its person's: confirmed, or where nothing can be confirmed."""
    return bool(user.email) and (user.email_confirmed_at is not None or not mail_server.is_ready())


def is_to_confirm(tx: Transaction, user: User) -> bool:
    """Tell whether the address of an account is still to be confirmed, or anew because mails came back from it."""
    return user.email_confirmed_at is None or refused.is_off(tx, user)


def may_cause_mail(network: str) -> bool:
    """Tell whether a mail is sent for what somebody does there, and count it; without one, nothing else changes."""
    try:
        confirmations_from.take(network)
    except TooManyAttempts:
        return False
    return True


def have_confirmed(tx: Transaction, user: User, *, language: str = '') -> None:
    """Have a mail sent with which the person of an account confirms its address, if mails are sent here."""
    if user.email and is_to_confirm(tx, user) and mail_server.is_ready():
        to = Addressed(address=user.email, user_id=user.id, language=user.language or language)
        outbox.put(tx, MailKind.CONFIRM, to, lifetime=LIFETIME)


def tell_former(tx: Transaction, user: User, former: str) -> None:
    """Have a mail sent to the address that an account had until now, if mails are sent here."""
    if mail_server.is_ready():
        outbox.put(tx, MailKind.CHANGED, Addressed(address=former, user_id=user.id, language=user.language))


async def ask_again(actor: Actor | None) -> None:
    """Have the mail with the link sent again; raises `TooManyAttempts` after a few."""
    await database.write(_ask_again, actor)
    delivery.hurry()


def claimed(tx: Transaction, link: str) -> Claimed:
    """Return which account a link is about; raises `NotFound` or `Gone` if it leads nowhere."""
    user = _of_link(tx, link)
    return Claimed(
        user_id=user.id,
        email=user.email or '',
        is_confirmed=not is_to_confirm(tx, user),
        may_disown=user.email_confirmed_at is None,
    )


def confirm(tx: Transaction, actor: Actor | None, *, link: str) -> None:
    """Let the address of the actor's account count as theirs."""
    actor = access.signed_in(tx, actor)
    user = _of_link(tx, link)
    if user.id != actor.user_id:
        raise Forbidden('This link is for another account. Sign in with that one first.')
    if is_to_confirm(tx, user):
        user.email_confirmed_at = user.updated_at = tx.now
        tx.session.add(user)
        tx.session.flush()
        refused.use_again(tx, user.email or '')
        tx.note('e-mail confirmed', user=user.id)


def disown(tx: Transaction, *, link: str) -> None:
    """Take an unconfirmed address away from an account that somebody else made with it; all else stays."""
    user = _of_link(tx, link)
    if user.email_confirmed_at is not None:
        raise Refused('This address has been confirmed already. Ask your school if the account is not yours.')
    user.email, user.updated_at = None, tx.now
    tx.session.add(user)
    end_reset_links(tx, user.id)
    tx.session.flush()
    tx.note('e-mail disowned', user=user.id)


def end_reset_links(tx: Transaction, user_id: int) -> None:
    """Let links for a new password that are still open lead nowhere from now on."""
    theirs = col(PasswordReset.user_id) == user_id, col(PasswordReset.used_at).is_(None)
    tx.execute(update(PasswordReset).where(*theirs).values(used_at=tx.now))


def confirmation(tx: Transaction, to: Addressed) -> Letter | None:
    """Return the mail with the link, or None if the address was confirmed or changed meanwhile."""
    user = tx.session.get(User, to.user_id) if to.user_id else None
    if user is None or user.email != to.address or user.disabled_at or not is_to_confirm(tx, user):
        return None
    return Letter(
        subject=phrase('Confirm your e-mail address'),
        before=(
            phrase('An account at our school was made with this e-mail address.'),
            plural(
                'Is it yours? Open this page within {count} day and confirm it:',
                'Is it yours? Open this page within {count} days and confirm it:',
                LIFETIME.days,
            ),
        ),
        link=f'{public_url()}/confirm?link={_link(user)}',
        after=(phrase('You know nothing of it? On the same page you can say that the account is not yours.'),),
    )


def farewell(_: Transaction, to: Addressed) -> Letter:
    """Return the mail to an address that an account does not have any more."""
    return Letter(
        subject=phrase('Your account has another e-mail address now'),
        before=(
            phrase('Your account at our school does not have this e-mail address any more: it was changed just now.'),
            phrase('Did you not do that? Then ask your school for help at once.'),
        ),
    )


def _ask_again(tx: Transaction, actor: Actor | None) -> None:
    actor = access.signed_in(tx, actor)
    user = tx.session.get_one(User, actor.user_id)
    if not mail_server.is_ready() or user.email is None:
        raise Refused('No mails are sent here. There is nothing to confirm.')
    if not is_to_confirm(tx, user):
        raise Refused('Your e-mail address is confirmed already.')
    counts = (Count(key=f'confirmation {user.id}', free=FREE_MAILS),)
    throttle.check(tx, counts, said=throttle.too_many_mails)
    throttle.failed(tx, counts)
    have_confirmed(tx, user)
    tx.note('confirmation asked again', user=user.id)


def _link(user: User) -> str:
    return str(_signature().dumps([user.id, _mark(user.email or '')]))


def _of_link(tx: Transaction, link: str) -> User:
    try:
        user_id, mark = _signature().loads(link, max_age=int(LIFETIME.total_seconds()))
    except SignatureExpired:
        raise Gone('This link is too old. Have a new one sent to you on your account page.') from None
    except (BadData, TypeError, ValueError):
        raise NotFound('This link leads nowhere. Check that you have all of it.') from None
    user: User | None = tx.execute(select(User).where(col(User.id) == user_id)).scalar_one_or_none()
    if user is None or user.email is None or _mark(user.email) != mark:
        raise Gone('The account does not have this e-mail address any more.')
    return user


def _mark(email: str) -> str:
    """Return what stands for an address in a link, so that it is in nobody's history."""
    return hashlib.sha256(email.encode()).hexdigest()[:32]


def _signature() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt='e-mail address')
