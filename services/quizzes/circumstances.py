"""Where, on what and how undisturbed a quiz is taken: kept so that a doubt can be cleared up; it decides nothing."""

import hashlib
import hmac

from sqlalchemy import select
from sqlmodel import col

from models import AttemptState, Attendance, Checkpoint, DeviceClass, LiveSession
from services.access import Actor
from services.core.database import Transaction
from services.quizzes.attempts import Device, own_attempt
from settings import settings

_TABLETS = ('iPad', 'Tablet', 'Silk/', 'Kindle')
_PHONES = ('Mobi', 'iPhone', 'iPod', 'Windows Phone')


def device_of(user_agent: str, address: str, *, browser: str = '') -> Device:
    """Return on what somebody is, by what their browser says and where it calls from.

    The address is kept as a hash with the key of the school: it says whether two addresses are the same, and no more.
    """
    return Device(kind=_class_of(user_agent), browser=browser, address_hash=_hash(address))


def class_at(tx: Transaction, actor: Actor, checkpoint_id: int) -> int | None:
    """Return the class that is on in the course of a checkpoint, if the learner has come to it."""
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


def come_back(tx: Transaction, actor: Actor | None, attempt_id: int) -> None:
    """Count that the page of an attempt was gone and has come back."""
    attempt = own_attempt(tx, actor, attempt_id)
    if attempt.state is AttemptState.IN_PROGRESS:
        attempt.interruptions += 1
        attempt.seen_at = tx.now
        tx.session.add(attempt)


def _class_of(user_agent: str) -> DeviceClass:
    is_android_tablet = 'Android' in user_agent and 'Mobile' not in user_agent
    if is_android_tablet or any(mark in user_agent for mark in _TABLETS):
        return DeviceClass.TABLET
    return DeviceClass.MOBILE if any(mark in user_agent for mark in _PHONES) else DeviceClass.DESKTOP


def _hash(address: str) -> str:
    if not address:
        return ''
    message = b'address of an attempt\0' + address.encode()
    return hmac.new(settings().secret_key.encode(), message, hashlib.sha256).hexdigest()
