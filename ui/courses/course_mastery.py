"""From which score on something is mastered: one number of a course."""

from nicegui import ui

from services.core.errors import Invalid
from services.courses import catalog
from services.courses.catalog import CourseFacts
from ui.courses.alert_thresholds import number_field, number_in
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import heading, hint, named


class CourseMastery:
    """One sentence with a number, saved when the instructor leaves the field or presses Enter."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._stored = facts.mastery_percent
        with named(ui.element('section').classes('stack-tight'), _('Mastery')):
            heading(_('Mastery'))
            self._field = number_field(_('A quiz or an assignment is mastered from this percentage on.'))
            hint(_('What learners have mastered stays mastered when you change it.'))
        self._field.set_value(str(self._stored))
        self._field.on('blur', gesture(self._save), args=[[]])
        self._field.on('keydown.enter', gesture(self._save), args=[[]])

    def show(self, facts: CourseFacts) -> None:
        """Show the number as it is stored, unless it is being changed here."""
        if self._field.value == str(self._stored):
            self._field.set_value(str(facts.mastery_percent))
        self._stored = facts.mastery_percent

    async def _save(self) -> None:
        percent = number_in(self._field)
        self._field.error = None
        if percent == self._stored:
            return
        try:
            await self._desk.change(catalog.set_mastery, self._desk.course_id, percent=percent)
        except Invalid as refusal:
            self._field.error = say(refusal)
        else:
            self._desk.say(_('Saved'))
