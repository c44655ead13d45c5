"""ZIP files of other programs, unpacked in memory and never further than such a package goes."""

from io import BytesIO
from zipfile import ZipFile

from services.core import zip_entries
from services.core.errors import Invalid

SIGNS = b'PK\x03\x04'
MOST_FILES = 10_000
LARGEST_TOGETHER = 200_000_000
_ENTRY = b'PK\x01\x02'
"""what each line of the table of contents begins with"""


class Package:
    """A ZIP file whose table of contents was read and found good."""

    def __init__(self, content: bytes) -> None:
        if content.count(_ENTRY) > 2 * MOST_FILES:
            raise Invalid('There are more than {most} files in this ZIP file.', most=MOST_FILES)
        try:
            self._zip = ZipFile(BytesIO(content))
            self._entries = zip_entries.checked(self._zip.infolist(), most_files=MOST_FILES)
        except zip_entries.BROKEN as error:
            raise Invalid(zip_entries.NOT_WHOLE) from error
        if sum(entry.file_size for entry in self._entries.values()) > LARGEST_TOGETHER:
            raise Invalid('The files in this ZIP file are larger than 200 MB together. Export it in parts.')
        self.names = tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        """Return whether there is a file of this name."""
        return zip_entries.plain(name) in self._entries

    def size(self, name: str) -> int:
        """Return how large a file says that it is; `read` returns hardly more."""
        return self._entries[zip_entries.plain(name)].file_size

    def read(self, name: str) -> bytes:
        """Return a file; raises `Invalid` where it is damaged."""
        entry = self._entries[zip_entries.plain(name)]
        content = bytearray()
        try:
            with self._zip.open(entry) as file:
                while (piece := file.read(65_536)) and len(content) <= entry.file_size:
                    content += piece
        except zip_entries.BROKEN as error:
            raise Invalid(zip_entries.NOT_WHOLE) from error
        return bytes(content)
