"""A class on a screen: the grid, the ways to look at it, and the facts above it; moved by the room."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from services.access import Actor
from services.core import school
from services.core.phrases import phrase
from services.live.board.views import Change, Headcount, Names
from services.live.room import Room
from ui.kit.language import _, for_reader, say
from ui.kit.presences import headcount_text
from ui.kit.text import Text, named
from ui.live.class_columns import Order
from ui.live.class_grid import ClassGrid
from ui.live.seating_plan import SeatingPlan
from ui.live.way_in import WayIn

NOBODY = phrase('Nobody has joined yet. The code is how they get in.')


class ClassScreen:
    """One screen that shows a class by one kind of names."""

    def __init__(
        self,
        room: Room,
        actor: Actor,
        names: Callable[[], Names],
        *,
        on_class: Callable[[], None],
        on_pick: Callable[[str], Awaitable[None]],
        way_in: WayIn,
        group: str = '',
    ) -> None:
        """`names` returns the names to show now; `on_class` is called when the class was steered.

        `on_pick` is given the key of the row on which a name or a mark is clicked; `group` is the only one shown.
        `way_in` stands above the class while nobody has come.
        """
        self._group = group
        self._room = room
        self._way_in = way_in
        self._names = names
        self._on_class = on_class
        self._watched = names()
        view = room.class_view(self._watched, group)
        with ui.element('div').classes('projector-class'):
            with ui.element('div').classes('spread'):
                with ui.element('div').classes('line'):
                    self._here = Text('span').classes('chip chip-here')
                    self._done = Text('span').classes('chip')
                with ui.element('div').classes('line') as self.ways:
                    self._draw_ways_to_look()
            way_in.draw()
            with ui.element('div').classes('class-face') as self._whole:
                self._grid = ClassGrid(view, nobody=say(NOBODY), order=self._usual_order(), on_pick=on_pick)
            self._seats = SeatingPlan(room, actor, on_pick=on_pick, group=group)
        self._show_facts(view.headcount, view.percent)
        client = ui.context.client
        self._client = client
        self._stop = room.screens.watch_grid(self._watched, for_reader(self._moved), group)
        client.on_connect(self._back)
        client.on_delete(lambda: self._stop())
        self._has_connected = False

    def focus_again(self) -> None:
        """Put the focus back on the cell that was picked last."""
        (self._seats if self._seats.is_shown else self._grid).focus_again()

    def show_group(self, group: str) -> None:
        """Show one group alone, with its own figures; everybody for an empty name."""
        self._stop()
        self._group = group
        self._stop = self._room.screens.watch_grid(self._watched, for_reader(self._moved), group)
        self._seats.show_group(group)
        self._show_whole()

    def _draw_ways_to_look(self) -> None:
        find = _('Find a name')
        self.find = ui.input(placeholder=find, on_change=lambda event: self._grid.filter(event.value or ''))
        named(self.find.props('dense outlined clearable debounce=200').classes('find-name'), find)
        self.shape = ui.toggle(
            {'grid': _('Grid'), 'list': _('List'), 'seats': _('Seats')},
            value='grid',
            on_change=lambda event: self._reshape(event.value),
        )
        named(self.shape.classes('choice').props('flat no-caps'), _('View'))
        self._order = ui.toggle(
            {
                'name': _('By name'),
                'surname': _('By surname'),
                'progress': _('By progress'),
                'help': _('Stuck first'),
            },
            value=self._usual_order(),
            on_change=lambda event: self._grid.sort_by(event.value),
        )
        named(self._order.classes('choice').props('flat no-caps'), _('Order'))

    def _usual_order(self) -> Order:
        """Return the order in which the names begin: as the school wants it where they are shown in full."""
        return 'surname' if self._watched is Names.TEACHER and school.current().by_surname else 'name'

    def _reshape(self, shape: str) -> None:
        self._whole.set_visibility(shape != 'seats')
        self._seats.show(shown=shape == 'seats')
        self._order.set_visibility(shape != 'seats')
        if shape == 'list':
            self._grid.show_list()
        elif shape == 'grid':
            self._grid.show_grid()

    def _moved(self, change: Change | None) -> None:
        with self._client:
            if change is None:
                self._look_again()
            else:
                self._grid.apply(change)
                self._show_facts(change.headcount, change.percent)

    def _look_again(self) -> None:
        if self._names() != self._watched:
            self._stop()
            self._watched = self._names()
            self._stop = self._room.screens.watch_grid(self._watched, for_reader(self._moved), self._group)
        self._show_whole()
        self._on_class()

    def _show_whole(self) -> None:
        view = self._room.class_view(self._watched, self._group)
        self._grid.replace(view)
        self._show_facts(view.headcount, view.percent)

    def _back(self) -> None:
        """After a lost connection show the truth; the first connection has it already."""
        if self._has_connected:
            self._look_again()
        self._has_connected = True

    def _show_facts(self, headcount: Headcount, percent: int | None) -> None:
        self._way_in.show(headcount)
        self._here.set_text(headcount_text(headcount))
        self._done.set_text(_('– done') if percent is None else _('{percent} % done', percent=percent))
