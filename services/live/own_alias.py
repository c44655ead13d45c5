"""The alias of a learner in the class that is on: theirs, until they take another one."""

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, LiveSession, Mode, NameDisplay, Verb
from services import access
from services.access import Actor
from services.activity import log, recording
from services.activity.log import Entry
from services.core.errors import Gone, NotEnrolled, Refused
from services.core.transaction import Transaction

MOST_SWAPS = 5
"""in one class; a projector on which names keep changing would be watched more than the work"""


def swap(tx: Transaction, actor: Actor | None, course_id: int, *, tap_id: str) -> None:
    """Take another alias in the class that is on; boards choose a free one, and the same tap again changes nothing."""
    actor = access.signed_in(tx, actor)
    if log.known(tx, [(actor.user_id, tap_id)]):
        return
    access.course(tx, actor, course_id)
    if not access.enrolled(tx, actor.user_id, course_id):
        raise NotEnrolled
    running = select(LiveSession).where(col(LiveSession.course_id) == course_id, col(LiveSession.ended_at).is_(None))
    session = tx.session.scalars(running).one_or_none()
    if session is None:
        raise Gone('This class has ended. In the next one you have another name.')
    if session.names is not NameDisplay.ALIAS:
        raise Refused('The projector shows other names now. Ask your instructor for aliases.')
    if _swaps(tx, actor.user_id, session.id) >= MOST_SWAPS:
        raise Refused('You have changed your name {most} times in this class. Keep this one.', most=MOST_SWAPS)
    entry = Entry(
        user_id=actor.user_id,
        tap_id=tap_id,
        verb=Verb.ALIAS_SWAPPED,
        course_id=course_id,
        session_id=session.id,
        mode=Mode.LIVE,
    )
    recording.record(tx, [entry])
    tx.note('alias swapped', course=course_id, user=actor.user_id, session=session.id)


def _swaps(tx: Transaction, user_id: int, session_id: int) -> int:
    theirs = col(Activity.user_id) == user_id, col(Activity.session_id) == session_id
    swapped = select(func.count()).select_from(Activity).where(*theirs, col(Activity.verb) == Verb.ALIAS_SWAPPED)
    return tx.execute(swapped).scalar_one()
