"""The large part of the projector's picture: the class as rows, tiles or bars; few elements, drawn as HTML."""

from collections.abc import Callable, Sequence

from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.live import projector_layout as layout
from ui.live.projector_class import Line, PublicClass
from ui.live.projector_html import bars_html, counts_html, heads_html, row_html, tile_html
from ui.live.projector_layout import Density
from ui.live.projector_names import Parts, in_tiles

TOGETHER = 5
"""learners or bars in one element: a change sends and draws them anew"""
TEXTS = ((8, 'few', 5.0), (14, 'some', 4.2), (layout.ONE_COLUMN, 'many', 3.5))
"""(most rows below each other, the name of the size of their text, the size)"""


class Wall:
    """Draws a class, and from then on only those parts that look different."""

    def __init__(self) -> None:
        self._root = Piece('section', 'wall')
        self._root.draw({'aria-label': _('The class, live')})
        with self._root:
            self._counts = Piece('p', 'wall-counts')
            self._list = Piece('div')
            self._list.draw({'role': 'list'})
        self._parts: list[Piece] = []
        self._drawn: object = None
        """what all lines have in common; when it changes, all are drawn anew"""
        self._parts_of: dict[str, Parts] = {}
        """what tiles show of each name"""

    def draw(self, shown: PublicClass, density: Density, width: float) -> None:
        """Show the class as it is now."""
        match density:
            case Density.ROWS:
                self._draw_rows(shown, width)
            case Density.TILES:
                self._draw_tiles(shown, layout.tiles(len(shown.lines), width))
            case Density.SUMMARY:
                self.draw_bars(shown, counts_html(shown))

    def draw_bars(self, shown: PublicClass, counts: str) -> None:
        """Show a bar for each checkpoint, below some figures."""
        self._drawn = None
        bars = list(bars_html(shown, layout.bars_span(len(shown.columns), shown.focus)))
        down = len(bars) if len(bars) <= layout.BARS else -(-len(bars) // 2)
        wide = ' wall-bars-wide' if down == len(bars) else ''
        self._show(bars, f'wall-bars{wide} wall-down-{max(1, down)}', counts)

    @property
    def is_visible(self) -> bool:
        """Whether it is shown."""
        return 'hidden' not in self._root.classes

    def set_visibility(self, visible: bool) -> None:
        """Show it, or make room for what fills the screen."""
        classes = 'wall' if visible else 'wall hidden'
        if ' '.join(self._root.classes) != classes:
            self._root.draw({}, classes=classes)

    def _draw_rows(self, shown: PublicClass, width: float) -> None:
        count = len(shown.lines)
        columns = layout.row_columns(count)
        down = max(1, -(-count // columns))
        text, size = next((name, size) for most, name, size in TEXTS if down <= most or most == layout.ONE_COLUMN)
        names = layout.name_room((line.name for line in shown.lines.values()), size)
        room = layout.marks_room(count, width, names)
        span = layout.marks_span(len(shown.columns), room, shown.focus)
        is_anew = self._is_new_look(('rows', span, shown.current))
        rows = _lines(shown, lambda line: row_html(line, span, shown.current), is_anew)
        labelled = layout.labelled(span, room, shown.current)
        heads = heads_html(shown.columns, span, labelled, shown.current)
        for start in reversed(range(0, count, down)):
            rows.insert(start, heads)
        self._show(rows, f'wall-rows wall-down-{down} wall-text-{text} wall-names-{names}')

    def _draw_tiles(self, shown: PublicClass, tiles: layout.Tiles) -> None:
        names = [line.name for line in shown.lines.values()]
        is_anew = self._is_new_look((tiles, names))  # somebody who comes may make the names of others longer
        if is_anew:
            self._parts_of = dict(zip(names, in_tiles(names, tiles), strict=True))
        one_line = ' wall-tiles-flat' if tiles.is_one_line else ''
        classes = f'wall-tiles wall-cols-{tiles.columns} wall-tile-text-{tiles.size}{one_line}'
        self._show(_lines(shown, lambda line: tile_html(line, self._parts_of[line.name]), is_anew), classes)

    def _is_new_look(self, drawn: object) -> bool:
        is_new, self._drawn = drawn != self._drawn, drawn
        return is_new

    def _show(self, items: Sequence[str], classes: str, counts: str = '') -> None:
        """Send what differs from what the browser shows."""
        if ' '.join(self._list.classes) != classes:
            self._list.draw({}, classes=classes)
        self._counts.draw_html(counts)
        parts = [''.join(items[start : start + TOGETHER]) for start in range(0, len(items), TOGETHER)]
        with self._list:
            while len(self._parts) < len(parts):
                self._parts.append(Piece('div', 'wall-part'))
                self._parts[-1].props['role'] = 'presentation'
        for part, html in zip(self._parts, [*parts, *[''] * (len(self._parts) - len(parts))], strict=True):
            part.draw_html(html)


def _lines(shown: PublicClass, draw: Callable[[Line], str], is_anew: bool) -> list[str]:
    """Return the HTML of everybody; only lines that have moved are made anew, and who is new pops in once."""
    drawn = []
    for line in shown.lines.values():
        if is_anew or not line.html:
            if line.is_new:
                drawn.append(draw(line))
                line.is_new = False
                continue  # the next picture has it as a line that was there already
            line.html = draw(line)
        drawn.append(line.html)
    return drawn
