"""A ZIP that is sent while it is written, so that no more of it is ever in memory than a piece."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

PIECE = 512 * 1024
_MODE = 0o100644 << 16
"""An ordinary file that its owner may change: what programs give that unpack it."""


class Sink:
    """Holds what the archive has written until it is taken."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        """Take some of the archive."""
        self._waiting += content
        return len(content)

    def flush(self) -> None:
        """Do nothing: it is all here."""

    def take(self) -> bytes:
        """Return what has been written since."""
        taken = bytes(self._waiting)
        self._waiting.clear()
        return taken


def opened(sink: Sink) -> ZipFile:
    """Begin an archive."""
    return ZipFile(sink, 'w')  # type: ignore[call-overload, no-any-return]  # it needs no more than `write` and `flush`


def add(archive: ZipFile, name: str, path: Path, *, size: int) -> Iterator[None]:
    """Add a file as it is, for videos and PDFs are compressed already; pause after each piece."""
    placed = entry(name, ZIP_STORED)
    placed.file_size = size
    with path.open('rb') as content, archive.open(placed, 'w') as into:
        while piece := content.read(PIECE):
            into.write(piece)
            yield


def entry(name: str, method: int) -> ZipInfo:
    """Return an entry that is the same whenever it is made."""
    made = ZipInfo(name)
    made.compress_type, made.external_attr = method, _MODE
    return made
