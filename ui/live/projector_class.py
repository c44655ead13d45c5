"""The class as the projector knows it: who is shown, in the order of their names, moved by small changes."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from unicodedata import normalize

from services.live.board.views import Change, ClassView, Column, Headcount, Mark, Row

HALF = 50
"""percent of the class: the first checkpoint that fewer have done is where the class is"""


@dataclass(slots=True, kw_only=True)
class Line:
    """One learner."""

    name: str
    marks: list[int]
    percent: int
    html: str = ''
    """how the line was drawn last; empty when it has to be drawn anew"""
    is_new: bool = False
    """whether the line is drawn for the first time"""

    @property
    def done(self) -> int:
        """How many checkpoints are done."""
        return self.marks.count(Mark.DONE) + self.marks.count(Mark.DONE_BEFORE)

    @property
    def at(self) -> int | None:
        """The index of the checkpoint that the learner is at; None when all are done."""
        for mark in Mark.WORKING, Mark.NOT_YET:
            if mark in self.marks:
                return self.marks.index(mark)
        return None


class PublicClass:
    """Everybody whom the projector shows, and the figures of them all."""

    columns: tuple[Column, ...]
    shares: tuple[int | None, ...]
    percent: int | None
    headcount: Headcount
    current: int | None
    """the index of the checkpoint that everybody is led to"""

    def __init__(self, view: ClassView) -> None:
        self.lines: dict[str, Line] = {}
        """by row key, in the order of the names"""
        self.replace(view)

    @property
    def focus(self) -> int:
        """The index of the checkpoint where the class is: the current one, or the first that less than half have
        done.
        """
        if self.current is not None:
            return self.current
        begun = (index for index, share in enumerate(self.shares) if share is not None and share < HALF)
        return next(begun, 0)

    def replace(self, view: ClassView) -> None:
        """Take over a whole view."""
        self.columns = view.columns
        self._places = {column.checkpoint_id: index for index, column in enumerate(view.columns)}
        self._take_figures(view.shares, view.percent, view.headcount)
        self.current = None if view.current is None else self._places.get(view.current)
        known = self.lines.keys() if self.lines else {row.key for row in view.rows}
        self.lines = _ordered((row.key, _line(row, is_new=row.key not in known)) for row in view.rows)

    def apply(self, change: Change) -> None:
        """Take over what has moved."""
        self._take_figures(change.shares, change.percent, change.headcount)
        for key, checkpoint_id, mark in change.cells:
            if key in self.lines and checkpoint_id in self._places:
                self.lines[key].marks[self._places[checkpoint_id]] = mark
                self.lines[key].html = ''
        for key, percent in change.percents:
            if key in self.lines:
                self.lines[key].percent = percent
                self.lines[key].html = ''
        if change.rows:
            new = {row.key: _line(row, is_new=row.key not in self.lines) for row in change.rows}
            self.lines = _ordered((self.lines | new).items())

    def keep_only(self, view: ClassView) -> None:
        """Drop the learners whom the room must not see now, and take the names that it may see.

        Marks stay as they are, as long as the picture stands still; figures are those of the view, because the
        difference between two figures would tell that somebody has gone.
        """
        names = {row.key: row.name for row in view.rows}
        kept = ((key, line) for key, line in self.lines.items() if key in names)
        self.lines = _ordered(
            (key, Line(name=names[key], marks=line.marks, percent=line.percent)) for key, line in kept
        )
        self._take_figures(view.shares, view.percent, view.headcount)

    def copy(self) -> 'PublicClass':
        """Return the class as it is now, which later changes do not move."""
        return deepcopy(self)

    def _take_figures(self, shares: tuple[int | None, ...], percent: int | None, headcount: Headcount) -> None:
        self.shares, self.percent, self.headcount = shares, percent, headcount


def _line(row: Row, *, is_new: bool) -> Line:
    return Line(name=row.name, marks=list(row.marks), percent=row.percent, is_new=is_new)


def _ordered(lines: Iterable[tuple[str, Line]]) -> dict[str, Line]:
    return dict(sorted(lines, key=lambda each: (_letters(each[1].name), each[0])))


def _letters(name: str) -> str:
    """Return a name as it is sorted: É beside E, and capitals beside small letters."""
    if name.isascii():
        return name.casefold()
    return ''.join(letter for letter in normalize('NFKD', name.casefold()) if letter.isalnum() or letter.isspace())
