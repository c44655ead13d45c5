"""What can be given for a checkpoint: which types a file may be of, how large it may be, and what it is called."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from services.core.errors import Invalid
from settings import settings

MP4, WEBM, PDF, VTT = 'video/mp4', 'video/webm', 'application/pdf', 'text/vtt'

LARGEST_CAPTIONS_MB = 2
LONGEST_NAME = 200
LONGEST_SHOWN = 80
"""letters of a name in a sentence"""


class Part(StrEnum):
    """Which part of a checkpoint a file is."""

    VIDEO = 'film'
    CAPTIONS = 'captions'
    FILE = 'file'


MEDIA_TYPES: dict[Part, dict[str, str]] = {
    Part.VIDEO: {MP4: '.mp4', WEBM: '.webm'},
    Part.CAPTIONS: {VTT: '.vtt'},
    Part.FILE: {PDF: '.pdf'},
}
"""What each part may be, and how the name of such a file ends."""


def most_megabytes(part: Part) -> int:
    """Return how large a file may be."""
    if part is Part.VIDEO:
        return settings().max_video_mb
    return min(settings().max_file_mb, LARGEST_CAPTIONS_MB) if part is Part.CAPTIONS else settings().max_file_mb


@contextmanager
def about_file(name: str) -> Iterator[None]:
    """Let what is wrong with a file begin with its name: people choose files in a hurry, and the wrong one."""
    try:
        yield
    except Invalid as refusal:
        called = _seen(name)[:LONGEST_SHOWN] or 'file'
        raise Invalid('“{file}”: {problem}', file=called, problem=refusal.sentence, field=refusal.field) from refusal


def clean_name(name: str, ending: str) -> str:
    """Return a name that is safe to show and to hand out: no path, nothing invisible, the ending that it deserves."""
    stem = _seen(name).replace('"', "'").strip('. ')
    if stem.lower().endswith(ending):
        stem = stem[: -len(ending)]
    return f'{stem[: LONGEST_NAME - len(ending)].rstrip(". ") or "file"}{ending}'


def _seen(name: str) -> str:
    """Return a name as one line, without a path and what is invisible."""
    last = unicodedata.normalize('NFC', name).replace('\\', '/').rsplit('/', 1)[-1]
    return ' '.join(''.join(letter if unicodedata.category(letter)[0] not in 'CZ' else ' ' for letter in last).split())
