"""The class of the demo: it moves by itself, as a class does, and another one comes when it is over."""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from uuid import uuid4

from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core import database
from services.core.errors import DomainError
from services.enums import Verb
from services.live import joining, sessions
from services.live.board import view_builders
from services.live.help import queue
from services.live.room import Room
from services.people import joining as people_joining
from services.people import participants, seats, several
from services.people.joining import Joined

CLASSMATES = """
    Amina Yusuf, Ben Okafor, Chen Wei, Daria Kowalska, Emil Sørensen, فاطمة الزهراء, Georgios Papadopoulos,
    Hana Novak, Inês Carvalho, João Pereira da Silva, Kwame Mensah, Léa Fontaine, Mehmet Yılmaz, Nora Lindqvist,
    Oleksandr Shevchenko, Priya Raman, Quentin Dubois, Rosa Martínez, Sofia Rossi, Tomasz Zieliński, Uma Patel,
    Viktor Horváth, Wanjiru Kamau, Ximena Torres, יעל כהן, Zoë van den Berg, Anna Bauer, Anna Keller, Luca 🌱 Moretti,
    Maximilian-Alexander Freiherr von Hohenstein
"""

SIGHS = {
    'Wet the sample with 5 ml of water': 'My tube leaks',
    'Let it settle and draw what you see': 'What does settle mean?',
    'Measure the temperature': 'Our thermometer is broken',
    'Compare with the colour chart': 'The colour is not on the chart',
}
"""what those say who are stuck at a checkpoint; at others they say nothing"""

CHECKPOINT_TAKES = (30.0, 120.0)
"""seconds, so that a class takes about half an hour"""
LOOK_TAKES = (10.0, 25.0)
"""seconds from taking a checkpoint back to completing it again"""
LOOK_EVERY = 5.0
LATE = 4.0
"""seconds after which everybody has come"""
BREAK = 30.0
"""seconds between two classes"""
NEARLY_ALL = 0.9
SEATS_ACROSS = 6

_playing: set[asyncio.Task[None]] = set()


def play(part: Coroutine[object, object, None]) -> asyncio.Task[None]:
    """Let a part of the class go on beside all others."""
    task = asyncio.create_task(part)
    _playing.add(task)
    task.add_done_callback(_playing.discard)
    return task


@dataclass(frozen=True, slots=True, kw_only=True)
class Classmates:
    """Who takes part besides those with accounts: guests, whom the next start brings back by their rejoin codes."""

    code: str
    """of the course"""
    kept: Path
    """the file of their rejoin codes"""
    names: Sequence[str] = tuple(' '.join(name.split()) for name in CLASSMATES.split(','))

    async def come(self) -> list[Actor]:
        """Let them come to the course, or come back."""
        if codes := self._kept_codes():
            back = [
                await database.write(people_joining.rejoin, code=each, device='Demo', address='demo') for each in codes
            ]
            return [joined.entered.actor for joined in back if isinstance(joined, Joined) and joined.entered]
        new = [
            await database.write(people_joining.join_as_guest, code=self.code, name=name, device='Demo')
            for name in self.names
        ]
        actors = [joined.entered.actor for joined in new if joined.entered]
        self.kept.write_text(json.dumps([await database.read(people_joining.rejoin_code, actor) for actor in actors]))
        return actors

    def forget(self) -> None:
        """Let others come the next time."""
        self.kept.unlink()

    def _kept_codes(self) -> list[str]:
        return list(json.loads(self.kept.read_text())) if self.kept.exists() else []


async def hold_classes(room: Room, instructor: Actor, classmates: Classmates) -> None:
    """Hold the class; once nearly all is done, hold it for others after a break, day and night.

    The same learners would have begun each step already, and no step would be "not yet" to them again.
    """
    course_id = room.board.course_id
    with suppress(DomainError):  # the course was archived, or the server stops
        while True:
            here = await classmates.come()
            await database.write(seats.fill, instructor, course_id, across=SEATS_ACROSS)
            taking_part = [play(attend(room, actor)) for actor in here]
            while room.board.is_running:
                await asyncio.sleep(LOOK_EVERY)
                if _share_done(room) > NEARLY_ALL:
                    await database.write(sessions.end, instructor, course_id)
            await asyncio.gather(*taking_part)
            await _wait(BREAK, while_=lambda: not room.board.is_running)  # or until a visitor begins the next one
            if _share_done(room) > NEARLY_ALL:
                await _make_room(room, instructor, here)
                classmates.forget()
            if not room.board.is_running:
                await database.write(sessions.start, instructor, course_id)


async def _make_room(room: Room, instructor: Actor, gone: list[Actor]) -> None:
    """Take learners out of the course; what they did is kept."""
    user_ids = [actor.user_id for actor in gone]
    await database.write(several.for_each(participants.remove, user_ids), instructor, room.board.course_id)


async def _wait(seconds: float, *, while_: Callable[[], bool]) -> None:
    """Wait, but only as long as something holds."""
    for _ in range(ceil(seconds / LOOK_EVERY)):
        if while_():
            await asyncio.sleep(min(seconds, LOOK_EVERY))


def _share_done(room: Room) -> float:
    """Return how much is done of all checkpoints but the last one."""
    shares = [room.board.percent_of(learner) / 100 for learner in room.board.learners.values() if learner.joined]
    checkpoints = len(room.board.places)
    return sum(shares) / len(shares) * checkpoints / (checkpoints - 1) if shares and checkpoints > 1 else 0.0


async def attend(room: Room, actor: Actor) -> None:
    """Be one student in a class: come a little late, work, get stuck, take a step back, lose the network."""
    rng = random.Random(actor.user_id)  # noqa: S311 - a story, not a secret
    await asyncio.sleep(rng.uniform(0, LATE))
    speed = rng.uniform(0.6, 1.8)
    head_start = rng.randrange(6)
    room.arrive(actor.user_id)
    with suppress(DomainError):  # the course was archived, or the server stops
        await joining.come(room, actor)
        while room.board.is_running:
            is_stuck = head_start <= 0 and rng.random() < 0.04
            if is_stuck:
                await _ask(room, actor)
            pause = speed * rng.uniform(*CHECKPOINT_TAKES) * (3 if is_stuck else 1)
            await _wait(rng.uniform(0.5, 1.5) if head_start > 0 else pause, while_=lambda: room.board.is_running)
            head_start -= 1
            if rng.random() < 0.02:
                await _lose_network(room, actor, rng)
            await _go_on(room, actor)
            if rng.random() < 0.04:
                await _do_again(room, actor, rng)
    room.leave(actor.user_id)


async def _ask(room: Room, actor: Actor) -> None:
    """Be stuck at the current checkpoint; completing it after all ends the request, and nobody completes the last."""
    session = room.board.session
    current = view_builders.current_checkpoint(room.board, actor.user_id)
    titles = {checkpoint.checkpoint_id: checkpoint.title for checkpoint in room.own_view(actor.user_id).checkpoints}
    if session is not None and current in titles and current != list(titles)[-1]:
        with suppress(DomainError):  # asked already, or the class is over
            await database.write(queue.ask, actor, session.session_id, current, SIGHS.get(titles[current], ''))


async def _lose_network(room: Room, actor: Actor, rng: random.Random) -> None:
    room.lose(actor.user_id)
    await _wait(rng.uniform(15, 45), while_=lambda: room.board.is_running)
    room.regain(actor.user_id)


async def _do_again(room: Room, actor: Actor, rng: random.Random) -> None:
    """Take back the checkpoint that was completed last, and complete it after another look."""
    checkpoints = [checkpoint.checkpoint_id for checkpoint in room.own_view(actor.user_id).checkpoints]
    current = view_builders.current_checkpoint(room.board, actor.user_id)
    if current is not None and (before := checkpoints.index(current)):
        await _send(room, actor, Verb.UNDONE, checkpoints[before - 1])
        await _wait(rng.uniform(*LOOK_TAKES), while_=lambda: room.board.is_running)
        await _send(room, actor, Verb.COMPLETED, checkpoints[before - 1])


async def _go_on(room: Room, actor: Actor) -> None:
    """Complete the current checkpoint; the last one stays open.

    A learner who completes the course has completed it for good, and would read "completed" at the next first
    checkpoint.
    """
    current = view_builders.current_checkpoint(room.board, actor.user_id)
    if current is None:
        return
    checkpoints = [checkpoint.checkpoint_id for checkpoint in room.own_view(actor.user_id).checkpoints]
    if current != checkpoints[-1]:
        await _send(room, actor, Verb.COMPLETED, current)


async def _send(room: Room, actor: Actor, verb: Verb, checkpoint_id: int) -> None:
    if (session := room.board.session) is None or not room.board.is_running:
        return
    is_done = verb is Verb.COMPLETED
    tap = Tap(
        actor=actor,
        session_id=session.session_id,
        verb=verb,
        tap_id=uuid4().hex,
        checkpoint_id=checkpoint_id,
        then=view_builders.next_after(room.board, actor.user_id, checkpoint_id) if is_done else None,
    )
    with suppress(DomainError):  # the instructor has just removed the checkpoint or ended the class
        await taps.take(tap)
