"""Everything that follows the activity log a moment after it was written, in one list; and how far each is."""

from services import access
from services.access import Actor
from services.activity import following
from services.activity.following import Follower, Lag
from services.analytics import daily_totals
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.lms import scores
from services.motivation import ledger
from services.notices import follower as notices
from services.progress import module_completions

ALL: tuple[Follower, ...] = (
    daily_totals.FOLLOWER,
    module_completions.FOLLOWER,
    ledger.FOLLOWER,
    notices.FOLLOWER,
    scores.FOLLOWER,
)

WORDS = {
    'daily totals': phrase('Totals of each day'),
    'modules': phrase('Completed modules'),
    'points': phrase('Points of learners'),
    'notices': phrase('Notices'),
    'grades out': phrase('Grades for learning management systems'),
}
"""What each of them is called on screen."""


def lags(tx: Transaction, actor: Actor | None) -> list[Lag]:
    """Return for an admin how far each follower is behind the log, and what is wrong with it."""
    access.admin(tx, actor)
    return following.lags(tx, ALL)
