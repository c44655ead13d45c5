"""Sending the log to a record store as statements: a job reads it from the position that the store has reached.

The position moves when the store has taken a batch. A process that is killed before sends the batch again, and the
store knows the statements by their ids. What fails is kept with the job and tried again after growing waits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import orjson
from sqlalchemy import delete, func, select, update
from sqlmodel import col

from models import Activity, HeldStatement, RecordStore, User, table
from services.accounts import known_secret
from services.activity import archive, log
from services.activity.archive_order import Reader
from services.core import database
from services.core.errors import Refused
from services.core.events import Recorded
from services.core.jobs import Kind
from services.core.server_address import public_url
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.text import read_address
from services.core.transaction import Transaction
from services.lms import connection, record_store, statements, xapi
from services.lms.connection import NotReached
from services.lms.record_store import MOST, Message, Refusal
from services.lms.xapi import Installation, Known
from settings import settings

NAME = 'statements out'
LOOK_EVERY = timedelta(seconds=10)
PAGE = 1_000
"""activities that are read at once where the archive has some of them, and most say nothing"""
LONGEST_NUMBER = 10
"""digits of what is no number of a person: more than the column holds"""
SELDOM = timedelta(hours=1)
"""how often a job is looked at that has nothing to do"""
LOOK_AGAIN = timedelta(hours=1)
"""after which it is asked anew whether a learner may see a score"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is sent next, and how far the store is afterwards."""

    since: int
    until: int
    messages: tuple[Message, ...]
    held: tuple[int, ...]
    """the activities whose scores their learners may not see yet"""
    looked_at: tuple[int, ...]
    """those that were held, and were due"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the store is, as the metrics say it."""

    behind: int
    """ids of the log that were not looked at yet"""
    held: int
    refused: int


def kind() -> Kind:
    """Return the job that sends what is new; it does nothing where no store is set."""
    return Kind(name=NAME, work=lambda _: send_due(), repeats=LOOK_EVERY if record_store.is_on() else SELDOM)


async def send_due() -> int:
    """Send everything that is new; returns how many statements the store has taken."""
    sent = 0
    reader = Reader()
    if not record_store.is_on() or not await database.read(next_batch, reader):
        return sent
    async with await connection.new_client() as client:
        while batch := await database.read(next_batch, reader):
            refused: Sequence[Refusal] = ()
            if batch.messages:
                try:
                    refused = await record_store.hand_over(client, batch.messages)
                except NotReached as why:
                    if why.wait:
                        await database.write(wait, why.wait)
                    raise
            if not await database.write(finish, batch, refused):
                break  # another process has sent it as well, and goes on
            sent += len(batch.messages) - len(refused)
    return sent


def next_batch(tx: Transaction, reader: Reader) -> Batch | None:
    """Return what is sent next, as it is to be sent now; None where there is nothing new.

    Where the store is far behind, the reader has a month of the archive unpacked from one batch to the next.

    Raises `Refused` where nothing may be sent: what has to be corrected first, or for how long the store wants peace.
    """
    store = _store(tx)
    if store and store.wait_until and store.wait_until > tx.now:
        raise Refused('{host} asks to be left alone for a while.', host=record_store.host())
    if not public_url():
        raise Refused('Set PUBLIC_URL first: the names in statements begin with it.')
    if not known_secret.is_known(tx):
        raise Refused(
            'The secret of the server is another one than before, and people would have other accounts there.'
        )
    left_out = _left_out(tx)
    since = store.position if store else 0
    due = _due(tx, store)
    new, until = _new(tx, since, MOST - len(due), reader)
    if until == since and not due:
        return None
    messages, held = _written(tx, [*due, *new], left_out)
    looked_at = tuple(each.id for each in due)
    return Batch(since=since, until=until, messages=messages, held=held, looked_at=looked_at)


def finish(tx: Transaction, batch: Batch, refused: Sequence[Refusal]) -> bool:
    """Move the position after a batch was taken; returns False where another process was faster."""
    store = _kept_store(tx)
    if store.position != batch.since:
        return False
    store.position, store.wait_until = batch.until, None
    store.refused += len(refused)
    tx.session.add(store)
    of_store = col(HeldStatement.store_id) == store.id
    tx.execute(delete(HeldStatement).where(of_store, col(HeldStatement.activity_id).in_(batch.looked_at)))
    for activity_id in batch.held:
        tx.session.add(HeldStatement(store_id=store.id, activity_id=activity_id, due_at=tx.now + LOOK_AGAIN))
    for each in refused:
        tx.note('statement refused', activity=each.activity_id, problem=str(each.problem))
    return True


def wait(tx: Transaction, pause: timedelta) -> None:
    """Leave the store alone for as long as it asks."""
    store = _kept_store(tx)
    tx.execute(update(RecordStore).where(col(RecordStore.id) == store.id).values(wait_until=tx.now + pause))


def standing(tx: Transaction) -> Standing | None:
    """Return how far the store is; None where nothing is sent."""
    if not record_store.is_on():
        return None
    store = _store(tx)
    newest = tx.execute(select(func.max(_log.c.id))).scalar() or 0
    if store is None:
        return Standing(behind=newest, held=0, refused=0)
    held = select(func.count()).where(col(HeldStatement.store_id) == store.id)
    return Standing(behind=newest - store.position, held=tx.execute(held).scalar() or 0, refused=store.refused)


def has_taken(tx: Transaction, activity_id: int) -> bool:
    """Tell whether the store, if there is one, has all statements up to an activity."""
    store = _store(tx) if record_store.is_on() else None
    return not record_store.is_on() or (store is not None and store.position >= activity_id)


def accounts(tx: Transaction, user_id: int) -> list[str]:
    """Return under which accounts a store knows a person: theirs, and those of guests who they turned out to be."""
    at = Installation(address=public_url(), secret=settings().secret_key)
    guests = select(col(User.id)).where(col(User.merged_into_id) == user_id).order_by(col(User.id))
    return [at.account_of(each) for each in (user_id, *tx.execute(guests).scalars())]


def _store(tx: Transaction) -> RecordStore | None:
    this = select(RecordStore).where(col(RecordStore.address) == settings().lrs_url)
    found: RecordStore | None = tx.session.scalars(this).one_or_none()
    return found


def _kept_store(tx: Transaction) -> RecordStore:
    """Return the row of the store, made where there is none, and nobody else changes it until the end."""
    this = select(RecordStore).where(col(RecordStore.address) == settings().lrs_url).with_for_update()
    store: RecordStore | None = tx.session.scalars(this).one_or_none()
    if store is None:
        store = RecordStore(address=settings().lrs_url)
        tx.session.add(store)
        tx.session.flush()
    return store


def _new(tx: Transaction, since: int, most: int, reader: Reader) -> tuple[list[Recorded], int]:
    """Return what says something after an activity, at most so many, and the id up to which all was looked at."""
    if most <= 0:
        return [], since
    if archive.ends(tx, since):
        page = reader.after(tx, since, PAGE)
        found = [each for each in page if each.verb in xapi.VERBS and each.course_id is not None]
        end = page[-1].id if page else since
    else:
        end = max(since, tx.execute(select(func.max(_log.c.id))).scalar() or 0)
        says_something = _log.c.verb.in_(list(xapi.VERBS)) & _log.c.course_id.is_not(None)
        found = log.read(tx, (_log.c.id > since) & (_log.c.id <= end) & says_something, most=most)
    return (found, end) if len(found) < most else (found[:most], found[most - 1].id)


def _due(tx: Transaction, store: RecordStore | None) -> list[Recorded]:
    if store is None:
        return []
    held = select(col(HeldStatement.activity_id)).where(
        col(HeldStatement.store_id) == store.id, col(HeldStatement.due_at) <= tx.now
    )
    ids = tx.execute(held.order_by(col(HeldStatement.due_at), col(HeldStatement.activity_id)).limit(MOST)).scalars()
    due = list(ids)
    return log.read(tx, _log.c.id.in_(due)) if due else []


def _written(
    tx: Transaction, activities: Sequence[Recorded], left_out: frozenset[int]
) -> tuple[tuple[Message, ...], tuple[int, ...]]:
    """Return the statements about activities, and those that wait because of their scores."""
    owners = _owners(tx, {each.user_id for each in activities}, left_out)
    activities = [each for each in activities if each.user_id in owners]
    hidden = _hidden(tx, activities, owners)
    held = tuple(each.id for each in activities if _is_hidden(each, hidden[each.id]))
    known = statements.named(tx, activities)
    at = Installation(address=public_url(), secret=settings().secret_key)
    made = ((each, _statement(each, owners[each.user_id], at, known, hidden[each.id])) for each in activities)
    messages = tuple(Message(activity_id=each.id, body=body) for each, body in made if body is not None)
    return messages, held


def _statement(activity: Recorded, of: int, at: Installation, known: Known, hidden: frozenset[int]) -> bytes | None:
    said = xapi.statement(activity, of=of, at=at, known=replace(known, hidden=hidden))
    return None if said is None else orjson.dumps(said)


def _is_hidden(activity: Recorded, hidden: frozenset[int]) -> bool:
    return activity.verb in xapi.SCORES and activity.score is not None and activity.checkpoint_id in hidden


def _hidden(tx: Transaction, activities: Sequence[Recorded], owners: Mapping[int, int]) -> dict[int, frozenset[int]]:
    """Return for each activity with a score which checkpoints its learner may not see; nothing for all others."""
    found: dict[tuple[int, int], frozenset[int]] = {}
    by_activity: dict[int, frozenset[int]] = {}
    for each in activities:
        by_activity[each.id] = frozenset()
        if each.verb in xapi.SCORES and each.course_id is not None:
            key = each.course_id, owners[each.user_id]
            if key not in found:
                found[key] = statements.hidden(tx, *key)
            by_activity[each.id] = found[key]
    return by_activity


def _owners(tx: Transaction, people: Iterable[int], left_out: frozenset[int]) -> dict[int, int]:
    """Return whose each account's activities are: without people who were erased, and those who are left out."""
    rows = _PEOPLE.rows(tx.connection, ids=sorted(people))
    owners = {user_id: owner_id or user_id for user_id, owner_id, _ in rows}
    gone = {user_id for user_id, _, erased_at in rows if erased_at is not None}
    gone |= {
        user_id for user_id, _, erased_at in _PEOPLE.rows(tx.connection, ids=sorted({*owners.values()})) if erased_at
    }
    return {each: owner for each, owner in owners.items() if not {each, owner} & (gone | left_out)}


def _left_out(tx: Transaction) -> frozenset[int]:
    """Return the people of whom nothing is sent; raises `Refused` where one is named whom nobody knows."""
    found = set[int]()
    for each in filter(None, map(str.strip, settings().lrs_leave_out.split(','))):
        is_number = each.isdecimal() and len(each) < LONGEST_NUMBER
        which = col(User.id) == int(each) if is_number else col(User.email) == read_address(each)
        user_id = tx.execute(select(col(User.id)).where(which)).scalar_one_or_none()
        if user_id is None:
            raise Refused('LRS_LEAVE_OUT names {person}, and there is no such person. Correct it.', person=each)
        found.add(user_id)
    return frozenset(found)


_log, _users = table(Activity), table(User)
_PEOPLE = Prepared(select(_users.c.id, _users.c.merged_into_id, _users.c.erased_at).where(among(_users.c.id, 'ids')))
