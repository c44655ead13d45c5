"""The streak of one learner, as the days that are stored of them make it."""

from datetime import date

from sqlalchemy import bindparam, select

from models import LearningDay, table
from services.core.database import Transaction
from services.core.sql.prepared import Prepared
from services.motivation.streaks import Learned, Streak, dates, streak


def on(tx: Transaction, user_id: int, today: date) -> Streak:
    """Return the streak of a learner on a day; the caller has checked who may see it."""
    learned = [Learned(*row) for row in _DAYS.rows(tx.connection, user=user_id)]
    return streak(dates(learned), today)


_days = table(LearningDay)
_DAYS = Prepared(
    select(_days.c.local_date, _days.c.counted_at, _days.c.local_hour).where(
        _days.c.user_id == bindparam('user'), _days.c.counted_at.is_not(None)
    )
)
