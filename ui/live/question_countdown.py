"""How long a question in class takes answers: the same on the phone, for the instructor, and on the projector."""

from datetime import datetime
from math import ceil

from nicegui import ui

from services.core import clock
from ui.kit.language import _, for_reader
from ui.kit.raw_element import Piece
from ui.kit.time_format import stopwatch

LAST = 10
"""seconds that are counted one by one everywhere"""
COARSE = 5
"""seconds after which a phone moves before that: a thousand of them are open at once"""


class QuestionCountdown:
    """Counts down to the end that the server keeps; it closes the question, and no screen does."""

    def __init__(self, closes_at: datetime | None = None, *, is_coarse: bool = False) -> None:
        self._closes_at: datetime | None = None
        self._is_coarse = is_coarse
        self._left: int | None = None
        self._is_drawn = False
        self._shown = Piece('p')
        self._timer = ui.timer(1.0, for_reader(self._tick), active=False)
        self.follow(closes_at)

    def follow(self, closes_at: datetime | None) -> None:
        """Count down to another end; None for none."""
        if closes_at == self._closes_at and self._is_drawn:
            return
        self._is_drawn = True
        self._closes_at, self._left = closes_at, None
        self._timer.active = closes_at is not None
        self._tick()

    def _tick(self) -> None:
        if self._closes_at is None:
            self._shown.draw({'innerHTML': ''}, classes='hidden')
            return
        left = max(0, ceil((self._closes_at - clock.now()).total_seconds()))
        is_between = self._is_coarse and left > LAST and left % COARSE
        if left == self._left or (is_between and self._left is not None):
            return
        self._left = left
        said = _('{time} left', time=stopwatch(left)) if left else _('The time is up')
        soon = ' asked-soon' if left <= LAST else ''
        self._shown.draw({'role': 'timer', 'dir': 'auto', 'innerHTML': said}, classes=f'number asked-time{soon}')
