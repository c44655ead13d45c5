"""Whether classmates may help each other in class."""

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.courses import catalog
from services.courses.catalog import CourseFacts
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import heading, hint, named


class CourseHelp:
    """One switch."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._stored = facts.classmates_help
        with named(ui.element('section').classes('stack-tight'), _('Help in class')):
            heading(_('Help in class'))
            self._switch = ui.switch(
                _('Classmates may help each other'), value=self._stored, on_change=gesture(self._change)
            )
            hint(_('Who has done a step is offered to help somebody who is stuck at it.'))

    def show(self, facts: CourseFacts) -> None:
        """Show how it is set now."""
        self._stored = facts.classmates_help
        self._switch.set_value(facts.classmates_help)

    async def _change(self, event: ValueChangeEventArguments[bool | None]) -> None:
        if event.value != self._stored:
            allowed = bool(event.value)
            await self._desk.change(catalog.let_classmates_help, self._desk.course_id, allowed=allowed)
            self._desk.say(_('Saved: classmates help each other') if event.value else _('Saved: only instructors help'))
