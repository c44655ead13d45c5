"""What those who teach do for one learner: award points with a reason, and pause the streak."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.motivation import awards, pauses
from services.motivation.awards import MOST_AT_ONCE
from services.motivation.calendar import DaySpan
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint
from ui.kit.time_format import short_day


class ForLearners:
    """A choice of a learner, and what can be done for them."""

    def __init__(self, actor: Actor, course_id: int, learners: Mapping[int, str], left: int) -> None:
        self._actor, self._course_id = actor, course_id
        with ui.element('section').classes('stack-tight') as section:
            section.props['aria-label'] = _('For one learner')
            heading(_('For one learner'))
            if not learners:
                hint(_('Nobody is here yet'))
                return
            self._who = ui.select(dict(learners), label=_('Learner'), with_input=True).props('outlined')
            self._who.classes('motivation-who')
            self._who.on_value_change(gesture(self._chosen))
            self._award(left)
            self._pause()

    def _award(self, left: int) -> None:
        Text('h3', _('Award points')).classes('achieved-name')
        with ui.element('div').classes('motivation-line'):
            self._points = ui.input(_('Points'), value='10').props(f'outlined type=number min=1 max={MOST_AT_ONCE}')
            self._points.classes('goal-number')
            self._reason = ui.input(_('For what')).props('outlined dir=auto').classes('grow')
            give = ui.button(_('Award'), on_click=gesture(self._give)).props('flat no-caps')
            give.classes('button-primary')
        self._left = hint(_left_words(left))

    def _pause(self) -> None:
        Text('h3', _('Pause the streak')).classes('achieved-name')
        hint(_('For days on which they cannot learn, such as when they are ill. Nobody else sees it.'))
        with ui.element('div').classes('motivation-line'):
            self._first = ui.input(_('First day')).props('outlined type=date stack-label')
            self._last = ui.input(_('Last day')).props('outlined type=date stack-label')
            ui.button(_('Pause'), on_click=gesture(self._keep)).props('flat no-caps').classes('button-quiet')
        self._pauses = ui.element('ul').classes('list')

    async def _chosen(self) -> None:
        self._who.error = None
        found: tuple[DaySpan, ...] = ()
        if self._who.value is not None:
            found = await database.read(pauses.of_learner, self._actor, self._course_id, self._who.value)
        self._show(found)

    async def _give(self) -> None:
        self._points.error = self._reason.error = None
        if (whom := self._chosen_learner()) is None:
            return
        typed = (self._points.value or '').strip()
        points = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 0
        try:
            left = await database.write(
                awards.award, self._actor, self._course_id, whom, points=points, reason=self._reason.value or ''
            )
        except Invalid as refusal:
            wrong = self._points if refusal.field == 'points' else self._reason
            wrong.error = say(refusal)
            return
        self._reason.set_value('')
        self._left.set_text(_left_words(left))
        name = self._who.options[whom]
        tell(ngettext('{count} point for {person}', '{count} points for {person}', points, person=name))

    async def _keep(self) -> None:
        self._first.error = self._last.error = None
        if (whom := self._chosen_learner()) is None:
            return
        first, last = _read(self._first), _read(self._last)
        if first is None or last is None:
            return
        try:
            await database.write(pauses.pause, self._actor, self._course_id, whom, first=first, last=last)
        except Invalid as refusal:
            wrong = self._first if refusal.field == 'first' else self._last
            wrong.error = say(refusal)
            return
        await self._chosen()

    async def _end(self, whom: int, span: DaySpan) -> None:
        await database.write(pauses.end, self._actor, self._course_id, whom, first=span.first)
        await self._chosen()

    def _chosen_learner(self) -> int | None:
        if self._who.value is None:
            self._who.error = _('Choose a learner.')
        return self._who.value if isinstance(self._who.value, int) else None

    def _show(self, found: Sequence[DaySpan]) -> None:
        self._pauses.clear()
        with self._pauses:
            for span in found:
                days = _('{first} to {last}', first=short_day(span.first), last=short_day(span.last))
                with ui.element('li').classes('goal-week'):
                    Text('span', _('Paused: {days}', days=days)).classes('grow')
                    end = ui.button(_('Take back'), on_click=partial(gesture(self._end), self._who.value, span))
                    end.props('flat no-caps').classes('button-quiet')
                    end.props['aria-label'] = _('Take back the pause: {days}', days=days)


def _left_words(left: int) -> str:
    return ngettext('You can award {count} more point today.', 'You can award {count} more points today.', left)


def _read(field: ui.input) -> date | None:
    try:
        return date.fromisoformat(field.value or '')
    except ValueError:
        field.error = _('Enter a date such as 2030-01-31.')
        return None
