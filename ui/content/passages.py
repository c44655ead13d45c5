"""A text in passages, each of which reports when it enters and leaves the screen."""

import re
from collections.abc import Callable, Collection
from html import unescape

from nicegui import ui
from nicegui.events import GenericEventArguments

from services.content import passages as content_passages
from services.content import prose
from ui.kit.raw_element import Piece

EDGE = '0px 0px -18% 0px'
"""Text behind the buttons at the lower edge of the screen does not count as visible."""
HEADING = re.compile(r'\s*<h([1-6])\b[^>]*>(.*?)</h\1>(?=.*\S)', re.DOTALL)
"""a heading at the beginning of a text, with something below it"""


async def prepare(body: str, description: str = '') -> None:
    """Parse the texts of a checkpoint outside of the event loop, so that drawing them is quick."""
    await prose.prepare(description)
    await content_passages.prepare(body)


class Passages:
    """A text of which the visible passages are known."""

    file_id = None

    def __init__(self, body: str, title: str = '') -> None:
        """Draw a text; a heading at its beginning that repeats the `title` above it is left out."""
        passages = content_passages.passages(body)
        self.parts = [passage.part for passage in passages]
        self._pieces: list[Piece] = []
        self._visible: set[int] = set()
        self._show: Callable[[Collection[int]], None] | None = None
        with ui.element('div').classes('passages').props('dir=auto'):
            for index, passage in enumerate(passages):
                with ui.element('div').classes('passage'):
                    piece = Piece('div')
                    html = passage.html if index else without_heading(passage.html, title)
                    piece.draw({'dir': 'auto', 'innerHTML': html}, classes='prose')
                    self._pieces.append(piece)
                    self._observe(index)

    def open(self, position: float) -> None:
        """Open the text at a position."""
        if position:
            self.go_to(position)

    def go_to(self, position: float) -> None:
        """Scroll to the passage at a position."""
        index = next((index for index, part in enumerate(self.parts) if position < part.stop), len(self.parts) - 1)
        self._pieces[index].run_method('scrollIntoView', {'block': 'start'})

    def follow(self, show: Callable[[Collection[int]], None]) -> None:
        """Call `show` with the visible passages now and after each change."""
        self._show = show
        show(self._visible)

    def _observe(self, index: int) -> None:
        def seen(event: GenericEventArguments) -> None:
            (self._visible.add if event.args is True else self._visible.discard)(index)
            if self._show:
                self._show(self._visible)

        observer = ui.element('q-intersection').classes('passage-observer').props('aria-hidden=true')
        observer.props['margin'] = EDGE
        observer.on('visibility', seen)


def without_heading(html: str, title: str) -> str:
    """Return HTML without its first heading, where that says the same as the title above it."""
    found = HEADING.match(html)
    said = ' '.join(unescape(re.sub(r'<[^>]*>', '', found[2])).split()) if found else ''
    return html[found.end() :] if found and said.casefold() == title.casefold() else html
