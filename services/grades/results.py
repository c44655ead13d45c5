"""What learners have reached, as each source of grades returns it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

Key = tuple[int, int]
"""(user id, checkpoint id)"""


Place = tuple[int, int]
"""(course id, user id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What some learners have reached in some courses: each in the course of their place."""

    scores: Mapping[Place, Mapping[int, int]]
    """of 0 to 100, by checkpoint"""
    waiting: Mapping[Place, AbstractSet[int]]
    """checkpoints whose work was handed in and has no grade yet"""
    later: Mapping[Place, Mapping[int, datetime]] = field(default_factory=dict)
    """by checkpoint, until when they have time by agreement"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What everybody in a course has reached in one kind of work."""

    by_learner: Mapping[int, Mapping[int, int]]
    """scores of 0 to 100, by user id and checkpoint id"""
    late: Mapping[Key, datetime]
    """when the work was handed in that counts, where that was after the due date of the course"""
    waiting: AbstractSet[Key]
    """what was handed in and has no grade yet"""
    later: Mapping[int, Mapping[int, datetime]] = field(default_factory=dict)
    """by learner and checkpoint, until when they have time by agreement"""

    @property
    def scores(self) -> dict[Key, int]:
        """The same in one: the scores by learner and checkpoint."""
        return {
            (user_id, checkpoint_id): score
            for user_id, own in self.by_learner.items()
            for checkpoint_id, score in own.items()
        }

    def score_of(self, user_id: int, checkpoint_id: int) -> int | None:
        """Return what one learner has reached at one checkpoint, if anything."""
        return self.by_learner.get(user_id, {}).get(checkpoint_id)
