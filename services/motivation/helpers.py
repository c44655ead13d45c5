"""Who has helped: the log says it of the learner who was helped; here the helper has it in their own name.

It counts however the request was resolved: by either of them, by those who teach, or at the end of the class.
"""

from collections.abc import Sequence

from sqlalchemy import select

from models import Enrollment, Verb, table
from services.activity import log, recording
from services.activity.log import Entry
from services.core.events import Recorded
from services.core.sql.in_list import number_pair_among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction


def note(tx: Transaction, activities: Sequence[Recorded]) -> None:
    """Record for learners that they have helped a classmate; those who teach help as a matter of course."""
    helped = [(helper, each) for each in activities if (helper := _helper_of(each))]
    if not helped:
        return
    keys = sorted({(helper, each.of_course) for helper, each in helped})
    learners = {(user_id, course_id) for user_id, course_id in _LEARNERS.rows(tx.connection, keys=keys)}
    entries = [_entry(helper, each) for helper, each in helped if (helper, each.of_course) in learners]
    recorded = log.known(tx, [(entry.user_id, entry.tap_id) for entry in entries])
    recording.record(tx, [entry for entry in entries if (entry.user_id, entry.tap_id) not in recorded])


def _helper_of(activity: Recorded) -> int | None:
    """Return who has helped, where an activity says that somebody has."""
    helper = (activity.details or {}).get('helper') if activity.verb is Verb.HELP_RESOLVED else None
    return helper if isinstance(helper, int) and helper != activity.about_id else None


def _entry(helper: int, resolved: Recorded) -> Entry:
    return Entry(
        user_id=helper,
        tap_id=f'helped:{resolved.id}',
        verb=Verb.HELPED,
        course_id=resolved.course_id,
        checkpoint_id=resolved.checkpoint_id,
        session_id=resolved.session_id,
        about_id=resolved.about_id,
        happened_at=resolved.happened_at,
    )


_enrollments = table(Enrollment)
_LEARNERS = Prepared(
    select(_enrollments.c.user_id, _enrollments.c.course_id).where(
        number_pair_among(_enrollments.c.user_id, _enrollments.c.course_id, 'keys')
    )
)
