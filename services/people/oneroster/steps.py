"""The single things that bringing in an export changes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.people.oneroster.tables import Problem


class Kind(StrEnum):
    """What happens to one person, one class, or one place."""

    NEW_LEARNER = 'new_learner'
    NEW_TEACHER = 'new_teacher'
    KNOWN = 'known'
    """has an account here with the same confirmed address"""
    RENAMED = 'renamed'
    LEFT = 'left'
    """is marked; everything they did stays"""
    BACK = 'back'
    NEW_CLASS = 'new_class'
    TIED = 'tied'
    """belongs to a course that is here already, as the admin has chosen"""
    RETITLED = 'retitled'
    ENDED = 'ended'
    """the course is archived"""
    RESUMED = 'resumed'
    ENTERS = 'enters'
    BACK_IN = 'back_in'
    TEACHES = 'teaches'
    HERE = 'here'
    """has this place already; from now on the list knows it"""
    STAYS_OUT = 'stays_out'
    """was taken out of the course by a teacher"""
    LEAVES = 'leaves'
    """is taken out of the course; everything they did comes back with them"""
    STOPS_TEACHING = 'stops_teaching'
    KEEPS_ANOTHER = 'keeps_another'
    """one of two places in the same class is over; the person stays in it"""


OF_PEOPLE = frozenset({Kind.NEW_LEARNER, Kind.NEW_TEACHER, Kind.KNOWN, Kind.RENAMED, Kind.LEFT, Kind.BACK})
OF_CLASSES = frozenset({Kind.NEW_CLASS, Kind.TIED, Kind.RETITLED, Kind.ENDED, Kind.RESUMED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that would happen."""

    kind: Kind
    id: str
    """under which the export knows the person, the class, or the place"""
    name: str
    """of the person, or of the class"""
    about: str = ''
    """an address, an older name, or a class"""
    user_id: int = 0
    course_id: int = 0
    """of a class that is tied to a course"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that would happen, in order, and what is wrong with the export."""

    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]
    people: int
    """who learn or teach in the export"""
    others: int
    """people of the export who do neither"""
    before: int
    """people whom earlier exports of this system have brought in, and who have not left"""
    mark: str
    """what tells this plan from any other"""
    places: int = 0
    """places in courses that earlier exports of this system have brought in, and that have not ended"""

    def of(self, *kinds: Kind) -> tuple[Step, ...]:
        """Return the steps of some kinds."""
        return tuple(step for step in self.steps if step.kind in kinds)

    @property
    def empties(self) -> bool:
        """Whether a large part of the school would leave: then the export is perhaps not whole."""
        return self.before >= 10 and len(self.of(Kind.LEFT)) * 5 > self.before

    @property
    def ending(self) -> int:
        """How many places in courses would end: learners leave, teachers give a course up."""
        return len(self.of(Kind.LEAVES, Kind.STOPS_TEACHING))

    @property
    def is_doubtful(self) -> bool:
        """Whether more than a third of all places would end, as of a file that broke off."""
        return self.ending * 3 > self.places


def mark_of(steps: Sequence[Step]) -> str:
    """Return what tells a plan with these steps from any other."""
    said = repr([(step.kind.value, step.id, step.name, step.about, step.user_id, step.course_id) for step in steps])
    return hashlib.sha256(said.encode()).hexdigest()
