"""The secret address at which a program reads the deadlines of a person, without a sign-in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlmodel import col

from models import CalendarEntry, NoticeSettings, User
from services import access
from services.access import Actor
from services.core import database
from services.core.buckets import Buckets
from services.core.errors import NotFound
from services.core.phrases import phrase
from services.core.secrets import new_token, token_hash
from services.core.transaction import Transaction
from services.deadlines import dates, entries
from services.deadlines.dates import Deadline
from services.deadlines.entries import Entry

SHOWN_FOR = timedelta(days=30)
"""how long a deadline that is over stays in the calendar"""

readings_from = Buckets(
    name='calendars',
    per_second=5,
    at_once=300,
    sentence=phrase('Too many calendars were asked for from your network. Try again later.'),
)
"""calendars that programs in one network ask for: a phone asks every quarter of an hour at most"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The calendar of a person, without its address: of that only a hash is kept."""

    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What a program reads."""

    entries: tuple[Entry, ...]
    language: str
    """code; empty for that of the school"""


def own(tx: Transaction, actor: Actor | None) -> Feed | None:
    """Return the calendar of the actor, if there is one."""
    row = tx.session.get(NoticeSettings, access.signed_in(tx, actor).user_id)
    return Feed(made_at=row.calendar_made_at) if row and row.calendar_made_at else None


def make(tx: Transaction, actor: Actor | None) -> str:
    """Return the secret of a new address, which is shown only now; the address before it leads nowhere from now on."""
    actor = access.signed_in(tx, actor)
    row = tx.session.get(NoticeSettings, actor.user_id) or NoticeSettings(user_id=actor.user_id)
    token = new_token()
    row.calendar_hash, row.calendar_made_at = token_hash(token), tx.now
    tx.session.add(row)
    tx.session.flush()
    tx.note('calendar address made', user=actor.user_id)
    return token


def end(tx: Transaction, actor: Actor | None) -> None:
    """Let the address of the actor's calendar lead nowhere."""
    actor = access.signed_in(tx, actor)
    mine = col(NoticeSettings.user_id) == actor.user_id
    tx.execute(update(NoticeSettings).where(mine).values(calendar_hash=None, calendar_made_at=None))
    tx.execute(delete(CalendarEntry).where(col(CalendarEntry.user_id) == actor.user_id))
    tx.note('calendar address ended', user=actor.user_id)


def shown(tx: Transaction, actor: Actor | None) -> tuple[Deadline, ...]:
    """Return what the calendar of the actor says, or would say: what is due, and what was due lately."""
    return _shown(tx, access.signed_in(tx, actor).user_id)


async def read(token: str) -> Calendar:
    """Return the calendar at a secret address; raises `NotFound` where there is none.

    Nearly always nothing has changed since the last time, so the writer is asked only where something has.
    """
    calendar, is_new = await database.read(_read, token)
    return await database.write(_renew, token) if is_new else calendar


def _read(tx: Transaction, token: str) -> tuple[Calendar, bool]:
    user = _owner(tx, token)
    found, changed = entries.compared(tx, user.id, _shown(tx, user.id))
    return Calendar(entries=found, language=user.language), bool(changed)


def _renew(tx: Transaction, token: str) -> Calendar:
    user = _owner(tx, token)
    found, changed = entries.compared(tx, user.id, _shown(tx, user.id))
    entries.keep(tx, user.id, changed)
    return Calendar(entries=found, language=user.language)


def _shown(tx: Transaction, user_id: int) -> tuple[Deadline, ...]:
    return dates.of_learner(tx, user_id, since=tx.now - SHOWN_FOR)


def _owner(tx: Transaction, token: str) -> User:
    theirs = (
        select(User)
        .join(NoticeSettings, col(NoticeSettings.user_id) == col(User.id))
        .where(col(NoticeSettings.calendar_hash) == token_hash(token), col(User.disabled_at).is_(None))
    )
    user: User | None = tx.execute(theirs).scalar_one_or_none()
    if user is None:
        raise NotFound('There is no calendar at this address. Its owner may have made a new one.')
    return user
