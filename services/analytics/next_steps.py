"""What a learner does next and why, what they could review, and what they could skip. Pure rules."""

from dataclasses import dataclass
from datetime import timedelta

from models import CheckpointKind
from services.analytics.course_facts import Step
from services.analytics.learner_facts import LearnerFacts, skills_of
from services.core.phrases import Phrase, phrase, plural

SOON = timedelta(days=7)
MOST_REVIEWS = 3
TO_LEARN_FROM = CheckpointKind.MARKER, CheckpointKind.VIDEO, CheckpointKind.DOCUMENT
"""kinds of steps that nobody is graded for, so that who knows what they train may skip them"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step that is worth doing now, and why."""

    checkpoint_id: int
    number: int
    title: str
    why: Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A step that is not done and was due, or will be within a week."""

    step: Step
    days: int
    """until it is due, where the learner is; 0 today, below 0 when that day is over"""
    is_over: bool


def due(facts: LearnerFacts) -> tuple[Due, ...]:
    """Return the steps that are not done and were due, or will be within a week, what is due first at the beginning."""
    found = sorted(
        (
            (due_at, step)
            for step in facts.steps
            if not facts.is_done(step) and (due_at := facts.learner.due(step)) and due_at <= facts.now + SOON
        ),
        key=lambda pair: pair[0],
    )
    return tuple(
        Due(
            step=step,
            days=(due_at.astimezone(facts.zone).date() - facts.today).days,
            is_over=due_at < facts.now,
        )
        for due_at, step in found
    )


def next_step(facts: LearnerFacts) -> NextStep | None:
    """Return what is to be done next: what is due first, what was begun, or else the first open step of the path.

    Steps that could be skipped come only when nothing else is left.
    """
    for each in due(facts):
        if each.is_over:
            return _next(each.step, phrase('It was due; it is still worth doing.'))
        if not each.days:
            return _next(each.step, phrase('It is due today.'))
        return _next(each.step, plural('It is due in 1 day.', 'It is due in {count} days.', each.days))
    still_open = [step for step in facts.steps if not facts.is_done(step)]
    skipped = {each.checkpoint_id for each in skippable(facts)}
    wanted = [step for step in still_open if step.checkpoint_id not in skipped]
    for step in wanted:
        if step.checkpoint_id in facts.standings or facts.seconds_at(step):
            return _next(step, phrase('You have begun it.'))
    if wanted:
        return _next(wanted[0], phrase('It is the next one on your path.'))
    return _next(still_open[0], phrase('Only this is left to complete the course.')) if still_open else None


def skippable(facts: LearnerFacts) -> tuple[NextStep, ...]:
    """Return the open steps whose skills the learner is all sure of, in order; none that is graded, or due soon."""
    soon = {each.step.checkpoint_id for each in due(facts)}
    return tuple(
        _next(step, phrase('You are sure of what it trains: {skills}.', skills=', '.join(step.tags)))
        for step in facts.steps
        if step.tags and step.kind in TO_LEARN_FROM and skills_of(step) <= facts.mastered
        if not facts.is_done(step) and step.checkpoint_id not in soon
    )


def review(facts: LearnerFacts) -> tuple[NextStep, ...]:
    """Return done steps whose best score is below the mark of the course, the lowest first."""
    mark = facts.course.mastery_percent
    return tuple(
        _next(step, phrase('Your best score is {score}; from {mark} on it is mastered.', score=score, mark=mark))
        for score, step in low_scores(facts)[:MOST_REVIEWS]
    )


def low_scores(facts: LearnerFacts) -> list[tuple[int, Step]]:
    """Return the done steps whose best score is below the mark of the course, each with the score, the lowest first."""
    mark = facts.course.mastery_percent
    low = [
        (facts.scores[step.checkpoint_id], step)
        for step in facts.steps
        if facts.is_done(step) and facts.scores.get(step.checkpoint_id, mark) < mark
    ]
    return sorted(low, key=lambda pair: pair[0])


def _next(step: Step, why: Phrase) -> NextStep:
    return NextStep(checkpoint_id=step.checkpoint_id, number=step.number, title=step.title, why=why)
