"""Who teaches a course: its owner, and co-instructors who come and go."""

from functools import partial

from nicegui import ui

from services.core.errors import Invalid
from services.courses import catalog
from services.courses.catalog import CourseFacts
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, heading, named


class CoursePeople:
    """The list of those who teach, and a field to add one."""

    def __init__(self, desk: Desk, facts: CourseFacts) -> None:
        self._desk = desk
        self._shown: tuple[tuple[int, str], ...] | None = None
        with named(ui.element('section').classes('stack-tight'), _('Who teaches this course')):
            heading(_('Who teaches'))
            self._list = ui.element('ul').classes('list')
            self._email = ui.input(_('E-mail address of a co-instructor')).props('outlined type=email')
            self._email.on('keydown.enter', gesture(self._add), args=[[]])
            adding = ui.button(_('Add'), on_click=gesture(self._add)).props('flat no-caps')
            named(adding.classes('button-quiet'), _('Add the co-instructor'))
        self.show(facts)

    def show(self, facts: CourseFacts) -> None:
        """Show who teaches now."""
        people = ((0, facts.owner), *facts.co_instructors)
        if people == self._shown:
            return
        self._shown = people
        self._list.clear()
        with self._list:
            for user_id, name in people:
                with ui.element('li').classes('list-tight'):
                    Text('span', name).classes('name grow').props('translate=no')
                    if user_id:
                        removing = ui.button(_('Remove'), on_click=partial(gesture(self._remove), user_id, name))
                        removing.props('flat no-caps').classes('button-quiet button-bare')
                        removing.props['aria-label'] = _('Remove {name}', name=name)
                    else:
                        Text('span', _('owner')).classes('hint')

    async def _add(self) -> None:
        self._email.error = None
        try:
            await self._desk.change(catalog.add_co_instructor, self._desk.course_id, email=self._email.value or '')
        except Invalid as refusal:
            self._email.error = say(refusal)
        else:
            self._email.set_value('')
            self._desk.say(_('Added'))

    async def _remove(self, user_id: int, name: str) -> None:
        await self._desk.change(catalog.remove_co_instructor, self._desk.course_id, user_id=user_id)
        self._desk.say(_('{name} does not teach this course now', name=name))
