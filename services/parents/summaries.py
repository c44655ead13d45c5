"""The mail at the end of the week: one for each parent about all their children, on Sunday at five where they live.

The job reads each week beside the writer and keeps what the mail says until it is sent, so that no tap waits for it.
A week is seen to once: it is marked in the transaction that puts the mail into the outbox. Nothing is sent of a week in
which nothing happened, nor later than Sunday night, when it would be about another week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from models import MailKind, ParentLink, ParentSummary, Role, User
from services import access
from services.access import Actor
from services.core import database, zones
from services.core.jobs import Kind
from services.core.phrases import Phrase, phrase, plural
from services.core.server_address import public_url
from services.core.transaction import Transaction
from services.goals.status import Outlook
from services.mail import delivery, mail_server, outbox, refused
from services.mail.letters import Addressed, Letter
from services.notices import unsubscribing
from services.parents import week
from services.parents.week import ChildWeek

NAME = 'weekly mails'
LOOK_EVERY = timedelta(minutes=15)
"""by how much the clocks of two zones can differ"""
SUNDAY = 6
FROM_HOUR, UNTIL = 17, time(23)
READ_AT_ONCE = 100
"""parents whose children are read together"""
AT_ONCE = 50
"""mails that are put into the outbox in one transaction"""
SHORTEST = 60
"""seconds; what is shorter is not told"""
MOST_SAID = 2
"""sentences on what needs attention, of each child"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A parent who is to get the mail of a week."""

    parent_id: int
    monday: date
    until: datetime


def own(tx: Transaction, actor: Actor | None) -> bool:
    """Tell a parent whether they get the mail."""
    actor = access.parent(tx, actor)
    row = tx.session.get(ParentSummary, actor.user_id)
    return row is None or row.is_wanted


def choose(tx: Transaction, actor: Actor | None, *, wanted: bool) -> None:
    """Choose whether a parent gets the mail."""
    actor = access.parent(tx, actor)
    row = tx.session.get(ParentSummary, actor.user_id) or ParentSummary(parent_id=actor.user_id)
    row.is_wanted = wanted
    tx.session.add(row)
    tx.note('weekly mail chosen', user=actor.user_id, wanted=wanted)


def kind() -> Kind:
    """Return the job that puts the mails into the outbox."""
    return Kind(name=NAME, work=lambda _: put_due(), repeats=LOOK_EVERY)


async def put_due() -> int:
    """Put the mails that are due into the outbox; returns how many. Where no mails are sent, nothing is marked."""
    if not mail_server.is_ready():
        return 0
    found = await database.read(_due)
    if not found:
        _prepared.clear()  # what was not sent by then is written anew, or not at all
    put = 0
    for start in range(0, len(found), READ_AT_ONCE):
        part = found[start : start + READ_AT_ONCE]
        weeks = await database.read(_weeks, [each.parent_id for each in part])
        for each in part:
            _prepared[each.parent_id] = each.monday, weeks[each.parent_id]
        for slice_ in range(0, len(part), AT_ONCE):
            put += await database.write(_put, part[slice_ : slice_ + AT_ONCE])
    if put:
        delivery.hurry()
    return put


def letter(tx: Transaction, to: Addressed) -> Letter | None:
    """Return the mail to a parent, or None where it is of no use by now: late, unwanted, or about nothing."""
    parent = tx.session.get(User, to.user_id or 0)
    if parent is None or parent.email != to.address or not _wants(tx, parent):
        return None
    monday = _window(zones.of(parent.time_zone), tx.now)
    if monday is None:
        return None
    day, weeks = _prepared.pop(parent.id, (None, ()))
    if day != monday or {each.child_id for each in weeks} != _children(tx, parent.id):
        weeks = _weeks(tx, [parent.id])[parent.id]
    told = [each for each in weeks if not each.is_quiet]
    if not told:
        return None
    return Letter(
        subject=phrase('The week of {children}', children=', '.join(each.name for each in told)),
        before=tuple(sentence for each in told for sentence in _sentences(each)),
        link=f'{public_url()}/children',
        after=(phrase('You get this mail on Sundays. On the same page you can turn it off.'),),
        unsubscribe=unsubscribing.address(parent.id, to.address, ()),
        language=parent.language,
    )


def _due(tx: Transaction) -> list[Due]:
    """Return the parents whose Sunday evening it is, and whose week was not seen to yet."""
    rows = (
        select(col(User.id), col(User.time_zone), col(ParentSummary.week))
        .join(ParentSummary, col(ParentSummary.parent_id) == col(User.id))
        .where(col(User.role) == Role.PARENT, col(ParentSummary.is_wanted))
        .order_by(col(User.id))
    )
    now, windows, found = tx.now, dict[str, date | None](), list[Due]()
    for parent_id, zone, seen_to in tx.execute(rows):
        if zone not in windows:
            windows[zone] = _window(zones.of(zone), now)
        monday = windows[zone]
        if monday is not None and (seen_to is None or seen_to < monday):
            found.append(Due(parent_id=parent_id, monday=monday, until=_end(zones.of(zone), monday)))
    return found


def _put(tx: Transaction, due: Sequence[Due]) -> int:
    """Mark the week of some parents as seen to, and put a mail to those into the outbox who are to get one."""
    ids = [each.parent_id for each in due]
    locked = select(ParentSummary).where(col(ParentSummary.parent_id).in_(ids)).order_by(col(ParentSummary.parent_id))
    rows = {row.parent_id: row for row in tx.execute(locked.with_for_update()).scalars()}
    parents = {parent.id: parent for parent in tx.session.scalars(select(User).where(col(User.id).in_(ids)))}
    off, mails = refused.who_is_off(tx, ids), list[tuple[Addressed, timedelta | None]]()
    for each in due:
        row, parent = rows.get(each.parent_id), parents.get(each.parent_id)
        if row is None or parent is None or (row.week is not None and row.week >= each.monday):
            continue  # another process was faster
        row.week = each.monday
        tx.session.add(row)
        if _may_get(parent, row) and parent.id not in off and each.until > tx.now:
            to = Addressed(address=parent.email or '', user_id=parent.id, language=parent.language)
            mails.append((to, each.until - tx.now))
    return len(outbox.put_each(tx, MailKind.WEEK, mails)) if mails else 0


def _wants(tx: Transaction, parent: User) -> bool:
    """Tell whether a parent gets the mail."""
    row = tx.session.get(ParentSummary, parent.id)
    return row is not None and _may_get(parent, row) and not refused.is_off(tx, parent)


def _may_get(parent: User, row: ParentSummary) -> bool:
    """Tell whether a parent wants the mail, at an address that is proven to be theirs."""
    is_open = parent.role is Role.PARENT and parent.disabled_at is None and parent.email_confirmed_at is not None
    return is_open and row.is_wanted


def _window(zone: ZoneInfo, now: datetime) -> date | None:
    """Return the Monday of the week whose mail is sent at a moment in a zone; None while none is."""
    local = zones.in_zone(zone, now)
    if local.weekday() != SUNDAY or local.hour < FROM_HOUR or local.time() >= UNTIL:
        return None
    return local.date() - timedelta(days=SUNDAY)


def _end(zone: ZoneInfo, monday: date) -> datetime:
    return datetime.combine(monday + timedelta(days=SUNDAY), UNTIL, zone)


def _children(tx: Transaction, parent_id: int) -> set[int]:
    theirs = col(ParentLink.parent_id) == parent_id, col(User.role) == Role.STUDENT
    rows = select(col(User.id)).join(ParentLink, col(ParentLink.child_id) == col(User.id)).where(*theirs)
    return set(tx.execute(rows).scalars())


def _weeks(tx: Transaction, parent_ids: Sequence[int]) -> dict[int, tuple[ChildWeek, ...]]:
    """Return the week of each child of some parents who get the mail."""
    rows = (
        select(col(ParentLink.parent_id), User)
        .join(User, col(User.id) == col(ParentLink.child_id))
        .where(col(ParentLink.parent_id).in_(parent_ids), col(User.role) == Role.STUDENT)
        .order_by(col(User.plain_name), col(User.id))
    )
    found: dict[int, list[User]] = {parent_id: [] for parent_id in parent_ids}
    for parent_id, child in tx.execute(rows):
        found[parent_id].append(child)
    weeks = week.of_children(tx, list({child.id: child for its in found.values() for child in its}.values()))
    return {parent_id: tuple(weeks[child.id] for child in its) for parent_id, its in found.items()}


def _sentences(seen: ChildWeek) -> list[Phrase]:
    """Return what the mail says of one child: how the week went, what needs attention, and what to do."""
    return [_headline(seen), *seen.attention[:MOST_SAID], *seen.ideas[:1]]


def _headline(seen: ChildWeek) -> Phrase:
    told = {'child': seen.name, 'done': seen.done, 'goal': seen.goal, 'time': _time(seen.seconds)}
    if seen.goal and seen.outlook is Outlook.ACHIEVED:
        return phrase('{child} had a good week: {done} of {goal} steps done, {time} of work.', **told)
    if seen.seconds < SHORTEST:
        return phrase('{child}: {done} of {goal} steps of the week done.', **told)
    return phrase('{child}: {done} of {goal} steps of the week done, {time} of work.', **told)


def _time(seconds: int) -> Phrase:
    minutes = seconds // 60
    if minutes < 60:
        return plural('{count} minute', '{count} minutes', minutes)
    return phrase('{hours} h {minutes} min', hours=minutes // 60, minutes=minutes % 60)


_prepared: dict[int, tuple[date, tuple[ChildWeek, ...]]] = {}
"""what was read of the week of a parent's children, until the mail is sent"""
