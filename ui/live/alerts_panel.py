"""Who needs a look: one sentence for each, with the reason; put aside by whoever has looked."""

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.live.alerts import monitor
from services.live.alerts.monitor import Look
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import say
from ui.kit.text import Text, heading

MOST = 12
"""as many as a glance takes in"""


class NeedsLook:
    """The list; a name leads to the learner in the grid."""

    def __init__(self, room: Room, actor: Actor, *, on_name: Callable[[str], object]) -> None:
        self._room = room
        self._actor = actor
        self._on_name = on_name
        self._rows: dict[int, _Row] = {}
        with ui.element('section').classes('stack-tight needs-look').props('aria-label="Who needs a look"'):
            heading('Who needs a look')
            self._all_well = Text('p', 'Nobody needs a look now.').classes('hint')
            self._list = ui.element('ul').classes('list')
            self._more = Text('p').classes('hint')
            self._said = Text('p').classes('visually-hidden').props('role=status')
        client = ui.context.client

        def changed() -> None:
            with client:
                self.refresh()

        client.on_delete(room.lookout.watch(changed))
        self.refresh()

    def refresh(self) -> None:
        """Show who needs a look now; who is shown already stays in place."""
        looks = self._room.lookout.looks
        shown = {look.user_id: look for look in looks[:MOST]}
        gone = self._rows.keys() - shown.keys()
        come = [user_id for user_id in shown if user_id not in self._rows]
        for user_id in gone:
            self._rows.pop(user_id).element.delete()
        for user_id, look in shown.items():
            if user_id not in self._rows:
                with self._list:
                    self._rows[user_id] = _Row(look, on_name=self._on_name, on_dismiss=self._dismiss)
            self._rows[user_id].show(look)
        self._all_well.visible = not looks
        rest = len(looks) - len(shown)
        self._more.set_text(f'and {rest} more' if rest else '')
        if come:
            self._said.set_text(
                ', '.join(f'{shown[user_id].name}: {say(shown[user_id].concern.words)}' for user_id in come)
            )
        elif gone and not looks:
            self._said.set_text('Nobody needs a look now.')

    async def _dismiss(self, look: Look) -> None:
        place = list(self._rows).index(look.user_id)
        await database.write(
            monitor.dismiss, self._actor, self._room.board.course_id, look.user_id, look.concern.reason.value
        )
        if self._rows:  # the keyboard goes on with who is next
            list(self._rows.values())[min(place, len(self._rows) - 1)].focus()


class _Row:
    """One learner and why."""

    def __init__(
        self, look: Look, *, on_name: Callable[[str], object], on_dismiss: Callable[[Look], Awaitable[None]]
    ) -> None:
        self._look = look
        with ui.element('li').classes('needs-look-row') as self.element:
            with ui.element('div').classes('grow'):
                self._name = ui.button(on_click=lambda: on_name(self._look.name)).props('flat no-caps')
                self._name.classes('button-quiet button-bare needs-look-name')
                self._why = Text('p').classes('small')
            self._seen = ui.button('Seen', on_click=gesture(partial(self._put_aside, on_dismiss))).props('flat no-caps')
            self._seen.classes('button-quiet')
        self._name.props['title'] = 'Find in the grid'

    def show(self, look: Look) -> None:
        """Show the reason as it is now."""
        self._look = look
        self._name.set_text(look.name)
        self._why.set_text(say(look.concern.words))
        if self._seen.props.get('aria-label') != f'Seen: {look.name}':
            self._seen.props['aria-label'] = f'Seen: {look.name}'

    def focus(self) -> None:
        """Let the keyboard go on here."""
        self._seen.run_method('focus')

    async def _put_aside(self, on_dismiss: Callable[[Look], Awaitable[None]]) -> None:
        await on_dismiss(self._look)
