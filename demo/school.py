"""A demo school in a database of its own, and a demo class that moves by itself. Calls services only."""

import asyncio
import json
import os
import random
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from demo import history, history_course, self_paced
from services import followers
from services.access import Actor
from services.accounts import parent_codes, registration, sign_ins
from services.accounts.registration import NewAccount
from services.activity import taps
from services.activity.following import Running
from services.activity.taps import Tap
from services.analytics import school_releases
from services.analytics.prediction import nightly
from services.core import clock, database
from services.core.errors import DomainError
from services.core.secrets import spell_code
from services.courses import catalog, checkpoints, modules, outline
from services.enums import Role, Verb
from services.live import joining, sessions
from services.live import room as rooms
from services.live.board import view_builders
from services.live.help import queue
from services.live.room import Room
from services.people import joining as people_joining
from services.people.joining import Joined
from services.privacy import rows
from settings import Settings

PASSWORD = 'waymark demo'  # noqa: S105 - the demo is for everybody
ADMIN = ('Olga Admin', 'admin@example.org')
INSTRUCTOR = ('Ada Lovelace', 'ada@example.org')
STUDENT = ('Sam Rivera', 'sam@example.org')
PARENT = ('Maria Rivera', 'mum@example.org')

COURSE = 'What is in our soil?'
MODULES = {
    'Prepare': """
        Put on gloves and goggles (2 min)
        Label your five tubes (3 min)
        Weigh 2 g of soil (4 min)
        Wet the sample with 5 ml of water (3 min)
        Shake for one minute (2 min)
    """,
    'Measure': """
        Let it settle and draw what you see (8 min)
        Measure the temperature (3 min)
        Measure the pH (5 min)
        Compare with the colour chart (4 min)
        Repeat with the second sample (8 min)
        Write down both results (3 min)
    """,
    'Understand': """
        Which of your samples holds more water? (5 min)
        Explain one difference to your neighbour (5 min)
        What would grow well here? (6 min)
        Clean your place (3 min)
    """,
}

CLASSMATES = """
    Amina Yusuf, Ben Okafor, Chen Wei, Daria Kowalska, Emil Sørensen, فاطمة الزهراء, Georgios Papadopoulos,
    Hana Novak, Inês Carvalho, João Pereira da Silva, Kwame Mensah, Léa Fontaine, Mehmet Yılmaz, Nora Lindqvist,
    Oleksandr Shevchenko, Priya Raman, Quentin Dubois, Rosa Martínez, Sofia Rossi, Tomasz Zieliński, Uma Patel,
    Viktor Horváth, Wanjiru Kamau, Ximena Torres, יעל כהן, Zoë van den Berg, Anna Bauer, Anna Keller, Luca 🌱 Moretti,
    Maximilian-Alexander Freiherr von Hohenstein
"""

SIGHS = (
    '',
    '',
    'My tube leaks',
    'The colour is not on the chart',
    'What does settle mean?',
    'Our thermometer is broken',
)

CHECKPOINT_TAKES = (30.0, 120.0)
"""seconds, so that a class takes about half an hour"""
LOOK_EVERY = 5.0
LATE = 4.0
"""seconds after which everybody has come"""
BREAK = 30.0
"""seconds between two classes"""
NEARLY_ALL = 0.9

_playing: set[asyncio.Task[None]] = set()


async def open_school(config: Settings) -> None:
    """Make the school if it is not there yet, let its class go on, and say how to get in."""
    instructor, student = await _school()
    course_id, code = await _course(instructor)
    await database.write(people_joining.join, student, code=code)
    await self_paced.make_course(instructor, student)
    await database.write(sessions.start, instructor, course_id)
    room = await rooms.enter(course_id)
    classmates = await _classmates(config.data_dir / 'classmates.json', code)
    address = config.public_url or f'http://localhost:{config.port}'
    print(
        f'\n  The Waymark demo is at {address}\n\n'
        f'  Instructor   {INSTRUCTOR[1]}     see the class: {address}/courses/{course_id}/live\n'
        f'  Student      {STUDENT[1]}\n'
        f'  Parent       {PARENT[1]}     how the week of {STUDENT[0]} goes, best on a phone\n'
        f'  Admin        {ADMIN[1]}\n'
        f'  Password     {PASSWORD}\n'
        f'  Class code   {spell_code(code)}             join it: {address}/j/{code}\n',
        flush=True,
    )
    for part in (attend(room, actor) for actor in classmates):
        _play(part)
    _play(begin_anew(room, instructor))


def _play(part: Coroutine[object, object, None]) -> None:
    task = asyncio.create_task(part)
    _playing.add(task)
    task.add_done_callback(_playing.discard)


async def _school() -> tuple[Actor, Actor]:
    """Let the people with accounts sign in; the first time they register, and live through a term."""
    if not await database.read(registration.is_set_up):
        now = clock.now()
        begins = history_course.first_day(now)
        instructor, student = await first_people(begins - timedelta(days=1))
        await make_family(student, begins - timedelta(days=1))
        course_id = await history.live_term(
            instructor=instructor,
            sam=student,
            password=PASSWORD,
            begins=begins,
            now=now,
            learners=int(os.environ.get('DEMO_LEARNERS') or history.ALL),
        )
        await _first_night(course_id)
    return await _enter(INSTRUCTOR[1]), await _enter(STUDENT[1])


async def _enter(email: str) -> Actor:
    """Sign in without a password, which need not be enough: people who try the demo may set a second factor up."""
    return (await database.write(lambda tx: sign_ins.enter(tx, rows.find(tx, email), 'Demo'))).actor


async def _first_night(course_id: int) -> None:
    """Let everything that follows the record catch up with the term, and say what a night says of it."""
    for follower in followers.ALL:
        await Running(follower).catch_up()
    await nightly.make(course_id)
    await database.write(school_releases.forget)  # a job may have drawn while the term was written
    await school_releases.release()


async def first_people(moment: datetime) -> tuple[Actor, Actor]:
    """Register the admin, the instructor and a learner at a moment of the past."""
    link = await history.at(moment, registration.set_up_link)
    admin = await _register(*ADMIN, moment=moment, invitation=link or '')
    invitation = await history.at(moment, lambda tx: registration.invite_instructor(tx, admin))
    instructor = await _register(*INSTRUCTOR, moment=moment, invitation=invitation)
    return instructor, await _register(*STUDENT, moment=moment)


async def make_family(student: Actor, moment: datetime) -> Actor:
    """Register a parent of the learner at a moment of the past, with a code that the learner made."""
    made = await history.at(moment, lambda tx: parent_codes.make(tx, student, child_id=student.user_id))
    return await _register(*PARENT, moment=moment, role=Role.PARENT, code=made.code)


async def _register(
    name: str, email: str, *, moment: datetime, invitation: str = '', role: Role = Role.STUDENT, code: str = ''
) -> Actor:
    new = NewAccount(name=name, email=email, password=PASSWORD, invitation=invitation, role=role, code=code)
    checked = await registration.check(new)
    entered = await history.at(moment, lambda tx: sign_ins.enter(tx, registration.create(tx, checked), 'Demo'))
    return entered.actor


async def _course(instructor: Actor) -> tuple[int, str]:
    for card in await database.read(catalog.taught, instructor):
        if card.title == COURSE:
            return card.course_id, card.code
    course_id = await database.write(
        catalog.create, instructor, title=COURSE, subject='Biology', description='Two samples, one hour, five tubes.'
    )
    for module in await database.read(outline.sections, instructor, course_id):
        await database.write(modules.delete, instructor, module.module_id)
    for title, lines in MODULES.items():
        module_id = await database.write(modules.add, instructor, course_id, title=title)
        await database.write(checkpoints.add, instructor, module_id, lines=lines)
    return course_id, (await database.read(catalog.facts, instructor, course_id)).code


async def _classmates(kept: Path, code: str) -> list[Actor]:
    """Let the classmates join; the next start brings the same ones back by their rejoin codes."""
    if codes := _kept_codes(kept):
        back = [await database.write(people_joining.rejoin, code=code, device='Demo', address='demo') for code in codes]
        return [joined.entered.actor for joined in back if isinstance(joined, Joined) and joined.entered]
    new = [
        await database.write(people_joining.join_as_guest, code=code, name=' '.join(name.split()), device='Demo')
        for name in CLASSMATES.split(',')
    ]
    actors = [joined.entered.actor for joined in new if joined.entered]
    _keep_codes(kept, [await database.read(people_joining.rejoin_code, actor) for actor in actors])
    return actors


def _kept_codes(kept: Path) -> list[str]:
    return list(json.loads(kept.read_text())) if kept.exists() else []


def _keep_codes(kept: Path, codes: list[str | None]) -> None:
    kept.write_text(json.dumps(codes))


async def begin_anew(room: Room, instructor: Actor) -> None:
    """End the class when nearly all is done, and begin it anew after a break, day and night."""
    course_id = room.board.course_id
    with suppress(DomainError):  # the course was archived, or the server stops
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if not room.board.is_running:
                await asyncio.sleep(BREAK)
                if not room.board.is_running:  # else the visitor who ended it has begun it
                    await database.write(sessions.start, instructor, course_id)
                    await asyncio.sleep(BREAK)
            elif _share_done(room) > NEARLY_ALL:
                await database.write(sessions.end, instructor, course_id)


def _share_done(room: Room) -> float:
    """Return how much is done of all checkpoints but the last one."""
    shares = [room.board.percent_of(learner) / 100 for learner in room.board.learners.values() if learner.joined]
    checkpoints = len(room.board.places)
    return sum(shares) / len(shares) * checkpoints / (checkpoints - 1) if shares and checkpoints > 1 else 0.0


async def attend(room: Room, actor: Actor) -> None:
    """Be one student in this class and in all that follow."""
    rng = random.Random(actor.user_id)  # noqa: S311 - a story, not a secret
    with suppress(DomainError):  # the course was archived, or the server stops
        while True:
            await asyncio.sleep(rng.uniform(0, LATE))
            if room.board.is_running:
                await _take_part(room, actor, rng)


async def _take_part(room: Room, actor: Actor, rng: random.Random) -> None:
    """Come a little late, work, get stuck, catch up, take a step back, lose the network."""
    speed = rng.uniform(0.6, 1.8)
    head_start = rng.randrange(6)
    if not room.presences.is_here(actor.user_id):
        room.arrive(actor.user_id)
    await joining.come(room, actor)
    await _forget(room, actor)
    while room.board.is_running:
        is_stuck = head_start <= 0 and rng.random() < 0.04
        if is_stuck:
            await _ask(room, actor, rng.choice(SIGHS))
        pause = (
            rng.uniform(0.5, 1.5) if head_start > 0 else speed * rng.uniform(*CHECKPOINT_TAKES) * (3 if is_stuck else 1)
        )
        head_start -= 1
        await asyncio.sleep(pause)
        if rng.random() < 0.02:
            await _lose_network(room, actor, rng)
        await _tap(room, actor, take_back=rng.random() < 0.04)


async def _ask(room: Room, actor: Actor, words: str) -> None:
    """Be stuck at the current checkpoint; completing it after all ends the request, and nobody completes the last."""
    session = room.board.session
    current = view_builders.current_checkpoint(room.board, actor.user_id)
    checkpoints = [checkpoint.checkpoint_id for checkpoint in room.own_view(actor.user_id).checkpoints]
    if session is not None and current is not None and current != checkpoints[-1]:
        with suppress(DomainError):  # asked already, or the class is over
            await database.write(queue.ask, actor, session.session_id, current, words)


async def _forget(room: Room, actor: Actor) -> None:
    """Begin from the first checkpoint again, where all but the last one was done in the class before."""
    checkpoints = [checkpoint.checkpoint_id for checkpoint in room.own_view(actor.user_id).checkpoints]
    if checkpoints and view_builders.current_checkpoint(room.board, actor.user_id) in (None, checkpoints[-1]):
        for checkpoint in reversed(checkpoints):
            await _send(room, actor, Verb.UNDONE, checkpoint)


async def _lose_network(room: Room, actor: Actor, rng: random.Random) -> None:
    room.lose(actor.user_id)
    await asyncio.sleep(rng.uniform(15, 45))
    room.regain(actor.user_id)


async def _tap(room: Room, actor: Actor, *, take_back: bool) -> None:
    """Complete the current checkpoint, or take back the one before it; the last one stays open.

    A learner who completes the course has completed it for good, and would read "completed" at the next first
    checkpoint.
    """
    current = view_builders.current_checkpoint(room.board, actor.user_id)
    if current is None:
        return
    checkpoints = [checkpoint.checkpoint_id for checkpoint in room.own_view(actor.user_id).checkpoints]
    if take_back and (before := checkpoints.index(current)):
        await _send(room, actor, Verb.UNDONE, checkpoints[before - 1])
    elif current != checkpoints[-1]:
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
