"""Whether what somebody does belongs to a class that is held."""

from models import LiveSession
from services.core.transaction import Transaction


def running(tx: Transaction, course_id: int, session_id: int | None) -> int | None:
    """Return the id of a class if it is held on this course now, else None."""
    session = tx.session.get(LiveSession, session_id) if session_id is not None else None
    return session.id if session and session.course_id == course_id and session.ended_at is None else None
