"""Notices that wait for the service which brings them to devices: taken with a lease, tried again with patience.

The service may get a notice twice, when this server ends between sending and noting; it knows it by its name.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlmodel import col

from models import Channel, NoticePush, NoticeSettings, PushState, User
from services import access
from services.access import Actor
from services.core import clock, database, jobs, languages, school, threads, zones
from services.core.events import Event, NoticesChanged
from services.core.jobs import Kind
from services.core.phrases import Phrase, recalled, spoken, stored
from services.core.server_address import standing_address
from services.core.transaction import Transaction
from services.notices import channels, quiet_hours, webhook
from services.notices.kinds import TRAITS
from services.notices.usefulness import ToSend, worth_sending
from services.notices.webhook import Message, NotPushed

NAME = 'pushes'
LOOK_EVERY = timedelta(seconds=20)
LEASE = timedelta(minutes=1)
"""longer than one notice takes; after it, another process tries"""
WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600, 6 * 3600))
"""before the second try, the third …; after the last one it has failed"""
JITTER = 20
"""percent by which a wait is longer, at random: what failed together does not come back together"""
KEPT_FOR = timedelta(days=30)
LONGEST_PROBLEM = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A notice that this process sends."""

    notice_id: int
    holder: str
    attempts: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Notices that were not taken by the service for one reason, as an admin sees them."""

    problem: Phrase | str
    count: int
    since: datetime
    is_final: bool
    """whether they are not tried again"""


def kind() -> Kind:
    """Return the job that sends what waits, beside all others."""
    return Kind(name=NAME, work=lambda _: send_due(), repeats=LOOK_EVERY, woken_by=_is_news)


def hurry() -> None:
    """Let this process send at once what was written just now."""
    jobs.hurry(NAME)


async def send_due() -> int:
    """Send what waits; returns how many were taken. Ends early where the service itself is the trouble."""
    sent = 0
    if Channel.PUSH not in channels.available() or not await database.read(is_due):
        return sent
    client = await threads.shared.go_on(_client)
    async with client:
        while await database.read(is_due):
            taken, message = await database.write(_take)
            if taken is None:
                break
            if message is None or clock.now() >= taken.until:  # this process stood still: another one sends it
                continue
            try:
                await webhook.send(client, message)
            except NotPushed as why:
                await database.write(put_off, taken, why)
                if not why.is_final:
                    break
            else:
                await database.write(_finish, taken)
                sent += 1
    return sent


def is_due(tx: Transaction) -> bool:
    """Tell whether there is anything to do: a look beside the writer."""
    return bool(tx.execute(select(exists().where(_is_due(tx)))).scalar())


def take(tx: Transaction) -> Taken | None:
    """Take what has been due for longest, and hold it for `LEASE`; None if there is nothing."""
    waiting = select(NoticePush).where(_is_due(tx)).order_by(col(NoticePush.due_at), col(NoticePush.notice_id)).limit(1)
    push: NoticePush | None = tx.execute(waiting.with_for_update(skip_locked=True)).scalar_one_or_none()
    if push is None:
        return None
    push.state, push.holder, push.attempts = PushState.SENDING, uuid4().hex, push.attempts + 1
    push.lease_until = tx.now + LEASE
    tx.session.add(push)
    tx.session.flush()
    return Taken(notice_id=push.notice_id, holder=push.holder, attempts=push.attempts, until=push.lease_until)


def put_off(tx: Transaction, taken: Taken, why: NotPushed) -> None:
    """Keep why a notice was not taken, and when it is tried again, if that is of any use."""
    is_last = why.is_final or taken.attempts > len(WAITS)
    wait = timedelta(0) if is_last else max(_with_jitter(WAITS[taken.attempts - 1]), why.wait or timedelta(0))
    kept = {
        'state': PushState.FAILED if is_last else PushState.WAITING,
        'holder': '',
        'lease_until': None,
        'problem': stored(why.sentence, most=LONGEST_PROBLEM),
        'due_at': tx.now + wait,
    }
    if tx.change(update(NoticePush).where(*_mine(taken)).values(**kept)):
        tx.note(
            'notice not pushed', notice=taken.notice_id, attempts=taken.attempts, problem=str(why)[:LONGEST_PROBLEM]
        )
    if why.wait:  # it asks to be left alone, so the others wait as well
        until = tx.now + why.wait
        others = col(NoticePush.state) == PushState.WAITING, col(NoticePush.due_at) < until
        tx.execute(update(NoticePush).where(*others).values(due_at=until))


def of_school(tx: Transaction, actor: Actor | None) -> list[Trouble]:
    """Return why notices did not reach the service, the newest reason first."""
    access.admin(tx, actor)
    rows = tx.execute(
        select(col(NoticePush.problem), col(NoticePush.state), func.count(), func.min(col(NoticePush.created_at)))
        .where(col(NoticePush.problem) != '')
        .group_by(col(NoticePush.problem), col(NoticePush.state))
        .order_by(func.max(col(NoticePush.notice_id)).desc())
    )
    return [
        Trouble(problem=recalled(problem), count=count, since=since, is_final=state is PushState.FAILED)
        for problem, state, count, since in rows
    ]


def send_again(tx: Transaction, actor: Actor | None) -> int:
    """Have everything tried again now that was not taken; returns how many. `hurry` follows the commit."""
    actor = access.admin(tx, actor)
    idle = col(NoticePush.state) != PushState.SENDING, col(NoticePush.problem) != ''
    fresh = {'state': PushState.WAITING, 'due_at': tx.now, 'attempts': 0, 'problem': ''}
    count = tx.change(update(NoticePush).where(*idle).values(**fresh))
    tx.note('pushes tried again', count=count, by=actor.user_id)
    return count


def drop(tx: Transaction, actor: Actor | None) -> int:
    """Forget everything that was not taken; returns how many. The notices stay in the inboxes."""
    actor = access.admin(tx, actor)
    idle = col(NoticePush.state) != PushState.SENDING, col(NoticePush.problem) != ''
    count = tx.change(delete(NoticePush).where(*idle))
    tx.note('pushes dropped', count=count, by=actor.user_id)
    return count


def forget_old(tx: Transaction) -> int:
    """Delete what could not be sent long ago; returns how many."""
    return tx.change(delete(NoticePush).where(col(NoticePush.created_at) < tx.now - KEPT_FOR))


def _take(tx: Transaction) -> tuple[Taken | None, Message | None]:
    """Take the next notice, and write it; one that is pointless by now is forgotten at once."""
    taken = take(tx)
    if taken is None:
        return None, None
    found = worth_sending(tx, [taken.notice_id], Channel.PUSH)
    if not found:
        _finish(tx, taken)
        return taken, None
    language, at = _reader(tx, found[0])
    if at > tx.now:  # it was put off into quiet hours, and that was no try
        waits = {'state': PushState.WAITING, 'holder': '', 'lease_until': None, 'due_at': at}
        tx.execute(update(NoticePush).where(*_mine(taken)).values(**waits, attempts=taken.attempts - 1))
        return taken, None
    return taken, _message(found[0], language)


def _reader(tx: Transaction, notice: ToSend) -> tuple[str, datetime]:
    """Return the language of the reader, and when the notice may go: at once, or when their quiet hours end."""
    language, zone, since, until = tx.execute(
        select(col(User.language), col(User.time_zone), col(NoticeSettings.quiet_from), col(NoticeSettings.quiet_until))
        .outerjoin(NoticeSettings, col(NoticeSettings.user_id) == col(User.id))
        .where(col(User.id) == notice.user_id)
    ).one()
    quiet = None if TRAITS[notice.kind].is_urgent else quiet_hours.from_columns(since, until)
    return language, quiet_hours.not_before(quiet, zones.of(zone), tx.now)


def _message(notice: ToSend, language: str) -> Message:
    reader = languages.translations(language or school.current().language or 'en')
    said = {
        'type': f'notice.{notice.kind}',
        'timestamp': notice.happened_at.isoformat(),
        'data': {
            'notice_id': notice.notice_id,
            'user_id': notice.user_id,
            'kind': notice.kind,
            'title': str(spoken(recalled(notice.title), reader)),
            'body': str(spoken(recalled(notice.body), reader)) if notice.body else '',
            'url': f'{standing_address()}{notice.address}',
        },
    }
    return Message(name=f'notice-{notice.notice_id}', body=json.dumps(said, ensure_ascii=False).encode())


def _finish(tx: Transaction, taken: Taken) -> None:
    tx.execute(delete(NoticePush).where(*_mine(taken)))


def _client() -> httpx.AsyncClient:
    """Return a client; reading the certificates that it trusts takes a while."""
    return httpx.AsyncClient(timeout=None, trust_env=False)  # noqa: S113 - `webhook.DEADLINE` is for all of it


def _is_news(event: Event) -> bool:
    return isinstance(event, NoticesChanged) and Channel.PUSH in channels.available()


def _with_jitter(wait: timedelta) -> timedelta:
    return wait * (100 + secrets.randbelow(JITTER + 1)) / 100


def _is_due(tx: Transaction) -> ColumnElement[bool]:
    is_waiting = and_(col(NoticePush.state) == PushState.WAITING, col(NoticePush.due_at) <= tx.now)
    return or_(is_waiting, and_(col(NoticePush.state) == PushState.SENDING, col(NoticePush.lease_until) <= tx.now))


def _mine(taken: Taken) -> Sequence[ColumnElement[bool]]:
    return col(NoticePush.notice_id) == taken.notice_id, col(NoticePush.holder) == taken.holder
