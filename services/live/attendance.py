"""Being in class: who may enter, and what coming and going leaves in the log."""

from uuid import uuid4

from models import Verb
from services import access
from services.access import Actor
from services.core.database import Transaction
from services.core.errors import DomainError, NotEnrolled
from services.live import screens, taps
from services.live.room import Room
from services.live.taps import Tap


def may_learn(tx: Transaction, actor: Actor | None, course_id: int) -> bool:
    """Return whether the actor learns in a course (else they teach it); raises `NotFound` for everybody else."""
    actor = access.signed_in(tx, actor)
    access.course(tx, actor, course_id)
    return access.enrolled(tx, actor.user_id, course_id)


def may_teach(tx: Transaction, actor: Actor | None, course_id: int) -> None:
    """Raise `NotFound` unless the actor teaches a course."""
    access.taught_course(tx, actor, course_id)


async def come(room: Room, actor: Actor) -> None:
    """Note in the log that somebody is in the class that is running, and where they start."""
    session = room.board.session
    if session is None or not room.board.is_running:
        return
    if actor.user_id not in room.board.learners:
        raise NotEnrolled
    await taps.take(
        Tap(
            actor=actor,
            session_id=session.session_id,
            verb=Verb.JOINED,
            tap_id=uuid4().hex,
            then=screens.first_step(room.board, actor.user_id),
        )
    )


async def go(room: Room, actor: Actor) -> None:
    """Note in the log that somebody has left, unless the class is over anyway."""
    session = room.board.session
    if session is None or not room.board.is_running:
        return
    try:
        await taps.take(Tap(actor=actor, session_id=session.session_id, verb=Verb.LEFT, tap_id=uuid4().hex))
    except DomainError:
        return  # signed out or put away meanwhile: there is nothing left to note and nobody to tell
