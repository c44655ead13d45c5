"""Packs a course with its files into a ZIP, piece by piece, so that no more of it is ever in memory than a piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from services.access import Actor
from services.content.uploads.storage import folder
from services.core.database import Transaction
from services.courses import export_file
from services.courses.export_file import CourseFile, Enclosed

DESCRIPTION = 'course.yaml'
"""where in the archive the course is written down"""
PIECE = 512 * 1024
_MODE = 0o100644 << 16
"""An ordinary file that its owner may change: what programs give that unpack it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A course, ready to be sent."""

    name: str
    missing: int
    """how many of its files are gone from the disk, and do not come along"""
    course: CourseFile

    def pieces(self) -> Iterator[bytes]:
        """Yield the archive. Each piece is read from the disk when it is asked for: do not ask on the event loop."""
        sink = _Sink()
        with ZipFile(sink, 'w') as archive:  # type: ignore[call-overload]  # it needs no more than `write` and `flush`
            archive.writestr(_entry(DESCRIPTION, ZIP_DEFLATED), self.course.text)
            yield sink.take()
            for file in self.course.files:
                for _ in _add(archive, file):
                    yield sink.take()
        yield sink.take()


def pack(tx: Transaction, actor: Actor | None, course_id: int) -> Packed:
    """Write a course down and find its files; returns what is sent then, outside of any transaction."""
    course = export_file.export_course(
        tx, actor, course_id, is_there=lambda stored_as: (folder() / stored_as).is_file()
    )
    return Packed(name=f'{course.name}.zip', missing=course.missing, course=course)


class _Sink:
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


def _add(archive: ZipFile, file: Enclosed) -> Iterator[None]:
    """Add a file as it is, for videos and PDFs are compressed already; pause after each piece."""
    entry = _entry(file.path, ZIP_STORED)
    entry.file_size = file.size
    with (folder() / file.stored_as).open('rb') as content, archive.open(entry, 'w') as into:
        while piece := content.read(PIECE):
            into.write(piece)
            yield


def _entry(name: str, method: int) -> ZipInfo:
    """Return an entry that is the same whenever it is made."""
    entry = ZipInfo(name)
    entry.compress_type, entry.external_attr = method, _MODE
    return entry
