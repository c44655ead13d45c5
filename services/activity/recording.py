"""The one way in which learning is recorded: append to the log, then let every projection follow.

All of it happens in the transaction of the verb that calls; after the commit the hub hands it on.
The projections are those that the database was opened with: nothing here knows which they are.
"""

from collections.abc import Sequence

from services.activity import log
from services.activity.log import Entry
from services.core.events import Recorded
from services.core.transaction import Transaction


def record(tx: Transaction, entries: Sequence[Entry]) -> list[Recorded]:
    """Record what people did; entries whose tap id the log knows must have been left out (`log.known`)."""
    if not tx.projections:
        raise RuntimeError('Open the database with its projections: open_at(url, projections.ALL).')
    if not (recorded := log.append(tx, entries)):
        return []
    verbs = {activity.verb for activity in recorded}
    for projection in tx.projections:
        if not verbs.isdisjoint(projection.follows):
            projection.project(tx, [each for each in recorded if each.verb in projection.follows])
    return recorded
