"""One class in several processes: each tells the others who is in front of it, and counts whom they tell of."""

import asyncio
from collections.abc import Mapping
from typing import Any

from services.core import jobs
from services.core.processes import Processes
from services.live import elsewhere, rooms
from services.live.elsewhere import Clients
from services.live.pace_signals import PaceSignal

Changed = Mapping[int, Mapping[int, tuple[Clients, Clients]]]
"""by course and learner"""


def start(processes: Processes) -> asyncio.Task[None]:
    """Tell and count from now on, until the task is cancelled."""
    processes.hear(elsewhere.PRESENCE, _hear_presence)
    processes.hear(elsewhere.PACE, _hear_pace)
    elsewhere.here.begin(processes)
    return jobs.every(elsewhere.SAY_EVERY, 'presence', _say_and_forget, at_once=True)


async def _say_and_forget() -> None:
    elsewhere.here.say_everything(rooms.led_courses())
    if elsewhere.here.is_known:  # or it is the line that is silent, and they are there still
        for changed in elsewhere.here.forget_silent(_now()):
            _move(changed)


def _hear_presence(process: str, message: Mapping[str, Any]) -> None:
    _move(elsewhere.here.hear(process, message, _now()))


def _move(changed: Changed) -> None:
    for each in rooms.open_rooms():
        if people := changed.get(each.board.course_id):
            each.move_elsewhere(people)


def _hear_pace(_: str, message: Mapping[str, Any]) -> None:
    signal = PaceSignal(message['signal']) if message['signal'] else None
    for each in rooms.open_rooms():
        if each.board.course_id == message['course']:
            each.pace_signals.hear(message['user'], signal)


def _now() -> float:
    return asyncio.get_running_loop().time()
