"""The streaks of one learner, as their days and weeks make them."""

from collections import defaultdict
from datetime import date

from sqlalchemy import bindparam, select

from models import ClosedWeek, LearningDay, table
from services.core.database import Transaction
from services.core.sql.prepared import Prepared
from services.motivation import calendar
from services.motivation.streaks import Learned, Streak, WeeksInARow, dates, streak, weeks_in_a_row


def on(tx: Transaction, user_id: int, today: date, *, until: int | None = None) -> Streak:
    """Return the streak of a learner on a day, as activities up to one made it; the caller has checked who sees it."""
    rows = _DAYS.rows(tx.connection, user=user_id)
    learned = [Learned(*row[:3]) for row in rows if until is None or row[3] <= until]
    return streak(dates(learned), today, calendar.is_free_in(calendar.of_learner(tx, user_id)))


def weekly(tx: Transaction, user_id: int) -> WeeksInARow:
    """Return in how many weeks a learner has reached a goal of theirs, in any of their courses."""
    met: dict[date, bool] = defaultdict(bool)
    for monday, goal, done in _WEEKS.rows(tx.connection, user=user_id):
        met[monday] = met[monday] or done >= goal
    reached, missed = ({monday for monday, is_met in met.items() if is_met is wanted} for wanted in (True, False))
    return weeks_in_a_row(reached, missed, calendar.is_free_in(calendar.of_learner(tx, user_id)))


_days, _weeks = table(LearningDay), table(ClosedWeek)
_DAYS = Prepared(
    select(_days.c.local_date, _days.c.counted_at, _days.c.local_hour, _days.c.activity_id).where(
        _days.c.user_id == bindparam('user'), _days.c.counted_at.is_not(None)
    )
)
_WEEKS = Prepared(select(_weeks.c.monday, _weeks.c.goal, _weeks.c.done).where(_weeks.c.user_id == bindparam('user')))
