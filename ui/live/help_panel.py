"""The help queue on the instructor's page: who is stuck where, for how long, and who goes."""

from collections.abc import Callable

from nicegui import ui

from services.access import Actor
from services.core import clock, database
from services.live.board import help_views
from services.live.board.help_views import Waiting
from services.live.help import queue
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.text import Text, heading, hint

PACE = 5.0
"""seconds between two looks at the clock, and between two announcements"""


class HelpPanel:
    """The queue in order, with what can be done about each."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._entries: dict[int, Entry] = {}
        self._news: list[Waiting] = []
        with ui.element('section').classes('stack-tight help-panel').props('aria-label="Help queue"'):
            with ui.element('div').classes('spread'):
                self._heading = heading('Help').props('tabindex=-1')
                self._count = Text('span').classes('chip chip-attention number')
            self._nobody = hint('Nobody is stuck. Who asks for help appears here.')
            self._list = ui.element('ol').classes('list')
            self._announced = Text('p').classes('visually-hidden').props('role=status')
            self._timer = ui.timer(PACE, self._tick, active=False, immediate=False)
        ui.context.client.on_delete(room.watch_help(self.refresh))
        self.refresh()

    def refresh(self) -> None:
        """Show the queue as it is now."""
        queue = help_views.queue(self._room.board)
        for request_id in self._entries.keys() - {waiting.request_id for waiting in queue}:
            self._entries.pop(request_id).delete()
        for waiting in queue:
            if entry := self._entries.get(waiting.request_id):
                entry.show(waiting)
            else:
                self._add(waiting)
        alone = help_views.how_many(self._room.board)
        self._count.set_text(f'{alone} waiting')
        self._count.set_visibility(alone > 0)
        self._nobody.set_visibility(not queue)
        if self._news and not self._timer.active:
            self._announce()
        self._timer.active = bool(queue)

    def _add(self, waiting: Waiting) -> None:
        with self._list:
            self._entries[waiting.request_id] = Entry(self._actor, waiting, gone=self._go_on)
        self._news.append(waiting)

    def _go_on(self, request_id: int) -> None:
        """Let the keyboard go on with the next one after one is solved."""
        following = [entry for id_, entry in self._entries.items() if id_ != request_id]
        if following:
            following[0].focus()
        else:
            self._heading.run_method('focus')

    def _tick(self) -> None:
        for entry in self._entries.values():
            entry.tell_time()
        if self._news:
            self._announce()

    def _announce(self) -> None:
        """Say who is new, all in one sentence."""
        news, self._news = self._news, []
        first = f'{news[0].name} is stuck at step {news[0].step.number}'
        self._announced.set_text(first if len(news) == 1 else f'{first}, and {len(news) - 1} more')


class Entry:
    """One who is stuck."""

    def __init__(self, actor: Actor, waiting: Waiting, *, gone: Callable[[int], None]) -> None:
        self._actor = actor
        self._gone = gone
        self._waiting = waiting
        with ui.element('li').classes('help-entry') as self._element:
            with ui.element('div').classes('spread'):
                self._name = Text('b').classes('name')
                self._waited = Text('span').classes('hint number')
            self._step = Text('span').classes('small')
            if waiting.words:
                Text('q', waiting.words).classes('help-words')
            self._helper = Text('span').classes('hint')
            with ui.element('div').classes('line'):
                self._claim = Text('button').classes('button-quiet')
                self._claim.on('click', gesture(self._claim_or_release), args=[[]])
                self._solved = Text('button', 'Solved').classes('button-quiet button-bare')
                self._solved.on('click', gesture(self._resolve), args=[[]])
        self.show(waiting)

    def show(self, waiting: Waiting) -> None:
        """Show how it stands with them."""
        self._waiting = waiting
        is_mine = waiting.helper_id == self._actor.user_id
        self._name.set_text(waiting.name)
        self._step.set_text(f'{waiting.step.number}  {waiting.step.title}')
        self._helper.set_text('You are helping' if is_mine else f'{waiting.helper} is helping')
        self._helper.set_visibility(bool(waiting.helper))
        self._claim.set_text('Put back' if waiting.helper else 'I’m on it')
        self._claim.props['aria-label'] = f'{self._claim.text}: {waiting.name}'
        self._solved.props['aria-label'] = f'Solved: {waiting.name}'
        self.tell_time()

    def tell_time(self) -> None:
        """Say for how long they have waited."""
        minutes = int((clock.now() - self._waiting.asked_at).total_seconds() // 60)
        self._waited.set_text('just now' if minutes < 1 else f'{minutes} min')

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
