"""Milestones of a course in the gradebook there: the switch, and what has arrived."""

from functools import partial

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from services.access import Actor
from services.core import database
from services.lms import milestones, sending
from services.lms.milestones import Sending, SentMilestone
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint


class MilestoneList:
    """One switch, and a line for each column that it has made."""

    def __init__(self, actor: Actor, course_id: int, shown: Sending) -> None:
        self._actor, self._course_id, self._shown = actor, course_id, shown
        ui.switch(
            _('Completed modules and the completed course have columns of their own there'),
            value=shown.is_on,
            on_change=gesture(self._change),
        )
        hint(_('Each learner who completes one gets 1 of 1, once. It stays when a step is undone.'))
        self._place = ui.element('div').classes('stack-tight').props('aria-live=polite')
        self._draw()

    def _draw(self) -> None:
        self._place.clear()
        with self._place:
            if not self._shown.columns:
                if self._shown.is_on:
                    hint(_('A column is made as soon as somebody has completed something.'))
                return
            with ui.element('ul').classes('list'):
                for each in self._shown.columns:
                    _line(each)

    async def _change(self, event: ValueChangeEventArguments[bool | None]) -> None:
        is_on = bool(event.value)
        switch = partial(milestones.switch, link_id=self._shown.link_id, is_on=is_on)
        count = await database.write(switch, self._actor, self._course_id)
        sending.hurry()
        tell(
            ngettext('{count} milestone is sent.', '{count} milestones are sent.', count)
            if is_on
            else _('Milestones are not sent from now on. The columns stay there.')
        )
        found = await database.read(milestones.of_course, self._actor, self._course_id)
        self._shown = next((each for each in found if each.link_id == self._shown.link_id), self._shown)
        self._draw()


def _line(each: SentMilestone) -> None:
    with ui.element('li'), ui.element('div').classes('grow'):
        if each.title:
            Text('span', each.title).classes('name').props('translate=no')
        else:
            Text('span', _('The whole course')).classes('name')
        if each.problem:
            Text('p', say(each.problem)).classes('field-problem')
        hint(ngettext('sent for {count} learner', 'sent for {count} learners', each.sent))
        if each.waiting:
            hint(ngettext('{count} waits to be sent', '{count} wait to be sent', each.waiting))
