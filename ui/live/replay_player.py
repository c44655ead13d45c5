"""A class that is played again: a slider over its time, and the grid as it was at that moment."""

from nicegui import ui

from services.core.phrases import phrase
from services.live.replay.classes import Replay
from ui.kit.language import _, say
from ui.kit.text import Text, hint, named
from ui.kit.time_format import stopwatch
from ui.live.class_grid import ClassGrid

SPEED = 10
"""seconds of the class that pass in one second"""
BEAT = 0.5
KEYS = phrase(
    'Arrow keys move the slider by a second, page keys by a tenth of the class. Play shows ten seconds in one.'
)


class Player:
    """The slider, the button that moves it by itself, and the grid."""

    def __init__(self, told: Replay) -> None:
        self._told = told
        self._shown = told.held.seconds
        """opens at the end, where there is something to see; Play begins at the beginning"""
        with ui.element('div').classes('line replay-controls'):
            self._button = (
                ui.button(_('Play'), on_click=self._play_or_stop).props('flat no-caps').classes('button-primary')
            )
            # the browser's own slider: one that is drawn has no value for those who only hear it
            self._slider = ui.input(value=str(self._shown), on_change=lambda event: self._moved(event.value))
            self._slider.classes('grow').props(f'type=range borderless dense min=0 max={told.held.seconds} step=1')
            named(self._slider, _('Moment of the class'))
            self._moment = Text('span').classes('chip number')
        hint(say(KEYS)).classes('only-screen')
        if moments := _moments(told):
            jump = ui.select(moments, label=_('Jump to'), on_change=lambda event: self._jump(event.value))
            jump.props('outlined dense').classes('replay-jump')
        with ui.element('div').classes('replay-grid'):
            self._grid = ClassGrid(told.at(self._shown), label=_('The class at this moment'))
        self._timer = ui.timer(BEAT, self._beat, active=False)
        self._tell()

    def _play_or_stop(self) -> None:
        if self._shown >= self._told.held.seconds:
            self._go_to(0)
        self._let_play(not self._timer.active)

    def _beat(self) -> None:
        self._go_to(self._shown + int(SPEED * BEAT))
        if self._shown >= self._told.held.seconds:
            self._let_play(False)

    def _let_play(self, plays: bool) -> None:
        self._timer.active = plays
        self._button.set_text(_('Stop') if plays else _('Play'))

    def _jump(self, number: int) -> None:
        half_at = next(
            (checkpoint.reached[0] for checkpoint in self._told.times if checkpoint.column.number == number), None
        )
        if half_at is not None:
            self._go_to(half_at)

    def _go_to(self, second: int) -> None:
        self._slider.set_value(str(min(second, self._told.held.seconds)))

    def _moved(self, value: str | None) -> None:
        if not value or not value.isdecimal() or int(value) > self._told.held.seconds:
            return  # nothing that our slider says
        second = int(value)
        if second > self._shown:
            self._grid.apply(self._told.change(self._shown, second))
        elif second < self._shown:
            self._grid.replace(self._told.at(second))
        self._shown = second
        self._tell()

    def _tell(self) -> None:
        shown = stopwatch(self._shown)
        self._moment.set_text(shown)
        aloud = _('{moment} of {length}', moment=shown, length=stopwatch(self._told.held.seconds))
        self._slider.props['aria-valuetext'] = aloud


def _moments(told: Replay) -> dict[int, str]:
    """Return the moments that are worth a look, by the number of a checkpoint."""
    return {
        checkpoint.column.number: _(
            '{moment} · half had done {number} {title}',
            moment=stopwatch(checkpoint.reached[0]),
            number=checkpoint.column.number,
            title=checkpoint.column.title,
        )
        for checkpoint in told.times
        if checkpoint.reached[0] is not None
    }
