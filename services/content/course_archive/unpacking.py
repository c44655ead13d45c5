"""Looks into a ZIP from anywhere: nothing in it is believed before it was checked, and no name in it becomes a path.

The standard library reads archives without unpacking them; what it would do without a limit is limited here: how large
the table of contents is, how many files there are and how large they are together, and how far they may be blown up.
"""

import re
import stat
import struct
import unicodedata
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from services.content.course_archive.packing import DESCRIPTION, PIECE
from services.core import threads
from services.core.errors import Invalid
from services.core.phrases import phrase
from services.courses.checkpoints import MOST_CHECKPOINTS
from services.courses.import_file import LONGEST_FILE, BrokenFile, at_line
from settings import settings

MOST_FILES = 4 * MOST_CHECKPOINTS + 100
"""A video and its captions for each checkpoint, and as many again that programs add by the way."""
LONGEST_TABLE = 1024 * 1024
"""Bytes of the table of contents; a thousand files need a tenth of that."""
LARGEST_RATIO = 100
"""How many times as large as in the archive a file may be; text becomes ten times as large, videos not at all."""
SMALL = 1024 * 1024
"""Bytes up to which a file may be blown up as much as it likes."""
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_BROKEN = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, IndexError, RuntimeError,
)  # fmt: skip
"""What the standard library raises where an archive is not what it should be."""


_NOT_WHOLE = phrase(
    'This ZIP file is broken, or not all of it has arrived. Export the course again, or copy it once more.'
)


def is_archive(path: Path) -> bool:
    """Tell whether a file is a ZIP by how it begins; an empty one begins with its end."""
    with path.open('rb') as file:
        return file.read(4) in {b'PK\x03\x04', b'PK\x05\x06'}


_DRIVE = re.compile('[A-Za-z]:')


class Archive:
    """An archive whose table of contents was read and found good."""

    def __init__(self, path: Path) -> None:
        self._file = _Careful(path)
        try:
            with _understood():
                self._zip = ZipFile(self._file)
            self._entries = _checked(self._zip.infolist())
            self._folder = _folder_of_course(self._entries)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()

    def __contains__(self, path: object) -> bool:
        """Whether a file is in the archive, at a place beside the description of the course."""
        return isinstance(path, str) and self._name(path) in self._entries

    def size_of(self, path: str) -> int:
        """Return how large a file says that it is; it never yields more."""
        return self._entries[self._name(path)].file_size

    def description(self) -> bytes:
        """Return what describes the course."""
        entry = self._entries[f'{self._folder}{DESCRIPTION}']
        if entry.file_size > LONGEST_FILE:
            raise Invalid('“{name}” is larger than 5 MB; a course never is.', name=DESCRIPTION)
        content = bytearray()
        with _understood(DESCRIPTION), self._zip.open(entry) as file:
            while piece := file.read(PIECE):  # all at once would be blown up before it is cut
                content += piece
        return bytes(content)

    async def pieces(self, path: str) -> AsyncIterator[bytes]:
        """Yield a file, unpacked beside the event loop; raises `Invalid` if it is damaged."""
        with _understood(path):
            file = await threads.shared.go_on(self._zip.open, self._entries[self._name(path)])
        with file:
            while True:
                with _understood(path):
                    piece = await threads.shared.go_on(file.read, PIECE)
                if not piece:
                    return
                yield piece

    def _name(self, path: str) -> str:
        return _plain(f'{self._folder}{path}')


class _Careful(FileIO):
    """A file of which nobody gets more at once than a table of contents is long, whatever the archive says."""

    def read(self, size: int | None = -1) -> bytes:
        """Read some of it."""
        wanted = size if size is not None and size >= 0 else self._left()
        if wanted > LONGEST_TABLE:
            raise BadZipFile('a table of contents without end')
        return super().read(wanted) or b''

    def _left(self) -> int:
        here = self.tell()
        end = self.seek(0, 2)
        self.seek(here)
        return end - here


@contextmanager
def _understood(name: str = '') -> Iterator[None]:
    """Let what goes wrong with an archive be a sentence for the person who chose it."""
    try:
        yield
    except _BROKEN as error:
        if name:
            raise Invalid(
                '“{name}” is damaged in this ZIP file. Export the course again, or copy the file once more.', name=name
            ) from error
        raise Invalid(_NOT_WHOLE) from error


def _checked(found: list[ZipInfo]) -> dict[str, ZipInfo]:
    """Return what is in an archive by its name; raises `Invalid` where that is more than a course, or a trick."""
    if len(found) > MOST_FILES:
        raise Invalid('There are more than {most} files in this ZIP file.', most=MOST_FILES)
    entries: dict[str, ZipInfo] = {}
    for entry in found:
        if entry.is_dir():
            continue
        name = _plain(_name_of(entry))
        _check_name(name)
        _check_entry(name, entry)
        if name in entries:
            raise Invalid('“{name}” is in this ZIP file twice.', name=_short(name))
        entries[name] = entry
    _check_sizes(list(entries.values()))
    return entries


def _check_name(name: str) -> None:
    parts = name.split('/')
    if name.startswith('/') or '..' in parts or '\\' in name or _DRIVE.match(name) or not parts[-1]:
        raise Invalid('“{name}” leads out of this ZIP file. Choose one that Waymark has exported.', name=_short(name))


def _check_entry(name: str, entry: ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise Invalid('“{name}” is encrypted. Choose a ZIP file without a password.', name=_short(name))
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise Invalid('“{name}” is a link or a device, and no file.', name=_short(name))
    if entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise Invalid('“{name}” is compressed in a way that is not used here. Choose “Deflate”.', name=_short(name))
    if entry.file_size > SMALL and entry.file_size > LARGEST_RATIO * entry.compress_size:
        raise Invalid('“{name}” would become far larger than it is in this ZIP file.', name=_short(name))


def _check_sizes(entries: list[ZipInfo]) -> None:
    """Raise `Invalid` where files lie on each other, or are too much together."""
    end = 0
    if any(entry.header_offset < 0 for entry in entries):
        raise Invalid(_NOT_WHOLE)
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise Invalid('“{name}” shares its place in this ZIP file with another file.', name=_short(entry.filename))
        end = entry.header_offset + entry.compress_size
    most = settings().max_course_mb
    if sum(entry.file_size for entry in entries) > most * 1024 * 1024:
        raise Invalid('The files of this course are larger than {most} MB together.', most=most)


def _folder_of_course(entries: dict[str, ZipInfo]) -> str:
    """Return the folder with the description: the archive itself, or the one into which somebody had unpacked it."""
    places = [name for name in entries if name == DESCRIPTION or name.endswith(f'/{DESCRIPTION}')]
    places = [name for name in places if name.count('/') <= 1 and not name.startswith('__MACOSX/')]
    if len(places) != 1:
        missing = phrase('there is no course in this ZIP file. Choose one that Waymark has exported.')
        several = phrase('there are several courses in this ZIP file. Choose one that Waymark has exported.')
        raise BrokenFile([at_line(1, several if places else missing)])
    return places[0].removesuffix(DESCRIPTION)


def _name_of(entry: ZipInfo) -> str:
    """Return a name as it was meant: many programs write UTF-8 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode('cp437').decode()
    except UnicodeError:
        return entry.filename


def _plain(name: str) -> str:
    """Return a name in the one form in which names are compared."""
    return unicodedata.normalize('NFC', name)


def _short(name: str) -> str:
    shown = ''.join(letter if letter.isprintable() else '�' for letter in name)
    return shown if len(shown) <= 80 else f'{shown[:80]}…'
