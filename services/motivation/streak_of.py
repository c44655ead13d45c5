"""The streaks of learners, as their days and weeks make them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import date

from sqlalchemy import bindparam, select

from models import ClosedWeek, LearningDay, table
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.motivation import calendar
from services.motivation.streaks import Learned, Streak, WeeksInARow, dates, streak, weeks_in_a_row


def both(tx: Transaction, user_id: int, today: date) -> tuple[Streak, WeeksInARow]:
    """Return how many days and weeks follow on each other; the caller has checked who may see it."""
    (is_free,) = _free(tx, [user_id]).values()
    return streak(_dates(tx, [user_id])[user_id], today, is_free), _weekly(tx, user_id, is_free)


def on(tx: Transaction, ends: Mapping[int, date]) -> dict[int, Streak]:
    """Return the streak of each of some learners on a day; the caller has checked who may see it."""
    learned, is_free = _dates(tx, ends), _free(tx, ends)
    return {user_id: streak(learned[user_id], end, is_free[user_id]) for user_id, end in ends.items()}


def _dates(tx: Transaction, people: Collection[int]) -> Mapping[int, set[date]]:
    """Return the dates on which each of some learners learned."""
    days: dict[int, list[Learned]] = {user_id: [] for user_id in people}
    for user_id, *facts in _DAYS.rows(tx.connection, people=sorted(people)) if people else ():
        days[user_id].append(Learned(*facts))
    return {user_id: dates(learned) for user_id, learned in days.items()}


def _free(tx: Transaction, people: Collection[int]) -> Mapping[int, Callable[[date], bool]]:
    """Return what tells on which days each of some learners need not learn."""
    if not people:
        return {}
    spans = calendar.of_learners(tx, people)
    shared = {each: calendar.is_free_in(each) for each in set(spans.values())}
    return {user_id: shared[each] for user_id, each in spans.items()}


def _weekly(tx: Transaction, user_id: int, is_free: Callable[[date], bool]) -> WeeksInARow:
    """Return in how many weeks a learner has reached a goal of theirs, in any of their courses."""
    met: dict[date, bool] = defaultdict(bool)
    for monday, goal, done in _WEEKS.rows(tx.connection, user=user_id):
        met[monday] = met[monday] or done >= goal
    reached, missed = ({monday for monday, is_met in met.items() if is_met is wanted} for wanted in (True, False))
    return weeks_in_a_row(reached, missed, is_free)


_days, _weeks = table(LearningDay), table(ClosedWeek)
_DAYS = Prepared(
    select(_days.c.user_id, _days.c.local_date, _days.c.counted_at, _days.c.local_hour).where(
        among(_days.c.user_id, 'people'), _days.c.counted_at.is_not(None)
    )
)
_WEEKS = Prepared(select(_weeks.c.monday, _weeks.c.goal, _weeks.c.done).where(_weeks.c.user_id == bindparam('user')))
