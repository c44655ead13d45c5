"""Later due dates of one assignment, as they were agreed on with groups and learners."""

from collections.abc import Sequence

from nicegui import ui

from services.access import Actor
from services.assignments import rules as assignment_rules
from services.assignments.rules import Agreed
from services.core import database
from services.core.errors import Invalid
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, say
from ui.kit.text import Text, hint


class LaterDates:
    """Who has another date, and the fields to agree on one."""

    def __init__(self, actor: Actor, checkpoint_id: int, dates: Sequence[Agreed]) -> None:
        self._actor = actor
        self._checkpoint_id = checkpoint_id
        self._dates = self._choices = dates
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Later due dates'))
            with ui.element('div').classes('stack'):
                self._list = ui.element('ul').classes('list')
                names = dict(enumerate(each.name for each in dates))
                self._whose = ui.select(names, label=_('Group or learner'), with_input=True).props('outlined')
                self._whose.props('translate=no')
                self._due = ui.input(_('Due')).props('outlined stack-label clearable type=datetime-local')
                if zone := time_format.foreign():
                    self._due.props['hint'] = _('in the time of {zone}', zone=zone)
                hint(_('Without a date, the usual one holds again.'))
                save = ui.button(_('Agree on it'), on_click=gesture(self._save)).props('flat no-caps')
                save.classes('button-quiet assignment-add')
        self._show()

    def _show(self) -> None:
        self._list.clear()
        agreed = [each for each in self._dates if each.due_at]
        self._list.visible = bool(agreed)
        with self._list:
            for each in agreed:
                assert each.due_at is not None
                with ui.element('li'):
                    Text('span', each.name).props('translate=no')
                    Text('span', time_format.exact(each.due_at)).classes('hint')

    async def _save(self) -> None:
        self._whose.error = self._due.error = None
        if self._whose.value is None:
            self._whose.error = _('Choose who gets more time.')
            return
        chosen = self._choices[self._whose.value]
        try:
            await database.write(
                assignment_rules.extend,
                self._actor,
                self._checkpoint_id,
                due_at=time_format.read_typed(self._due.value),
                user_id=chosen.user_id,
                group_id=chosen.group_id,
            )
        except Invalid as refusal:
            self._due.error = say(refusal)
            return
        self._dates = await database.read(assignment_rules.agreed_dates, self._actor, self._checkpoint_id)
        self._show()
        tell(_('Saved'))
