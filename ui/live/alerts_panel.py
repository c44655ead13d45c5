"""Alerts on the page of the instructor: the reason first, then the name; dismissed for all who teach."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.live.alerts import monitor
from services.live.alerts.monitor import Look
from services.live.alerts.rules import Reason
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text

ORDER = tuple(Reason)
"""the most telling reason first"""


class AlertList:
    """The list; a name leads to the learner."""

    def __init__(self, room: Room, actor: Actor, *, on_name: Callable[[int], object]) -> None:
        self._room = room
        self._actor = actor
        self._on_name = on_name
        self._rows: dict[int, _Row] = {}
        self._list = ui.element('ul').classes('list needs-list')
        self._said = Text('p').classes('visually-hidden').props('role=status')

    def show(self, looks: Sequence[Look], *, most: int) -> None:
        """Show the worst alerts: by their reasons, then who has done least. Rows that stay are not drawn again."""
        first = sorted(looks, key=self._how_bad)[:most]
        shown = {look.user_id: look for look in first}
        gone = self._rows.keys() - shown.keys()
        come = [look for user_id, look in shown.items() if user_id not in self._rows]
        for user_id in gone:
            self._rows.pop(user_id).element.delete()
        for look in come:
            with self._list:
                self._rows[look.user_id] = _Row(look, on_name=self._on_name, on_dismiss=self._dismiss)
        for user_id, look in shown.items():
            self._rows[user_id].show(look)
        self._put_in_order(list(shown))
        self._list.set_visibility(bool(shown))
        self._announce(come, is_empty=bool(gone) and not looks)

    def _how_bad(self, look: Look) -> tuple[int, int]:
        return ORDER.index(look.concern.reason), self._room.board.learner(look.user_id).done

    def _put_in_order(self, wanted: list[int]) -> None:
        if wanted != list(self._rows):
            self._rows = {user_id: self._rows[user_id] for user_id in wanted}
            for place, row in enumerate(self._rows.values()):
                row.element.move(target_index=place)

    def _announce(self, come: Sequence[Look], *, is_empty: bool) -> None:
        if come:
            self._said.set_text(', '.join(f'{look.name}: {say(look.concern.words)}' for look in come))
        elif is_empty:
            self._said.set_text(_('Nobody needs you now.'))

    async def _dismiss(self, look: Look) -> None:
        place = list(self._rows).index(look.user_id)
        await database.write(
            monitor.dismiss, self._actor, self._room.board.course_id, look.user_id, look.concern.reason.value
        )
        if self._rows:  # the keyboard goes on with the next one
            list(self._rows.values())[min(place, len(self._rows) - 1)].focus()


class _Row:
    """One learner and why."""

    def __init__(
        self, look: Look, *, on_name: Callable[[int], object], on_dismiss: Callable[[Look], Awaitable[None]]
    ) -> None:
        self._look = look
        with ui.element('li').classes('needs-row') as self.element:
            with ui.element('div').classes('needs-who'):
                self._why = Text('p').classes('needs-why')
                self._name = (
                    Text('button')
                    .classes('needs-name')
                    .props('translate=no')
                    .on('click', lambda: on_name(self._look.user_id))
                )
            self._seen = ui.button(_('Seen'), on_click=gesture(partial(self._put_aside, on_dismiss)))
            self._seen.props('flat no-caps').classes('button-quiet button-bare')
        self._name.props('type=button')
        self.show(look)

    def show(self, look: Look) -> None:
        """Show the reason as it is now."""
        self._look = look
        words, label = say(look.concern.words), _('Seen: {name}', name=look.name)
        self._name.set_text(look.name)
        self._why.set_text(words)
        if self._why.props.get('title') != words:
            self._why.props['title'] = words
        if self._seen.props.get('aria-label') != label:
            self._seen.props['aria-label'] = label

    def focus(self) -> None:
        """Let the keyboard go on here."""
        self._seen.run_method('focus')

    async def _put_aside(self, on_dismiss: Callable[[Look], Awaitable[None]]) -> None:
        await on_dismiss(self._look)
