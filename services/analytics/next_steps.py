"""What a learner does next and why, what they could review, and what they could skip. Pure rules."""

from dataclasses import dataclass
from datetime import timedelta

from models import CheckpointKind
from services.analytics.course_facts import CountedCheckpoint
from services.analytics.learner_facts import LearnerFacts, skills_of
from services.core.phrases import Phrase, phrase, plural

SOON = timedelta(days=7)
MOST_REVIEWS = 3
TO_LEARN_FROM = CheckpointKind.MARKER, CheckpointKind.VIDEO, CheckpointKind.DOCUMENT
"""kinds of checkpoints that nobody is graded for, so that who knows what they train may skip them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A checkpoint that is worth doing now, and why."""

    checkpoint_id: int
    number: int
    title: str
    why: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A checkpoint that is not done and was due, or will be within a week."""

    checkpoint: CountedCheckpoint
    days: int
    """until it is due, where the learner is; 0 today, below 0 when that day is over"""
    is_over: bool


def due(facts: LearnerFacts) -> tuple[Due, ...]:
    """Return the checkpoints that are not done and were due, or will be within a week, what is due first at the
    beginning.
    """
    found = sorted(
        (
            (due_at, checkpoint)
            for checkpoint in facts.checkpoints
            if not facts.is_done(checkpoint)
            and (due_at := facts.learner.due(checkpoint))
            and due_at <= facts.now + SOON
        ),
        key=lambda pair: pair[0],
    )
    return tuple(
        Due(
            checkpoint=checkpoint,
            days=(due_at.astimezone(facts.zone).date() - facts.today).days,
            is_over=due_at < facts.now,
        )
        for due_at, checkpoint in found
    )


def next_step(facts: LearnerFacts) -> NextStep | None:
    """Return what is to be done next: what is due first, what was begun, or else the first open checkpoint of the path.

    Checkpoints that could be skipped come only when nothing else is left.
    """
    for each in due(facts):
        if each.is_over:
            return _next(each.checkpoint, phrase('It was due; it is still worth doing.'))
        if not each.days:
            return _next(each.checkpoint, phrase('It is due today.'))
        return _next(each.checkpoint, plural('It is due in 1 day.', 'It is due in {count} days.', each.days))
    still_open = [checkpoint for checkpoint in facts.checkpoints if not facts.is_done(checkpoint)]
    skipped = {each.checkpoint_id for each in skippable(facts)}
    wanted = [checkpoint for checkpoint in still_open if checkpoint.checkpoint_id not in skipped]
    for checkpoint in wanted:
        if checkpoint.checkpoint_id in facts.standings or facts.seconds_at(checkpoint):
            return _next(checkpoint, phrase('You have begun it.'))
    if wanted:
        return _next(wanted[0], phrase('It is the next one on your path.'))
    return _next(still_open[0], phrase('Only this is left to complete the course.')) if still_open else None


def skippable(facts: LearnerFacts) -> tuple[NextStep, ...]:
    """Return the open checkpoints whose skills the learner is all sure of, in order; none that is graded, or due
    soon.
    """
    soon = {each.checkpoint.checkpoint_id for each in due(facts)}
    return tuple(
        _next(checkpoint, phrase('You are sure of what it trains: {skills}.', skills=', '.join(checkpoint.tags)))
        for checkpoint in facts.checkpoints
        if checkpoint.tags and checkpoint.kind in TO_LEARN_FROM and skills_of(checkpoint) <= facts.mastered
        if not facts.is_done(checkpoint) and checkpoint.checkpoint_id not in soon
    )


def review(facts: LearnerFacts) -> tuple[NextStep, ...]:
    """Return done checkpoints whose best score is below the mark of the course, the lowest first."""
    mark = facts.course.mastery_percent
    return tuple(
        _next(checkpoint, phrase('Your best score is {score}; from {mark} on it is mastered.', score=score, mark=mark))
        for score, checkpoint in low_scores(facts)[:MOST_REVIEWS]
    )


def low_scores(facts: LearnerFacts) -> list[tuple[int, CountedCheckpoint]]:
    """Return the done checkpoints whose best score is below the mark of the course, each with the score, the lowest
    first.
    """
    mark = facts.course.mastery_percent
    low = [
        (facts.scores[checkpoint.checkpoint_id], checkpoint)
        for checkpoint in facts.checkpoints
        if facts.is_done(checkpoint) and facts.scores.get(checkpoint.checkpoint_id, mark) < mark
    ]
    return sorted(low, key=lambda pair: pair[0])


def _next(checkpoint: CountedCheckpoint, why: Phrase) -> NextStep:
    return NextStep(checkpoint_id=checkpoint.checkpoint_id, number=checkpoint.number, title=checkpoint.title, why=why)
