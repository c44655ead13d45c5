"""Other limits of one quiz, as they were agreed on with learners: more minutes, another attempt, a later end."""

from collections.abc import Sequence

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.quizzes import limits
from services.quizzes.limits import MOST_ATTEMPTS, MOST_MINUTES, Agreed
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint


class AgreedLimits:
    """With whom something was agreed, and the fields to agree on it."""

    def __init__(self, actor: Actor, checkpoint_id: int, people: Sequence[Agreed]) -> None:
        self._actor = actor
        self._checkpoint_id = checkpoint_id
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Other limits for a learner'))
            with ui.element('div').classes('stack'):
                hint(_('They hold at once, also in an attempt that is going on. Fields left empty are as in the quiz.'))
                self._list = ui.element('ul').classes('list')
                names = {each.user_id: each.name for each in people}
                self._whose = ui.select(names, label=_('Learner'), with_input=True).props('outlined translate=no')
                self._whose.on_value_change(self._fill)
                self._minutes = _number(_('Minutes'), MOST_MINUTES)
                self._attempts = _number(_('Attempts'), MOST_ATTEMPTS)
                self._closes = ui.input(_('Closes')).props('outlined stack-label clearable type=datetime-local')
                if zone := time_format.foreign():
                    self._closes.props['hint'] = _('in the time of {zone}', zone=zone)
                with ui.element('div').classes('line'):
                    save = ui.button(_('Agree on it'), on_click=gesture(self._save)).props('flat no-caps')
                    save.classes('button-quiet')
        self._show(people)

    def _show(self, people: Sequence[Agreed]) -> None:
        self._people = {each.user_id: each for each in people}
        others = [each for each in people if each.is_other]
        self._list.clear()
        self._list.visible = bool(others)
        with self._list:
            for each in others:
                with ui.element('li'):
                    Text('span', each.name).classes('grow').props('translate=no')
                    Text('span', _words(each)).classes('hint')

    def _fill(self) -> None:
        """Show what holds for the learner who was chosen."""
        if self._whose.value is not None:
            each = self._people[self._whose.value]
            self._minutes.set_value(each.minutes)
            self._attempts.set_value(each.attempts)
            self._closes.set_value(time_format.typed(each.closes_at))

    async def _save(self) -> None:
        self._whose.error = self._minutes.error = self._attempts.error = self._closes.error = None
        if self._whose.value is None:
            self._whose.error = _('Choose a learner.')
            return
        try:
            await database.write(
                limits.agree,
                self._actor,
                self._checkpoint_id,
                user_id=self._whose.value,
                minutes=_whole(self._minutes.value),
                attempts_allowed=_whole(self._attempts.value),
                closes_at=time_format.read_typed(self._closes.value),
            )
        except Invalid as refusal:
            fields = {'minutes': self._minutes, 'attempts_allowed': self._attempts}
            fields.get(refusal.field, self._closes).error = say(refusal)
            return
        self._show(await database.read(limits.agreed, self._actor, self._checkpoint_id))
        tell(_('Saved'))


def _number(label: str, most: int) -> ui.number:
    return ui.number(label, min=1, max=most, precision=0).props('outlined inputmode=numeric')


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _words(each: Agreed) -> str:
    parts = []
    if each.minutes is not None:
        parts.append(ngettext('{count} minute', '{count} minutes', each.minutes))
    if each.attempts is not None:
        parts.append(ngettext('{count} attempt', '{count} attempts', each.attempts))
    if each.closes_at:
        parts.append(_('closes {moment}', moment=time_format.exact(each.closes_at)))
    return ' · '.join(parts)
