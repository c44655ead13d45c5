"""What screens of a class are given: frozen values, with nothing in them that the screen must not show."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from models import CheckpointKind
from services.core.phrases import Phrase


class Mark(IntEnum):
    """The state of one learner at one checkpoint, as all screens show it."""

    NOT_YET = 0
    WORKING = 1
    DONE = 2
    DONE_BEFORE = 3
    STUCK = 4


class Presence(IntEnum):
    """Where one learner is while a class runs, as all screens show it."""

    NOT_YET = 0
    """enrolled, but not in this class"""
    WORKING = 1
    IDLE = 2
    """connected, but nothing was tapped for a while"""
    LOST = 3
    """was here; the connection is gone"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """How many are here (idle ones included), lost, or not here yet."""

    here: int
    idle: int = 0
    lost: int = 0
    not_yet: int = 0


class Names(StrEnum):
    """By which names a screen knows the learners, and so who looks: the teacher, or else the whole room."""

    TEACHER = 'teacher'
    """the instructor's own screen: everybody who is enrolled, with full names"""
    FULL = 'full'
    FIRST_NAME = 'first_name'
    INITIALS = 'initials'
    ALIAS = 'alias'


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One checkpoint of the grid."""

    checkpoint_id: int
    number: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One learner of the grid; the key says nothing about who it is. Marks are in the order of the columns."""

    key: str
    name: str
    marks: tuple[int, ...]
    percent: int
    presence: Presence
    is_hidden: bool = False
    """whether the learner is not on the projector; only the teacher's screen has such rows"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """The whole grid as one kind of screen is given it. Shares and percent are of those who joined.

    On the projector they are of those who are shown, and None where that would show a person.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    shares: tuple[int | None, ...]
    percent: int | None
    headcount: Headcount
    current: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What moved since the last view or change."""

    cells: tuple[tuple[str, int, int], ...] = ()
    """(row key, checkpoint id, mark)"""
    percents: tuple[tuple[str, int], ...] = ()
    presence: tuple[tuple[str, Presence], ...] = ()
    rows: tuple[Row, ...] = ()
    """learners who are new on this screen, or have a new name"""
    shares: tuple[int | None, ...]
    percent: int | None
    headcount: Headcount


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerCheckpoint:
    """One checkpoint as the learner sees it."""

    checkpoint_id: int
    number: int
    title: str
    description: str
    kind: CheckpointKind
    minutes: int | None
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView:
    """Everything a learner's own page shows, apart from the class figure. `version` moves with every change."""

    version: tuple[int, int]
    title: str
    session_id: int | None
    has_ended: bool
    checkpoints: tuple[LearnerCheckpoint, ...]
    current: int | None
    """the index of the checkpoint to do now; None when all are done"""
    led_to: int | None
    """the checkpoint to which the instructor leads everybody"""
    percent: int
    pause: Phrase | None = None
    """what everybody is told while the class is paused"""
    until: datetime | None = None
    """when the time for the checkpoint to which everybody is led is over, for this learner"""
    has_extra_time: bool = False
    is_archived: bool = False
    """whether the course was archived; nobody can tap until it is back"""
