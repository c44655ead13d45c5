"""What a file brought to light, said in a list."""

from collections.abc import Sequence

from nicegui import ui

from services.core.phrases import Phrase
from ui.kit.language import say
from ui.kit.text import Text, heading


def draw_sentences(said: str, sentences: Sequence[Phrase], look: str) -> None:
    """Draw a heading with sentences below it; nothing where there is none."""
    if not sentences:
        return
    with ui.element('div').classes(look), ui.element('div').classes('stack-tight'):
        heading(said)
        with ui.element('ul').classes('sentences'):
            for sentence in sentences:
                Text('li', say(sentence))
