"""What the projector shows at which size: one unit is a 135th of the height, so that 16:9 is 240 units wide.

All lengths of the picture are in this unit (`--u` in the style sheet), and so a layout that fits one screen fits all
screens of that shape. Decision 27 says why the limits are where they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from unicodedata import east_asian_width

from services.live.board.views import Column

HEIGHT = 135.0
WIDE = 240.0
"""the width of a 16:9 screen"""
STRIP = 50.0
SIDES = 9.0
"""left and right of the class, and between it and the strip"""
CLASS_HEIGHT = 100.0
"""what is left for the class below the head and a pause of two lines"""
NAME_LEAST, NAME_CUT, NAME_MOST, NAME_STEP = 34, 38, 48, 2
"""the room of the names beside rows of marks: at least, where names are cut in any case, and at most"""
LETTER, BESIDE_NAME = 0.6, 2.0
"""the width of a letter in sizes of its text, and what is between a name and the first mark"""
MARK_LEAST, MARK_MOST = 1.7, 4.5
LABEL_LEAST, LABEL = 4.2, 7.0
"""the room of a number over a mark, and from one number to the next where not each mark has one"""
ONE_COLUMN = 20
"""rows that have room below each other"""
MOST_ROWS = 2 * ONE_COLUMN
MOST_TILES = 150
TILE_TEXTS = (5.0, 4.5, 4.0, 3.5)
TILE_LINE, TILE_EDGE, TILE_LETTERS = 1.12, 1.1, 6.4
"""of a tile: the height of a line, what else there is to its height, and the width of a long word"""
LETTERS_EACH, LETTERS_LINE, LETTERS_BESIDE = 10, 9, 7
"""letters that have room in a tile: in each of two lines, in one line, and of a first word beside a short second one"""
UPRIGHT = 162.0
"""the width below which the parts of the picture stand below each other, and the page scrolls (look_projector.css)"""
BARS = 15
"""bars that have room below each other"""
LIST_HEIGHT = 69.0
LINE, LINE_MORE, MOST_LINES = 5.2, 4.3, 4
"""of the title of a checkpoint in the strip: the height of one line, and of each further one"""
LETTERS = 16
"""of the title of a checkpoint in one line of the strip"""


class Density(StrEnum):
    """How much of each learner is shown."""

    ROWS = 'rows'
    TILES = 'tiles'
    SUMMARY = 'summary'


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The part of the checkpoints that is shown, and how many are left out before and after it."""

    first: int
    last: int
    """one beyond the last checkpoint shown"""
    count: int

    @property
    def before(self) -> int:
        """How many checkpoints are left out before it."""
        return self.first

    @property
    def after(self) -> int:
        """How many checkpoints are left out after it."""
        return self.count - self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointsList:
    """The checkpoints that the strip lists."""

    span: Span
    lines: int
    """how many lines the title of a checkpoint may take"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """How tiles stand."""

    columns: int
    size: int
    """the index of the size of their text"""
    is_one_line: bool
    """whether a name has one line, in which both its words have room if the second one is short"""


def most_rows(width: float) -> int:
    """Return how many learners have a row each on a screen of this width."""
    return MOST_ROWS if width >= WIDE - 30 else ONE_COLUMN


def most_tiles(width: float) -> int:
    """Return how many learners have a tile each on a screen of this width."""
    return int(MOST_TILES * min(1.0, _class_width(width) / _class_width(WIDE)))


def density_for(learners: int, width: float) -> Density:
    """Return what suits a class of this size on a screen of this width."""
    if learners <= most_rows(width):
        return Density.ROWS
    return Density.TILES if learners <= most_tiles(width) else Density.SUMMARY


def fits(density: Density, learners: int, width: float) -> bool:
    """Tell whether everybody fits."""
    if density is Density.ROWS:
        return learners <= most_rows(width)
    return density is Density.SUMMARY or learners <= most_tiles(width)


def row_columns(learners: int) -> int:
    """Return into how many columns rows are divided."""
    return 1 if learners <= ONE_COLUMN else 2


def tiles(learners: int, width: float) -> Tiles:
    """Return the largest text with which all tiles fit and long words are whole: in two lines, or else in one."""
    if width < UPRIGHT:
        return Tiles(columns=3, size=len(TILE_TEXTS) - 1, is_one_line=False)
    for lines in 2, 1:
        for index, size in enumerate(TILE_TEXTS):
            down = int(CLASS_HEIGHT / (lines * TILE_LINE * size + TILE_EDGE))
            columns = max(3, ceil(learners / down))
            if _class_width(width) / columns >= TILE_LETTERS * size:
                return Tiles(columns=columns, size=index, is_one_line=lines == 1)
    return Tiles(columns=columns, size=index, is_one_line=True)


def name_room(names: Iterable[str], size: float) -> int:
    """Return the room in which the longest of the names is whole in a text of this size; where that would leave too
    little to the marks, names are cut.
    """
    longest = ceil(max(map(letters, names), default=0) * LETTER * size / NAME_STEP) * NAME_STEP
    return NAME_CUT if longest > NAME_MOST else max(NAME_LEAST, longest)


def marks_span(checkpoints: int, room: float, focus: int) -> Span:
    """Return the checkpoints of which a row has marks in this room."""
    return _around(checkpoints, int(room / MARK_LEAST), focus)


def labelled(span: Span, room: float, current: int | None) -> frozenset[int]:
    """Return the checkpoints whose numbers have room over the marks: the current one, the first, and then every
    fifth.
    """
    each = min(MARK_MOST, room / max(1, span.last - span.first))
    if each >= LABEL_LEAST:
        return frozenset(range(span.first, span.last))
    now = [current] if current is not None and span.first <= current < span.last else []
    fifths = [index for index in range(span.first, span.last) if (index + 1) % 5 == 0]
    shown: set[int] = set()
    for index in (*now, span.first, *fifths):
        if all(abs(index - other) * each >= LABEL for other in shown):
            shown.add(index)
    return frozenset(shown)


def bars_span(checkpoints: int, focus: int) -> Span:
    """Return the checkpoints that have a bar."""
    return _around(checkpoints, 2 * BARS, focus)


def checkpoints_list(columns: Sequence[Column], focus: int) -> CheckpointsList:
    """Return the checkpoints that have room in the strip, around the one in focus, and how many lines a title may
    take.
    """
    for lines in range(MOST_LINES, 1, -1):
        heights = [_height(column.title, lines) for column in columns]
        if sum(heights) <= LIST_HEIGHT:
            return CheckpointsList(span=Span(first=0, last=len(columns), count=len(columns)), lines=lines)
    return CheckpointsList(span=_fitting(heights, min(max(focus, 0), len(columns) - 1)), lines=2)


def _height(title: str, lines: int) -> float:
    return LINE + LINE_MORE * (min(lines, ceil(max(1, letters(title)) / LETTERS)) - 1)


def _fitting(heights: Sequence[float], focus: int) -> Span:
    """Return what fits around the checkpoint in focus, two thirds of it after it, with a line for those left out."""
    first, last, left = focus, focus + 1, LIST_HEIGHT - 2 * LINE - heights[focus]
    while True:
        after = last < len(heights) and heights[last] <= left
        before = first > 0 and heights[first - 1] <= left
        if after and (not before or last - focus <= 2 * (focus - first)):
            left -= heights[last]
            last += 1
        elif before:
            first -= 1
            left -= heights[first]
        else:
            return Span(first=first, last=last, count=len(heights))


def letters(text: str) -> int:
    """Return how wide a text is, in letters of Latin scripts."""
    return sum(2 if east_asian_width(letter) in 'WF' else 1 for letter in text)


def marks_room(learners: int, width: float, names: float) -> float:
    """Return the room of the marks of a row beside names that have this room."""
    columns = row_columns(learners)
    return (_class_width(width) - 4 * (columns - 1)) / columns - names - BESIDE_NAME


def _class_width(width: float) -> float:
    return width - STRIP - SIDES


def _around(count: int, most: int, focus: int) -> Span:
    most = max(1, most)
    first = max(0, min(focus - most // 2, count - most))
    return Span(first=first, last=min(count, first + most), count=count)
