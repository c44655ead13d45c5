"""Looks into a ZIP from anywhere: nothing in it is believed before it was checked, and no name in it becomes a path.

The standard library reads archives without unpacking them; what it would do without a limit is limited here: how large
the table of contents is, how many files there are and how large they are together, and how far they may be blown up.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from services.content.course_archive.packing import DESCRIPTION
from services.core import threads, zip_entries
from services.core.errors import Invalid
from services.core.phrases import phrase
from services.core.zip_entries import BROKEN, Careful
from services.core.zip_stream import PIECE
from services.courses.checkpoints import MOST_CHECKPOINTS
from services.courses.import_file import LONGEST_FILE, BrokenFile, at_line
from settings import settings

MOST_FILES = 4 * MOST_CHECKPOINTS + 100
"""A video and its captions for each checkpoint, and as many again that programs add by the way."""
_NOT_WHOLE = phrase('This ZIP file is broken, or not all of it has arrived. Export the course again, or copy it again.')


def is_archive(path: Path) -> bool:
    """Tell whether a file is a ZIP by how it begins; an empty one begins with its end."""
    with path.open('rb') as file:
        return file.read(4) in {b'PK\x03\x04', b'PK\x05\x06'}


class Archive:
    """An archive whose table of contents was read and found good."""

    def __init__(self, path: Path) -> None:
        self._file = Careful(path)
        try:
            with _understood():
                self._zip = ZipFile(self._file)
            self._entries = zip_entries.checked(self._zip.infolist(), most_files=MOST_FILES)
            _check_size(self._entries)
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
        return zip_entries.plain(f'{self._folder}{path}')


@contextmanager
def _understood(name: str = '') -> Iterator[None]:
    """Let what goes wrong with an archive be a sentence for the person who chose it."""
    try:
        yield
    except BROKEN as error:
        if name:
            raise Invalid(
                '“{name}” is damaged in this ZIP file. Export the course again, or copy the file again.', name=name
            ) from error
        raise Invalid(_NOT_WHOLE) from error


def _check_size(entries: dict[str, ZipInfo]) -> None:
    most = settings().max_course_mb
    if sum(entry.file_size for entry in entries.values()) > most * 1024 * 1024:
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
