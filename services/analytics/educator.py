"""The figures of a course for those who teach it: one function for each, all from facts that are read once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import fmean, median

from models import CheckpointKind
from services import access
from services.access import Actor
from services.analytics import attention, course_reading, difficulty, today_list
from services.analytics.attention import Need
from services.analytics.course_facts import WEEKS, CountedCheckpoint, CourseFacts, DaySums, HeldClass, monday
from services.analytics.difficulty import Difficulty, Signs
from services.analytics.today_list import Todo
from services.core.transaction import Transaction

STOPPED_DAYS = 14
BANDS = ((90, 'A'), (80, 'B'), (70, 'C'), (60, 'D'), (0, 'F'))
"""Source: s2, grade_distribution"""


class State(StrEnum):
    """How a learner stands at a checkpoint."""

    DONE = 'done'
    STARTED = 'started'
    NOT_STARTED = 'not_started'


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFigures:
    """The figures of one checkpoint; what they mean is in the registry, by the names of the fields."""

    checkpoint_id: int
    number: int
    title: str
    kind: CheckpointKind
    module: str
    due_at: datetime | None
    done: int
    started: int
    not_started: int
    done_percent: int
    median_seconds: int | None
    planned_seconds: int | None
    time_ratio: float | None
    helped: int
    stopped: int
    mean_attempts: float | None
    mean_score: float | None
    difficulty: Difficulty | None
    engagement: int | None


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


def checkpoints(facts: CourseFacts) -> tuple[CheckpointFigures, ...]:
    """Return the figures of each checkpoint in order."""
    stopped = stopped_at(facts)
    return tuple(_checkpoint(facts, checkpoint, stopped[checkpoint.checkpoint_id]) for checkpoint in facts.checkpoints)


def stopped_at(facts: CourseFacts) -> Counter[int]:
    """Return at how many learners each checkpoint is the first one not done since they have gone silent."""
    found: Counter[int] = Counter()
    begun = frozenset().union(*facts.begun.values())
    for learner in facts.learners:
        gone = facts.inactive_days(learner) >= STOPPED_DAYS and not (learner.completed_at or learner.paused_at)
        if gone and learner.user_id in begun:
            still_open = (s.checkpoint_id for s in facts.checkpoints if learner.user_id not in facts.done_at(s))
            found.update([next(still_open, 0)])
    return found


def median_seconds(facts: CourseFacts, checkpoint: CountedCheckpoint) -> int | None:
    """Return how long half of those who completed a checkpoint took at most; None where nothing is known."""
    spent = facts.spent_at(checkpoint)
    took = [seconds for user_id in facts.done_at(checkpoint) if (seconds := spent.get(user_id))]
    return round(median(took)) if took else None


def mean_score(facts: CourseFacts, checkpoint: CountedCheckpoint) -> float | None:
    """Return the mean of the best scores at a checkpoint; None where there is none."""
    found = facts.scores.get(checkpoint.checkpoint_id)
    return fmean(found.values()) if found else None


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
    counted = Counter(next(letter for least, letter in BANDS if score >= least) for score in found)
    return {letter: counted[letter] for _, letter in BANDS}


def engagement(facts: CourseFacts, checkpoint: CountedCheckpoint) -> int | None:
    """Return how well a checkpoint holds those who began it, from 0 to 100; None where too few have."""
    begun = facts.begun_at(checkpoint)
    if len(begun) < difficulty.FEWEST:
        return None
    finished = len(facts.done_at(checkpoint)) / len(begun)
    stayed = _stayed(facts, checkpoint)
    return round(100 * fmean((finished, fmean(stayed)) if stayed else (finished,)))


def _stayed(facts: CourseFacts, checkpoint: CountedCheckpoint) -> list[float]:
    """Return which share of a checkpoint each learner who began it stayed for, as far as that is known."""
    seen, spent, planned = (
        facts.seen.get(checkpoint.checkpoint_id, {}),
        facts.spent_at(checkpoint),
        60 * (checkpoint.minutes or 0),
    )
    return [
        seen[user_id] / 100 if user_id in seen else min(1.0, spent[user_id] / planned)
        for user_id in facts.begun_at(checkpoint)
        if user_id in seen or (planned and spent.get(user_id))
    ]


def _checkpoint(facts: CourseFacts, checkpoint: CountedCheckpoint, stopped: int) -> CheckpointFigures:
    done, begun = len(facts.done_at(checkpoint)), len(facts.begun_at(checkpoint))
    helped = len(facts.helped.get(checkpoint.checkpoint_id, ()))
    attempts = facts.attempts.get(checkpoint.checkpoint_id, {}).values()
    usual, planned, mean = (
        median_seconds(facts, checkpoint),
        checkpoint.minutes * 60 if checkpoint.minutes else None,
        mean_score(facts, checkpoint),
    )
    ratio = round(usual / planned, 2) if usual and planned else None
    return CheckpointFigures(
        checkpoint_id=checkpoint.checkpoint_id,
        number=checkpoint.number,
        title=checkpoint.title,
        kind=checkpoint.kind,
        module=checkpoint.module,
        due_at=checkpoint.due_at,
        done=done,
        started=begun - done,
        not_started=len(facts.learners) - begun,
        done_percent=done * 100 // len(facts.learners) if facts.learners else 0,
        median_seconds=usual,
        planned_seconds=planned,
        time_ratio=ratio,
        helped=helped,
        stopped=stopped,
        mean_attempts=fmean(attempts) if attempts else None,
        mean_score=mean,
        difficulty=difficulty.of_checkpoint(
            Signs(begun=begun, helped=helped, stopped=stopped, time_ratio=ratio, mean_score=mean)
        ),
        engagement=engagement(facts, checkpoint),
    )
