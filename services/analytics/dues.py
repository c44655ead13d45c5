"""What is due for each learner of a course, and what of it they have not done. Pure rules."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.analytics.course_facts import CountedCheckpoint, Learner, Who

Due = Mapping[int, tuple[CountedCheckpoint, ...]]
"""learner → checkpoints, in order"""


def until(now: datetime, learners: Sequence[Learner], checkpoints: Sequence[CountedCheckpoint]) -> Due:
    """Return which checkpoints were due for each learner before a moment.

    Most learners have the days of the course, so those are compared once for all of them; but not who joined when
    some of it had been due already.
    """
    usual = tuple(checkpoint for checkpoint in checkpoints if checkpoint.due_at and checkpoint.due_at < now)
    first = min((checkpoint.due_at for checkpoint in usual if checkpoint.due_at), default=now)
    return {
        each.user_id: _own(now, each, checkpoints) if each.has_own_days or each.enrolled_at > first else usual
        for each in learners
    }


def missing(due: Due, done: Who, ungraded: Who) -> Due:
    """Return which of what was due each learner has neither completed nor handed in."""
    ids = {checkpoint.checkpoint_id for its in {id(its): its for its in due.values()}.values() for checkpoint in its}
    there = {id_: done.get(id_, _NOBODY) | ungraded.get(id_, _NOBODY) for id_ in ids}
    return {
        user_id: tuple([checkpoint for checkpoint in its if user_id not in there[checkpoint.checkpoint_id]])
        for user_id, its in due.items()
    }


def _own(now: datetime, learner: Learner, checkpoints: Sequence[CountedCheckpoint]) -> tuple[CountedCheckpoint, ...]:
    return tuple(checkpoint for checkpoint in checkpoints if (due_at := learner.due(checkpoint)) and due_at < now)


_NOBODY: frozenset[int] = frozenset()
