"""Names that were typed or pasted, and what people paste with them: columns of a spreadsheet, headings, footers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.core.text import line as one_line
from services.people import list_leavers, list_rows
from services.people.list_decoding import MOST_LINES
from services.people.list_headings import fact_of

LONGEST_PASTED = 1_000
"""letters of a line in which people are told apart; how long that takes grows faster than the line"""
_ALONE_ABOVE = frozenset(
    [
        'name',
        'names',
        'namen',
        'full name',
        'student',
        'students',
        'student name',
        'schüler',
        'noms',
        'élèves',
        'alumnos',
    ]
)
"""a first line that is the heading of those below"""
_NUMBERED = re.compile(r'^\s*\d{1,3}[.)]?\t')
_BEHIND_ADDRESS = re.compile(r'(?<=>)\s*[,;]|;')
"""between two people, as mail programs write them: “Lena <lena@…>; Omar <omar@…>”"""
_NAME = re.compile(r'[^\W\d_][^\d@;,]*')


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed for one person, or a line that seems to be about nobody; an empty one keeps the numbers right."""

    words: str
    has_left: bool
    is_nobody: bool


def content_of(text: str) -> bytes | str:
    """Return what was pasted as the content of a table, if it has columns or headings, and else as names."""
    lines = [line for line in text.splitlines()[: MOST_LINES + 20] if line.strip()]
    return text.encode(errors='replace') if lines and _is_table(lines) else text


def _is_table(lines: list[str]) -> bool:
    first = lines[0][:LONGEST_PASTED]
    if one_line(first).casefold() in _ALONE_ABOVE and len(lines) > 1:
        return True
    if any(len({fact_of(cell) for cell in first.split(sign)} - {''}) > 1 for sign in '\t;,'):
        return True
    if sum('\t' in _NUMBERED.sub('', line.rstrip()) for line in lines) * 2 > len(lines):
        return True
    semicolons = {line.rstrip(' ;').count(';') for line in lines}
    return len(lines) > 1 and '@' not in first and len(semicolons) == 1 and semicolons != {0}


def rows(text: str) -> Iterator[Typed]:
    """Yield what was typed for each person, and whether a title above says that they have left or are others."""
    learn, have_left = True, False
    for row in text.splitlines():
        words = one_line(row[:LONGEST_PASTED])
        is_title = list_leavers.is_title(words)
        section = True if is_title else list_rows.section(words)
        if section is not None:
            learn, have_left = section, is_title
        is_nobody = section is not None or not learn or _is_nobody(words)
        parts = [row] if is_nobody else _people_in(row)
        yield from (Typed(words=part, has_left=have_left, is_nobody=is_nobody) for part in parts)


def _is_nobody(words: str) -> bool:
    is_figure = ':' in words and list_rows.is_summary(words, is_alone=True)
    return list_rows.is_footer(words) or is_figure or (bool(words) and list_rows.is_left_out([words]))


def _people_in(row: str) -> list[str]:
    """Return the people of one line, if there are several: as in the head of a mail, or with commas between names."""
    if row.count('@') > 1:
        parts = [part for part in _BEHIND_ADDRESS.split(row) if part.strip()]
        return parts if len(parts) > 1 and all('@' in part and ' ' in part.strip() for part in parts) else [row]
    for sign, least in ((';', 2), (',', 3)):
        parts = [part.strip() for part in row[:LONGEST_PASTED].split(sign) if part.strip()]
        if len(parts) >= least and len(row) <= LONGEST_PASTED and all(map(_is_whole_name, parts)):
            return parts
    return [row]


def _is_whole_name(part: str) -> bool:
    return ' ' in part and bool(_NAME.fullmatch(part))
