"""Everything that follows the activity log a moment after it was written, in one list."""

from services.activity.following import Follower
from services.analytics import daily_totals

ALL: tuple[Follower, ...] = (daily_totals.FOLLOWER,)
