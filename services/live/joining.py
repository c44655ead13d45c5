"""What coming to class and leaving it writes to the log."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select
from sqlmodel import col

from models import Activity, Mode, Verb
from services.access import Actor
from services.activity import recording, taps
from services.activity.log import Entry
from services.activity.taps import Tap
from services.core import database
from services.core.errors import DomainError, NotEnrolled
from services.core.transaction import Transaction
from services.live import rooms
from services.live.attendance import stays
from services.live.board import view_builders
from services.live.room import Room

GATHER = 0.25


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
            then=view_builders.first_checkpoint(room.board, actor.user_id),
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
        return  # signed out or archived meanwhile: `tidy` notes it, and there is nobody to tell


async def tidy(*, silent_for: timedelta) -> None:
    """End the stays of those who are not here although nothing says that they left: after a crash, or signed out.

    Only of those of whom the log has heard nothing for a while; each ends with the last that it has.
    """
    going_on = await database.read(stays.going_on)
    gone = [key for key, stays in going_on.items() if not rooms.is_here(stays.course_id, key[1])]
    if gone:
        await database.write(end_stays, gone, silent_for=silent_for)


def end_stays(tx: Transaction, keys: Collection[stays.Key], *, silent_for: timedelta) -> None:
    """Note of learners of whom nothing was heard for a while that they left, with the last sign of them."""
    of_classes = col(Activity.session_id).in_({session_id for session_id, _ in keys})
    signs = select(col(Activity.session_id), col(Activity.user_id), func.max(col(Activity.at)))
    last = {
        (session_id, user_id): at
        for session_id, user_id, at in tx.execute(
            signs.where(of_classes).group_by(col(Activity.session_id), col(Activity.user_id))
        )
    }
    going_on = stays.going_on(tx)
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
    recording.record(tx, left)
    if left:
        tx.note('stays ended', users=[entry.user_id for entry in left])
