"""The button with which a learner pauses and resumes a course."""

from nicegui import ui

from services.core import database
from services.progress import states
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _


class PauseSwitch:
    """One button; its text names the action."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._button = ui.button(on_click=gesture(self._switch)).props('flat no-caps')
        self._button.classes('button-quiet button-bare pause-switch')
        self.refresh()

    def refresh(self) -> None:
        """Show the action that is possible now."""
        place = self._lesson.place
        self._button.visible = place.learns and place.completed_at is None and not place.is_archived
        self._button.set_text(_('Go on with this course') if place.paused_at else _('Pause this course'))

    async def _switch(self) -> None:
        verb = states.resume if self._lesson.place.paused_at else states.pause
        await database.write(verb, self._lesson.actor, self._lesson.course_id)
        await self._lesson.completed()
