"""What a learner says about the pace of the class, on their phone: three buttons, of which one can be pressed."""

from collections.abc import Mapping

from nicegui import ui

from services.access import Actor
from services.live.pace_signals import PaceSignal
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _, for_reader, say
from ui.kit.raw_element import Piece
from ui.live.pace_words import SAYS


class OwnSignal:
    """Follows the class by itself; it has two elements, because a thousand of these pages are open at once."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._asks = Piece('p', 'hint own-signal-asks')
        self._buttons = Piece('q-btn-toggle')
        self._buttons.on('update:modelValue', gesture(self._say))
        stop = room.pace_signals.watch_own(actor.user_id, for_reader(self.refresh))
        ui.context.client.on_delete(stop)
        self.refresh()

    def refresh(self) -> None:
        """Show what the learner says now; nothing while no class is on."""
        if not self._room.pace_signals.is_open:
            self._asks.draw({}, classes='hidden')
            self._buttons.draw({'options': []}, classes='hidden')  # Quasar draws it, hidden or not
            return
        self._asks.draw_html(_('How is the pace? Your name is not shown.'), classes='hint own-signal-asks')
        self._buttons.draw(_props(self._room.pace_signals.of(self._actor.user_id)), classes='choice own-signal')

    async def _say(self, event: object) -> None:
        args = getattr(event, 'args', None)  # the value, and the option that it belongs to
        chosen = args[0] if isinstance(args, list) and args else None
        signal = next((each for each in PaceSignal if each == chosen), None)
        try:
            self._room.pace_signals.send(self._actor, signal)
            self._room.act(self._actor.user_id)
        finally:
            self.refresh()


def _props(signal: PaceSignal | None) -> Mapping[str, object]:
    return {
        'options': [{'value': each.value, 'label': say(words)} for each, words in SAYS.items()],
        'model-value': signal.value if signal else None,
        'clearable': True,
        'flat': True,
        'no-caps': True,
        'spread': True,
        'aria-label': _('The pace of the class'),
    }
