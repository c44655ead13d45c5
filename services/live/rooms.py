"""The rooms that are open in this process, one for each course that somebody watches."""

import asyncio
from collections.abc import Iterable

from services.core import audience, database, hub
from services.core.events import Event
from services.live import elsewhere
from services.live.board import loading as boards
from services.live.elsewhere import NOBODY
from services.live.room import Room

_rooms: dict[int, Room] = {}
_opening: dict[int, asyncio.Task[Room]] = {}


async def enter(course_id: int) -> Room:
    """Return the room of a course, opening it if nobody watches it yet. Access is checked by the caller."""
    if room := _rooms.get(course_id):
        return room
    if course_id not in _opening:
        _opening[course_id] = asyncio.get_running_loop().create_task(_open(course_id))
        _opening[course_id].add_done_callback(lambda _: _opening.pop(course_id, None))
    return await asyncio.shield(_opening[course_id])


async def _open(course_id: int) -> Room:
    missed: list[Event] = []
    stop = hub.watch(audience.of_staff(course_id), missed.extend)
    try:
        board = await database.read(boards.load, course_id)
    finally:
        stop()
    room = _rooms[course_id] = Room(board, _rooms.pop)
    of_others = elsewhere.here.of_course(course_id)
    room.move_elsewhere({user_id: (NOBODY, clients) for user_id, clients in of_others.items()})
    room._on_events(missed)  # which also loads the board again if the course has changed meanwhile
    return room


def open_rooms() -> Iterable[Room]:
    """Return the rooms of all courses that are watched."""
    return _rooms.values()


def attended_courses() -> set[int]:
    """Return the ids of the courses in front of which a learner or an instructor is, in any process."""
    return {course_id for course_id, room in _rooms.items() if room.is_attended} | elsewhere.here.attended()


def led_courses() -> set[int]:
    """Return the ids of the courses that are shown to a teacher in this process."""
    return {course_id for course_id, room in _rooms.items() if room.is_led}


def is_here(course_id: int, user_id: int) -> bool:
    """Tell whether a learner has a page of a class open, in any process."""
    is_known = course_id in _rooms and _rooms[course_id].presences.is_here(user_id)
    return is_known or elsewhere.here.is_here(course_id, user_id)


def close_all() -> None:
    """Forget all rooms, as when the process stops."""
    for room in _rooms.values():
        room.close()
    _rooms.clear()
