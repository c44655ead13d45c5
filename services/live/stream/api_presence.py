"""A learner's program in class: here from joining to leaving, for as long as it gives signs of life.

A page has a connection that tells when it is lost; a program that asks again and again has only its questions.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from services.access import Actor
from services.core.errors import Refused
from services.live import class_access, joining
from services.live import room as rooms
from services.live.pace_signals import PaceSignal
from services.live.room import Room

SILENT = 10.0
"""Seconds without a sign of life until a program counts as cut off: three questions that did not come."""
GONE = 30.0
"""Seconds without a sign of life until it has left."""


@dataclass(slots=True, kw_only=True)
class Stay:
    """One program in one class."""

    heard: float
    is_lost: bool = False
    timer: asyncio.TimerHandle


async def join(actor: Actor, course_id: int) -> None:
    """Take part in the class that is on; done again, it is a sign of life."""
    room = await class_access.learners_room(actor, course_id)
    if not room.board.is_running:
        raise Refused('No class is running in this course. What was done stays.')
    if _arrive(room, actor) or not room.board.learner(actor.user_id).joined:
        try:
            await joining.come(room, actor)
        except BaseException:
            _end(room, actor.sign_in_id, actor.user_id)
            raise


async def leave(actor: Actor, course_id: int) -> None:
    """Leave the class; who is not in it stays out."""
    room = await class_access.learners_room(actor, course_id)
    if _end(room, actor.sign_in_id, actor.user_id):
        await joining.go(room, actor)


async def signal(actor: Actor, course_id: int, pace: PaceSignal | None) -> None:
    """Say how the pace of the class is; None takes it back."""
    room = await class_access.learners_room(actor, course_id)
    room.pace_signals.send(actor, pace)


def heard(sign_in_id: int, user_id: int) -> None:
    """Take note of a sign of life of a program, in whatever class it is."""
    for room in rooms.open_rooms():
        if user_id not in room.board.learners:
            _end(room, sign_in_id, user_id)  # they were taken out of the course
        elif stay := _stays_in(room).get(sign_in_id):
            stay.heard = asyncio.get_running_loop().time()
            if stay.is_lost:
                stay.is_lost = False
                room.regain(user_id)


def _arrive(room: Room, actor: Actor) -> bool:
    """Let a program be here; returns whether its person was not here before."""
    stays = _stays_in(room)
    if actor.sign_in_id in stays:
        heard(actor.sign_in_id, actor.user_id)
        return False
    loop = asyncio.get_running_loop()
    timer = loop.call_later(SILENT, _listener(room, actor))
    stays[actor.sign_in_id] = Stay(heard=loop.time(), timer=timer)
    return room.arrive(actor.user_id)


def _end(room: Room, sign_in_id: int, user_id: int) -> bool:
    """Let a program be gone; returns whether its person is gone with it."""
    stay = _stays_in(room).pop(sign_in_id, None)
    if stay is None:
        return False
    stay.timer.cancel()
    return room.leave(user_id)


def _listener(room: Room, actor: Actor) -> Callable[[], None]:
    """Return what is called whenever a program may have been silent for too long, and decides what follows."""
    loop = asyncio.get_running_loop()

    def listen() -> None:
        if room.is_closed:
            return
        stay = _stays_in(room)[actor.sign_in_id]
        silent_for = loop.time() - stay.heard
        if silent_for >= GONE:
            if _end(room, actor.sign_in_id, actor.user_id):
                task = loop.create_task(joining.go(room, actor))
                _leaving.add(task)
                task.add_done_callback(_leaving.discard)
            return
        if silent_for >= SILENT and not stay.is_lost:
            stay.is_lost = True
            room.lose(actor.user_id)
        stay.timer = loop.call_at(stay.heard + (GONE if stay.is_lost else SILENT), listen)

    return listen


def _stays_in(room: Room) -> dict[int, Stay]:
    """Return the stays in a room, by sign-in."""
    return _stays.setdefault(room, {})


_stays: WeakKeyDictionary[Room, dict[int, Stay]] = WeakKeyDictionary()
_leaving: set[asyncio.Task[None]] = set()
