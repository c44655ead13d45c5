"""What is due for each learner of a course, and what of it they have not done. Pure rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.analytics.course_facts import Learner, Step, Who

Due = Mapping[int, tuple[Step, ...]]
"""learner → steps, in order"""


def until(now: datetime, learners: Sequence[Learner], steps: Sequence[Step]) -> Due:
    """Return which steps were due for each learner before a moment.

    Most learners have the days of the course, so those are compared once for all of them; but not who joined when
    some of it had been due already.
    """
    usual = tuple(step for step in steps if step.due_at and step.due_at < now)
    first = min((step.due_at for step in usual if step.due_at), default=now)
    return {
        each.user_id: _own(now, each, steps) if each.has_own_days or each.enrolled_at > first else usual
        for each in learners
    }


def missing(due: Due, done: Who, ungraded: Who) -> Due:
    """Return which of what was due each learner has neither completed nor handed in."""
    ids = {step.checkpoint_id for its in {id(its): its for its in due.values()}.values() for step in its}
    there = {id_: done.get(id_, _NOBODY) | ungraded.get(id_, _NOBODY) for id_ in ids}
    return {
        user_id: tuple([step for step in its if user_id not in there[step.checkpoint_id]])
        for user_id, its in due.items()
    }


def _own(now: datetime, learner: Learner, steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(step for step in steps if (due_at := learner.due(step)) and due_at < now)


_NOBODY: frozenset[int] = frozenset()
