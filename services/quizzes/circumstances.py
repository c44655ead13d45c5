"""Where, on what and how undisturbed a quiz is taken: kept so that a doubt can be cleared up; it decides nothing."""

import hashlib
import hmac

from sqlalchemy import select
from sqlmodel import col

from models import AttemptState, Attendance, Checkpoint, DeviceClass, LiveSession, SignIn
from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.quizzes import attempts
from services.quizzes.attempts import Device, own_attempt
from settings import settings

_TABLETS = ('iPad', 'Tablet', 'Silk/', 'Kindle')
_PHONES = ('Mobi', 'iPhone', 'iPod', 'Windows Phone')


def begin(
    tx: Transaction, actor: Actor | None, checkpoint_id: int, *, tap_id: str, user_agent: str = '', address: str = ''
) -> int:
    """Begin an attempt on a page and return its id; it is in class if one is on to which the learner has come.

    The address is kept as a hash with the key of the school: it says whether two addresses are the same, and no more.
    """
    signed_in = access.signed_in(tx, actor)
    sign_in = tx.session.get(SignIn, signed_in.sign_in_id)
    device = Device(
        kind=device_class(user_agent), browser=sign_in.device if sign_in else '', address_hash=_hash(address)
    )
    session_id = _class_at(tx, signed_in, checkpoint_id)
    return attempts.start(tx, actor, checkpoint_id, tap_id=tap_id, session_id=session_id, device=device)


def device_class(user_agent: str) -> DeviceClass:
    """Return how large a device is, by what its browser says."""
    is_android_tablet = 'Android' in user_agent and 'Mobile' not in user_agent
    if is_android_tablet or any(mark in user_agent for mark in _TABLETS):
        return DeviceClass.TABLET
    return DeviceClass.MOBILE if any(mark in user_agent for mark in _PHONES) else DeviceClass.DESKTOP


def come_back(tx: Transaction, actor: Actor | None, attempt_id: int) -> None:
    """Count that the page of an attempt was gone and has come back."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS:
        attempt.interruptions += 1
        attempt.seen_at = tx.now
        tx.session.add(attempt)


def _class_at(tx: Transaction, actor: Actor, checkpoint_id: int) -> int | None:
    joined = (
        select(col(LiveSession.id))
        .join(Checkpoint, col(Checkpoint.course_id) == col(LiveSession.course_id))
        .join(Attendance, col(Attendance.session_id) == col(LiveSession.id))
        .where(
            col(Checkpoint.id) == checkpoint_id,
            col(LiveSession.ended_at).is_(None),
            col(Attendance.user_id) == actor.user_id,
        )
    )
    return tx.execute(joined).scalar()


def _hash(address: str) -> str:
    if not address:
        return ''
    message = b'address of an attempt\0' + address.encode()
    return hmac.new(settings().secret_key.encode(), message, hashlib.sha256).hexdigest()
