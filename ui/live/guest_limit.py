"""What those who teach should know about the limits of guests, where they look: on the live page, and at the people."""

from collections.abc import Sequence

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.phrases import Phrase
from services.people import guest_limits
from ui.kit.handlers import gesture
from ui.kit.language import say
from ui.kit.text import Text

LOOK_EVERY = 30.0
"""seconds"""


class GuestLimit:
    """The sentences, each a notice; nothing is there while nobody is turned away."""

    def __init__(self, actor: Actor, course_id: int, told: Sequence[Phrase]) -> None:
        self._actor = actor
        self._course_id = course_id
        self._told: tuple[Phrase, ...] = ()
        self._place = ui.element('div').classes('stack-tight guest-limit').props('role=status')
        self._show(tuple(told))
        ui.timer(LOOK_EVERY, gesture(self._look_again), immediate=False)

    async def _look_again(self) -> None:
        self._show(await database.read(guest_limits.told, self._actor, self._course_id))

    def _show(self, told: tuple[Phrase, ...]) -> None:
        self._place.set_visibility(bool(told))
        if told == self._told:
            return
        self._told = told
        self._place.clear()
        with self._place:
            for sentence in told:
                Text('p', say(sentence)).classes('notice')
