"""Workbooks as small as they can be, made by hand: what no writer of ours writes is in them, too."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZipFile

_PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
_OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
_MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
Parts = Mapping[str, str | bytes]
NOTHING: Parts = MappingProxyType({})
STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164" formatCode="00000"/></numFmts>'
    '<cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
ZEROS, DAY = 1, 2
"""styles: a number of at least five digits, and a day"""


def xlsx(sheets: Mapping[str, str], *, hidden: Sequence[str] = (), more: Parts = NOTHING) -> bytes:
    """A workbook with these sheets; of each, what is in its `sheetData`."""
    named = [(number, name, ' state="hidden"' if name in hidden else '') for number, name in enumerate(sheets, start=1)]
    listed = ''.join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"{state}/>' for at, name, state in named)
    related = ''.join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>' for at, _, _ in named
    )
    parts: dict[str, str | bytes] = {
        '[Content_Types].xml': f'<Types xmlns="{_PACKAGE}/content-types"/>',
        '_rels/.rels': f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml': f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        'xl/_rels/workbook.xml.rels': f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
        'xl/styles.xml': STYLES,
    }
    for at, name, _ in named:
        filled = f'<worksheet xmlns="{_MAIN}"><sheetData>{sheets[name]}</sheetData></worksheet>'
        parts[f'xl/worksheets/sheet{at}.xml'] = filled
    return zipped(parts | dict(more))


def row(number: int, *cells: str) -> str:
    """A row of a sheet."""
    return f'<row r="{number}">{"".join(cells)}</row>'


def text(place: str, said: str) -> str:
    """A cell with a text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def value(place: str, said: str, *, style: int = 0, formula: str = '') -> str:
    """A cell with a number, or what a formula has given."""
    return f'<c r="{place}" s="{style}">{f"<f>{formula}</f>" if formula else ""}<v>{said}</v></c>'


def texts(*rows: Sequence[str]) -> str:
    """Rows of texts, from the first on."""
    return ''.join(
        row(at, *(text(f'{chr(ord("A") + place)}{at}', said) for place, said in enumerate(cells) if said))
        for at, cells in enumerate(rows, start=1)
    )


def ods(tables: Mapping[str, str], *, hidden: Sequence[str] = (), more: Parts = NOTHING) -> bytes:
    """A workbook of LibreOffice; of each table, its rows."""
    names = ' '.join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ('office', 'table', 'text', 'style', 'drawing')
    )
    written = ''.join(
        f'<table:table table:name="{name}" table:style-name="{"unseen" if name in hidden else "seen"}">{rows}'
        '</table:table>'
        for name, rows in tables.items()
    )
    content = (
        f'<office:document-content {names}><office:automatic-styles><style:style style:name="unseen">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body>'
        f'<office:spreadsheet>{written}</office:spreadsheet></office:body></office:document-content>'
    )
    kind = 'application/vnd.oasis.opendocument.spreadsheet'
    return zipped({'mimetype': kind, 'content.xml': content} | dict(more))


def ods_row(*cells: str, times: int = 1) -> str:
    """A row of a table."""
    repeated = f' table:number-rows-repeated="{times}"' if times > 1 else ''
    return f'<table:table-row{repeated}>{"".join(cells)}</table:table-row>'


def shown(said: str, *, is_like: str = '', times: int = 1) -> str:
    """A cell that shows a text, whatever its value is like."""
    repeated = f' table:number-columns-repeated="{times}"' if times > 1 else ''
    inner = f'<text:p>{said}</text:p>' if said else ''
    return f'<table:table-cell{repeated}{is_like}>{inner}</table:table-cell>'


def zipped(parts: Parts) -> bytes:
    """Files as one ZIP file."""
    made = BytesIO()
    with ZipFile(made, 'w', ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()
