"""The time that is left, as the server counts it: shown, hidden on request, and said at half, five minutes and one."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from nicegui import ui

from services.core import clock
from ui.kit.announcer import Saying
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.raw_element import Piece
from ui.kit.time_format import stopwatch

BY_SECONDS = timedelta(minutes=10)
"""what is left when seconds are shown as well; before that a page need not move each second"""
SOON = timedelta(minutes=1)
MARKS = (timedelta(minutes=5), timedelta(minutes=1))
LOOK_EVERY = 30
"""seconds after which the end is read again: it may have been moved"""


class Countdown:
    """Counts down to the end of an attempt; `look` is awaited now and then, and when the time is up."""

    def __init__(self, started_at: datetime, ends_at: datetime, look: Callable[[], Awaitable[None]]) -> None:
        self._started_at = started_at
        self._ends_at = ends_at
        self._look = look
        self._is_hidden = False
        self._left = ends_at - clock.now()
        self._ticks = 0
        with Piece('div', 'quiz-time'):
            self._shown = Piece('span')
            self._shown.draw({'role': 'timer', 'dir': 'auto'}, classes='number')
            self._switch = Piece('button')
            self._switch.on('click', self._turn, args=[[]])
        self._saying = Saying()
        self._draw()
        ui.timer(1.0, gesture(self._tick))

    def move(self, ends_at: datetime) -> None:
        """Count down to another end, and say so where it is later."""
        if ends_at > self._ends_at:
            self._saying.say(_('You have more time now.'))
        self._ends_at = ends_at
        self._draw()

    async def _tick(self) -> None:
        before, self._left = self._left, self._ends_at - clock.now()
        self._ticks += 1
        self._draw()
        self._announce(before)
        if self._ticks % LOOK_EVERY == 0 or self._left <= timedelta(0):
            await self._look()

    def _announce(self, before: timedelta) -> None:
        half = (self._ends_at - self._started_at) / 2
        if before > half >= self._left and half not in MARKS:
            time = _in_minutes(self._left)
            self._saying.say(_('Half of the time is over; {time} are left.', time=time))
        for mark in MARKS:
            if before > mark >= self._left:
                minutes = int(mark.total_seconds() // 60)
                self._saying.say(ngettext('{count} minute is left.', '{count} minutes are left.', minutes))

    def _turn(self) -> None:
        self._is_hidden = not self._is_hidden
        self._draw()

    def _draw(self) -> None:
        self._left = self._ends_at - clock.now()
        soon = ' quiz-soon' if self._left <= SOON else ''
        shown = '' if self._is_hidden else said(self._left)
        if shown != self._shown.props.get('innerHTML'):
            self._shown.draw({'innerHTML': shown}, classes=f'number{soon}')
        switch = _('Show the time') if self._is_hidden else _('Hide the time')
        self._switch.offer(switch, 'button-quiet button-bare quiz-hide')


def said(left: timedelta) -> str:
    """Return how much time is left, in words."""
    if left <= timedelta(0):
        return _('The time is up')
    if left > BY_SECONDS:
        return _('{time} left', time=_in_minutes(left))
    return _('{time} left', time=stopwatch(int(left.total_seconds())))


def _in_minutes(left: timedelta) -> str:
    minutes = max(1, round(left.total_seconds() / 60))
    if minutes < 120:
        return _('{minutes} min', minutes=minutes)
    return _('{hours} h {minutes} min', hours=minutes // 60, minutes=minutes % 60)
