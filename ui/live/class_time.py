"""The time of a class, for the instructor: what is left, one more minute, a time set by hand, a sound at its end."""

from datetime import timedelta

from nicegui import ui

from services.access import Actor
from services.core import clock, database
from services.core.errors import Invalid
from services.live import pacing, sessions
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.text import Text, named
from ui.live import bell
from ui.live.pace_banner import show_left
from ui.live.steering import Steering

JUST_OVER = timedelta(seconds=5)
"""A time that ran out longer ago was not seen to end here: nothing is rung for it."""


class ClassTime:
    """The page that draws it calls `tick` once a second."""

    def __init__(self, room: Room, actor: Actor, steering: Steering) -> None:
        self._room = room
        self._actor = actor
        self._before: timedelta | None = None
        with ui.element('div').classes('line pace-time'):
            self._left = Text('span').classes('chip pace-left number').props('role=timer')
            self._more = ui.button(_('+1 min'), on_click=gesture(steering.give_time)).props('flat no-caps')
            self._more.classes('button-quiet').props['aria-label'] = _('One more minute')
            self._off = ui.button(_('No time'), on_click=gesture(self._take_away)).props('flat no-caps')
            self._off.classes('button-quiet button-bare').props['aria-label'] = _('Take the time away')
        with ui.element('div').classes('pace-set'):
            self._minutes = ui.input(_('Minutes')).props('outlined dense inputmode=numeric maxlength=3')
            self._minutes.on('keydown.enter', gesture(self._set), args=[[]])
            start = ui.button(_('Set the time'), on_click=gesture(self._set)).props('flat no-caps')
            start.classes('button-quiet')
        self._rings = ui.switch(_('Sound when the time is up'), on_change=self._let_hear)
        self._bell = named(ui.audio(bell.ADDRESS, controls=False), _('Sound when the time is up'))
        self.tick()

    def tick(self) -> None:
        """Show how much time is left now; ring once when it is up, where the instructor wants that."""
        board = self._room.board
        show_left(self._left, self._room)
        self._more.visible = self._left.visible and pacing.pause_of(board) is None
        self._off.visible = pacing.has_set_time(board)
        left = pacing.time_left(board, clock.now())
        if self._rings.value and _is_up(self._before, left):
            self._ring()
        self._before = left

    def _let_hear(self) -> None:
        """Ring when the sound is switched on, so that the instructor knows how loud it is."""
        if self._rings.value:
            self._ring()

    def _ring(self) -> None:
        self._bell.play()

    async def _set(self) -> None:
        typed = (self._minutes.value or '').strip()
        if not typed.isdecimal():
            raise Invalid('Type a number of minutes, like 10.', field='minutes')
        await database.write(sessions.set_time, self._actor, self._room.board.course_id, int(typed))
        self._minutes.set_value('')

    async def _take_away(self) -> None:
        await database.write(sessions.set_time, self._actor, self._room.board.course_id, None)


def _is_up(before: timedelta | None, left: timedelta | None) -> bool:
    """Tell whether the time has run out between two looks."""
    return before is not None and left is not None and before > timedelta(0) >= left > -JUST_OVER
