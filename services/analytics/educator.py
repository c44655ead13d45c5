"""The figures of a course for those who teach it: one function for each, all from facts that are read once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import fmean

from services import access
from services.access import Actor
from services.analytics import attention, course_reading, today_list
from services.analytics.attention import Need
from services.analytics.checkpoint_figures import CheckpointFigures, checkpoints
from services.analytics.course_facts import WEEKS, CourseFacts, DaySums, HeldClass, monday
from services.analytics.today_list import Todo
from services.core.transaction import Transaction

BANDS = ((90, 'A'), (80, 'B'), (70, 'C'), (60, 'D'), (0, 'F'))
"""Source: s2, grade_distribution"""


class State(StrEnum):
    """How a learner stands at a checkpoint."""

    DONE = 'done'
    STARTED = 'started'
    NOT_STARTED = 'not_started'


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One learner in the status matrix, with a state for each checkpoint in order."""

    user_id: int
    name: str
    group: str
    percent: int
    states: tuple[State, ...]
    overdue: int
    inactive_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """What went on in one week."""

    monday: date
    study_seconds: int
    class_seconds: int
    active_learners: int
    active_days: int
    steps_completed: int

    @property
    def active_seconds(self) -> int:
        """Study on their own and time in class."""
        return self.study_seconds + self.class_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFigures:
    """How the scores lie."""

    score_mean: float | None
    score_bands: Mapping[str, int]
    """A to F → how many best scores"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFigures:
    """Everything that the dashboard of a course shows."""

    course_id: int
    title: str
    groups: tuple[str, ...]
    """of the course, to choose from"""
    classes: tuple[HeldClass, ...]
    """of the course, to choose from, the newest first"""
    group: str
    session_id: int | None
    as_of: datetime
    learners: int
    mean_percent: int
    finished: int
    active_this_week: int
    steps: tuple[CheckpointFigures, ...]
    matrix: tuple[MatrixRow, ...]
    weeks: tuple[WeekFigures, ...]
    """the oldest first, up to this one"""
    scores: ScoreFigures
    needs: tuple[Need, ...]
    """who needs a look, the most urgent first"""
    today: tuple[Todo, ...]

    @property
    def hardest(self) -> tuple[CheckpointFigures, ...]:
        """The checkpoints where learners get stuck, the hardest first."""
        hard = [checkpoint for checkpoint in self.steps if checkpoint.difficulty and checkpoint.difficulty.reasons]
        return tuple(
            sorted(hard, key=lambda checkpoint: -(checkpoint.difficulty.score if checkpoint.difficulty else 0))[:3]
        )

    @property
    def most_engaging(self) -> tuple[CheckpointFigures, ...]:
        """The three checkpoints that hold learners best. Source: s1"""
        return tuple(sorted(self._engaged, key=lambda checkpoint: -(checkpoint.engagement or 0))[:3])

    @property
    def least_engaging(self) -> tuple[CheckpointFigures, ...]:
        """The three checkpoints that hold learners least, none of them among the most engaging. Source: s1"""
        rest = [checkpoint for checkpoint in self._engaged if checkpoint not in self.most_engaging]
        return tuple(sorted(rest, key=lambda checkpoint: checkpoint.engagement or 0)[:3])

    @property
    def _engaged(self) -> list[CheckpointFigures]:
        return [checkpoint for checkpoint in self.steps if checkpoint.engagement is not None]


def of_course(
    tx: Transaction,
    actor: Actor | None,
    course_id: int,
    *,
    group: str = '',
    session_id: int | None = None,
    again: bool = False,
) -> CourseFigures:
    """Return the figures of a course: of everybody, of one group, or of those who came to one class.

    With `again`, the page that asks has been noted before.
    """
    course = access.taught_course(tx, actor, course_id)
    assert actor is not None
    if not again:
        access.note_look(tx, actor, 'analytics', course=course_id)
    facts = course_reading.read(tx, course, actor.zone, group=group, session_id=session_id)
    return CourseFigures(
        course_id=course_id,
        title=course.title,
        groups=facts.groups,
        classes=facts.classes,
        group=group,
        session_id=session_id,
        as_of=tx.now,
        learners=len(facts.learners),
        mean_percent=mean_percent(facts),
        finished=sum(learner.completed_at is not None for learner in facts.learners),
        active_this_week=active_this_week(facts),
        steps=checkpoints(facts),
        matrix=matrix(facts),
        weeks=weeks(facts),
        scores=scores(facts),
        needs=attention.needs(facts, attention.dismissed(tx, course_id, [each.user_id for each in facts.learners])),
        today=today_list.todos(facts),
    )


def mean_percent(facts: CourseFacts) -> int:
    """Return the mean of the percentages of all learners, rounded down."""
    return sum(each.percent for each in facts.learners) // len(facts.learners) if facts.learners else 0


def active_this_week(facts: CourseFacts) -> int:
    """Return how many learners have done something since Monday."""
    this = monday(facts.today)
    return len(frozenset().union(*(people for day, people in facts.active.items() if day >= this)))


def matrix(facts: CourseFacts) -> tuple[MatrixRow, ...]:
    """Return how each learner stands at each checkpoint."""
    stands = [(facts.done_at(checkpoint), facts.begun_at(checkpoint)) for checkpoint in facts.checkpoints]
    return tuple(
        MatrixRow(
            user_id=learner.user_id,
            name=learner.name,
            group=learner.group,
            percent=learner.percent,
            states=_states(learner.user_id, stands),
            overdue=len(facts.overdue[learner.user_id]),
            inactive_days=facts.inactive_days(learner),
        )
        for learner in facts.learners
    )


def _states(user_id: int, stands: Iterable[tuple[AbstractSet[int], AbstractSet[int]]]) -> tuple[State, ...]:
    """Return how a learner stands at each of some checkpoints, by who has done it and who has begun it."""
    return tuple([
        State.DONE if user_id in done else State.STARTED if user_id in begun else State.NOT_STARTED
        for done, begun in stands
    ])  # fmt: skip


def weeks(facts: CourseFacts) -> tuple[WeekFigures, ...]:
    """Return what went on in each of the last weeks; those before the first activity are left out."""
    sums, active = defaultdict[date, list[DaySums]](list), defaultdict[date, list[AbstractSet[int]]](list)
    for day, its in facts.sums.items():
        sums[monday(day)].append(its)
    for day, people in facts.active.items():
        active[monday(day)].append(people)
    in_class: Counter[date] = Counter()
    for (_, week), seconds in facts.in_class.items():
        in_class[week] += seconds
    this = monday(facts.today)
    first = min((this, *(+in_class), *([monday(facts.first_day)] if facts.first_day else [])))
    mondays = [week for number in reversed(range(WEEKS)) if (week := this - timedelta(weeks=number)) >= first]
    return tuple(
        WeekFigures(
            monday=week,
            study_seconds=sum(day.seconds for day in sums[week]),
            class_seconds=in_class[week],
            active_learners=len(frozenset().union(*active[week])),
            active_days=sum(map(len, active[week])),
            steps_completed=sum(day.completed for day in sums[week]),
        )
        for week in mondays
    )


def scores(facts: CourseFacts) -> ScoreFigures:
    """Return the mean over the learners, and how the best scores lie."""
    of_learner = defaultdict[int, list[int]](list)
    for checkpoint in facts.checkpoints:
        for user_id, score in facts.scores.get(checkpoint.checkpoint_id, {}).items():
            of_learner[user_id].append(score)
    means = [fmean(its) for its in of_learner.values()]
    return ScoreFigures(
        score_mean=fmean(means) if means else None,
        score_bands=bands(score for its in of_learner.values() for score in its),
    )


def bands(found: Iterable[int]) -> dict[str, int]:
    """Return how many scores lie in each band."""
    counted = Counter[str]()
    for score, times in Counter(found).items():
        counted[next(letter for least, letter in BANDS if score >= least)] += times
    return {letter: counted[letter] for _, letter in BANDS}
