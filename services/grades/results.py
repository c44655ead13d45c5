"""What learners have reached, as each source of grades returns it."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

Key = tuple[int, int]
"""(user id, checkpoint id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What everybody in a course has reached in one kind of work."""

    scores: Mapping[Key, int]
    """0 to 100"""
    late: Mapping[Key, datetime]
    """when the work was handed in that counts, where that was after the due date of the course"""
    waiting: AbstractSet[Key]
    """what was handed in and has no grade yet"""
