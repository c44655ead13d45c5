"""The figures of one learner in a course: one function for each, all from facts that are read once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from models import DayPart
from services import access
from services.access import Actor
from services.analytics import comparison, insights, learner_facts, next_steps
from services.analytics.choices import COMPARE
from services.analytics.comparison import Comparison
from services.analytics.course_facts import CountedCheckpoint, monday
from services.analytics.insights import Insight
from services.analytics.learner_facts import LearnerFacts
from services.analytics.next_steps import NextStep
from services.analytics.tags import TagFigures, means_by_tag
from services.core.errors import NotEnrolled
from services.core.transaction import Transaction
from services.study import path
from services.study.path import PathPart

SLOWEST = 3
"""Source: s0"""
SHORTEST = 60
"""seconds at a checkpoint; a shorter time is not worth being called slow"""
PACE_WEEKS = 4
"""over which the pace is taken"""
FEWEST_WEEKS = 2
"""whole weeks, so that something can be called usual"""
CHANGE = 0.2
"""by which the pace of a learner has to differ from before to be called another one"""


class Trend(StrEnum):
    """How something goes on. Source: s2, engagement_trend"""

    INCREASING = 'increasing'
    STABLE = 'stable'
    DECREASING = 'decreasing'


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAtCheckpoint:
    """How long the learner was at one checkpoint."""

    checkpoint_id: int
    number: int
    title: str
    is_done: bool
    seconds: int
    planned_seconds: int | None
    is_slowest: bool
    """one of the three that took longest"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What the learner did on one day of theirs."""

    day: date
    study_seconds: int
    class_seconds: int
    steps_completed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerWeek:
    """One week of the learner."""

    monday: date
    study_seconds: int
    class_seconds: int
    active_days: int
    steps_completed: int

    @property
    def active_seconds(self) -> int:
        """Study on their own and time in class."""
        return self.study_seconds + self.class_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerFigures:
    """Everything that the progress page of a learner shows."""

    course_id: int
    title: str
    user_id: int
    name: str
    as_of: datetime
    percent: int
    steps_done: int
    steps_counted: int
    completed_at: datetime | None
    is_paused: bool
    path: tuple[PathPart, ...]
    times: tuple[TimeAtCheckpoint, ...]
    """of the checkpoints at which the learner was, in order"""
    timeline: tuple[DayFigures, ...]
    """days on which there was something, the oldest first"""
    weeks: tuple[LearnerWeek, ...]
    """the oldest first, up to this one"""
    velocity: float | None
    velocity_trend: Trend | None
    time_of_day: Mapping[DayPart, int]
    total_seconds: int
    tags: tuple[TagFigures, ...]
    """the best first"""
    next_step: NextStep | None
    review: tuple[NextStep, ...]
    skippable: tuple[NextStep, ...]
    """open checkpoints whose skills are all mastered; nobody has to skip them"""
    insights: tuple[Insight, ...]
    wants_comparison: bool
    comparison: Comparison | None
    """None unless the learner wants it"""


def own(tx: Transaction, actor: Actor | None, course_id: int) -> LearnerFigures:
    """Return the actor's own figures in a course in which they learn."""
    access.course(tx, actor, course_id)
    if not access.enrolled(tx, actor.user_id if actor else 0, course_id):
        raise NotEnrolled
    return _figures(tx, learner_facts.read(tx, actor, course_id), is_own=True)


def of_learner(
    tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, again: bool = False
) -> LearnerFigures:
    """Return the figures of a learner in a course that concerns the actor; they are not compared with anybody."""
    facts = learner_facts.read(tx, actor, course_id, user_id=user_id)
    if not again:
        access.note_look(tx, actor, 'analytics', course=course_id, about=user_id)
    return _figures(tx, facts, is_own=actor is not None and actor.user_id == user_id)


def _figures(tx: Transaction, facts: LearnerFacts, *, is_own: bool) -> LearnerFigures:
    wants = is_own and COMPARE in facts.choices
    return LearnerFigures(
        course_id=facts.course.id,
        title=facts.course.title,
        user_id=facts.learner.user_id,
        name=facts.learner.name,
        as_of=facts.now,
        percent=facts.learner.percent,
        steps_done=facts.learner.done,
        steps_counted=facts.course.counted,
        completed_at=facts.learner.completed_at,
        is_paused=facts.learner.paused_at is not None,
        path=path.path(tx, facts.course.id, facts.learner.user_id),
        times=times_at_checkpoints(facts),
        timeline=timeline(facts),
        weeks=weeks(facts),
        velocity=velocity(facts),
        velocity_trend=velocity_trend(facts),
        time_of_day=time_of_day(facts),
        total_seconds=total_seconds(facts),
        tags=tags(facts),
        next_step=next_steps.next_step(facts),
        review=next_steps.review(facts),
        skippable=next_steps.skippable(facts),
        insights=insights.of_learner(facts),
        wants_comparison=wants,
        comparison=comparison.of_learner(tx, facts) if wants else None,
    )


def times_at_checkpoints(facts: LearnerFacts) -> tuple[TimeAtCheckpoint, ...]:
    """Return how long the learner was at each checkpoint, as far as that is known; the three that took longest are
    marked.
    """
    known = [(checkpoint, seconds) for checkpoint in facts.checkpoints if (seconds := facts.seconds_at(checkpoint))]
    longest = sorted((pair for pair in known if pair[1] >= SHORTEST), key=lambda pair: -pair[1])[:SLOWEST]
    slow = {checkpoint.checkpoint_id for checkpoint, _ in longest} if len(known) > SLOWEST else set()
    return tuple(
        TimeAtCheckpoint(
            checkpoint_id=checkpoint.checkpoint_id,
            number=checkpoint.number,
            title=checkpoint.title,
            is_done=facts.is_done(checkpoint),
            seconds=seconds,
            planned_seconds=checkpoint.minutes * 60 if checkpoint.minutes else None,
            is_slowest=checkpoint.checkpoint_id in slow,
        )
        for checkpoint, seconds in known
    )


def timeline(facts: LearnerFacts) -> tuple[DayFigures, ...]:
    """Return what the learner did on each day of the span on which there was something."""
    study, completed, in_class = Counter[date](), Counter[date](), Counter[date]()
    for total in facts.totals:
        study[total.day] += total.seconds
        completed[total.day] += total.completed
    for stay in facts.classes:
        in_class[stay.day] += stay.seconds
    days = sorted(day for day in study | in_class | completed if study[day] or in_class[day] or completed[day])
    return tuple(
        DayFigures(day=day, study_seconds=study[day], class_seconds=in_class[day], steps_completed=completed[day])
        for day in days
    )


def active_days(facts: LearnerFacts) -> set[date]:
    """Return the days of the span on which the learner did something themselves."""
    return {total.day for total in facts.totals if total.is_deed}


def weeks(facts: LearnerFacts) -> tuple[LearnerWeek, ...]:
    """Return each week of the span; those before the first activity are left out."""
    found = defaultdict[date, list[DayFigures]](list)
    for day in timeline(facts):
        found[monday(day.day)].append(day)
    active = Counter(monday(day) for day in active_days(facts))
    first = min((*found, *active, monday(facts.until)))
    mondays = [first + timedelta(weeks=number) for number in range((monday(facts.until) - first).days // 7 + 1)]
    return tuple(
        LearnerWeek(
            monday=each,
            study_seconds=sum(day.study_seconds for day in found[each]),
            class_seconds=sum(day.class_seconds for day in found[each]),
            active_days=active[each],
            steps_completed=sum(day.steps_completed for day in found[each]),
        )
        for each in mondays
    )


def usual_week_seconds(found: Sequence[LearnerWeek]) -> int | None:
    """Return the median time of the last whole weeks, four at most; None before the second is over."""
    whole = [week.active_seconds for week in found[:-1]][-PACE_WEEKS:]
    return int(median(whole)) if len(whole) >= FEWEST_WEEKS else None


def completed_since(facts: LearnerFacts, moment: datetime) -> tuple[CountedCheckpoint, ...]:
    """Return the checkpoints that the learner completed since a moment, the latest first."""
    found = [
        (standing.completed_at, checkpoint)
        for checkpoint in facts.checkpoints
        if (standing := facts.standings.get(checkpoint.checkpoint_id)) and standing.completed_at
    ]
    found.sort(key=lambda pair: pair[0], reverse=True)
    return tuple(checkpoint for completed_at, checkpoint in found if completed_at >= moment)


def inactive_days(facts: LearnerFacts) -> int:
    """Return for how many days the learner has done nothing in the course; at most as many as the span has."""
    last = max(active_days(facts), default=_begun(facts))
    return max(0, (facts.today - last).days)


def velocity(facts: LearnerFacts) -> float | None:
    """Return how many checkpoints a week the learner has completed in the last four weeks; None in their first week."""
    had = (facts.until - _begun(facts)).days + 1
    if had < 7:
        return None
    return round(completed_in(facts, days=28) / min(PACE_WEEKS, had / 7), 1)


def velocity_trend(facts: LearnerFacts) -> Trend | None:
    """Return how the pace of the last four weeks stands to that of the four before; None where there are none."""
    if (facts.until - _begun(facts)).days + 1 < 56:
        return None
    return trend(completed_in(facts, days=28), completed_in(facts, days=28, back=28))


def trend(now: float, before: float) -> Trend:
    """Return how one number stands to an earlier one."""
    if now > before * (1 + CHANGE):
        return Trend.INCREASING
    return Trend.DECREASING if now < before * (1 - CHANGE) else Trend.STABLE


def completed_in(facts: LearnerFacts, *, days: int, back: int = 0) -> int:
    """Return how many checkpoints became complete in so many days, the last of which is `back` days before the end."""
    last = facts.until - timedelta(days=back)
    return sum(total.completed for total in facts.totals if last - timedelta(days=days) < total.day <= last)


def time_of_day(facts: LearnerFacts) -> dict[DayPart, int]:
    """Return the seconds of study in each part of the learner's day."""
    found = Counter[DayPart]()
    for total in facts.totals:
        found[total.part] += total.seconds
    return {part: found[part] for part in DayPart}


def total_seconds(facts: LearnerFacts) -> int:
    """Return how long the learner was at work in the span: study on their own, and time in class."""
    return sum(total.seconds for total in facts.totals) + sum(stay.seconds for stay in facts.classes)


def tags(facts: LearnerFacts) -> tuple[TagFigures, ...]:
    """Return the mean of the best scores by tag, the best first; of tags with at least two scored checkpoints."""
    return means_by_tag(facts.checkpoints, facts.scores)


def overdue(facts: LearnerFacts) -> list[CountedCheckpoint]:
    """Return the checkpoints that are past the day on which they were due for the learner, as the course's dashboard
    has them: not done, and nothing handed in that waits for a grade."""
    return [
        checkpoint
        for checkpoint in facts.checkpoints
        if (due_at := facts.learner.due(checkpoint)) and due_at < facts.now
        if not facts.is_done(checkpoint) and checkpoint.checkpoint_id not in facts.ungraded
    ]


def _begun(facts: LearnerFacts) -> date:
    """Return the first day of the learner in the course, as far as the span reaches back."""
    return max(facts.since, facts.learner.enrolled_at.astimezone(facts.zone).date())
