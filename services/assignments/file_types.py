"""What a handed-in file really is, by its content and never by its name."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from models import FileKind
from services.core import zip_entries
from services.core.errors import Invalid
from settings import settings

LARGEST_MB = 50
MOST_ENTRIES = 5_000
"""files within an office document"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A type of files that can be handed in."""

    kind: FileKind
    media_type: str
    ending: str


PDF = Known(kind=FileKind.PDF, media_type='application/pdf', ending='.pdf')
TEXT = Known(kind=FileKind.TEXT, media_type='text/plain', ending='.txt')
_PICTURES = (
    (b'\x89PNG\r\n\x1a\n', Known(kind=FileKind.PICTURE, media_type='image/png', ending='.png')),
    (b'\xff\xd8\xff', Known(kind=FileKind.PICTURE, media_type='image/jpeg', ending='.jpg')),
    (b'GIF87a', Known(kind=FileKind.PICTURE, media_type='image/gif', ending='.gif')),
    (b'GIF89a', Known(kind=FileKind.PICTURE, media_type='image/gif', ending='.gif')),
)
_WEBP = Known(kind=FileKind.PICTURE, media_type='image/webp', ending='.webp')
_MICROSOFT = 'application/vnd.openxmlformats-officedocument'
_OFFICE = {
    'word/document.xml': Known(
        kind=FileKind.OFFICE, media_type=f'{_MICROSOFT}.wordprocessingml.document', ending='.docx'
    ),
    'xl/workbook.xml': Known(kind=FileKind.OFFICE, media_type=f'{_MICROSOFT}.spreadsheetml.sheet', ending='.xlsx'),
    'ppt/presentation.xml': Known(
        kind=FileKind.OFFICE, media_type=f'{_MICROSOFT}.presentationml.presentation', ending='.pptx'
    ),
}
_OPEN_DOCUMENT = {
    f'application/vnd.oasis.opendocument.{word}': ending
    for word, ending in (('text', '.odt'), ('spreadsheet', '.ods'), ('presentation', '.odp'))
}


def most_megabytes() -> int:
    """Return how large a file may be that a learner hands in."""
    return min(settings().max_file_mb, LARGEST_MB)


def look_into(path: Path) -> Known:
    """Return what a file is; raises `Invalid` for anything that is not taken."""
    with path.open('rb') as file:
        head = file.read(1024)
    if not head:
        raise Invalid('This file is empty. Choose another one.')
    if head.startswith(b'%PDF-'):
        return PDF
    if picture := next((known for first, known in _PICTURES if head.startswith(first)), None):
        return picture
    if head[:4] == b'RIFF' and head[8:12] == b'WEBP':
        return _WEBP
    if head.startswith(b'PK\x03\x04'):
        return _office(path)
    if _is_text(path):
        return TEXT
    raise Invalid('This is no PDF, picture, text or office document. Export it as a PDF.')


def media_types() -> tuple[str, ...]:
    """Return all types of files that are taken."""
    known = [PDF, TEXT, _WEBP, *(each for _, each in _PICTURES), *_OFFICE.values()]
    return tuple(sorted({each.media_type for each in known} | set(_OPEN_DOCUMENT)))


def endings(kinds: frozenset[FileKind]) -> tuple[str, ...]:
    """Return how the names of files of some kinds end, for the dialog of the browser."""
    known = [PDF, TEXT, _WEBP, *(each for _, each in _PICTURES), *_OFFICE.values()]
    found = {each.ending for each in known if each.kind in kinds}
    found |= {'.jpeg'} if FileKind.PICTURE in kinds else set()
    found |= {'.md'} if FileKind.TEXT in kinds else set()
    found |= set(_OPEN_DOCUMENT.values()) if FileKind.OFFICE in kinds else set()
    return tuple(sorted(found))


def _office(path: Path) -> Known:
    try:
        with zip_entries.Careful(path) as file, ZipFile(file) as package:
            entries = zip_entries.checked(package.infolist(), most_files=MOST_ENTRIES)
            if known := next((known for name, known in _OFFICE.items() if name in entries), None):
                return known
            kind = entries.get('mimetype')
            said = package.read(kind).decode('ascii', 'replace').strip() if kind and kind.file_size < 200 else ''
    except zip_entries.BROKEN as error:
        raise Invalid('This document is broken, or not all of it has arrived. Save it again.') from error
    if said in _OPEN_DOCUMENT:
        return Known(kind=FileKind.OFFICE, media_type=said, ending=_OPEN_DOCUMENT[said])
    raise Invalid('This is no PDF, picture, text or office document. Export it as a PDF.')


def _is_text(path: Path) -> bool:
    """Tell whether a whole file is text in UTF-8, without characters that no text has."""
    try:
        with path.open(encoding='utf-8-sig', newline='') as file:
            while piece := file.read(1024 * 1024):
                if any(sign < ' ' and sign not in '\t\n\r\f' for sign in set(piece)):
                    return False
    except UnicodeDecodeError:
        return False
    return True
