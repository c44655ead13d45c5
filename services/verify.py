"""The proof that the projections are nothing but the log: what each says of everybody, compared with the log.

People are compared some at a time, so that memory stays bounded however long the log is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Checkpoint, Course, User, Verb
from services.activity import log
from services.core.database import Transaction
from services.people import merging
from services.progress import enrollments

ACTIVITIES_AT_ONCE = 20_000
"""of how many activities there may be in memory, if no person alone has more"""
PEOPLE_AT_ONCE = 500
TELL_EVERY = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How far a comparison is, and what it has found in its latest part."""

    activities: int
    of: int
    differences: list[str]


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
    counts: dict[int, int] = dict(
        tx.execute(select(col(Activity.user_id), func.count()).group_by(col(Activity.user_id))).all()
    )
    total, done = sum(counts.values()), 0
    yield Compared(activities=0, of=total, differences=_course_differences(tx))
    by = merging.owners(log.read(tx, col(Activity.verb).in_((Verb.MERGED, Verb.UNMERGED))))
    for people in _in_parts(tx, counts, by):
        part = merging.part_of(tx, people, by)
        done += sum(counts.get(user_id, 0) for user_id in people)
        found = [line for projection in tx.projections for line in projection.differences(tx, part)]
        tx.session.expunge_all()
        yield Compared(activities=done, of=total, differences=found)


def _in_parts(tx: Transaction, counts: dict[int, int], by: dict[int, int]) -> Iterator[frozenset[int]]:
    """Yield everybody, guests together with the person who they have turned out to be."""
    merged = select(col(User.id), col(User.merged_into_id)).order_by(col(User.id))
    groups: dict[int, list[int]] = {}
    for user_id, merged_into in tx.execute(merged):
        groups.setdefault(by.get(user_id) or merged_into or user_id, []).append(user_id)
    people: list[int] = []
    activities = 0
    for group in groups.values():
        its = sum(counts.get(user_id, 0) for user_id in group)
        if people and (activities + its > ACTIVITIES_AT_ONCE or len(people) >= PEOPLE_AT_ONCE):
            yield frozenset(people)
            people, activities = [], 0
        people += group
        activities += its
    if people:
        yield frozenset(people)


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
