"""Everybody in slices: some people at a time, so that what goes through all of them stays bounded in memory."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, User
from services.activity import archive
from services.core.transaction import Transaction
from services.people.merging import NOBODY

ACTIVITIES_AT_ONCE = 20_000
"""of how many activities there may be in memory"""
PEOPLE_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Some people who are compared together, and how many activities by them are folded for that."""

    ids: frozenset[int]
    activities: int


def everybody(
    tx: Transaction, by: Mapping[int, int] = NOBODY, known: Collection[int] = frozenset()
) -> Iterator[People]:
    """Yield everybody but those who are known, some at a time, guests together with the person who they are.

    `by` says who guests are as the log has it; where the table says something else, that is to be found.
    """
    some: list[int] = []
    activities = 0
    for group, number in _groups(tx, by, known):
        if some and (activities + number > ACTIVITIES_AT_ONCE or len(some) >= PEOPLE_AT_ONCE):
            yield People(ids=frozenset(some), activities=activities)
            some, activities = [], 0
        some += group
        activities += number
    if some:
        yield People(ids=frozenset(some), activities=activities)


def _groups(tx: Transaction, by: Mapping[int, int], known: Collection[int]) -> Iterator[tuple[list[int], int]]:
    """Yield each person with their guests, and how many activities the log has by them."""
    merged = guests(tx, by)
    groups = by_head(merged)
    last = 0
    ids = select(col(User.id)).order_by(col(User.id)).limit(PEOPLE_AT_ONCE)
    while page := tx.execute(ids.where(col(User.id) > last)).scalars().all():
        last = page[-1]
        found = [[id_, *groups.get(id_, ())] for id_ in page if id_ not in merged and id_ not in known]
        numbers = counts(tx, [id_ for group in found for id_ in group])
        for group in found:
            yield group, sum(numbers.get(id_, 0) for id_ in group)


def by_head(merged: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the guests of each person."""
    found: dict[int, list[int]] = {}
    for guest, head in merged.items():
        found.setdefault(head, []).append(guest)
    return found


def guests(tx: Transaction, by: Mapping[int, int]) -> dict[int, int]:
    """Return with which person each guest is compared."""
    merged = select(col(User.id), col(User.merged_into_id)).where(col(User.merged_into_id).is_not(None))
    into = {guest: person for guest, person in tx.execute(merged) if person is not None} | dict(by)
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


def counts(tx: Transaction, people: Collection[int], since: int = 0) -> dict[int, int]:
    """Return how many activities after one with this id the log and the archive have by each of some people."""
    by_person = select(col(Activity.user_id), func.count()).group_by(col(Activity.user_id))
    theirs = col(Activity.user_id).in_(people), col(Activity.id) > since
    live: dict[int, int] = dict(tx.execute(by_person.where(*theirs)).all())
    archived = archive.counts(tx, people, since)
    return {id_: live.get(id_, 0) + archived.get(id_, 0) for id_ in live.keys() | archived.keys()}
