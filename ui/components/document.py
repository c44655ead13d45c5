"""The document of a step: a text as it is scrolled through, or a PDF page by page."""

import asyncio

from nicegui import ui

from services.content import documents
from services.content.reading import Reading
from services.core import database
from services.uploads.parts import PDF
from ui.components.lesson_desk import Lesson
from ui.components.passages import Passages
from ui.components.pdf import PdfPages
from ui.components.reader import Reader
from ui.components.text import hint
from ui.gestures import gesture

SCROLLING = 0.5
"""Seconds that a browser gets to scroll to where the learner was, before it is followed what is on the screen."""


def document(lesson: Lesson) -> None:
    """Draw the document of a step, and follow how it is read where that counts."""
    step = lesson.step
    if step.file and step.file.media_type == PDF:
        shown: PdfPages | Passages = PdfPages(lesson.actor, step.checkpoint_id, step.file)
        file_id = step.file.upload_id
    elif step.body.strip():
        shown, file_id = Passages(step.body), None
    else:
        hint('There is nothing to read here yet.')
        return
    lesson.go_to = shown.go_to
    if lesson.is_counted:
        _follow(lesson, shown, file_id)
    else:
        shown.open(0.0)


def _follow(lesson: Lesson, shown: PdfPages | Passages, file_id: int | None) -> None:
    """Go on where the learner was, as soon as their browser is there, and follow how they read."""

    @gesture
    async def begin() -> None:
        read = await database.read(documents.so_far, lesson.actor, lesson.step.checkpoint_id)
        shown.open(read.position)
        if read.position:
            lesson.say('You go on where you stopped.')
            await asyncio.sleep(SCROLLING)
        reader = Reader(lesson, Reading(shown.parts, seen=read.seen, at=read.position), file_id)
        shown.follow(reader.show)

    ui.timer(0, begin, once=True)
