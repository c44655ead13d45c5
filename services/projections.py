"""Everything that follows the activity log in the transaction that writes it, in one list.

Whoever opens the database gives it this list; `activities.record`, `merging` and `verify` walk it.
"""

from services.analytics import daily_totals
from services.certificates import settling
from services.core.projection import Projection
from services.live.attendance import roll
from services.live.help import help_requests
from services.people import merging
from services.progress import completions, enrollments, pausing, progress
from services.study import endings

ALL: tuple[Projection, ...] = (
    progress.PROJECTION,
    enrollments.PROJECTION,
    completions.PROJECTION,
    pausing.PROJECTION,
    roll.PROJECTION,
    help_requests.PROJECTION,
    settling.PROJECTION,
    endings.PROJECTION,
    merging.PROJECTION,
    daily_totals.PROJECTION,
)
"""in the order in which they build on each other"""
