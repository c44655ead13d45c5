"""Levels: from how many points on a learner is what. Source: PRODUCT G2."""

from dataclasses import dataclass

from services.core.phrases import Phrase, phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level, and the fewest points with which it is reached."""

    name: Phrase
    since: int


LEVELS = (
    Level(name=phrase('Novice'), since=0),
    Level(name=phrase('Apprentice'), since=101),
    Level(name=phrase('Scholar'), since=501),
    Level(name=phrase('Expert'), since=1001),
    Level(name=phrase('Master'), since=5001),
)


def level_at(points: int) -> Level:
    """Return the level of a learner with so many points."""
    return [level for level in LEVELS if level.since <= points][-1]


def next_after(points: int) -> Level | None:
    """Return the level that comes next; None after the last one."""
    return next((level for level in LEVELS if level.since > points), None)
