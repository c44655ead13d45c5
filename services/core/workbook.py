"""A table as a workbook (XLSX) with one sheet: what is text stays text, whatever it begins with."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from io import BytesIO
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from services.core.csv import FORMULA_SIGNS
from services.core.csv import Value as TextOrWhole

Value = TextOrWhole | float
MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
LONGEST = 32_767
"""letters of a cell, for every program that opens workbooks"""


MOST_ROWS = 1_048_576
"""of a sheet, for every program that opens workbooks"""


def workbook(rows: Iterable[Sequence[Value]], *, frozen: int = 0) -> bytes:
    """Return a table as a workbook; its first row, and so many of its columns, stay in place when it is scrolled."""
    file = BytesIO()
    sheet = Sheet(file, frozen=frozen)
    sheet.add(rows)
    sheet.close()
    return file.getvalue()


class Sheet:
    """A workbook that is written a few rows at a time, so that no more of it is ever in memory."""

    def __init__(self, file: IO[bytes], *, frozen: int = 0) -> None:
        self._package = ZipFile(file, 'w', ZIP_DEFLATED)
        for name, content in _PARTS.items():
            self._package.writestr(name, _HEAD + content)
        self._sheet = self._package.open(_SHEET, 'w')
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}">{_view(frozen)}<sheetData>'.encode())
        self._number = 0

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below those that are there."""
        written = [_row(number, row) for number, row in enumerate(rows, start=self._number + 1)]
        self._sheet.write(''.join(written).encode())
        self._number += len(written)

    def close(self) -> None:
        """Write the end."""
        self._sheet.write(b'</sheetData></worksheet>')
        self._sheet.close()
        self._package.close()


SHORT = 100
"""letters of a text that is likely to be in many rows"""


def _view(frozen: int) -> str:
    corner = f'{_letters(frozen)}2'
    columns = f'xSplit="{frozen}" ' if frozen else ''
    pane = 'bottomRight' if frozen else 'bottomLeft'
    return (
        f'<sheetViews><sheetView workbookViewId="0"><pane {columns}ySplit="1" topLeftCell="{corner}" '
        f'activePane="{pane}" state="frozen"/></sheetView></sheetViews>'
    )


def _row(number: int, row: Sequence[Value]) -> str:
    cells = ''.join(
        _cell(f'{_letters(place)}{number}', value) for place, value in enumerate(row) if value not in {None, ''}
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: Value) -> str:
    if isinstance(value, str):
        text = _known_text if len(value) <= SHORT else _text
        return f'<c r="{place}"{text(value)}'
    return f'<c r="{place}"><v>{value}</v></c>'


def _text(value: str) -> str:
    """Return the rest of a cell with a text."""
    text = escape(_NOT_IN_XML.sub('�', value[:LONGEST]))
    style = f' s="{_QUOTED}"' if value.lstrip(' ').startswith(FORMULA_SIGNS) else ''
    return f' t="inlineStr"{style}><is><t xml:space="preserve">{text}</t></is></c>'


_known_text = lru_cache(maxsize=2_000)(_text)


@cache
def _letters(place: int) -> str:
    """Return what a workbook calls a column, counted from 0: A to Z, AA and so on."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else '') + chr(ord('A') + last)


_QUOTED = 1
"""the style of a text that stays one when it is edited, as if an apostrophe had been typed before it"""
_NOT_IN_XML = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]')
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
_OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
_PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
_KIND = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
_SHEET = 'xl/worksheets/sheet1.xml'
_PARTS = {
    '[Content_Types].xml': f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
    '_rels/.rels': f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    'xl/workbook.xml': f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="Waymark" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    'xl/styles.xml': f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
