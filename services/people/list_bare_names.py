"""Files with nothing but names, one below the other: they are read as pasted names are."""

import re
from collections.abc import Sequence

from services.core.text import line as one_line
from services.people import list_names
from services.people.list_decoding import Line

_NAME = re.compile(r'(?:\d{1,3}[.)]?\s+)?\W*[^\W\d_][^@;]*|.*@.*')


def text_of(lines: Sequence[Line]) -> str:
    """Return lines as somebody would have typed them, if they are bare names; else nothing.

    A single word at the top may be what the column is called, in a language that is not known here.
    """
    said = {line.number: _alone(line.cells) for line in lines}
    if not all(said.values()) or _is_word(next(iter(said.values()))):
        return ''
    if 2 * sum(bool(_NAME.fullmatch(each)) for each in said.values()) <= len(said):
        return ''
    return '\n'.join(said.get(number, '') for number in range(1, max(said) + 1))


def _alone(cells: Sequence[str]) -> str:
    """Return the one thing that a line says: “Lena Brandt”, or “Brandt, Lena” whose comma divided it."""
    filled = [cell for cell in cells if one_line(cell)]
    if len(filled) == 2 and filled == list(cells) and cells[1].startswith(' '):
        return ', '.join(map(one_line, filled)) if all(map(_is_of_a_name, filled)) else ''
    return one_line(filled[0]) if len(filled) == 1 else ''


def _is_of_a_name(cell: str) -> bool:
    return not re.search(r'[\d@]', list_names.uncounted(one_line(cell)))


def _is_word(said: str) -> bool:
    return ' ' not in said and '@' not in said
