"""The wave of the class on the projector: how far everybody was, all together, from the beginning until now."""

from collections.abc import Callable, Sequence
from html import escape

from nicegui import background_tasks, ui

from services.access import Actor
from services.core import clock, database
from services.core.errors import Forbidden, NotFound, NotSignedIn
from services.live.board import wave
from services.live.board.wave import Asked
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.time_format import span
from ui.live.projector_class import PublicClass

READ_AGAIN = 20.0
"""seconds after which the way until now is read again; meanwhile its end moves with the class"""
WIDE, HIGH = 1000, 100
"""the units in which it is drawn; it is stretched to the room that there is"""


class WavePicture:
    """Shown below the summary; while it is shown it reads the past of the class now and then."""

    def __init__(self, room: Room, actor: Actor, redraw: Callable[[], None]) -> None:
        """`redraw` is called when there is something new to draw."""
        self._room = room
        self._actor = actor
        self._redraw = redraw
        self._root = Piece('figure', 'hidden')
        self._wanted: Asked | None = None
        self._asked: Asked | None = None
        self._percents: Sequence[int] = ()
        self._may_read = True
        self._timer = ui.timer(READ_AGAIN, gesture(self._read), active=False, immediate=False)

    def look_again(self) -> None:
        """Drop the past that is known, unless it is still that of the learners who may be shown."""
        wanted = wave.asked(self._room.board, clock.now())
        if self._wanted is None or wanted is None or not wanted.is_like(self._wanted):
            self._wanted, self._asked, self._percents = None, None, ()
            self.hide()

    def draw(self, shown: PublicClass) -> None:
        """Show the past that is known, and the class as it is now at its end."""
        if self._may_read and not self._timer.active:
            self._timer.activate()
            with self._root.client:
                background_tasks.create(gesture(self._read)(), name='wave')
        self._root.offer(self._html(shown), 'wall-wave')

    def hide(self) -> None:
        """Make room for what fills the screen."""
        self._timer.deactivate()
        self._root.offer('', 'wall-wave')

    async def _read(self) -> None:
        wanted = self._wanted = wave.asked(self._room.board, clock.now())
        if not (wanted and self._asked and wanted.is_like(self._asked)):
            self._asked, self._percents = None, ()
        try:
            percents = await database.read(wave.of_class, self._actor, wanted) if wanted else ()
        except (Forbidden, NotFound, NotSignedIn):  # said once, and not every twenty seconds
            self._may_read = False
            self._timer.deactivate()
            raise
        if wanted is self._wanted and self._timer.active:
            self._asked, self._percents = wanted, percents  # both at once: the class moves meanwhile, and is drawn
            self._redraw()

    def _html(self, shown: PublicClass) -> str:
        if self._asked is None or shown.percent is None or len(self._percents) < 2:
            return ''
        start, *_between, end = self._asked.moments
        length = end - start
        across = [round(WIDE * ((moment - start) / length)) for moment in self._asked.moments]
        high = [HIGH - percent * HIGH // 100 for percent in (*self._percents[:-1], shown.percent)]
        line = 'L'.join(f'{x} {y}' for x, y in zip(across, high, strict=True))
        after = _('now, after {time}', time=span(int(length.total_seconds())))
        return (
            f'<figcaption>{escape(_("How far we came, all together"))}</figcaption>'
            f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" aria-hidden="true">'
            f'<path class="wave-under" d="M{line}V{HIGH}H0Z"/><path class="wave-line" d="M{line}"/></svg>'
            f'<p><span>{escape(_("start"))}</span><span>{escape(after)}</span></p>'
        )
