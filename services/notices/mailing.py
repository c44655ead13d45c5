"""Notices by mail: what comes together goes together, as each person chose.

The first notice waits a minute for others, so that what belongs together is one mail. After a mail, what comes in the
next quarter of an hour is collected into one; a digest is collected until its day. While a mail still waits, because
the mail server is down, what comes joins it. So a thousand notices are one mail.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from models import Channel, Mail, MailKind, Notice, NoticeSettings, Rhythm, User, table
from services.core import database, zones
from services.core.jobs import Kind
from services.core.phrases import Phrase, phrase, plural, recalled
from services.core.server_address import public_url
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.mail import delivery, outbox, refused
from services.mail.letters import Addressed, Item, Later, Letter
from services.notices import channels, quiet_hours, unsubscribing
from services.notices.kinds import TRAITS
from services.notices.usefulness import ToSend, worth_sending

LOOK_EVERY = timedelta(seconds=30)
SETTLE = timedelta(minutes=1)
"""for which the first notice waits for others"""
COLLECT = timedelta(minutes=15)
"""for which notices are collected after a mail"""
DIGEST_AT = time(17)
"""when a digest goes out, where its person lives"""
SUNDAY = 6
AT_ONCE_PEOPLE = 10
"""people in one transaction, so that no tap waits long behind it"""
MOST_LINES = 20
STALE = timedelta(days=14)
"""Older notices are not mailed any more, such as after weeks without mails; they are in the inbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """Somebody for whom notices wait, and how they want them."""

    user_id: int
    email: str | None
    """None where it is not known that mails reach them"""
    language: str
    zone: ZoneInfo
    quiet: quiet_hours.QuietHours | None
    rhythm: Rhythm
    collected_until: datetime | None
    since: datetime
    """when the first of what waits was written"""


def kind() -> Kind:
    """Return the job that makes mails of the notices that wait."""
    return Kind(name='notice mails', work=lambda _: collect_due(), repeats=LOOK_EVERY)


async def collect_due() -> int:
    """Make mails of the notices that wait for one; returns for how many people."""
    count = after = 0
    if Channel.E_MAIL not in channels.available():
        return count
    while people := await database.read(_people_due, after):
        made = await database.write(_collect_all, people)
        count, after = count + made, people[-1]
        if made:
            delivery.hurry()
    return count


def letter(tx: Transaction, to: Addressed) -> Letter | Later | None:
    """Return what a mail with notices says now: without what its person has read meanwhile, or may not know any more.

    Where nothing is left, nor to an address that is not theirs by now, no mail goes out.
    """
    ids = list(tx.session.scalars(select(col(Notice.id)).where(col(Notice.mail_id) == to.mail_id)))
    person = _person(tx, to.user_id) if to.user_id else None
    if person is None or Channel.E_MAIL not in channels.available():
        return None
    if person.email != to.address:  # they go to the address that is theirs now, if there is one
        tx.execute(update(Notice).where(col(Notice.mail_id) == to.mail_id).values(mail_due_at=tx.now, mail_id=None))
        return None
    found = worth_sending(tx, ids, Channel.E_MAIL)
    if dropped := sorted({*ids} - {each.notice_id for each in found}):
        tx.execute(update(Notice).where(col(Notice.id).in_(dropped)).values(mail_id=None))
    if not found:
        return None
    at = tx.now if _any_urgent(found) else quiet_hours.not_before(person.quiet, person.zone, tx.now)
    return Later(at=at) if at > tx.now else _written(tx, to, found)


def sent(tx: Transaction, to: Addressed) -> None:
    """Note that the notices of a mail were sent."""
    theirs = col(Notice.mail_id) == to.mail_id
    tx.execute(update(Notice).where(theirs).values(mailed_at=tx.now))


def digest_at(rhythm: Rhythm, zone: ZoneInfo, since: datetime) -> datetime:
    """Return when the first digest after a moment goes out."""
    local = zones.in_zone(zone, since)
    day = local.date() + timedelta(days=local.time() >= DIGEST_AT)
    if rhythm is Rhythm.WEEKLY:
        day += timedelta(days=(SUNDAY - day.weekday()) % 7)
    return datetime.combine(day, DIGEST_AT, zone).astimezone(since.tzinfo)


def _people_due(tx: Transaction, after: int) -> list[int]:
    return [user_id for (user_id,) in _DUE.rows(tx.connection, now=tx.now, after=after)]


def _collect_all(tx: Transaction, user_ids: Sequence[int]) -> int:
    people = {user_id: _person(tx, user_id) for user_id in user_ids}
    gone = [user_id for user_id, person in people.items() if person is None]
    tx.execute(update(Notice).where(col(Notice.user_id).in_(gone)).values(mail_due_at=None))
    return sum(_collect(tx, person) for person in people.values() if person)


def _collect(tx: Transaction, person: _Person) -> bool:
    """Make a mail of what waits for a person, or let it wait for longer; returns whether there is a mail."""
    waiting = _WAITING.rows(tx.connection, user=person.user_id)
    urgent = [id_ for id_, kind, _ in waiting if TRAITS[kind].is_urgent]
    due = _due(tx, person)
    if due > tx.now:
        later = [id_ for id_, kind, _ in waiting if not TRAITS[kind].is_urgent]
        tx.execute(update(Notice).where(col(Notice.id).in_(later)).values(mail_due_at=due))
    ids = [id_ for id_, *_ in waiting] if due <= tx.now else urgent
    if not ids:
        return False
    fresh = {id_ for id_, _, written_at in waiting if written_at > tx.now - STALE}
    useful = worth_sending(tx, [id_ for id_ in ids if id_ in fresh], Channel.E_MAIL) if person.email else []
    tx.execute(update(Notice).where(col(Notice.id).in_(ids)).values(mail_due_at=None))
    if not useful:
        return False
    to = Addressed(address=person.email or '', user_id=person.user_id, language=person.language)
    mail_id = outbox.put(tx, MailKind.NOTICES, to)
    kept = col(Notice.id).in_([each.notice_id for each in useful])
    tx.execute(update(Notice).where(kept).values(mail_id=mail_id))
    settings = tx.session.get(NoticeSettings, person.user_id) or NoticeSettings(user_id=person.user_id)
    settings.collected_until = tx.now + COLLECT
    tx.session.add(settings)
    tx.session.flush()
    tx.note('notices mailed', user=person.user_id, count=len(useful), mail=mail_id)
    return True


def _due(tx: Transaction, person: _Person) -> datetime:
    """Return when what waits for a person may go out: never in their quiet hours."""
    if person.rhythm is Rhythm.AT_ONCE:
        due = max(person.since + SETTLE, person.collected_until or person.since)
    else:
        due = digest_at(person.rhythm, person.zone, person.since)
    return max(due, quiet_hours.not_before(person.quiet, person.zone, max(due, tx.now)))


def _person(tx: Transaction, user_id: int) -> _Person | None:
    rows = _PEOPLE.rows(tx.connection, user=user_id)
    if not rows:
        return None
    email, is_reached, language, zone, quiet_from, quiet_until, rhythm, collected_until, since = rows[0]
    return _Person(
        user_id=user_id,
        email=email if is_reached else None,
        language=language,
        zone=zones.of(zone),
        quiet=quiet_hours.from_columns(quiet_from, quiet_until),
        rhythm=rhythm or Rhythm.AT_ONCE,
        collected_until=collected_until,
        since=since or tx.now,
    )


def _written(tx: Transaction, to: Addressed, found: Sequence[ToSend]) -> Letter:
    shown, others = found[:MOST_LINES], len(found) - MOST_LINES
    items = tuple(
        Item(
            title=recalled(each.title),
            body=recalled(each.body) if each.body else '',
            link=f'{public_url()}{each.address}' if each.address else '',
        )
        for each in shown
    )
    more = plural(
        'And {count} more in your inbox: {link}', 'And {count} more in your inbox: {link}', others, link=_inbox()
    )
    why = phrase(
        'You get this mail because you have an account here. Choose what you want to hear of: {link}', link=_choices()
    )
    kinds = list(Counter(each.kind for each in found))
    created_at = tx.execute(select(col(Mail.created_at)).where(col(Mail.id) == to.mail_id)).scalar_one()
    subject = items[0].title if len(found) == 1 else plural('{count} notice', '{count} notices', len(found))
    return Letter(
        subject=subject if isinstance(subject, Phrase) else Phrase(one='{text}', values={'text': subject}),
        before=(),
        items=items,
        after=(more, why) if others > 0 else (why,),
        name=f'notices-{to.mail_id}-{int(created_at.timestamp())}',
        unsubscribe=unsubscribing.address(to.user_id or 0, to.address, kinds),
    )


def _any_urgent(found: Sequence[ToSend]) -> bool:
    return any(TRAITS[each.kind].is_urgent for each in found)


def _inbox() -> str:
    return f'{public_url()}/inbox'


def _choices() -> str:
    return f'{public_url()}/inbox/settings'


_notices, _users, _settings = table(Notice), table(User), table(NoticeSettings)
_DUE = Prepared(
    select(_notices.c.user_id)
    .distinct()
    .where(_notices.c.mail_due_at <= bindparam('now', type_=_notices.c.mail_due_at.type))
    .where(_notices.c.user_id > bindparam('after'))
    .order_by(_notices.c.user_id)
    .limit(AT_ONCE_PEOPLE)
)
_WAITING = Prepared(
    select(_notices.c.id, _notices.c.kind, _notices.c.written_at)
    .where(_notices.c.user_id == bindparam('user'), _notices.c.mail_due_at.is_not(None))
    .order_by(_notices.c.id)
)
_SINCE = (
    select(func.min(_notices.c.written_at))
    .where(_notices.c.user_id == bindparam('user'), _notices.c.mail_due_at.is_not(None))
    .scalar_subquery()
)
_PEOPLE = Prepared(
    select(
        _users.c.email,
        (_users.c.email_confirmed_at.is_not(None) & ~refused.is_off_for(_users)).label('is_reached'),
        _users.c.language,
        _users.c.time_zone,
        _settings.c.quiet_from,
        _settings.c.quiet_until,
        _settings.c.rhythm,
        _settings.c.collected_until,
        _SINCE,
    )
    .outerjoin(_settings, _settings.c.user_id == _users.c.id)
    .where(_users.c.id == bindparam('user'), _users.c.disabled_at.is_(None))
)
