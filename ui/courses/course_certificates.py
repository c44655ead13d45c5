"""Whether who completes a course gets a certificate."""

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.courses import catalog
from services.courses.catalog import CourseFacts
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import heading, hint, named


class CourseCertificates:
    """One switch."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._stored = facts.gives_certificates
        with named(ui.element('section').classes('stack-tight'), _('Certificates')):
            heading(_('Certificates'))
            self._switch = ui.switch(
                _('Learners who complete this course get a certificate'),
                value=self._stored,
                on_change=gesture(self._change),
            )
            hint(_('What was given stays. Switched on again, those who completed it meanwhile get theirs.'))

    def show(self, facts: CourseFacts) -> None:
        """Show how it is set now."""
        self._stored = facts.gives_certificates
        self._switch.set_value(facts.gives_certificates)

    async def _change(self, event: ValueChangeEventArguments[bool | None]) -> None:
        if event.value != self._stored:
            given = bool(event.value)
            await self._desk.change(catalog.give_certificates, self._desk.course_id, given=given)
            self._desk.say(_('Saved: this course gives certificates') if given else _('Saved: no more certificates'))
