"""The proof that the projections are nothing but the log: what each says of everybody, compared with the log.

People are compared some at a time, and a log that one person alone has made too long for that is read in stretches, so
that memory stays bounded however many people and activities there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Checkpoint, Course, User, Verb
from services.activity import log
from services.core.database import Transaction
from services.people import merging
from services.progress import enrollments

ACTIVITIES_AT_ONCE = 20_000
"""of how many activities there may be in memory"""
PEOPLE_AT_ONCE = 500
TELL_EVERY = 100_000
NOBODY: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How far a comparison is, and what it has found in its latest part."""

    activities: int
    of: int
    differences: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some people who are compared together, and how many activities the log has by them."""

    ids: frozenset[int]
    activities: int


def differences(tx: Transaction) -> list[str]:
    """Return one line for everything in which a projection differs from the log; none is expected."""
    return [line for compared in compare(tx) for line in compared.differences]


def report(tx: Transaction, say: Callable[[str], object]) -> int:
    """Compare everything and say what differs and, from time to time, how far it is; returns how much differs."""
    found, told_at = 0, 0
    for compared in compare(tx):
        found += len(compared.differences)
        for line in compared.differences:
            say(line)
        if compared.activities - told_at >= TELL_EVERY or compared.activities == compared.of:
            told_at = compared.activities
            say(f'{compared.activities:,} of {compared.of:,} activities compared, {found:,} differences')
    return found


def compare(tx: Transaction) -> Iterator[Compared]:
    """Compare everything, some people at a time, and yield what was found so far."""
    total, done = tx.execute(select(func.count()).select_from(Activity)).scalar() or 0, 0
    yield Compared(activities=0, of=total, differences=_course_differences(tx))
    by = merging.owners(log.read(tx, col(Activity.verb).in_((Verb.MERGED, Verb.UNMERGED))))
    for people in everybody(tx, by):
        part = merging.part_of(tx, people.ids, by, in_stretches=people.activities > ACTIVITIES_AT_ONCE)
        found = [line for projection in tx.projections for line in projection.differences(tx, part)]
        tx.session.expunge_all()
        done += people.activities
        yield Compared(activities=done, of=total, differences=found)


def everybody(tx: Transaction, by: Mapping[int, int] = NOBODY) -> Iterator[People]:
    """Yield everybody, some at a time, guests together with the person who they have turned out to be.

    `by` says who guests are as the log has it; where the table says something else, that is to be found.
    """
    some: list[int] = []
    activities = 0
    for group, number in _groups(tx, by):
        if some and (activities + number > ACTIVITIES_AT_ONCE or len(some) >= PEOPLE_AT_ONCE):
            yield People(ids=frozenset(some), activities=activities)
            some, activities = [], 0
        some += group
        activities += number
    if some:
        yield People(ids=frozenset(some), activities=activities)


def _groups(tx: Transaction, by: Mapping[int, int]) -> Iterator[tuple[list[int], int]]:
    """Yield each person with their guests, and how many activities the log has by them."""
    guests = _guests(tx, by)
    heads: dict[int, list[int]] = {}
    for guest, head in guests.items():
        heads.setdefault(head, []).append(guest)
    last = 0
    ids = select(col(User.id)).order_by(col(User.id)).limit(PEOPLE_AT_ONCE)
    while page := tx.execute(ids.where(col(User.id) > last)).scalars().all():
        last = page[-1]
        groups = [[id_, *heads.get(id_, ())] for id_ in page if id_ not in guests]
        counts = _counts(tx, [id_ for group in groups for id_ in group])
        for group in groups:
            yield group, sum(counts.get(id_, 0) for id_ in group)


def _guests(tx: Transaction, by: Mapping[int, int]) -> dict[int, int]:
    """Return with which person each guest is compared."""
    merged = select(col(User.id), col(User.merged_into_id)).where(col(User.merged_into_id).is_not(None))
    into = {guest: head for guest, head in tx.execute(merged) if head is not None} | dict(by)
    found = {guest: _head(guest, into) for guest in into}
    return {guest: head for guest, head in found.items() if guest != head}


def _head(guest: int, into: Mapping[int, int]) -> int:
    """Return where a chain of merged guests ends; one that is broken and has no end is left where it comes round."""
    chain = [guest]
    while (person := into.get(chain[-1])) is not None:
        if person in chain:
            return person
        chain.append(person)
    return chain[-1]


def _counts(tx: Transaction, people: Iterable[int]) -> dict[int, int]:
    by_person = select(col(Activity.user_id), func.count()).group_by(col(Activity.user_id))
    return dict(tx.execute(by_person.where(col(Activity.user_id).in_(people))).all())


def _course_differences(tx: Transaction) -> list[str]:
    """Compare how many checkpoints count in each course with what the course says."""
    counting = dict(
        tx.execute(
            select(col(Checkpoint.course_id), func.count())
            .where(enrollments.counted())
            .group_by(col(Checkpoint.course_id))
        ).all()
    )
    return [
        f'course {course_id}: {number} count instead of {counting.get(course_id, 0)}'
        for course_id, number in tx.execute(select(col(Course.id), col(Course.counted)))
        if number != counting.get(course_id, 0)
    ]
