"""Being in class: who may enter, and what coming and going leaves in the log."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models import Activity, Course, Enrollment, Mode, User, Verb, table
from services import access, activities, taps
from services.access import Actor
from services.core import database
from services.core.database import Transaction
from services.core.errors import DomainError, NotEnrolled, Removed
from services.core.log import Entry
from services.core.prepared import Prepared
from services.live import roll, screens
from services.live import room as rooms
from services.live.room import Room
from services.taps import Tap

GATHER = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody belongs in a class: among the learners, or else in front of them."""

    learns: bool
    rejoin_code: str | None = None
    """with which a guest comes back on another device"""


@database.quick
def place(tx: Transaction, actor: Actor | None, course_id: int) -> Place:
    """Return where the actor belongs in the class of a course; raises `NotFound` for everybody else."""
    actor = access.signed_in(tx, actor)
    for rejoin_code, removed_at, merged_into_id in _LEARNER.rows(tx.connection, course=course_id, user=actor.user_id):
        if merged_into_id:
            raise Removed(_MERGED)
        if removed_at:
            raise Removed
        return Place(learns=True, rejoin_code=rejoin_code)
    access.taught_course(tx, actor, course_id)
    return Place(learns=False)


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
    await _gather()
    await taps.take(
        Tap(
            actor=actor,
            session_id=session.session_id,
            verb=Verb.JOINED,
            tap_id=uuid4().hex,
            then=screens.first_step(room.board, actor.user_id),
        )
    )


async def _gather() -> None:
    """Wait for the next quarter of a second, so that a class that comes all at once is a few commits."""
    await asyncio.sleep(GATHER - asyncio.get_running_loop().time() % GATHER)


async def go(room: Room, actor: Actor) -> None:
    """Note in the log that somebody has left, unless the class is over anyway."""
    session = room.board.session
    if session is None or not room.board.is_running:
        return
    tap = Tap(
        actor=actor,
        session_id=session.session_id,
        verb=Verb.LEFT,
        tap_id=uuid4().hex,
        seconds=room.silent_for(actor.user_id),
    )
    try:
        await taps.take(tap)
    except DomainError:
        return  # signed out or put away meanwhile: `tidy` notes it, and there is nobody to tell


async def tidy(*, silent_for: timedelta) -> None:
    """End the stays of those who are not here although nothing says that they left: after a crash, or signed out.

    Only of those of whom the log has heard nothing for a while; each ends with the last that it has.
    """
    going_on = await database.read(roll.going_on)
    gone = [key for key, stays in going_on.items() if not rooms.is_here(stays.course_id, key[1])]
    if gone:
        await database.write(end_stays, gone, silent_for=silent_for)


def end_stays(tx: Transaction, keys: Collection[roll.Key], *, silent_for: timedelta) -> None:
    """Note of learners of whom nothing was heard for a while that they left, with the last sign of them."""
    of_classes = col(Activity.session_id).in_({session_id for session_id, _ in keys})
    signs = select(col(Activity.session_id), col(Activity.user_id), func.max(col(Activity.at)))
    last = {
        (session_id, user_id): at
        for session_id, user_id, at in tx.execute(
            signs.where(of_classes).group_by(col(Activity.session_id), col(Activity.user_id))
        )
    }
    going_on = roll.going_on(tx)
    left = [
        Entry(
            user_id=key[1],
            tap_id=uuid4().hex,
            verb=Verb.LEFT,
            course_id=going_on[key].course_id,
            session_id=key[0],
            mode=Mode.LIVE,
            seconds=int((tx.now - last[key]).total_seconds()),
        )
        for key in sorted(going_on.keys() & set(keys))
        if tx.now - last[key] >= silent_for
    ]
    activities.record(tx, left)
    if left:
        tx.note('stays ended', users=[entry.user_id for entry in left])


_MERGED = (
    'You are in this course under another name too, and what you did here counts there. '
    'Go on with your account, or with your own code from the other device.'
)

_enrollments, _courses, _users = table(Enrollment), table(Course), table(User)
_LEARNER = Prepared(
    select(_users.c.rejoin_code, _enrollments.c.removed_at, _users.c.merged_into_id)
    .join(_enrollments, _enrollments.c.user_id == _users.c.id)
    .join(_courses, _courses.c.id == _enrollments.c.course_id)
    .where(
        _users.c.id == bindparam('user'),
        _enrollments.c.course_id == bindparam('course'),
        _courses.c.deleted_at.is_(None),
    )
)
