"""One switch of a course: what it means, and how it is set now."""

from collections.abc import Callable

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.text import heading, hint, named


class CourseSwitch:
    """A heading, the switch, and a line below it."""

    def __init__(
        self,
        desk: Desk,
        verb: Callable[..., object],
        *,
        name: str,
        is_on: bool,
        title: str,
        label: str,
        about: str,
        saved_on: str,
        saved_off: str,
    ) -> None:
        """`verb` takes the course and whether it is on under `name`; the last two are said once that is saved."""
        self._desk, self._verb, self._name = desk, verb, name
        self._stored = is_on
        self._saved = {True: saved_on, False: saved_off}
        with named(ui.element('section').classes('stack-tight'), title):
            heading(title)
            self._switch = ui.switch(label, value=is_on, on_change=gesture(self._change))
            hint(about)

    def show(self, is_on: bool) -> None:
        """Show how it is set now."""
        self._stored = is_on
        self._switch.set_value(is_on)

    async def _change(self, event: ValueChangeEventArguments[bool | None]) -> None:
        is_on = bool(event.value)
        if is_on != self._stored:
            await self._desk.change(self._verb, self._desk.course_id, **{self._name: is_on})
            self._desk.say(self._saved[is_on])
