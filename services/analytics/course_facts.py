"""What the figures of a course are made of: its checkpoints, its learners, and what they did. See `course_reading`."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from models import CheckpointKind, Course
from services.progress.extra_time import own_due, was_before

WEEKS = 12
"""how far back weeks are shown: about a term"""
LONGEST_IN_CLASS = 4 * 60 * 60
"""seconds from start to completion in class; what took longer went on in another class"""

Place = tuple[int, int]
"""(user id, checkpoint id)"""
ByCheckpoint = Mapping[int, Mapping[int, int]]
"""checkpoint → learner → how much"""
Who = Mapping[int, AbstractSet[int]]
"""checkpoint → learners"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCheckpoint:
    """A checkpoint that counts."""

    checkpoint_id: int
    number: int
    title: str
    kind: CheckpointKind
    module: str
    minutes: int | None
    due_at: datetime | None
    created_at: datetime
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Somebody who learns in the course."""

    user_id: int
    name: str
    group: str
    percent: int
    done: int
    enrolled_at: datetime
    completed_at: datetime | None
    paused_at: datetime | None
    extra_percent: int
    is_erased: bool = False
    """whether the account is gone for good; what was done stays in the figures"""
    later: Mapping[int, datetime] = field(default_factory=dict)
    """checkpoint → until when they have time by agreement"""
    excused: AbstractSet[int] = frozenset()
    """checkpoints that are not asked of them"""

    @property
    def has_own_days(self) -> bool:
        """Whether checkpoints can be due for them on other days than for the course."""
        return bool(self.extra_percent or self.later or self.excused)

    def due(self, checkpoint: CountedCheckpoint) -> datetime | None:
        """Return when a checkpoint is due for this learner, with their extra time and with what was agreed.

        What was due before they joined is not asked of them, as in predictions.
        """
        if checkpoint.due_at is None or checkpoint.checkpoint_id in self.excused:
            return None
        own = own_due(checkpoint.due_at, self.extra_percent, since=max(checkpoint.created_at, self.enrolled_at))
        due_at = max(own or checkpoint.due_at, self.later.get(checkpoint.checkpoint_id, checkpoint.due_at))
        return None if was_before(due_at, self.enrolled_at) else due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a learner stands at a checkpoint that they have started; done in either mode is done."""

    started_at: datetime
    completed_at: datetime | None
    seconds_in_class: int
    """from start to completion; 0 where that is not known"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySums:
    """What the learners did in the course on one day of theirs, all together."""

    seconds: int
    completed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A question for help that is not answered yet."""

    user_id: int
    checkpoint_id: int
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldClass:
    """A class of the course."""

    session_id: int
    started_at: datetime
    is_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFacts:
    """One course, with those of its learners that were chosen."""

    course: Course
    now: datetime
    today: date
    """where the reader is"""
    groups: tuple[str, ...]
    classes: tuple[HeldClass, ...]
    """the newest first"""
    checkpoints: tuple[CountedCheckpoint, ...]
    learners: tuple[Learner, ...]
    begun: Who
    """those who have begun it, also of checkpoints that do not count"""
    done: Who
    """those of them who have completed it, in either mode"""
    spent: ByCheckpoint
    """seconds of study on their own, and in class from start to completion"""
    seen: ByCheckpoint
    """percent of a video or document"""
    helped: Who
    waiting: tuple[Waiting, ...]
    """those who wait longest first"""
    scores: ByCheckpoint
    """the best ones"""
    attempts: ByCheckpoint
    ungraded: Who
    """those who have handed it in, and wait for a grade"""
    due: Mapping[int, int]
    """learner → how many checkpoints were due for them until now"""
    overdue: Mapping[int, tuple[CountedCheckpoint, ...]]
    """learner → those of them that they have not done"""
    last_days: Mapping[int, date]
    """learner → the last day on which they did something here"""
    first_day: date | None
    """on which there is something in the last weeks"""
    active: Mapping[date, AbstractSet[int]]
    """day of the last weeks → learners who did something themselves"""
    sums: Mapping[date, DaySums]
    """of the last weeks"""
    in_class: Mapping[tuple[int, date], int]
    """(learner, Monday) → seconds in classes of the last weeks"""

    def begun_at(self, checkpoint: CountedCheckpoint) -> AbstractSet[int]:
        """Return who has begun a checkpoint."""
        return self.begun.get(checkpoint.checkpoint_id, frozenset())

    def done_at(self, checkpoint: CountedCheckpoint) -> AbstractSet[int]:
        """Return who has completed a checkpoint."""
        return self.done.get(checkpoint.checkpoint_id, frozenset())

    def spent_at(self, checkpoint: CountedCheckpoint) -> Mapping[int, int]:
        """Return how long learners were at a checkpoint, in seconds."""
        return self.spent.get(checkpoint.checkpoint_id, {})

    def inactive_days(self, learner: Learner) -> int:
        """Return for how many days a learner has done nothing here; since they enrolled, if they never did."""
        last = self.last_days.get(learner.user_id, learner.enrolled_at.date())
        return max(0, (self.today - last).days)


def monday(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())
