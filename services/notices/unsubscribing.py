"""Ending mails of some kinds by a link in them, without a sign-in (RFC 8058), and turning them on again.

A link is signed and says whose mails of which kinds it is about; it can do nothing else. One without a kind is about
the mail that parents get on Sundays. It leads nowhere once its person has another address, so that a mail that was
passed on long ago changes nothing.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlmodel import col

from models import Channel, NoticeChoice, NoticeKind, ParentSummary, User, table
from services.core.buckets import Buckets
from services.core.errors import NotFound
from services.core.phrases import Phrase, phrase
from services.core.server_address import public_url
from services.core.sql.upsert import upsert
from services.core.transaction import Transaction
from services.notices.kinds import TRAITS
from settings import settings

LONGEST_TOKEN = 1_000
WEEK = phrase('A mail about the week, on Sunday at five')
posts_from = Buckets(
    name='unsubscribing',
    per_second=20,
    at_once=1_000,
    sentence=phrase('Too much was sent from your network at once. Try again later.'),
)
"""programs of large mail providers act for many people from few networks"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a link is about."""

    user_id: int
    language: str
    kinds: tuple[NoticeKind, ...]
    """none where it is about the mail that parents get on Sundays"""
    names: tuple[Phrase, ...]
    is_on: bool
    """whether mails of any of these kinds still come"""


def address(user_id: int, email: str, kinds: Collection[NoticeKind]) -> str:
    """Return the address at which the person with an e-mail address ends mails of some kinds.

    Without a kind it is the mail that parents get on Sundays.
    """
    said = _signature().dumps([user_id, _mark(email), [kind.value for kind in kinds]])
    return f'{public_url()}/unsubscribe?{urlencode({"token": said})}'


def subscription(tx: Transaction, token: str) -> Subscription:
    """Return what a link is about; looking changes nothing. Raises `NotFound` if it leads nowhere."""
    user, kinds = _read(tx, token)
    if not kinds:
        row = tx.session.get(ParentSummary, user.id)
        is_on = row is not None and row.is_wanted
        return Subscription(user_id=user.id, language=user.language, kinds=(), names=(WEEK,), is_on=is_on)
    mine = col(NoticeChoice.user_id) == user.id, col(NoticeChoice.channel) == Channel.E_MAIL
    chosen = {row.kind: row.is_on for row in tx.session.scalars(select(NoticeChoice).where(*mine))}
    return Subscription(
        user_id=user.id,
        language=user.language,
        kinds=kinds,
        names=tuple(TRAITS[kind].name for kind in kinds),
        is_on=any(chosen.get(kind, Channel.E_MAIL in TRAITS[kind].usual) for kind in kinds),
    )


def switch(tx: Transaction, token: str, *, is_on: bool) -> None:
    """End mails of the kinds that a link is about, or turn them on again; raises `NotFound` if it leads nowhere."""
    user, kinds = _read(tx, token)
    wish = {'user_id': user.id, 'channel': Channel.E_MAIL, 'is_on': is_on, 'chosen_at': tx.now}
    if kinds:
        _STORE.each(tx.connection, [{**wish, 'kind': kind} for kind in kinds])
    elif row := tx.session.get(ParentSummary, user.id):
        row.is_wanted = is_on
        tx.session.add(row)
    tx.note('mails of notices switched', user=user.id, kinds=[kind.value for kind in kinds], is_on=is_on)


def _read(tx: Transaction, token: str) -> tuple[User, tuple[NoticeKind, ...]]:
    try:
        user_id, mark, kinds = _signature().loads(token[:LONGEST_TOKEN])
        found = tuple(NoticeKind(kind) for kind in kinds)
    except (BadData, TypeError, ValueError):
        raise NotFound('This link leads nowhere. Check that you have all of it.') from None
    user: User | None = tx.execute(select(User).where(col(User.id) == user_id)).scalar_one_or_none()
    if user is None or user.email is None or _mark(user.email) != mark:
        raise NotFound('The account does not have this e-mail address any more, so no mails go there.')
    return user, found


def _mark(email: str) -> str:
    """Return what stands for an address in a link, so that it is in nobody's history."""
    return hashlib.sha256(email.encode()).hexdigest()[:16]


def _signature() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt='unsubscribe')


_STORE = upsert(
    table(NoticeChoice), ('user_id', 'kind', 'channel', 'is_on', 'chosen_at'), key=('user_id', 'kind', 'channel')
)
