"""The one way in which learning is recorded: append to the log, then let every projection follow.

All of it happens in the transaction of the verb that calls; after the commit the hub hands it on.
"""

from collections.abc import Sequence

from services import enrollments, help_requests, pausing, progress
from services.core import log
from services.core.database import Transaction
from services.core.events import Recorded
from services.core.log import Entry
from services.live import roll

PROJECTIONS = (progress.project, enrollments.project, pausing.project, roll.project, help_requests.project)
"""In the order in which they build on each other; each takes the activities just recorded."""


def record(tx: Transaction, entries: Sequence[Entry]) -> list[Recorded]:
    """Record what learners did; entries whose tap id the log knows must have been left out (`log.known`)."""
    recorded = log.append(tx, entries)
    for project in PROJECTIONS:
        project(tx, recorded)
    return recorded
