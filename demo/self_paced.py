"""The second course of the demo school, to be learnt alone: something to watch, read, try, answer and hand in."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

from demo import assignment, quiz, video
from demo import booklet as demo_booklet
from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.content.uploads import receiving
from services.content.uploads.slots import Part
from services.core import database
from services.courses import catalog, checkpoints, course_cards, modules, outline
from services.courses.checkpoints import Details
from services.enums import CheckpointKind, Verb
from services.people import joining

TITLE = 'Where does the water go?'

WELCOME = Details(
    title='What this course is about',
    description='A video, a text, a booklet, something to try, and a quiz. It takes **about half an hour**, '
    'whenever you like.',
    is_preview=True,
)
VIDEO = Details(title='Three tubes, one glass of water', kind=CheckpointKind.VIDEO, estimated_minutes=1)
TEXT = Details(title='What soil is made of', kind=CheckpointKind.DOCUMENT, body=demo_booklet.TEXT, estimated_minutes=5)
BOOKLET = Details(title='The soil booklet', kind=CheckpointKind.DOCUMENT, estimated_minutes=8)
TASK = Details(
    title='Try it outside',
    description='Take a handful of soil, wet it, and roll it between your hands.\n\n- It falls apart: sand.\n'
    '- It makes a short roll: loam.\n- It makes a long, shiny roll: clay.',
    estimated_minutes=10,
)
PARTS = {'Look': (WELCOME, VIDEO), 'Read': (TEXT, BOOKLET), 'Try': (TASK,)}
ABOUT = 'Why does a puddle stay on clay, and not on sand?\n\nYou **watch**, you **read**, and then you go outside.'
ABOUT_PARTS = {
    'Look': 'What water does in **sand**, **loam** and **clay**.',
    'Read': 'Why it does that: grains, pores and what holds water back.',
    'Try': 'Ten minutes outside. Old clothes are a good idea.',
}


async def make_course(instructor: Actor, learner: Actor) -> None:
    """Make the course, and let somebody begin with it; nothing if it is there already."""
    if any(card.title == TITLE for card in await database.read(course_cards.taught, instructor)):
        return
    course_id = await database.write(catalog.create, instructor, title=TITLE, subject='Biology', description=ABOUT)
    for module in await database.read(outline.sections, instructor, course_id):
        await database.write(modules.delete, instructor, module.module_id)
    ids: dict[str, int] = {}
    for title, parts in PARTS.items():
        module_id = await database.write(
            modules.add, instructor, course_id, title=title, description=ABOUT_PARTS[title]
        )
        lines = '\n'.join(details.title for details in parts)
        added = await database.write(checkpoints.add, instructor, module_id, lines=lines)
        for details, checkpoint in zip(parts, added, strict=True):
            await database.write(checkpoints.edit, instructor, checkpoint, details)
            ids[details.title] = checkpoint
    video_file, booklet = await asyncio.gather(
        asyncio.to_thread(video.make_video), asyncio.to_thread(demo_booklet.make_booklet)
    )
    await _give(instructor, ids[VIDEO.title], Part.VIDEO, video_file, 'three-tubes.webm')
    await _give(instructor, ids[VIDEO.title], Part.CAPTIONS, video.CAPTIONS, 'three-tubes.vtt')
    await _give(instructor, ids[BOOKLET.title], Part.FILE, booklet, 'the-soil-booklet.pdf')
    facts = await database.read(catalog.facts, instructor, course_id)
    await quiz.add_quiz(instructor, course_id, module_id, facts.code)
    await database.write(joining.join, learner, code=facts.code)
    await assignment.add_assignment(instructor, course_id, module_id, learner)
    done = ids[TASK.title]
    await taps.take(Tap(actor=learner, session_id=None, verb=Verb.COMPLETED, tap_id=uuid4().hex, checkpoint_id=done))


async def _give(instructor: Actor, checkpoint: int, part: Part, content: bytes, name: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    await receiving.take(instructor, checkpoint, part, pieces(), name=name, size=len(content))
