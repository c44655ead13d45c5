"""What is in a ZIP file from anywhere: nothing in it is believed before it was checked, and no name becomes a path."""

import re
import stat
import struct
import unicodedata
import zlib
from io import FileIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

from services.core.errors import Invalid
from services.core.phrases import phrase

LARGEST_RATIO = 100
"""How many times as large as in the archive a file may be; text becomes ten times as large, videos not at all."""
SMALL = 1024 * 1024
"""Bytes up to which a file may be blown up as much as it likes."""
LONGEST_TABLE = 1024 * 1024
"""Bytes of the table of contents; a thousand files need a tenth of that."""
_ENCRYPTED = 0x1 | 0x40 | 0x2000
BROKEN = (
    BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, IndexError, RuntimeError,
)  # fmt: skip
"""What the standard library raises where an archive is not what it should be."""
NOT_WHOLE = phrase('This ZIP file is broken, or not all of it has arrived. Export it again, or copy it again.')
_DRIVE = re.compile('[A-Za-z]:')


class Careful(FileIO):
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


def checked(found: list[ZipInfo], *, most_files: int) -> dict[str, ZipInfo]:
    """Return what is in an archive by its name; raises `Invalid` where that is too much, or a trick."""
    if len(found) > most_files:
        raise Invalid('There are more than {most} files in this ZIP file.', most=most_files)
    entries: dict[str, ZipInfo] = {}
    for entry in found:
        if entry.is_dir():
            continue
        name = plain(_name_of(entry))
        _check_name(name)
        _check_entry(name, entry)
        if name in entries:
            raise Invalid('“{name}” is in this ZIP file twice.', name=_short(name))
        entries[name] = entry
    _check_places(list(entries.values()))
    return entries


def _check_name(name: str) -> None:
    parts = name.split('/')
    if name.startswith('/') or '..' in parts or '\\' in name or _DRIVE.match(name) or not parts[-1]:
        raise Invalid('“{name}” leads out of this ZIP file. Export it again.', name=_short(name))


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


def _check_places(entries: list[ZipInfo]) -> None:
    """Raise `Invalid` where files lie on each other."""
    end = 0
    if any(entry.header_offset < 0 for entry in entries):
        raise Invalid(NOT_WHOLE)
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise Invalid('“{name}” shares its place in this ZIP file with another file.', name=_short(entry.filename))
        end = entry.header_offset + entry.compress_size


def plain(name: str) -> str:
    """Return a name in the one form in which names are compared."""
    return unicodedata.normalize('NFC', name)


def _name_of(entry: ZipInfo) -> str:
    """Return a name as it was meant: many programs write UTF-8 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode('cp437').decode()
    except UnicodeError:
        return entry.filename


def _short(name: str) -> str:
    shown = ''.join(letter if letter.isprintable() else '�' for letter in name)
    return shown if len(shown) <= 80 else f'{shown[:80]}…'
