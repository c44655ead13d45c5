"""A back-up: one ZIP with the database, what was uploaded, the keys, and a manifest with a checksum for each of them.

What cannot be smaller is not compressed. The manifest comes last, and a file without one is not whole. It holds
everything that the school knows, so it is readable to its owner alone.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from services.core.errors import Refused
from services.core.zip_entries import BROKEN

MANIFEST = 'manifest.json'
KEYS = 'secret_key', 'certificates_key.pem', 'certificates_keys_before.pem', 'lti_key.pem'
FOLDERS = 'uploads', 'archive'
"""the files that the database knows"""
FORMAT = 1
CHUNK = 1_000_000
LONGEST_MANIFEST = 200_000_000
"""bytes; of a million files"""

Progress = Callable[[str, int, int], object]
"""Is called with a name, how many bytes are done, and how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a back-up, and what it was made of."""

    waymark: int
    """the version of this format"""
    made_at: str
    version: str
    """of the program that has made it"""
    database: str
    """`sqlite` or `postgresql`"""
    revision: str
    """of the tables"""
    files: dict[str, tuple[int, str]]
    """by the place in the file: bytes, and SHA-256 in hex"""

    @property
    def bytes(self) -> int:
        """How large everything is."""
        return sum(size for size, _ in self.files.values())


class Writing:
    """A back-up that is being written."""

    def __init__(self, path: Path, *, say: Progress, of: int) -> None:
        self._path = path
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), 'w+b')
        self._zip = ZipFile(self._file, 'w', allowZip64=True)
        self._files: dict[str, tuple[int, str]] = {}
        self._say, self._done, self._of = say, 0, of

    def add(self, name: str, source: Path, *, is_compact: bool = True) -> None:
        """Add a file; one that has been removed meanwhile is left out."""
        with suppress(FileNotFoundError), source.open('rb') as reading:
            info = ZipInfo.from_file(source, name)
            info.compress_type = ZIP_STORED if is_compact else ZIP_DEFLATED
            digest, size = hashlib.sha256(), 0
            with self._zip.open(info, 'w', force_zip64=True) as writing:
                while piece := reading.read(CHUNK):
                    writing.write(piece)
                    digest.update(piece)
                    size += len(piece)
                    self._done += len(piece)
                    self._say(name, self._done, max(self._of, self._done))
            self._files[name] = size, digest.hexdigest()

    def finish(self, *, made_at: datetime, version: str, database: str, revision: str) -> Manifest:
        """Write the manifest, and the file to the disk."""
        manifest = Manifest(
            waymark=FORMAT,
            made_at=made_at.isoformat(timespec='seconds'),
            version=version,
            database=database,
            revision=revision,
            files=self._files,
        )
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1), ZIP_DEFLATED)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return manifest

    def give_up(self) -> None:
        """Remove what was written so far."""
        with suppress(OSError):
            self._file.close()
        with suppress(*BROKEN):
            self._zip.close()  # without a file it writes nothing, and does not try to when it is collected
        self._path.unlink(missing_ok=True)


class Reading:
    """A back-up of which nothing is believed before it was compared with its checksum."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = ZipFile(path)
        except FileNotFoundError as error:
            raise Refused('There is no file {path}.', path=str(path)) from error
        except BROKEN as error:
            raise Refused(
                '{path} is no back-up of Waymark, or it is not whole ({reason}).', path=str(path), reason=str(error)
            ) from error
        self.manifest = self._manifest(path)

    def copy(self, name: str, writing: IO[bytes] | None) -> Iterator[int]:
        """Write one file, if there is somewhere to write it, and yield how many bytes each piece has."""
        size, checksum = self.manifest.files[name]
        digest, seen = hashlib.sha256(), 0
        for piece in self._pieces(name):
            digest.update(piece)
            seen += len(piece)
            if seen > size:
                break
            if writing:
                writing.write(piece)
            yield len(piece)
        if (seen, digest.hexdigest()) != (size, checksum):
            raise _broken(name)

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._zip.open(name) as reading:
                while piece := reading.read(CHUNK):
                    yield piece
        except BROKEN as error:
            raise _broken(name) from error

    def _manifest(self, path: Path) -> Manifest:
        try:
            if self._zip.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
                raise ValueError
            found = json.loads(self._zip.read(MANIFEST))
            files = {str(name): (int(size), str(checksum)) for name, (size, checksum) in found.pop('files').items()}
            manifest = Manifest(files=files, **found)
            names = [name for name in self._zip.namelist() if name != MANIFEST]
            is_whole = sorted(names) == sorted(files) and all(map(_is_ours, names))
        except (*BROKEN, KeyError, TypeError, AttributeError) as error:
            raise Refused('{path} is no back-up of Waymark: it has no readable list.', path=str(path)) from error
        if not is_whole:
            raise Refused('{path} has other files in it than its list says.', path=str(path))
        if manifest.waymark != FORMAT:
            raise Refused('{path} was made by a newer Waymark. Restore it with that one.', path=str(path))
        return manifest


def _is_ours(name: str) -> bool:
    """Whether a back-up may have a file of this name: nothing outside of the data folder is ever written."""
    parts = PurePosixPath(name).parts
    return (
        name in {*KEYS, 'database.db', 'database.dump'}
        or (len(parts) > 1 and parts[0] in FOLDERS and '..' not in parts and '\\' not in name)
    ) and name == '/'.join(parts)


def _broken(name: str) -> Refused:
    return Refused('The back-up is damaged: {name} is not what was saved. Take an older one.', name=name)
