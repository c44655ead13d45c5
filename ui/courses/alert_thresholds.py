"""When somebody in class needs a look: the three numbers of a course."""

from collections.abc import Mapping

from nicegui import ui

from services.core.errors import Invalid
from services.courses import catalog
from services.courses.catalog import CourseFacts
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.language import Spoken, _, say
from ui.kit.text import Text, heading, hint, named

SENTENCES: Mapping[str, str] = Spoken(
    {
        'percent': lambda: _('Point out learners who have done less than this percentage of the class average.'),
        'steps': lambda: _('Point out learners who are this many steps behind the middle of the class.'),
        'minutes': lambda: _('Point out learners who have been behind, or silent, for this many minutes.'),
    }
)


class CourseAttention:
    """Three sentences with a number each, saved when the instructor leaves a field or presses Enter."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._stored: dict[str, int] = {}
        with named(ui.element('section').classes('stack-tight'), _('Who needs a look in class')):
            heading(_('Who needs a look'))
            hint(_('On the live page of a class, they are listed under “Needs you”.'))
            self._fields = {name: number_field(sentence) for name, sentence in SENTENCES.items()}
            for field in self._fields.values():
                field.on('blur', gesture(self._save), args=[[]])
                field.on('keydown.enter', gesture(self._save), args=[[]])
        self.show(facts)

    def show(self, facts: CourseFacts) -> None:
        """Show the numbers as they are stored, but for one that is being changed here."""
        stored = {'percent': facts.lag_percent, 'steps': facts.lag_steps, 'minutes': facts.lag_minutes}
        for name, field in self._fields.items():
            if name not in self._stored or field.value == str(self._stored[name]):
                field.set_value(str(stored[name]))
        self._stored = stored

    async def _save(self) -> None:
        typed = {name: number_in(field) for name, field in self._fields.items()}
        for field in self._fields.values():
            field.error = None
        if typed == self._stored:
            return
        try:
            await self._desk.change(catalog.set_attention, self._desk.course_id, **typed)
        except Invalid as refusal:
            self._fields[refusal.field].error = say(refusal)
        else:
            self._desk.say(_('Saved'))


def number_field(sentence: str) -> ui.input:
    """Draw a field for a number behind the sentence that it belongs to."""
    with ui.element('div').classes('number-setting'):
        Text('span', sentence)
        field = ui.input().props('outlined dense inputmode=numeric maxlength=5')
    return named(field, sentence)


def number_in(field: ui.input) -> int:
    """Return the number that was typed; what is none is as little as 0, which the service refuses."""
    cleaned = (field.value or '').strip()
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) < 6 else 0
