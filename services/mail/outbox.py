"""Mails that wait to be sent: written in the transaction of what they are about, taken by one process at a time.

A mail that is being sent is marked as such before a byte of it leaves; a process that ends meanwhile leaves it so, and
then it counts as failed and may have arrived. Nothing but an admin's word sends it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlmodel import col

from models import Mail, MailKind, MailState
from services import access
from services.access import Actor
from services.core.errors import NotFound
from services.core.phrases import Phrase, phrase, recalled, stored
from services.core.transaction import Transaction
from services.mail import refused
from services.mail.letters import Addressed
from services.mail.smtp import NotSent

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
"""before the second try, the third …; after the last one a mail has failed"""
LOST_AFTER = timedelta(minutes=5)
"""A mail that is being sent for so long is sent by nobody: everything with a mail server ends long before."""
KEPT_FOR = timedelta(days=30)
MOST_SHOWN = 100
LONGEST_PROBLEM = 280
_LOST = phrase('The server ended while it sent this mail. It may have arrived.')
_TOO_LATE = phrase('It could not be sent in time, and is of no use now.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail that this process sends."""

    mail_id: int
    kind: MailKind
    to: Addressed
    holder: str
    until: datetime
    """the moment from which on others take it for lost"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A mail that was not sent, as an admin sees it."""

    mail_id: int
    kind: MailKind
    address: str
    problem: Phrase | str
    since: datetime
    next_try_at: datetime | None
    """None where it has failed for good"""
    is_off: bool
    """whether nothing more is sent to this address"""


def put(tx: Transaction, kind: MailKind, to: Addressed, *, lifetime: timedelta | None = None) -> int:
    """Have a mail sent after this transaction; one of the same kind that waits for the same address is enough.

    Returns the id of its row, which is not taken before the transaction is over.
    """
    return put_each(tx, kind, [(to, lifetime)])[0]


def put_each(tx: Transaction, kind: MailKind, mails: Sequence[tuple[Addressed, timedelta | None]]) -> list[int]:
    """Do the same with several mails, each with its lifetime, in as many statements as for one."""
    waiting = _waiting(tx, kind, [to for to, _ in mails])
    new = {
        (to.address, to.user_id): Mail(
            kind=kind,
            user_id=to.user_id,
            address=to.address,
            language=to.language,
            due_at=tx.now,
            expires_at=tx.now + lifetime if lifetime else None,
            created_at=tx.now,
        )
        for to, lifetime in mails
        if (to.address, to.user_id) not in waiting
    }
    tx.session.add_all(new.values())
    tx.session.flush()
    ids = waiting | {key: mail.id for key, mail in new.items()}
    return [ids[to.address, to.user_id] for to, _ in mails]


def _waiting(tx: Transaction, kind: MailKind, them: Sequence[Addressed]) -> dict[tuple[str, int | None], int]:
    """Return the mails of a kind that wait for some addresses, by address and person; they are held until the end."""
    mine: ColumnElement[bool] = col(Mail.user_id).in_({to.user_id for to in them if to.user_id})
    if not all(to.user_id for to in them):
        mine |= col(Mail.user_id).is_(None)
    same = col(Mail.kind) == kind, col(Mail.state) == MailState.WAITING, mine
    theirs = *same, col(Mail.address).in_({to.address for to in them})
    rows = select(col(Mail.address), col(Mail.user_id), col(Mail.id)).where(*theirs).with_for_update(skip_locked=True)
    return {(address, user_id): id_ for address, user_id, id_ in tx.execute(rows)}


def is_due(tx: Transaction) -> bool:
    """Tell whether there is anything to do: a look beside the writer, as nearly always there is not."""
    return bool(tx.execute(select(exists().where(_is_due(tx) | _is_lost(tx)))).scalar())


def take(tx: Transaction) -> Taken | None:
    """Take the mail that has been due for longest and mark it as being sent; None if there is none."""
    is_of_use = col(Mail.expires_at).is_(None) | (col(Mail.expires_at) > tx.now)
    waiting = select(Mail).where(_is_due(tx), is_of_use).order_by(col(Mail.due_at), col(Mail.id)).limit(1)
    mail: Mail | None = tx.execute(waiting.with_for_update(skip_locked=True)).scalar_one_or_none()
    if mail is None:
        return None
    mail.state, mail.holder, mail.due_at, mail.attempts = MailState.SENDING, uuid4().hex, tx.now, mail.attempts + 1
    tx.session.add(mail)
    tx.session.flush()
    to = Addressed(address=mail.address, user_id=mail.user_id, language=mail.language, mail_id=mail.id)
    return Taken(mail_id=mail.id, kind=mail.kind, to=to, holder=mail.holder, until=tx.now + LOST_AFTER)


def finish(tx: Transaction, taken: Taken) -> None:
    """Forget a mail that was sent, or that nobody needs."""
    tx.execute(delete(Mail).where(col(Mail.id) == taken.mail_id, col(Mail.holder) == taken.holder))


def wait(tx: Transaction, taken: Taken, *, until: datetime) -> None:
    """Let a mail that is not sent now wait until a moment; that was no try."""
    mine = col(Mail.id) == taken.mail_id, col(Mail.holder) == taken.holder
    waits = {'state': MailState.WAITING, 'holder': '', 'due_at': until, 'attempts': col(Mail.attempts) - 1}
    tx.execute(update(Mail).where(*mine).values(**waits))


def put_off(tx: Transaction, taken: Taken, why: NotSent) -> None:
    """Keep why a mail was not sent, and when it is tried again, if that is of any use."""
    mine = select(Mail).where(col(Mail.id) == taken.mail_id, col(Mail.holder) == taken.holder).with_for_update()
    mail: Mail | None = tx.execute(mine).scalar_one_or_none()
    if mail is None:
        return
    mail.problem, mail.holder = stored(why.sentence, most=LONGEST_PROBLEM), ''
    is_last = why.is_final or mail.attempts > len(WAITS)
    mail.state = MailState.FAILED if is_last else MailState.WAITING
    mail.due_at = tx.now if is_last else tx.now + WAITS[mail.attempts - 1]
    if not is_last and mail.expires_at and mail.due_at > mail.expires_at:
        mail.state = MailState.FAILED
    tx.session.add(mail)
    if mail.state is MailState.FAILED:
        refused.failed(tx, mail.address, why)
    said = str(why)[:LONGEST_PROBLEM]
    tx.note('mail not sent', mail=mail.id, kind=mail.kind, attempts=mail.attempts, problem=said)


def of_school(tx: Transaction, actor: Actor | None) -> list[Trouble]:
    """Return the mails that were not sent, the newest first."""
    access.admin(tx, actor)
    rows = select(Mail).where(col(Mail.problem) != '').order_by(col(Mail.id).desc()).limit(MOST_SHOWN)
    mails = tx.execute(rows).scalars().all()
    off = refused.which_are_off(tx, {mail.address for mail in mails})
    return [
        Trouble(
            mail_id=mail.id,
            kind=mail.kind,
            address=mail.address,
            problem=recalled(mail.problem),
            since=mail.created_at,
            next_try_at=None if mail.state is MailState.FAILED else mail.due_at,
            is_off=mail.address in off,
        )
        for mail in mails
    ]


def send_again(tx: Transaction, actor: Actor | None, *, mail_id: int) -> None:
    """Have a mail sent now that was not sent, or may not have been; `delivery.hurry` follows the commit.

    An address that is off is used again with it.
    """
    actor = access.admin(tx, actor)
    idle = col(Mail.id) == mail_id, col(Mail.state) != MailState.SENDING, col(Mail.problem) != ''
    fresh = {'state': MailState.WAITING, 'due_at': tx.now, 'attempts': 0, 'problem': '', 'expires_at': None}
    if not tx.change(update(Mail).where(*idle).values(**fresh)):
        raise NotFound(_GONE)
    refused.use_again(tx, tx.session.get_one(Mail, mail_id).address)
    tx.note('mail tried again', mail=mail_id, by=actor.user_id)


def drop(tx: Transaction, actor: Actor | None, *, mail_id: int) -> None:
    """Forget a mail that was not sent."""
    actor = access.admin(tx, actor)
    idle = col(Mail.id) == mail_id, col(Mail.state) != MailState.SENDING, col(Mail.problem) != ''
    if not tx.change(delete(Mail).where(*idle)):
        raise NotFound(_GONE)
    tx.note('mail dropped', mail=mail_id, by=actor.user_id)


def forget_old(tx: Transaction) -> int:
    """Delete mails that could not be sent long ago; returns how many."""
    old = col(Mail.created_at) < tx.now - KEPT_FOR, col(Mail.state) == MailState.FAILED
    return tx.change(delete(Mail).where(*old))


def _is_due(tx: Transaction) -> ColumnElement[bool]:
    return (col(Mail.state) == MailState.WAITING) & (col(Mail.due_at) <= tx.now)


def _is_lost(tx: Transaction) -> ColumnElement[bool]:
    return (col(Mail.state) == MailState.SENDING) & (col(Mail.due_at) <= tx.now - LOST_AFTER)


def fail_lost(tx: Transaction) -> None:
    """Let those fail that a process has left while it sent them, and those that are too old.

    It looks at all that is due, so it is done once before many are taken.
    """
    failed = {'state': MailState.FAILED, 'due_at': tx.now, 'holder': ''}
    kept = [stored(problem, most=LONGEST_PROBLEM) for problem in (_LOST, _TOO_LATE)]
    lost = update(Mail).where(_is_lost(tx)).values(**failed, problem=kept[0])
    late = update(Mail).where(_is_due(tx), col(Mail.expires_at) <= tx.now).values(**failed, problem=kept[1])
    for changed, problem in ((tx.change(lost), _LOST), (tx.change(late), _TOO_LATE)):
        if changed:
            tx.note('mails failed', count=changed, problem=str(problem))


_GONE = phrase('This mail was sent meanwhile, or somebody has dropped it.')
