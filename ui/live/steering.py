"""What an instructor does to the pace, from any page and by any key."""

import asyncio
from collections.abc import Callable
from typing import Literal

from nicegui import ui
from nicegui.events import KeyEventArguments

from services.access import Actor
from services.core import database
from services.core.phrases import phrase
from services.live import pacing, sessions
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _

KEYS = phrase('Keys: ← → or P N step · space pause')

TYPED_INTO = ['input', 'select', 'textarea', 'div']
"""Elements that have keys of their own while they have the focus; cells of the grid are of the last kind."""
PRESSED = ['button', 'a', 'summary']
"""Elements that a space bar presses."""


def key_rows() -> list[tuple[str, str]]:
    """Return the keys that steer a class, for the sheet of keys."""
    return [
        ('← P', _('Lead everybody to the step before')),
        ('→ N', _('Lead everybody to the next step')),
        (_('Space'), _('Pause, and go on')),
        ('/', _('Search')),
        ('?', _('Show these keys')),
    ]


class Steering:
    """Leads everybody, pauses, and goes on."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._turn = asyncio.Lock()
        """Each gesture starts from where the one before has led, however quickly they come."""

    @property
    def is_paused(self) -> bool:
        """Whether the class is paused."""
        return pacing.pause_of(self._room.board) is not None

    async def lead_to(self, checkpoint_id: int | None) -> None:
        """Lead everybody to a checkpoint, or let each go at their own pace."""
        await database.write(sessions.set_current, self._actor, self._room.board.course_id, checkpoint_id)

    async def step(self, by: Literal[-1, 1]) -> None:
        """Lead everybody to the checkpoint before or after the current one, if there is one."""
        async with self._turn:
            if self._room.board.is_running and (column := pacing.checkpoint_beside(self._room.board, by)):
                await self.lead_to(column.checkpoint_id)

    async def give_time(self) -> None:
        """Give everybody another minute for the current checkpoint."""
        await database.write(sessions.give_time, self._actor, self._room.board.course_id)

    async def pause(self, reason: str = '') -> None:
        """Have everybody stop."""
        await database.write(sessions.pause, self._actor, self._room.board.course_id, reason)

    async def resume(self) -> None:
        """Let everybody go on."""
        await database.write(sessions.resume, self._actor, self._room.board.course_id)

    async def pause_or_resume(self, reason: str = '') -> None:
        """Change from one to the other."""
        async with self._turn:
            if self.is_paused:
                await self.resume()
            elif self._room.board.is_running:
                await self.pause(reason)


def steer_by_keys(steering: Steering, reason: Callable[[], str] = str) -> None:
    """Let the page be steered by keys while nobody types; `reason` tells why space pauses."""

    @gesture
    async def stepped(event: KeyEventArguments) -> None:
        if event.action.keydown and not event.modifiers:
            if event.key.arrow_left or event.key == 'p':
                await steering.step(-1)
            elif event.key.arrow_right or event.key == 'n':
                await steering.step(1)

    @gesture
    async def spaced(event: KeyEventArguments) -> None:
        if event.action.keydown and not event.modifiers and event.key.space:
            await steering.pause_or_resume(reason())

    ui.keyboard(on_key=stepped, repeating=False).props['ignore'] = TYPED_INTO
    ui.keyboard(on_key=spaced, repeating=False).props['ignore'] = TYPED_INTO + PRESSED
