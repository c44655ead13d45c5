"""The assignment of the demo school: handed in by some, late by some, graded by a rubric, and returned to some."""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import typst
from sqlalchemy import update
from sqlmodel import col

from models import Enrollment
from services.access import Actor
from services.accounts import sign_ins
from services.assignments import desk, grading, rules, submissions
from services.assignments.rules import Rules
from services.content.uploads import files_back, handed_in
from services.core import clock, database, zones
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.rubrics import Choice, Criterion, Level

TASK = Details(
    title='Your own sample',
    kind=CheckpointKind.ASSIGNMENT,
    description='Dig a small hole where you are allowed to. Describe what you see from the top to the bottom, and '
    'explain **one** thing that you found. A picture helps.',
    estimated_minutes=40,
)
RUBRIC = (
    Criterion(
        title='What was observed',
        levels=(
            Level(points=4, text='Each layer with its colour, its depth and how it feels'),
            Level(points=2, text='Some layers, or some of what can be seen of them'),
            Level(points=0, text='No layer is described'),
        ),
    ),
    Criterion(
        title='The explanation',
        levels=(
            Level(points=4, text='A reason that follows from what was observed'),
            Level(points=2, text='A reason, but not from what was observed'),
            Level(points=0, text='No reason'),
        ),
    ),
    Criterion(
        title='The picture',
        levels=(Level(points=2, text='It shows what the text says'), Level(points=0, text='There is none')),
    ),
)
RULES = Rules(rubric=RUBRIC, may_resubmit=True)
GOOD = (
    'The first **12 cm** are dark and full of roots. Below, it is reddish and sticky: it makes a long, shiny roll, so '
    'it is clay.\n\nWater stood in the hole for twenty minutes. The pores of clay are narrow, so it stays on top of it.'
)
SHORT = 'It is brown on top and yellow below. It was wet.'
LATE = 'Sorry that it is late, we had no spade.\n\n- 0 to 10 cm: grey, sandy, falls apart\n- below: stones'
FEEDBACK = (
    'You looked very closely. *Why* do the pores of clay hold the water back? Say it in one more sentence, and it is '
    'complete. I drew on your picture what I mean.'
)
BANDS = ((74, 56, 40), (128, 82, 52), (166, 124, 78), (204, 178, 132))
"""colours from the top to the bottom"""


async def add_assignment(instructor: Actor, course_id: int, module_id: int, sam: Actor) -> int:
    """Add the assignment at the end of a module, let learners hand in and some be graded; returns its checkpoint."""
    now = clock.now()
    details = replace(TASK, due_at=now + timedelta(days=1))
    task = await database.write(checkpoints.add_one, instructor, course_id, details=details, module_id=module_id)
    await database.write(rules.set_rules, instructor, task, RULES)
    people = await _people(instructor, task, besides=sam)
    await database.write(_here_since, course_id, now - timedelta(days=3))
    more_time, *others = people
    first, second, third, fourth, late, later, *_missing = others
    works = [await _hand_in(who, task, text) for who, text in ((sam, GOOD), (first, SHORT), (second, GOOD))]
    await _add_file(third, task, await asyncio.to_thread(_report), 'What I found.pdf')
    works += [await _hand_in(third, task, 'See my report.'), await _hand_in(fourth, task, SHORT)]
    await database.write(submissions.save_text, more_time, task, text='I have only begun: the ground is frozen.')
    midnight = zones.start_of_day(zones.school(), zones.local_date(zones.school(), now))
    due_at = midnight - timedelta(hours=4)
    await database.write(checkpoints.edit, instructor, task, replace(TASK, due_at=due_at))
    extended = midnight + timedelta(days=3, hours=20)
    await database.write(rules.extend, instructor, task, due_at=extended, user_id=more_time.user_id)
    for who in (late, later):
        await _hand_in(who, task, LATE, with_picture=who is late)
    await _grade(instructor, works)
    return task


def _here_since(tx: Transaction, course_id: int, moment: datetime) -> None:
    """Let everybody have joined at a moment: what was due before is not asked of a learner."""
    later = col(Enrollment.course_id) == course_id, col(Enrollment.enrolled_at) > moment
    tx.execute(update(Enrollment).where(*later).values(enrolled_at=moment))


async def _people(instructor: Actor, task: int, *, besides: Actor) -> list[Actor]:
    """Sign in those who learn in the course."""
    lines = await database.read(desk.of_assignment, instructor, task)
    ids = [line.user_id for line in lines if line.user_id != besides.user_id]
    return [(await database.write(sign_ins.enter, user_id, 'Demo', None)).actor for user_id in ids]


async def _hand_in(who: Actor, task: int, text: str, *, with_picture: bool = True) -> int:
    if with_picture and text != 'See my report.':
        await _add_file(who, task, picture(), 'My sample.png')
    await database.write(submissions.save_text, who, task, text=text)
    await database.write(submissions.submit, who, task)
    return (await database.read(submissions.task, who, task)).tries[0].submission_id


async def _grade(instructor: Actor, works: list[int]) -> None:
    """Return two works, and grade a third one."""
    sams, firsts, seconds, *_waiting = works
    await files_back.take(instructor, sams, _pieces(picture(marked=True)), name='My sample, with remarks.png')
    why = Choice(level=1, remark='Which pores, and why narrow?')
    graded = (
        (sams, (Choice(level=0), why, Choice(level=0)), FEEDBACK, True),
        (firsts, (Choice(level=1), Choice(level=2), Choice(level=0)), 'Go out once more and feel each layer.', True),
        (seconds, (Choice(level=0), Choice(level=0), Choice(level=0)), '', False),
    )
    for work, choices, feedback, returns in graded:
        await database.write(
            grading.grade, instructor, work, grade=None, choices=choices, feedback=feedback, returns=returns
        )


async def _add_file(who: Actor, task: int, content: bytes, name: str) -> None:
    await handed_in.take(who, task, _pieces(content), name=name, size=len(content))


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _report() -> bytes:
    return typst.compile(Path(__file__).with_name('report.typ'), ignore_system_fonts=True, timestamp=0)


def picture(*, marked: bool = False) -> bytes:
    """Return a picture (PNG) of four layers of soil; a marked one has a ring around the second."""
    width, height = 480, 320
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            far = ((x - 240) / 150) ** 2 + ((y - 120) / 45) ** 2
            rows += bytes((255, 230, 90) if marked and 0.9 < far < 1.1 else _earth(x, y))
    return b''.join(
        (
            b'\x89PNG\r\n\x1a\n',
            _chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)),
            _chunk(b'IDAT', zlib.compress(bytes(rows))),
            _chunk(b'IEND', b''),
        )
    )


def _earth(x: int, y: int) -> tuple[int, ...]:
    grain = (x * 7919 + y * 104_729) % 17 - 8
    return tuple(min(255, colour + grain) for colour in BANDS[y * len(BANDS) // 320])


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))
