"""The pages of a PDF as pictures and as words: made when somebody first turns to them, then kept on disk.

What is kept in `DATA_DIR/pages` can be thrown away at any time.
"""

import json
import shutil
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from services.content import pdf_workers
from services.content.pdf_workers import NotDrawn
from services.core import server_log
from services.core.errors import Busy
from settings import settings

WIDTHS = 840, 1600
"""Pixels: for a phone or an ordinary laptop, and for a fine screen or a closer look."""

MOST_KEPT = 2 * 1024**3
"""Bytes of pictures; beyond, those that nobody has looked at for the longest time make room."""
LOOK_AFTER = MOST_KEPT // 20
"""Bytes drawn, after which it is looked how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says, and how many times as tall as wide it is."""

    text: str = ''
    ratio: float = 1.4142


async def picture(source: Path, index: int, width: int) -> Path:
    """Return the file with the picture (WebP) of a page, the first of which has the index 0. Raises `NotDrawn`."""
    return await pdf_workers.once((source, index, width), partial(_picture, source, index, width))


async def words(source: Path, index: int) -> Words:
    """Return what a page says: nothing, if it cannot be read."""
    try:
        return await pdf_workers.once((source, index), partial(_words, source, index))
    except (Busy, NotDrawn):
        return Words()


def forget(stored_as: str) -> None:
    """Throw away the pages of a file that has been removed."""
    shutil.rmtree(_folder() / stored_as, ignore_errors=True)


def _picture(source: Path, index: int, width: int) -> Path:
    kept = _place(source, f'{index}-{width}.webp')
    if not kept.exists():
        pdf_workers.ask({'source': str(source), 'index': index, 'width': width, 'picture': str(kept)})
        _drawn(kept)
    with suppress(OSError):
        kept.touch()  # what is looked at stays
    return kept


def _words(source: Path, index: int) -> Words:
    kept = _place(source, f'{index}.json')
    with suppress(OSError, ValueError):
        return Words(**json.loads(kept.read_text()))
    answer = pdf_workers.ask({'source': str(source), 'index': index})
    words = Words(text=str(answer['text']), ratio=float(answer['ratio']))
    with suppress(OSError):
        kept.write_text(json.dumps(asdict(words)))
    return words


def _place(source: Path, name: str) -> Path:
    folder = _folder() / source.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        server_log.write_problem('pages cannot be kept', error)
        raise NotDrawn from error
    return folder / name


def _folder() -> Path:
    return settings().data_dir.absolute() / 'pages'


_making_room = threading.Lock()
_since_last_look = LOOK_AFTER


def _drawn(picture: Path) -> None:
    """Take note of a new picture, and from time to time make room."""
    global _since_last_look
    with _making_room, suppress(OSError):  # which is somebody else who makes room, in another process
        _since_last_look += picture.stat().st_size
        if _since_last_look >= LOOK_AFTER:
            _since_last_look = 0
            make_room(MOST_KEPT)


def make_room(most: int) -> None:
    """Throw away those pictures that nobody has looked at for the longest time, until there are `most` bytes."""
    found = [(path, path.stat()) for path in _folder().glob('*/*.webp')]
    total = 0
    for path, facts in sorted(found, key=lambda each: each[1].st_mtime, reverse=True):
        total += facts.st_size
        if total > most:
            path.unlink(missing_ok=True)
