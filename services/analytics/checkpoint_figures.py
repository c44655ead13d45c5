"""The figures of the checkpoints of a course, for those who teach it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median

from models import CheckpointKind
from services.analytics import difficulty
from services.analytics.course_facts import CountedCheckpoint, CourseFacts
from services.analytics.difficulty import Difficulty, Signs

STOPPED_DAYS = 14


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
    took = [seconds for user_id in facts.done_at(checkpoint) & spent.keys() if (seconds := spent[user_id])]
    return round(median(took)) if took else None


def mean_score(facts: CourseFacts, checkpoint: CountedCheckpoint) -> float | None:
    """Return the mean of the best scores at a checkpoint; None where there is none."""
    found = facts.scores.get(checkpoint.checkpoint_id)
    return fmean(found.values()) if found else None


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
    begun = facts.begun_at(checkpoint)
    shares = [seen[user_id] / 100 for user_id in begun & seen.keys()]
    if planned:
        took = [spent[user_id] for user_id in (begun & spent.keys()) - seen.keys()]
        shares += [min(1.0, seconds / planned) for seconds in took if seconds]
    return shares


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
