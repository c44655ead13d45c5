"""The leaderboards of a learner's courses: to take part under another name, to see the neighbours, and to leave."""

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.motivation import leaderboard
from services.motivation.leaderboard import FEWEST, LONGEST_ALIAS, Leaderboard
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, heading, hint


class LeaderboardSection:
    """Empty where no course has a leaderboard."""

    def __init__(self, actor: Actor, boards: Sequence[Leaderboard]) -> None:
        self._actor = actor
        self._place = ui.element('div')
        self._show(boards)

    def _show(self, boards: Sequence[Leaderboard]) -> None:
        self._place.clear()
        if not boards:
            return
        with self._place, ui.element('section').classes('stack-tight') as section:
            section.props['aria-label'] = _('Leaderboard')
            heading(_('Leaderboard'))
            hint(_('Only for those who want to take part. The others see a name that you choose, and never yours.'))
            for board in boards:
                Text('h3', board.title).classes('achieved-name').props('dir=auto')
                if board.alias:
                    self._own(board)
                else:
                    self._way_in(board)

    def _own(self, board: Leaderboard) -> None:
        if not board.neighbours:
            hint(
                ngettext(
                    'You take part as {alias}. It appears once {count} learner takes part.',
                    'You take part as {alias}. It appears once {count} learners take part.',
                    FEWEST,
                    alias=board.alias,
                )
            )
        with ui.element('ul').classes('list'):
            for each in board.neighbours:
                with ui.element('li').classes('goal-week'):
                    name = _('{alias} (you)', alias=each.alias) if each.is_self else each.alias
                    Text('span', name).classes('grow person-name' if each.is_self else 'grow').props('translate=no')
                    Text('span', ngettext('{count} point', '{count} points', each.points)).classes('hint')
        leave = ui.button(_('Take part no more'), on_click=partial(gesture(self._leave), board)).props('flat no-caps')
        leave.classes('button-quiet').props['aria-label'] = _('Take part no more: {course}', course=board.title)

    def _way_in(self, board: Leaderboard) -> None:
        with ui.element('div').classes('motivation-line'):
            alias = ui.input(_('A name that says nothing of who you are')).props('outlined dir=auto')
            alias.props(f'maxlength={LONGEST_ALIAS}').classes('grow')
            join = ui.button(_('Take part'), on_click=partial(gesture(self._join), board, alias)).props('flat no-caps')
            join.classes('button-quiet').props['aria-label'] = _('Take part: {course}', course=board.title)

    async def _join(self, board: Leaderboard, alias: ui.input) -> None:
        alias.error = None
        try:
            await database.write(leaderboard.join, self._actor, board.course_id, alias=alias.value or '')
        except Invalid as refusal:
            alias.error = say(refusal)
            return
        await self._look_again()

    async def _leave(self, board: Leaderboard) -> None:
        await database.write(leaderboard.leave, self._actor, board.course_id)
        await self._look_again()

    async def _look_again(self) -> None:
        self._show(await database.read(leaderboard.all_own, self._actor))
