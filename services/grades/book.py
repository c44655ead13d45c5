"""What a gradebook consists of: cells, things, and rows with what their totals are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import NamedTuple

from services.grades.grading import HowGraded
from services.grades.totals import Explanation


class Mark(IntEnum):
    """What there is to say of one grade."""

    NONE = 0
    """nothing was handed in, and it is not due"""
    GRADED = 1
    LATE = 2
    """it was handed in after it was due"""
    WAITING = 3
    """it was handed in and has no grade yet"""
    MISSING = 4
    """it is due and was not handed in"""
    SET = 5
    """a teacher has set the grade"""
    EXCUSED = 6
    HIDDEN = 7
    """there is a grade that the learner may not see yet"""
    BEFORE = 8
    """it was due before the learner joined and was not handed in: it is not asked of them, and counts nothing"""


class Cell(NamedTuple):
    """One learner at one graded thing."""

    score: int | None
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that is graded: one column."""

    checkpoint_id: int
    title: str
    due_at: datetime | None
    category_id: int | None
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One learner: a cell for each thing, and how the total comes about."""

    user_id: int
    name: str
    group: str
    cells: tuple[Cell, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradebook:
    """The grades of a course: its graded things in order, and its learners in the order of the school."""

    title: str
    how: HowGraded
    things: tuple[Thing, ...]
    rows: tuple[Row, ...]
    groups: tuple[str, ...]
    """of the course"""

    def of_group(self, group: str) -> 'Gradebook':
        """Return the same of one group; of everybody for an empty name."""
        return replace(self, rows=tuple(row for row in self.rows if not group or row.group == group))

    def with_row(self, row: Row) -> 'Gradebook':
        """Return the same with one row as it is now."""
        return replace(self, rows=tuple(row if each.user_id == row.user_id else each for each in self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetByHand:
    """What a teacher decided for one learner and one thing."""

    score: int | None
    reason: str
    by: str
    """the name of the teacher"""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGrades:
    """The grades of one learner, with the same explanation that their teachers see."""

    title: str
    how: HowGraded
    things: tuple[Thing, ...]
    row: Row
    by_hand: Mapping[int, SetByHand]
    """by checkpoint"""
