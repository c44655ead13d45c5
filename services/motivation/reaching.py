"""Levels and lengths of a streak: reached once, with what has just been paid, and kept in the log."""

from collections.abc import Collection, Iterator, Sequence

from models import AchievementKind, PointReason, Verb
from services.activity.log import Entry
from services.core.transaction import Transaction
from services.motivation import streak_of, totals
from services.motivation.achievements import Key
from services.motivation.levels import LEVELS
from services.motivation.paid import Paid

LENGTHS = (7, 14, 30, 60, 100, 200, 365)
"""days of learning in a row on which a learner is congratulated"""


def levels(tx: Transaction, paid: Sequence[Paid], has: Collection[Key]) -> Iterator[Entry]:
    """Yield the levels that learners have reached."""
    latest = {each.user_id: each for each in paid if each.points}
    for user_id, points in totals.of_people(tx, latest).items() if latest else ():
        for level in LEVELS[1:]:
            if level.since <= points and (user_id, AchievementKind.LEVEL, level.since) not in has:
                yield _entry(latest[user_id], Verb.LEVEL_REACHED, f'level:{level.since}', 'since', level.since)


def lengths(tx: Transaction, paid: Sequence[Paid], has: Collection[Key]) -> Iterator[Entry]:
    """Yield the lengths of a streak that learners have reached."""
    days = {each.user_id: each for each in paid if each.reason is PointReason.DAY}
    streaks = streak_of.on(tx, {user_id: each.local_date for user_id, each in days.items()})
    for user_id, each in days.items():
        for length in LENGTHS:
            if length <= streaks[user_id].current and (user_id, AchievementKind.STREAK, length) not in has:
                yield _entry(each, Verb.STREAK_REACHED, f'streak:{length}', 'days', length)


def _entry(paid: Paid, verb: Verb, tap_id: str, name: str, number: int) -> Entry:
    return Entry(
        user_id=paid.user_id,
        tap_id=tap_id,
        verb=verb,
        course_id=paid.course_id,
        details={name: number},
        happened_at=paid.earned_at,
    )
