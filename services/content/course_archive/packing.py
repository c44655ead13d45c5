"""Packs a course with its files into a ZIP, piece by piece, so that no more of it is ever in memory than a piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED

from services.access import Actor
from services.content.uploads.storage import folder
from services.core.transaction import Transaction
from services.core.zip_stream import Sink, add, entry, opened
from services.courses import export_file
from services.courses.export_file import CourseFile

DESCRIPTION = 'course.yaml'
"""where in the archive the course is written down"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A course, ready to be sent."""

    name: str
    missing: int
    """how many of its files are gone from the disk, and do not come along"""
    course: CourseFile

    def pieces(self) -> Iterator[bytes]:
        """Yield the archive. Each piece is read from the disk when it is asked for: do not ask on the event loop."""
        sink = Sink()
        with opened(sink) as archive:
            archive.writestr(entry(DESCRIPTION, ZIP_DEFLATED), self.course.text)
            yield sink.take()
            for file in self.course.files:
                for _ in add(archive, file.path, folder() / file.stored_as, size=file.size):
                    yield sink.take()
        yield sink.take()


def pack(tx: Transaction, actor: Actor | None, course_id: int) -> Packed:
    """Write a course down and find its files; returns what is sent then, outside of any transaction."""
    course = export_file.export_course(
        tx, actor, course_id, is_there=lambda stored_as: (folder() / stored_as).is_file()
    )
    return Packed(name=f'{course.name}.zip', missing=course.missing, course=course)
