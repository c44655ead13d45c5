"""The help queue on the board: loaded with it, and moved by the same events."""

from collections.abc import Container
from dataclasses import dataclass, field, fields

from sqlalchemy import select
from sqlmodel import col

from models import HelpRequest, User
from services.core.events import Recorded
from services.core.transaction import Transaction
from services.live.help import requests as help_requests
from services.live.help.requests import Request

STUCK = 8
"""The bit of a cell that says that somebody waits for help with it."""


@dataclass(slots=True, kw_only=True)
class HelpQueue:
    """The open requests of one course."""

    requests: dict[int, Request] = field(default_factory=dict)
    """by learner"""
    helpers: dict[int, str] = field(default_factory=dict)
    """the names of those who help and are not learners of this course"""

    def apply(self, activity: Recorded, learners: Container[int]) -> 'Moved | None':
        """Move the queue by an activity; returns what has changed, None if nothing has."""
        if activity.verb not in help_requests.MOVING:
            return None
        user_id, _ = help_requests.key_of(activity)
        before = self.requests.get(user_id)
        after = help_requests.moved(before, activity)
        if after is None or after == before or user_id not in learners:
            return None
        if after.resolved_at:
            self.requests.pop(user_id, None)
        else:
            self.requests[user_id] = after
        return Moved(before=before or after, after=after)

    def behind(self, request: Request) -> set[int]:
        """Return the learners who asked after a request, whose place in the queue may have changed with it."""
        return {other.user_id for other in self.requests.values() if other.id > request.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One request before and after an activity; twice the same where the activity made it."""

    before: Request
    after: Request


def load(tx: Transaction, course_id: int, learners: Container[int]) -> HelpQueue:
    """Return the open requests of a course; who is out of the course waits for nobody."""
    query = select(HelpRequest).where(col(HelpRequest.course_id) == course_id, col(HelpRequest.resolved_at).is_(None))
    rows = (row for row in tx.session.scalars(query.order_by(col(HelpRequest.id))) if row.user_id in learners)
    names = [each.name for each in fields(Request)]
    queue = HelpQueue(requests={row.user_id: Request(**{name: getattr(row, name) for name in names}) for row in rows})
    helping = {request.helper_id for request in queue.requests.values() if request.helper_id}
    if helping:
        found = tx.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(helping)))
        queue.helpers.update(dict(found.all()))
    return queue
