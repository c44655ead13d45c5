"""The video or text of a checkpoint within the page of a class: what was seen counts as on the learner's page."""

from fastapi import Request
from nicegui import background_tasks, ui

from services.access import Actor
from services.core import database
from services.study import path
from services.study.open_pages import SAVE_EVERY
from ui.content.checkpoint_kinds import CONTENT
from ui.content.lesson_context import Lesson
from ui.content.passages import prepare
from ui.learn.study_clock import StudyClock
from ui.live.own_material import DrawMaterial, Opening
from ui.shell import before_sign_out


def drawer(request: Request, actor: Actor, course_id: int) -> DrawMaterial:
    """Return what draws the content of the checkpoints of a course for a learner in class."""

    async def draw(opening: Opening) -> ClassMaterial:
        place = await database.read(path.place, actor, course_id, opening.checkpoint_id)
        await prepare(place.checkpoint.body)
        return ClassMaterial(Lesson(request, actor, place), opening)

    return draw


class ClassMaterial:
    """Content that is open, and everything that follows how the learner watches or reads it."""

    def __init__(self, lesson: Lesson, opening: Opening) -> None:
        self._lesson = lesson
        client = ui.context.client
        self._handlers = [
            (handlers, len(handlers))
            for handlers in (client.connect_handlers, client.disconnect_handlers, client.delete_handlers)
        ]
        lesson.say = opening.say
        lesson.at_touch(opening.act)
        with ui.element('div') as place:
            CONTENT[lesson.checkpoint.kind].draw(lesson)
        StudyClock(lesson, within=place)
        ui.timer(SAVE_EVERY.total_seconds(), lambda: opening.act() if lesson.is_playing else None)
        self._forget = before_sign_out.before_sign_out(lesson.actor, lesson.sign_out)
        client.on_delete(self._gone)

    async def close(self) -> None:
        """Save what the content holds, and let the page forget what followed its connection for it."""
        self._forget()
        for handlers, count in self._handlers:
            del handlers[count:]
        await self._lesson.leave()

    def _gone(self) -> None:
        self._forget()
        background_tasks.create(self._lesson.leave())
