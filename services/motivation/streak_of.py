"""The streaks of one learner, as their days and weeks make them."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from sqlalchemy import bindparam, select

from models import ClosedWeek, LearningDay, table
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.motivation import calendar
from services.motivation.streaks import Learned, Streak, WeeksInARow, dates, streak, weeks_in_a_row


def both(tx: Transaction, user_id: int, today: date) -> tuple[Streak, WeeksInARow]:
    """Return how many days and weeks follow on each other; the caller has checked who may see it."""
    is_free = calendar.is_free_in(calendar.of_learner(tx, user_id))
    learned = [Learned(*row) for row in _DAYS.rows(tx.connection, user=user_id)]
    return streak(dates(learned), today, is_free), _weekly(tx, user_id, is_free)


def on(tx: Transaction, user_id: int, today: date) -> Streak:
    """Return the streak of a learner on a day; the caller has checked who may see it."""
    learned = [Learned(*row) for row in _DAYS.rows(tx.connection, user=user_id)]
    return streak(dates(learned), today, calendar.is_free_in(calendar.of_learner(tx, user_id)))


def _weekly(tx: Transaction, user_id: int, is_free: Callable[[date], bool]) -> WeeksInARow:
    """Return in how many weeks a learner has reached a goal of theirs, in any of their courses."""
    met: dict[date, bool] = defaultdict(bool)
    for monday, goal, done in _WEEKS.rows(tx.connection, user=user_id):
        met[monday] = met[monday] or done >= goal
    reached, missed = ({monday for monday, is_met in met.items() if is_met is wanted} for wanted in (True, False))
    return weeks_in_a_row(reached, missed, is_free)


_days, _weeks = table(LearningDay), table(ClosedWeek)
_DAYS = Prepared(
    select(_days.c.local_date, _days.c.counted_at, _days.c.local_hour).where(
        _days.c.user_id == bindparam('user'), _days.c.counted_at.is_not(None)
    )
)
_WEEKS = Prepared(select(_weeks.c.monday, _weeks.c.goal, _weeks.c.done).where(_weeks.c.user_id == bindparam('user')))
