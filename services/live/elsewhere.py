"""Learners and teachers who are in front of a class in another process: the rooms here count them too.

Every process says at once what moves, and every few seconds everything, so that nothing that was lost stays wrong. A
process that is silent is gone, and its people have lost their connections.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.live.presence import Presences

SAY_EVERY = 2.0
SILENT = 7.0
"""seconds without a word, after which a process is gone"""
PRESENCE, PACE = 'presence', 'pace'

Clients = tuple[int, int]
"""of one learner: how many are open, and how many of them are connected"""
NOBODY: Clients = (0, 0)


class Line(Protocol):
    """How processes talk to each other."""

    def say(self, topic: str, message: Mapping[str, Any]) -> None:
        """Tell the others."""

    def has_heard_for(self, seconds: float) -> bool:
        """Tell whether the others have been heard without a break for so long."""


@dataclass(slots=True)
class Process:
    """What another process has said."""

    heard_at: float
    clients: dict[int, dict[int, Clients]] = field(default_factory=dict)
    """course id → user id → clients"""
    led: set[int] = field(default_factory=set)
    """courses in front of which a teacher is"""


class Elsewhere:
    """What the other processes have said, and what this one tells them."""

    def __init__(self) -> None:
        self._processes: dict[str, Process] = {}
        self._own: defaultdict[int, dict[int, Clients]] = defaultdict(dict)
        self._moved: set[tuple[int, int]] = set()
        self._line: Line | None = None
        self._saying: asyncio.Handle | None = None

    def begin(self, line: Line) -> None:
        """Tell the others from now on."""
        self._line = line

    # what this process tells

    def note(self, course_id: int, user_id: int, *, open: int = 0, connected: int = 0) -> None:
        """Take note of a client here that came or went, lost its connection or has it again."""
        if self._line is None:
            return
        before = self._own[course_id].get(user_id, NOBODY)
        after = (before[0] + open, before[1] + connected)
        if after[0]:
            self._own[course_id][user_id] = after
        else:
            self._own[course_id].pop(user_id, None)
        self._moved.add((course_id, user_id))
        if self._saying is None:
            self._saying = asyncio.get_running_loop().call_soon(self._say_moved)

    def say_pace(self, course_id: int, user_id: int, signal: str | None) -> None:
        """Tell the others what a learner says about the pace."""
        if self._line:
            self._line.say(PACE, {'course': course_id, 'user': user_id, 'signal': signal})

    def say_everything(self, led: set[int]) -> None:
        """Tell the others who is here, and which courses are led from here."""
        if self._line:
            clients = [(course_id, list(people.items())) for course_id, people in self._own.items() if people]
            self._line.say(PRESENCE, {'clients': clients, 'led': sorted(led)})

    def _say_moved(self) -> None:
        self._saying = None
        moved, self._moved = self._moved, set()
        said = [(course, user, self._own[course].get(user, NOBODY)) for course, user in moved]
        if self._line:
            self._line.say(PRESENCE, {'moved': said})

    # what the others tell

    @property
    def is_known(self) -> bool:
        """Whether it is known here who is elsewhere: nobody may be taken for gone before that.

        A process that has just started, or has lost its line, knows nothing of the people in front of the others.
        """
        return self._line is None or self._line.has_heard_for(SILENT)

    def hear(self, name: str, message: Mapping[str, Any], now: float) -> dict[int, dict[int, tuple[Clients, Clients]]]:
        """Take note of what a process says; returns by course and learner what it said before and says now."""
        process = self._processes.setdefault(name, Process(heard_at=now))
        process.heard_at = now
        if 'moved' in message:
            said = [(int(course), int(user), _clients(clients)) for course, user, clients in message['moved']]
        else:
            process.led = set(map(int, message['led']))
            said = [
                (int(course), int(user), _clients(clients))
                for course, people in message['clients']
                for user, clients in people
            ]
            here = {(course, user) for course, user, _ in said}
            said += [(*key, NOBODY) for key in _keys(process) - here]
        return _take(process, said)

    def forget_silent(self, now: float) -> list[dict[int, dict[int, tuple[Clients, Clients]]]]:
        """Let go of the processes that are silent; returns what each had said, and that nobody is there now."""
        silent = [name for name, process in self._processes.items() if now - process.heard_at > SILENT]
        gone = [self._processes.pop(name) for name in silent]
        return [_take(process, [(*key, NOBODY) for key in _keys(process)]) for process in gone]

    def is_here(self, course_id: int, user_id: int) -> bool:
        """Tell whether a learner has a client of a class in another process."""
        return any(user_id in process.clients.get(course_id, ()) for process in self._processes.values())

    def attended(self) -> set[int]:
        """Return the courses in front of which somebody is in another process."""
        led = (process.led for process in self._processes.values())
        return {course for process in self._processes.values() for course, its in process.clients.items() if its}.union(
            *led
        )

    def of_course(self, course_id: int) -> dict[int, Clients]:
        """Return the clients of a course in all other processes together."""
        open_, connected = Counter[int](), Counter[int]()
        for process in self._processes.values():
            for user_id, clients in process.clients.get(course_id, {}).items():
                open_[user_id] += clients[0]
                connected[user_id] += clients[1]
        return {user_id: (open_[user_id], connected[user_id]) for user_id in open_}


def move(presences: Presences, user_id: int, before: Clients, after: Clients, now: float) -> None:
    """Let a room count what has changed of the clients of one learner elsewhere."""
    (opened, connected), (open_now, connected_now) = before, after
    for _ in range(connected - connected_now):
        presences.lose(user_id, now)
    for _ in range(opened - open_now):
        presences.leave(user_id, now)
    for _ in range(open_now - opened):
        presences.arrive(user_id, now)
    connected = min(connected, connected_now) + max(0, open_now - opened)
    for _ in range(connected - connected_now):
        presences.lose(user_id, now)
    for _ in range(connected_now - connected):
        presences.regain(user_id, now)


def _take(process: Process, said: list[tuple[int, int, Clients]]) -> dict[int, dict[int, tuple[Clients, Clients]]]:
    changed: defaultdict[int, dict[int, tuple[Clients, Clients]]] = defaultdict(dict)
    for course, user, after in said:
        before = process.clients.get(course, {}).get(user, NOBODY)
        if after == before:
            continue
        if after[0]:
            process.clients.setdefault(course, {})[user] = after
        else:
            process.clients[course].pop(user)
        changed[course][user] = before, after
    return changed


def _clients(said: Any) -> Clients:
    open_, connected = said
    return int(open_), int(connected)


def _keys(process: Process) -> set[tuple[int, int]]:
    return {(course, user) for course, people in process.clients.items() for user in people}


here = Elsewhere()
"""of this process"""
