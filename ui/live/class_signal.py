"""What the class says about the pace, for the instructor: three shares, and a hint once enough say the same."""

from nicegui import ui

from services.live.pace_signals import PaceShares, PaceSignal
from services.live.room import Room
from ui.kit.language import _, for_reader, say
from ui.kit.text import Text
from ui.live import pace_words


class ClassSignal:
    """Follows the class by itself; there is nothing to see until somebody signals."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._hint = Text('p').classes('pace-hint').props('role=status')
        self._shares = ui.element('ul').classes('pace-shares')
        self._shares.props['aria-label'] = _('What the class says about the pace')
        with self._shares:
            self._texts = {signal: Text('li').classes(f'number pace-{signal.value}') for signal in PaceSignal}
        ui.context.client.on_delete(room.pace_signals.watch(for_reader(self.refresh)))
        self.refresh()

    def refresh(self) -> None:
        """Show the shares of now."""
        shares = self._room.pace_signals.shares
        shown = shares or PaceShares()
        self._shares.set_visibility(shown != PaceShares())
        for signal, text in self._texts.items():
            text.set_text(say(pace_words.share(signal, getattr(shown, signal.value))))
        hint = shown.hint
        self._hint.set_text(say(pace_words.hint(hint, getattr(shown, hint.value))) if hint else '')
