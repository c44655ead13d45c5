"""A learner's client in class: here from joining to leaving, for as long as it gives signs of life.

A page has a connection that tells when it is lost; a client that asks again and again has only its questions.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from services.access import Actor
from services.core.errors import Refused
from services.live import class_access, joining, rooms
from services.live.pace_signals import PaceSignal
from services.live.room import Room
from services.live.stay import Stay

SILENT = 10.0
"""Seconds without a sign of life until a client counts as cut off: three questions that did not come."""
GONE = 30.0
"""Seconds without a sign of life until it has left."""


@dataclass(slots=True, kw_only=True)
class _Client:
    """One client in one class."""

    stay: Stay
    heard: float
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
            _end(room, actor.sign_in_id)
            raise


async def leave(actor: Actor, course_id: int) -> None:
    """Leave the class; who is not in it stays out."""
    room = await class_access.learners_room(actor, course_id)
    if _end(room, actor.sign_in_id):
        await joining.go(room, actor)


async def signal(actor: Actor, course_id: int, pace: PaceSignal | None) -> None:
    """Say how the pace of the class is; None takes it back."""
    room = await class_access.learners_room(actor, course_id)
    room.pace_signals.send(actor, pace)


def heard(sign_in_id: int, user_id: int) -> None:
    """Take note of a sign of life of a client, in whatever class it is."""
    for room in rooms.open_rooms():
        if user_id not in room.board.learners:
            _end(room, sign_in_id)  # they were taken out of the course
        elif client := _clients_in(room).get(sign_in_id):
            client.heard = asyncio.get_running_loop().time()
            client.stay.connect()


def _arrive(room: Room, actor: Actor) -> bool:
    """Let a client be here; returns whether its person was not here before."""
    clients = _clients_in(room)
    if actor.sign_in_id in clients:
        heard(actor.sign_in_id, actor.user_id)
        return False
    loop = asyncio.get_running_loop()
    timer = loop.call_later(SILENT, _listener(room, actor))
    stay = Stay(room, actor.user_id)
    clients[actor.sign_in_id] = _Client(stay=stay, heard=loop.time(), timer=timer)
    return stay.connect()


def _end(room: Room, sign_in_id: int) -> bool:
    """Let a client be gone; returns whether its person is gone with it."""
    client = _clients_in(room).pop(sign_in_id, None)
    if client is None:
        return False
    client.timer.cancel()
    return client.stay.leave()


def _listener(room: Room, actor: Actor) -> Callable[[], None]:
    """Return what is called whenever a client may have been silent for too long, and decides what follows."""
    loop = asyncio.get_running_loop()

    def listen() -> None:
        if room.is_closed:
            return
        client = _clients_in(room)[actor.sign_in_id]
        silent_for = loop.time() - client.heard
        if silent_for >= GONE:
            if _end(room, actor.sign_in_id):
                task = loop.create_task(joining.go(room, actor))
                _leaving.add(task)
                task.add_done_callback(_leaving.discard)
            return
        if silent_for >= SILENT:
            client.stay.lose()
        client.timer = loop.call_at(client.heard + (SILENT if client.stay.is_connected else GONE), listen)

    return listen


def _clients_in(room: Room) -> dict[int, _Client]:
    """Return the clients in a room, by sign-in."""
    return _clients.setdefault(room, {})


_clients: WeakKeyDictionary[Room, dict[int, _Client]] = WeakKeyDictionary()
_leaving: set[asyncio.Task[None]] = set()
