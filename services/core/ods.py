"""The tables of a workbook of LibreOffice and others (ODS), each cell as it is shown."""

from collections.abc import Iterator, Mapping

from services.core.errors import Invalid
from services.core.packages import Package
from services.core.safe_xml import see
from services.core.sheet_cells import MOST_COLUMNS, MOST_ROWS, Rows, check_letters

CONTENT = 'content.xml'
"""what a package has in it that is a document of this family"""
_KIND, _MANIFEST = 'mimetype', 'META-INF/manifest.xml'
_WORKBOOK = b'application/vnd.oasis.opendocument.spreadsheet'
_CELLS = frozenset(['table-cell', 'covered-table-cell'])
_BESIDE = frozenset(['annotation', 'frame', 'custom-shape', 'shapes', 'dde-links', 'tracked-changes', 'table-source'])
"""what is in a table and not in its cells: notes, pictures, what stood there once"""
_BREAKS: Mapping[str, str] = {'s': ' ', 'tab': ' ', 'line-break': '\n'}
_LONGEST_NUMBER = 9
"""digits of a number of repetitions"""
_VALUES = 'string-value', 'date-value', 'time-value', 'boolean-value', 'value'


def tables_of(package: Package, most_elements: int) -> list[tuple[str, Rows]]:
    """Return the tables that people see, by their names; raises `Invalid`."""
    if _KIND not in package or not package.read(_KIND).startswith(_WORKBOOK):
        raise Invalid('This is a document, not a table. Paste its names, or save a table as CSV.')
    if _MANIFEST in package and b'encryption-data' in package.read(_MANIFEST):
        raise Invalid('This workbook has a password. Save it without one, and try again.')
    tables = _Tables()
    see(package.read(CONTENT), tables, most=most_elements)
    return [(name, rows) for name, style, rows in tables.found if style not in tables.hidden]


class _Tables:
    """Sees the tables of a file go by. What is repeated a million times without a letter in it takes no room."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, list[tuple[int, list[str]]]]] = []
        """name, style and rows of each"""
        self.hidden: set[str] = set()
        """styles of tables that people do not see"""
        self._style = ''
        self._beside = self._depth = self._letters = 0
        self._row: list[str] = []
        self._number = self._repeated = self._wide = 0
        self._said: list[str] | None = None
        self._value = ''

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """See a table, a row, a cell or a paragraph begin."""
        self._beside += self._beside > 0 or tag in _BESIDE
        if self._beside:
            return
        if tag == 'style':
            self._style = attributes.get('name', '')
        elif tag == 'table-properties' and attributes.get('display') == 'false':
            self.hidden.add(self._style)
        elif tag == 'table':
            self._depth += 1
            if self._depth == 1:
                self.found.append((attributes.get('name', ''), attributes.get('style-name', ''), []))
                self._number = 0
        elif self._depth == 1:
            self._begin_in_table(tag, attributes)

    def _begin_in_table(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == 'table-row':
            self._row, self._repeated = [], _count(attributes.get('number-rows-repeated'))
        elif tag in _CELLS:
            self._said, self._wide = [], _count(attributes.get('number-columns-repeated'))
            self._value = next((attributes[each] for each in _VALUES if attributes.get(each)), '')
        elif self._said is not None and tag == 'p' and self._said:
            self._said.append('\n')
        elif self._said is not None and tag in _BREAKS:
            self._said.append(_BREAKS[tag])

    def text(self, text: str) -> None:
        """See a piece of what a cell shows."""
        if self._said is not None and not self._beside:
            self._said.append(text)

    def end(self, tag: str) -> None:
        """See a cell, a row or a table end."""
        if self._beside:
            self._beside -= 1
        elif tag == 'table':
            self._depth -= 1
        elif self._depth == 1 and tag in _CELLS and self._said is not None:
            shown = ''.join(self._said).strip() or self._value
            self._row += [shown] * min(self._wide, MOST_COLUMNS - len(self._row))
            self._said = None
        elif self._depth == 1 and tag == 'table-row':
            self._end_row()

    def _end_row(self) -> None:
        if any(self._row):
            if self._number + self._repeated > MOST_ROWS:
                raise Invalid('A sheet has {place} in it, which is too far out.', place=f'A{self._number + 1}')
            self._letters += self._repeated * sum(map(len, self._row))
            check_letters(self._letters)
            self.found[-1][2].extend(_same(self._row, self._number, self._repeated))
        self._number += self._repeated


def _same(row: list[str], before: int, times: int) -> Iterator[tuple[int, list[str]]]:
    return ((before + nth, row) for nth in range(1, times + 1))


def _count(said: str | None) -> int:
    """Return how often something is repeated: once, where nothing is said."""
    is_number = said is not None and said.isascii() and said.isdecimal() and len(said) <= _LONGEST_NUMBER
    return max(int(said), 1) if said and is_number else 1
