"""A notice that the learner went on in the same content on another device, with a button to continue there."""

from collections.abc import Mapping, Sequence
from itertools import count
from types import MappingProxyType

from nicegui import background_tasks, ui

from services.checkpoint_kinds import Unit, unit_of
from services.content.lessons import SO_FAR
from services.core import audience, database, hub
from services.core.events import Event, Recorded
from services.enums import TRAITS
from services.notes.editing import spell_position
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader
from ui.kit.raw_element import Piece

APART: Mapping[Unit, float] = MappingProxyType({Unit.SECONDS: 5.0, Unit.PAGES: 1.0, Unit.SHARE: 0.05})
"""the smallest distance from the position on this page that is worth a notice"""


class Elsewhere:
    """Hidden until another device of the learner reports another position in the same content."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        file = lesson.checkpoint.file
        self._unit = unit_of(lesson.checkpoint.kind, file.upload_id if file else None)
        self._there = 0.0
        with Piece('div') as self._place:
            self._said = Piece('span')
            self._go = Piece('button')
        self._place.draw({'role': 'status'}, classes='hidden')
        self._go.draw({'type': 'button', 'innerHTML': _('Go on there')}, classes='button-quiet')
        self._go.on('click', gesture(self._go_there), args=[[]])
        self._client = ui.context.client
        if lesson.is_counted and lesson.checkpoint.kind in SO_FAR:
            self._listen()

    def _listen(self) -> None:
        connections = count(1)

        async def connected() -> None:
            if next(connections) > 1:
                await self._look()

        self._client.on_connect(gesture(connected))
        interest = audience.of_learner(self._lesson.course_id, self._lesson.actor.user_id)
        self._client.on_delete(hub.watch(interest, for_reader(self._happened)))
        self._lesson.at_touch(self._touched)

    def _happened(self, events: Sequence[Event]) -> None:
        if self._client.has_socket_connection and any(self._is_shown(event) for event in events):
            background_tasks.create(gesture(self._look)(), name='elsewhere', context=self._client)

    def _is_shown(self, event: Event) -> bool:
        return (
            isinstance(event, Recorded)
            and event.checkpoint_id == self._lesson.checkpoint.checkpoint_id
            and TRAITS[event.verb].moves_position
        )

    async def _look(self) -> None:
        """Show how much was seen, and offer the other position if it is far enough from the one on this page."""
        lesson, kind = self._lesson, self._lesson.checkpoint.kind
        so_far = await database.read(SO_FAR[kind], lesson.actor, lesson.checkpoint.checkpoint_id)
        await lesson.look_at_content()
        lesson.show_seen(so_far.percent)
        here = lesson.position() if lesson.position else 0.0
        is_apart = so_far.position > 0 and abs(so_far.position - here) >= APART[self._unit]
        self._there = so_far.position
        place = spell_position(self._there, self._unit)
        self._show(_('You stopped at {place} on another device.', place=place) if is_apart else '')

    async def _go_there(self) -> None:
        self._show('')
        if self._lesson.go_to:
            self._lesson.go_to(self._there)

    def _touched(self) -> None:
        if self._lesson.is_playing:
            self._show('')

    def _show(self, sentence: str) -> None:
        self._said.draw_html(sentence)
        self._place.draw({}, classes='notice' if sentence else 'hidden')
