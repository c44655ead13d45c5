"""Extra time of a learner, in percent of what others have: for times of a class, and for due dates. Pure rules.

A due date is a moment and no span, so a percentage needs to know of what: of the time that the learner had the
checkpoint, and of two weeks at the most (docs/decisions/0026-extra-time.md).
"""

from datetime import datetime, timedelta

MOST_BEFORE_DUE = timedelta(days=14)


def longer(span: timedelta, percent: int) -> timedelta:
    """Return how long a learner has who gets so much more time."""
    return span * (100 + percent) / 100


def own_due(due_at: datetime | None, percent: int, *, since: datetime) -> datetime | None:
    """Return when a checkpoint is due for a learner who has had it `since` a moment."""
    if due_at is None or not percent:
        return due_at
    had = min(max(due_at - since, timedelta(0)), MOST_BEFORE_DUE)
    more = (longer(had, percent) - had).total_seconds()
    return due_at + timedelta(minutes=round(more / 60))


def was_before(due_at: datetime, enrolled_at: datetime) -> bool:
    """Tell whether something was due for a learner before they joined: it is not asked of them, so never missing."""
    return due_at < enrolled_at
