"""Lists of a few values on SQLite, written out: a tap alone brings lists of one.

To read a list from JSON, SQLite opens a virtual table; for a list of one that takes longer than all else of the
statement. So lists of up to eight values get a text with places for 1, 2, 4 or 8; what is left over repeats a value.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

SIZES = (1, 2, 4, 8)

_LIST = re.compile(
    r'IN \(SELECT value FROM json_each\(\?\)\)'
    r'|\((?P<one>[\w.]+), (?P<other>[\w.]+)\) IN \(SELECT value ->> 0, value ->> 1 FROM json_each\(\?\)\)'
)


class ShortLists:
    """The lists in the text of a statement, and its texts for lists of a few values."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.pairs = {text.count('?', 0, found.start()): bool(found['one']) for found in _LIST.finditer(text)}
        """the places of lists among the parameters, and whether they are lists of pairs"""
        self._texts: dict[int, str] = {}

    def size_for(self, lists: Sequence[Sequence[object]]) -> int | None:
        """Return for how many values the statement is to be written; None where a list is too long for that."""
        longest = max(map(len, lists))
        return next((size for size in SIZES if longest <= size), None)

    def text(self, size: int) -> str:
        """Return the statement for lists of so many values."""
        if size not in self._texts:
            self._texts[size] = _LIST.sub(lambda found: _written(found, size), self._text)
        return self._texts[size]

    def spread(self, row: Sequence[Any], lists: Mapping[int, Sequence[Any]], size: int) -> list[Any]:
        """Return the parameters of the statement, with the values of each list in its place."""
        spread: list[Any] = []
        for place, value in enumerate(row):
            if place not in lists:
                spread.append(value)
            elif self.pairs[place]:
                spread.extend(each for pair in _filled(lists[place], size, (None, None)) for each in pair)
            else:
                spread.extend(_filled(lists[place], size, None))
        return spread


def _written(found: re.Match[str], size: int) -> str:
    if not found['one']:
        return f'IN ({", ".join("?" * size)})'
    pair = f'({found["one"]} = ? AND {found["other"]} = ?)'
    return f'({" OR ".join([pair] * size)})'


def _filled(values: Sequence[Any], size: int, nothing: object) -> Sequence[Any]:
    """Return as many values as there are places; nothing equals nothing, so that an empty list finds nothing."""
    return [*values, *[values[-1] if values else nothing] * (size - len(values))]
