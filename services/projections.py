"""Everything that follows the activity log in the transaction that writes it, in one list.

The code that opens the database gives it this list; `recording.record`, `merging` and `verify` walk it.
"""

from services.analytics import daily_totals
from services.certificates import reconciling
from services.core.projection import Projection
from services.goals import closed_weeks, weekly
from services.live.attendance import marks, stays
from services.live.help import requests
from services.live.questions import saved_answers
from services.motivation import achievements, ledger, pauses
from services.people import merging
from services.progress import checkpoint_progress, completions, enrollments, module_completions, states
from services.quizzes import mastery, skill_estimates
from services.study import session_end

ALL: tuple[Projection, ...] = (
    achievements.PROJECTION,  # before what completes courses: what is certified while people are rebuilt comes on top
    checkpoint_progress.PROJECTION,
    enrollments.PROJECTION,
    completions.PROJECTION,
    module_completions.PROJECTION,
    states.PROJECTION,
    mastery.PROJECTION,
    skill_estimates.PROJECTION,
    weekly.PROJECTION,
    closed_weeks.PROJECTION,
    stays.PROJECTION,
    marks.PROJECTION,
    requests.PROJECTION,
    saved_answers.PROJECTION,
    reconciling.PROJECTION,
    session_end.PROJECTION,
    merging.PROJECTION,
    daily_totals.PROJECTION,
    ledger.PROJECTION,
    pauses.PROJECTION,
)
"""in the order in which they build on each other"""
