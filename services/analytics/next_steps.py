"""What a learner does next and why, and what they could review. Pure rules."""

from dataclasses import dataclass
from datetime import timedelta

from services.analytics.course_facts import Step
from services.analytics.learner_facts import LearnerFacts
from services.core.phrases import Phrase, phrase, plural

SOON = timedelta(days=7)
MOST_REVIEWS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step that is worth doing now, and why."""

    checkpoint_id: int
    number: int
    title: str
    why: Phrase


def next_step(facts: LearnerFacts) -> NextStep | None:
    """Return what is to be done next: what is due first, what was begun, or else the first open step of the path."""
    still_open = [step for step in facts.steps if not facts.is_done(step)]
    due = sorted(
        ((due_at, step) for step in still_open if (due_at := facts.learner.due(step))), key=lambda pair: pair[0]
    )
    for due_at, step in due:
        if due_at < facts.now:
            return _next(step, phrase('It was due; it is still worth doing.'))
        if due_at <= facts.now + SOON:
            days = (due_at.astimezone(facts.zone).date() - facts.today).days
            when = (
                plural('It is due in 1 day.', 'It is due in {count} days.', days)
                if days
                else phrase('It is due today.')
            )
            return _next(step, when)
    for step in still_open:
        if step.checkpoint_id in facts.standings or facts.seconds_at(step):
            return _next(step, phrase('You have begun it.'))
    return _next(still_open[0], phrase('It is the next one on your path.')) if still_open else None


def review(facts: LearnerFacts) -> tuple[NextStep, ...]:
    """Return done steps whose best score is below the mark of the course, the lowest first."""
    mark = facts.course.mastery_percent
    low = [
        (facts.scores[step.checkpoint_id], step)
        for step in facts.steps
        if facts.is_done(step) and facts.scores.get(step.checkpoint_id, mark) < mark
    ]
    return tuple(
        _next(step, phrase('Your best score is {score}; from {mark} on it is mastered.', score=score, mark=mark))
        for score, step in sorted(low, key=lambda pair: pair[0])[:MOST_REVIEWS]
    )


def _next(step: Step, why: Phrase) -> NextStep:
    return NextStep(checkpoint_id=step.checkpoint_id, number=step.number, title=step.title, why=why)
