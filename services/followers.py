"""Everything that follows the activity log a moment after it was written, in one list."""

from services.analytics import daily_totals
from services.core.followers import Follower

ALL: tuple[Follower, ...] = (daily_totals.FOLLOWER,)
