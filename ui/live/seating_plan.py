"""The class by seats, as somebody who stands in front of it sees it: who sits where, and how far each one is.

Each seat is one button, drawn anew only when it looks different, and once a second at most.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from html import escape

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.name_order import key as order_of
from services.live.board.learner import Learner
from services.live.board.views import Mark, Names, Presence, Row
from services.live.room import Room
from services.people import seats
from services.people.seats import MOST_ACROSS, ROWS
from ui.kit import presences
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, for_reader, ngettext
from ui.kit.marks import SHAPES, WORDS
from ui.kit.raw_element import Piece
from ui.kit.text import Text, heading, hint, named
from ui.live.class_grid import checkpoint_of

USUAL_ROW = 6
"""seats side by side"""


class SeatingPlan:
    """A table of seats, and below it those without one; `on_pick` is given the key of the learner who is pressed."""

    def __init__(self, room: Room, actor: Actor, *, on_pick: Callable[[str], Awaitable[None]], group: str) -> None:
        self._room = room
        self._actor = actor
        self._on_pick = on_pick
        self._group = group
        self._laid_out: object = None
        self._seen = -1
        self._buttons: dict[str, Piece] = {}
        self._picked = ''
        self._place = named(ui.element('section').classes('seats stack'), _('Seats'))
        self._place.set_visibility(False)
        self._timer = ui.timer(1.0, for_reader(self._look_again), active=False)

    @property
    def is_shown(self) -> bool:
        """Whether the class is shown by seats."""
        return bool(self._place.visible)

    def show(self, *, shown: bool) -> None:
        """Show the seats, or make room for the grid."""
        self._place.set_visibility(shown)
        self._timer.active = shown
        if shown:
            self._refresh()

    def show_group(self, group: str) -> None:
        """Show one group alone; everybody for an empty name."""
        self._group = group
        if self.is_shown:
            self._refresh()

    def focus_again(self) -> None:
        """Put the focus back on the learner who was picked last."""
        if button := self._buttons.get(self._picked):
            button.run_method('focus')

    def _look_again(self) -> None:
        if self._seen != self._room.version:  # a class of 500 takes 6 ms, and is quiet for most of the time
            self._refresh()

    def _refresh(self) -> None:
        self._seen = self._room.version
        rows = {row.key: row for row in self._room.class_view(Names.TEACHER, self._group).rows}
        people = [each for each in self._room.board.learners.values() if each.key in rows]
        seated = {each.seat: each for each in people if each.seat}
        rest = sorted(
            (each for each in people if seated.get(each.seat) is not each), key=lambda each: order_of(each.name)
        )
        laid_out = {seat: each.key for seat, each in seated.items()}, [each.key for each in rest]
        if laid_out != self._laid_out:
            self._laid_out = laid_out
            self._lay_out(seated, rest)
        for each in people:
            self._draw(self._buttons[each.key], each, rows[each.key])

    def _lay_out(self, seated: Mapping[str, Learner], rest: Sequence[Learner]) -> None:
        self._place.clear()
        self._buttons = {}
        with self._place:
            if seated:
                self._draw_room(seated)
            if rest:
                heading(_('Without a seat'))
                self._draw_filling()
                with ui.element('ul').classes('seats-rest'):
                    for each in rest:
                        with ui.element('li'):
                            self._seat(each)
            hint(_('Open a learner to give them a seat. Who sits there takes the other one.')).classes('only-screen')

    def _draw_room(self, seated: Mapping[str, Learner]) -> None:
        lines = ROWS[: 1 + max(ROWS.index(seat[0]) for seat in seated)]
        across = max(int(seat[1:]) for seat in seated)
        hint(_('The front of the room'))
        region = named(ui.element('div').classes('roll').props('tabindex=0 role=region'), _('Seats'))
        with region, ui.element('table').classes('seats-room'), ui.element('tbody'):
            for line in lines:
                with ui.element('tr'):
                    Text('th', line).props('scope=row')
                    for number in range(1, across + 1):
                        with ui.element('td'):
                            if learner := seated.get(f'{line}{number}'):
                                self._seat(learner)

    def _seat(self, learner: Learner) -> None:
        button = Piece('button', 'seat')
        button.on('click', gesture(partial(self._pick, learner.key)), args=[[]])
        self._buttons[learner.key] = button

    async def _pick(self, key: str) -> None:
        self._picked = key
        await self._on_pick(key)

    def _draw(self, button: Piece, learner: Learner, row: Row) -> None:
        place, mark = checkpoint_of(row.marks)
        if place < 0:
            said, shape = _('all done'), SHAPES[Mark.DONE]
        else:
            number = self._room.board.places[place].column.number
            said, shape = _('step {number}', number=number), SHAPES[Mark(mark)]
            said = f'{said} · {WORDS[Mark.STUCK]}' if mark == Mark.STUCK else said
        if row.presence is not Presence.WORKING:
            said = f'{said} · {presences.WORDS[row.presence]}'
        looks = 'seat seat-stuck' if mark == Mark.STUCK else 'seat'
        html = (
            f'<bdi class="seat-name" translate="no">{escape(learner.name)}</bdi>'
            f'<span class="seat-at"><span class="mark mark-{shape}"></span>{escape(said)}</span>'
        )
        if html != button.props.get('innerHTML'):
            button.draw({'innerHTML': html, 'type': 'button'}, classes=looks)

    def _draw_filling(self) -> None:
        with ui.element('div').classes('line'):
            across = ui.number(_('Seats in a row'), value=USUAL_ROW, min=1, max=MOST_ACROSS, precision=0)
            across.props('outlined dense').classes('seats-across')
            fill = ui.button(_('Seat them from the front'), on_click=gesture(lambda: self._fill(across))).props(
                'flat no-caps'
            )
            fill.classes('button-quiet')

    async def _fill(self, across: ui.number) -> None:
        count = await database.write(seats.fill, self._actor, self._room.board.course_id, across=int(across.value or 0))
        tell(ngettext('{count} learner has a seat now', '{count} learners have a seat now', count))
