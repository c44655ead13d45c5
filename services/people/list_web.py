"""Tables as web pages have them, and as many programs of schools write them into a file that they call “.xls”."""

import html
import re
from collections.abc import Iterator

_TAG = re.compile(r'<(/?)(?:[A-Za-z]++:)?([A-Za-z][A-Za-z0-9]*+)([^<>]*+)>')
_ROW, _CELL = frozenset(['tr', 'row']), frozenset(['td', 'th', 'cell'])
"""of a web page, and of the workbook in one page of XML, which spreadsheets wrote before 2007"""
_BREAKS = frozenset(['br', 'p', 'div', 'li'])
MOST_COLUMNS = 200
_UNSEEN = frozenset(['script', 'style', 'head', 'title'])
_PLACE = re.compile(r'\bindex\s*=\s*["\']?(\d{1,3})\b', re.IGNORECASE)
_WIDE = re.compile(r'\bcolspan\s*=\s*["\']?(\d{1,3})\b', re.IGNORECASE)
_WIDER = re.compile(r'\bmergeacross\s*=\s*["\']?(\d{1,3})\b', re.IGNORECASE)
_PAGE = re.compile(r'\s*<(?:!doctype html|html|head|meta|body|table|style|div|\?xml|!--)\b', re.IGNORECASE)


def is_page(text: str) -> bool:
    """Tell whether a text is a web page, or a workbook in XML, with a table in it."""
    return bool(_PAGE.match(text[:1000])) and re.search(r'<(?:\w+:)?(?:tr|row)\b', text, re.IGNORECASE) is not None


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of the tables of a page, one below the other.

    No parser of the standard library is used: theirs takes minutes for a page of tags that are begun and never ended.
    """
    rows: list[list[str]] = []
    cell: list[str] | None = None
    hidden, skipped = False, 0
    for words, ends, name, said in _parts(text):
        if cell is not None and not hidden:
            cell.append(words)
        if name in _UNSEEN:
            hidden = not ends
        if cell is not None and (name in _ROW or name in _CELL):
            rows[-1] += [' '.join(html.unescape(''.join(cell)).split()), *[''] * skipped]
            del rows[-1][MOST_COLUMNS:]
            cell = None
        if name in _ROW and not ends:
            rows.append([])
        elif name in _CELL and not ends and rows:
            rows[-1] += [''] * (_number(_PLACE, said) - 1 - len(rows[-1]))
            cell, skipped = [], max(_number(_WIDE, said) - 1, _number(_WIDER, said))
        elif name in _BREAKS and cell is not None:
            cell.append(' ')
    return rows


def _parts(text: str) -> Iterator[tuple[str, bool, str, str]]:
    """Yield the words in front of each tag, whether it is an end, its name and what it says; last, the end of a row."""
    first, *others = text.split('<!--')
    seen = ''.join([first, *(other.partition('-->')[2] for other in others)])
    at = 0
    for found in _TAG.finditer(seen):
        yield seen[at : found.start()], bool(found[1]), found[2].casefold(), found[3]
        at = found.end()
    yield seen[at:], True, 'tr', ''


def _number(pattern: re.Pattern[str], said: str) -> int:
    found = pattern.search(said) if len(said) > len('colspan=') else None
    return int(found[1]) if found else 0
