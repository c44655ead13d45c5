"""A row of the ledger that is new."""

from datetime import date, datetime
from typing import NamedTuple

from models import PointReason


class Paid(NamedTuple):
    """What a learner has just done for the first time."""

    user_id: int
    reason: PointReason
    object_id: int
    period: str
    course_id: int
    points: int
    earned_at: datetime
    local_date: date
    activity_id: int
