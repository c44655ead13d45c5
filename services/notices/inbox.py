"""The inbox: what a person was notified of, newest first; read and unread, for that person alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, update
from sqlmodel import col

from models import Notice, NoticeKind, table
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotFound
from services.core.events import NoticesChanged
from services.core.phrases import Phrase, recalled
from services.core.sql.prepared import Prepared
from services.core.text import plain_name
from services.core.transaction import Transaction

PAGE = 30
MOST_AT_ONCE = 500
"""notices of one answer, or that are marked with one request"""
MOST_COUNTED = 100
"""unread notices that are counted; beyond, it is enough to know that there are many"""
LONGEST_TYPED = 100
MOST_WORDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNotice:
    """One notice, as its reader sees it."""

    notice_id: int
    kind: NoticeKind
    title: Phrase | str
    body: Phrase | str
    """empty where the title says all"""
    address: str
    """the page to which it leads, from its first slash on"""
    course_id: int | None
    happened_at: datetime
    written_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """Some notices, the newest first."""

    notices: tuple[OwnNotice, ...]
    has_more: bool
    unread: int
    """how many are unread in all, `MOST_COUNTED` at most"""


def look(
    tx: Transaction,
    actor: Actor | None,
    *,
    typed: str = '',
    unread_only: bool = False,
    before: int | None = None,
    limit: int = PAGE,
) -> Inbox:
    """Return the newest notices of the actor, or those that came before one with an id; with all the typed words."""
    actor = access.signed_in(tx, actor)
    limit = max(1, min(limit, MOST_AT_ONCE))
    wanted = _mine(actor).where(*_words(typed))
    if unread_only:
        wanted = wanted.where(_UNREAD)
    if before is not None:
        wanted = wanted.where(col(Notice.id) < before)
    rows = tx.session.scalars(wanted.order_by(col(Notice.id).desc()).limit(limit + 1)).all()
    return Inbox(
        notices=tuple(map(_own, rows[:limit])), has_more=len(rows) > limit, unread=unread_of(tx, actor.user_id)
    )


def of_user(
    tx: Transaction,
    actor: Actor | None,
    user_id: int,
    *,
    unread_only: bool = True,
    before: int | None = None,
    limit: int = PAGE,
) -> Inbox:
    """Return the same to a client that names the person: only to that person."""
    return look(tx, check_own(tx, actor, user_id), unread_only=unread_only, before=before, limit=limit)


def check_own(tx: Transaction, actor: Actor | None, user_id: int) -> Actor:
    """Return the actor if they are the person; absent and somebody else look the same."""
    actor = access.signed_in(tx, actor)
    if actor.user_id != user_id:
        raise NotFound('There is no such person, or it is not you.')
    return actor


def unread(tx: Transaction, actor: Actor | None) -> int:
    """Return how many notices the actor has not read, `MOST_COUNTED` at most."""
    return unread_of(tx, access.signed_in(tx, actor).user_id)


def unread_of(tx: Transaction, user_id: int) -> int:
    """Return the same for somebody who was just resolved."""
    return int(_COUNT.rows(tx.connection, user=user_id)[0][0])


def open_notice(tx: Transaction, actor: Actor | None, notice_id: int) -> str:
    """Mark a notice as read and return the page to which it leads."""
    mark(tx, actor, [notice_id])
    return tx.session.get_one(Notice, notice_id).address or '/inbox'


def mark(tx: Transaction, actor: Actor | None, notice_ids: Collection[int], *, is_read: bool = True) -> int:
    """Mark notices of the actor as read, or as unread again; returns how many that changed."""
    actor, wanted = access.signed_in(tx, actor), set(notice_ids)
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid('Mark at most {most} notices at once.', most=MOST_AT_ONCE, field='notice_ids')
    theirs = col(Notice.id).in_(wanted), col(Notice.user_id) == actor.user_id, col(Notice.is_in_app)
    if set(tx.session.scalars(select(col(Notice.id)).where(*theirs))) != wanted:
        raise NotFound('There is no such notice, or it is not one of yours.')
    is_other = col(Notice.read_at).is_(None) if is_read else col(Notice.read_at).is_not(None)
    changed = tx.change(update(Notice).where(*theirs, is_other).values(read_at=tx.now if is_read else None))
    return _announced(tx, actor, changed)


def mark_all(tx: Transaction, actor: Actor | None, *, until: int) -> int:
    """Mark all notices as read up to the newest that the actor has seen, so that none is lost that comes just now."""
    actor = access.signed_in(tx, actor)
    theirs = col(Notice.user_id) == actor.user_id, col(Notice.id) <= until, _UNREAD
    return _announced(tx, actor, tx.change(update(Notice).where(*theirs).values(read_at=tx.now)))


def _announced(tx: Transaction, actor: Actor, changed: int) -> int:
    if changed:
        tx.announce(NoticesChanged(user_id=actor.user_id))
    return changed


def _mine(actor: Actor) -> Select[Notice]:
    return select(Notice).where(col(Notice.user_id) == actor.user_id, col(Notice.is_in_app))


def _words(typed: str) -> Sequence[ColumnElement[bool]]:
    words = plain_name(typed[:LONGEST_TYPED]).split()[:MOST_WORDS]
    return [col(Notice.searched).contains(word, autoescape=True) for word in words]


def _own(row: Notice) -> OwnNotice:
    return OwnNotice(
        notice_id=row.id,
        kind=row.kind,
        title=recalled(row.title),
        body=recalled(row.body) if row.body else '',
        address=row.address,
        course_id=row.course_id,
        happened_at=row.happened_at,
        written_at=row.written_at,
        read_at=row.read_at,
    )


_notices = table(Notice)
_UNREAD: ColumnElement[bool] = _notices.c.read_at.is_(None) & literal_column('is_in_app')
"""as the index of unread notices has it, to the letter"""
_FEW = select(_notices.c.id).where(_notices.c.user_id == bindparam('user'), _UNREAD).limit(MOST_COUNTED).subquery()
_COUNT = Prepared(select(func.count()).select_from(_FEW))
