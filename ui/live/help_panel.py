"""The help queue on the page of the instructor: who is stuck where, for how long, and who goes."""

from collections.abc import Callable, Sequence

from nicegui import ui

from services.access import Actor
from services.core import clock, database
from services.live.board.help_views import Waiting
from services.live.help import queue
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.text import Text

PACE = 5.0
"""seconds between two looks at the clock, and between two announcements"""


class HelpList:
    """The queue in order, with what can be done about each request."""

    def __init__(
        self, room: Room, actor: Actor, *, on_name: Callable[[int], object], when_empty: Callable[[], object]
    ) -> None:
        self._room = room
        self._actor = actor
        self._on_name = on_name
        self._when_empty = when_empty
        self._entries: dict[int, Entry] = {}
        self._news: list[Waiting] = []
        self._list = ui.element('ol').classes('list needs-list')
        self._announced = Text('p').classes('visually-hidden').props('role=status')
        self._timer = ui.timer(PACE, self._tick, active=False, immediate=False)

    def show(self, asking: Sequence[Waiting]) -> None:
        """Show these requests."""
        for request_id in self._entries.keys() - {waiting.request_id for waiting in asking}:
            self._entries.pop(request_id).delete()
        for waiting in asking:
            if entry := self._entries.get(waiting.request_id):
                entry.show(waiting)
            else:
                self._add(waiting)
        self._list.set_visibility(bool(asking))
        if self._news and not self._timer.active:
            self._announce()
        self._timer.active = bool(asking)

    def _add(self, waiting: Waiting) -> None:
        with self._list:
            self._entries[waiting.request_id] = Entry(self._actor, waiting, on_name=self._on_name, gone=self._go_on)
        self._news.append(waiting)

    def _go_on(self, request_id: int) -> None:
        """Let the keyboard go on with the next request after one is solved."""
        following = [entry for id_, entry in self._entries.items() if id_ != request_id]
        if following:
            following[0].focus()
        else:
            self._when_empty()

    def _tick(self) -> None:
        for entry in self._entries.values():
            entry.tell_time()
        if self._news:
            self._announce()

    def _announce(self) -> None:
        """Say who is new, all in one sentence."""
        news, self._news = self._news, []
        values = {'name': news[0].name, 'number': news[0].step.number}
        said = _('{name} is stuck at step {number}', **values)
        if len(news) > 1:
            said = ngettext(
                '{name} is stuck at step {number}, and {count} more',
                '{name} is stuck at step {number}, and {count} more',
                len(news) - 1,
                **values,
            )
        self._announced.set_text(said)


class Entry:
    """One request: the reason first, then the name."""

    def __init__(
        self, actor: Actor, waiting: Waiting, *, on_name: Callable[[int], object], gone: Callable[[int], None]
    ) -> None:
        self._actor = actor
        self._gone = gone
        self._waiting = waiting
        with ui.element('li').classes('needs-row needs-help') as self._element:
            with ui.element('div').classes('needs-who'):
                self._why = Text('p').classes('needs-why')
                self._name = Text('button').classes('needs-name').props('type=button translate=no')
                self._name.on('click', lambda: on_name(self._waiting.user_id))
            with ui.element('div').classes('needs-do'):
                self._claim = Text('button').classes('button-quiet button-bare')
                self._claim.on('click', gesture(self._claim_or_release), args=[[]])
                self._solved = Text('button', _('Solved')).classes('button-quiet button-bare')
                self._solved.on('click', gesture(self._resolve), args=[[]])
            if waiting.words:
                Text('q', waiting.words).classes('help-words')
            self._helper = Text('span').classes('hint')
        self.show(waiting)

    def show(self, waiting: Waiting) -> None:
        """Show the request as it is now."""
        self._waiting = waiting
        is_mine = waiting.helper_id == self._actor.user_id
        self._name.set_text(waiting.name)
        helping = _('You are helping') if is_mine else _('{name} is helping', name=waiting.helper)
        self._helper.set_text(helping)
        self._helper.set_visibility(bool(waiting.helper))
        self._claim.set_text(_('Put back') if waiting.helper else _('I’m on it'))
        claim = (
            _('Put back: {name}', name=waiting.name) if waiting.helper else _('I’m on it: {name}', name=waiting.name)
        )
        self._claim.props['aria-label'] = claim
        self._solved.props['aria-label'] = _('Solved: {name}', name=waiting.name)
        self.tell_time()

    def tell_time(self) -> None:
        """Say at which checkpoint they are stuck, and for how long they have waited."""
        checkpoint = self._waiting.step
        minutes = int((clock.now() - self._waiting.asked_at).total_seconds() // 60)
        why = _('Stuck at step {number} · just now', number=checkpoint.number)
        if minutes >= 1:
            why = _('Stuck at step {number} · {minutes} min', number=checkpoint.number, minutes=minutes)
        self._why.set_text(why)
        self._why.props['title'] = checkpoint.title

    def focus(self) -> None:
        """Let the keyboard go on here."""
        self._claim.run_method('focus')

    def delete(self) -> None:
        """Take it off the list."""
        self._element.delete()

    async def _claim_or_release(self) -> None:
        verb = queue.release if self._waiting.helper else queue.claim
        await database.write(verb, self._actor, self._waiting.request_id)

    async def _resolve(self) -> None:
        await database.write(queue.resolve, self._actor, self._waiting.request_id)
        self._gone(self._waiting.request_id)
