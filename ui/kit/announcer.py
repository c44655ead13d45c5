"""A quiet word at the bottom after something was done: seen in passing, heard by those who use a screen reader."""

from nicegui import ui

from ui.kit.text import Text

STAYS = 5.0


class Saying:
    """Says one thing at a time; it fades by itself, because nobody has to do anything about it."""

    def __init__(self) -> None:
        self._place = ui.element('div').classes('saying')
        with self._place:
            self._said = Text('span').props('role=status')
            self._timer = ui.timer(STAYS, self._fall_silent, once=True, active=False)

    def say(self, sentence: str) -> None:
        """Say something."""
        self._said.set_text(sentence)
        self._timer.cancel()
        with self._place:
            self._timer = ui.timer(STAYS, self._fall_silent, once=True)

    def _fall_silent(self) -> None:
        self._said.set_text('')
