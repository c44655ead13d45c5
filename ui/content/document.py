"""The document of a checkpoint: a text to scroll through, or a PDF page by page."""

import asyncio

from nicegui import ui

from services.access import Actor
from services.content import documents
from services.content.reading import Reading
from services.content.uploads.slots import PDF
from services.core import database
from services.study.lesson_checkpoints import LessonCheckpoint
from ui.content.lesson_context import Lesson
from ui.content.passages import Passages
from ui.content.pdf import PdfPages, Source
from ui.content.reader import Reader
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import hint

SCROLLING = 0.5
"""Seconds in which the browser scrolls to the learner's last position, before reading is followed."""


def document(lesson: Lesson) -> None:
    """Draw the document of a checkpoint, and follow how the learner reads it where that counts."""
    shown = draw(lesson.checkpoint, lesson.actor)
    if shown is None:
        return
    lesson.go_to = shown.go_to
    if lesson.is_counted:
        _follow(lesson, shown)
    else:
        shown.open(0.0)


def draw(checkpoint: LessonCheckpoint, actor: Actor | None) -> PdfPages | Passages | None:
    """Draw a document that is not open yet; returns None if there is nothing to read."""
    if checkpoint.file and checkpoint.file.media_type == PDF:
        return PdfPages(Source.of_checkpoint(actor, checkpoint.checkpoint_id, checkpoint.file))
    if checkpoint.body.strip():
        return Passages(checkpoint.body, checkpoint.title)
    hint(_('There is nothing to read here yet.'))
    return None


def _follow(lesson: Lesson, shown: PdfPages | Passages) -> None:
    """Open the document at the learner's last position, and follow how they read."""

    @gesture
    async def begin() -> None:
        read = await database.read(documents.so_far, lesson.actor, lesson.checkpoint.checkpoint_id)
        shown.open(read.position)
        if read.position:
            lesson.say(_('You continue where you stopped.'))
            await asyncio.sleep(SCROLLING)
        reader = Reader(lesson, Reading(shown.parts, seen=read.seen, at=read.position), shown.file_id)
        shown.follow(reader.show)

    ui.timer(0, begin, once=True)
