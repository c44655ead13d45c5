"""`/courses/{course_id}/classes`: the classes that are over, side by side, and each of them again on the grid."""

from html import escape

from fastapi.responses import Response
from nicegui import ui

from services.core import database
from services.live import replay
from services.live.replay import Held, Replay
from ui.components.class_grid import ClassGrid
from ui.components.moments import exact
from ui.components.text import Text, heading, hint, title
from ui.frame import frame
from ui.page import page
from ui.visits import Visit

SPEED = 10
"""seconds of the class that pass in one second"""
BEAT = 0.5
KEYS = 'The arrow keys move the slider; the button plays ten seconds of the class in one.'


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/classes', title='Classes')
    async def classes(visit: Visit, course_id: int) -> Response | None:
        course, held = await database.read(replay.of_course, visit.signed_in(), course_id)
        with frame(visit, wide=True):
            ui.link(course, f'/courses/{course_id}').props('dir=auto')
            title('Classes')
            if held:
                ui.html(_comparison(course_id, held), sanitize=False).classes('roll')
            else:
                hint('No class of this course is over yet. Afterwards it can be looked at again here.')
        return None

    @page('/courses/{course_id:id}/classes/{session_id:id}', title='Replay')
    async def again(visit: Visit, course_id: int, session_id: int) -> Response | None:
        told = await database.read(replay.of_class, visit.signed_in(), course_id, session_id)
        with frame(visit, wide=True):
            ui.link(f'{told.title}: all classes', f'/courses/{course_id}/classes').props('dir=auto')
            title(f'Class of {exact(told.held.started_at)}')
            if told.names:
                Player(told)
                heading('How each step went')
                ui.html(_steps(told), sanitize=False).classes('roll')
            else:
                hint('Nobody joined this class.')
        return None


class Player:
    """A slider over the time of a class, and the grid as it was."""

    def __init__(self, told: Replay) -> None:
        self._told = told
        self._shown = 0
        with ui.element('div').classes('line replay-controls'):
            self._button = (
                ui.button('Play', on_click=self._play_or_stop).props('flat no-caps').classes('button-primary')
            )
            self._slider = ui.slider(min=0, max=told.held.seconds, step=1, value=0, on_change=self._moved)
            self._slider.props('aria-label="Moment of the class" label-always=false').classes('grow')
            self._moment = Text('span', clock(0)).classes('chip number')
        hint(KEYS)
        with ui.element('div').classes('replay-grid'):
            self._grid = ClassGrid(told.at(0))
        self._timer = ui.timer(BEAT, self._step, active=False)

    def _play_or_stop(self) -> None:
        if self._slider.value >= self._told.held.seconds:
            self._slider.set_value(0)
        self._timer.active = not self._timer.active
        self._name_button()

    def _step(self) -> None:
        self._slider.set_value(min(self._told.held.seconds, self._slider.value + SPEED * BEAT))
        if self._slider.value >= self._told.held.seconds:
            self._timer.active = False
            self._name_button()

    def _name_button(self) -> None:
        self._button.set_text('Stop' if self._timer.active else 'Play')

    def _moved(self) -> None:
        second = int(self._slider.value)
        if second > self._shown:
            self._grid.apply(self._told.change(self._shown, second))
        elif second < self._shown:
            self._grid.replace(self._told.at(second))
        self._shown = second
        self._moment.set_text(clock(second))


def clock(seconds: int | None) -> str:
    """Return a time of the class as hours, minutes and seconds."""
    if seconds is None:
        return '–'
    hours, rest = divmod(seconds, 3600)
    minutes = f'{rest // 60:02}:{rest % 60:02}'
    return f'{hours}:{minutes}' if hours else minutes


def _comparison(course_id: int, held: list[Held]) -> str:
    path = f'/courses/{course_id}/classes'
    rows = ''.join(
        f'<tr><th scope="row"><a href="{path}/{each.session_id}">{exact(each.started_at)}</a></th>'
        f'<td>{each.people}</td><td>{clock(each.seconds)}</td><td>{each.percent} %</td>'
        f'<td>{clock(each.step_seconds)}</td></tr>'
        for each in held
    )
    head = ''.join(f'<th scope="col">{name}</th>' for name in ('Class', 'People', 'Length', 'Done', 'Time for a step'))
    return f'<table class="roll-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _steps(told: Replay) -> str:
    names = ('Step', 'Half were done at', 'Nine tenths at', 'A quarter took', 'Half took', 'Three quarters took')
    head = ''.join(f'<th scope="col">{name}</th>' for name in names)
    rows = ''.join(
        f'<tr><th scope="row" dir="auto">{step.column.number} {escape(step.column.title)}</th>'
        + ''.join(f'<td>{clock(each)}</td>' for each in (*step.reached, *(step.quarters or (None, None, None))))
        + '</tr>'
        for step in told.times
    )
    return f'<table class="roll-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
