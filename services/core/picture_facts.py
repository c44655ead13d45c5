"""What a camera writes into a picture: where it was taken, when and by whose device. Nobody who hands it in sees that.

It is blanked in place, so that a picture is as long as before and its pixels are the same. Which way is up stays.
"""

import zlib
from collections.abc import Iterator
from mmap import mmap
from pathlib import Path
from typing import Literal

Picture = bytearray | mmap
PNG, JPEG = b'\x89PNG\r\n\x1a\n', b'\xff\xd8\xff'
_EXIF = b'Exif\0\0'
_APP1, _APP13, _COMMENT, _SCAN, _END = 0xE1, 0xED, 0xFE, 0xDA, 0xD9
_ORIENTATION = b'\x12\x01\x03\0\x01\0\0\0'
_MOST_FACTS = 200
MOST_PARTS = 20_000
"""of a picture that are looked at; one of 50 MB has half as many"""
_TELLING_IN_PNG = frozenset([b'eXIf', b'tEXt', b'zTXt', b'iTXt'])
_TELLING_IN_WEBP = frozenset([b'EXIF', b'XMP '])
_NOTHING = b'waYm'
"""a kind of chunk that no program knows, so that all of them pass it over"""
_FLAGS = 0x04 | 0x08
"""by which a WebP says that it has such chunks"""


def blank_file(path: Path) -> None:
    """Blank what a file tells beside its pixels, if it is a picture."""
    with path.open('r+b') as file, mmap(file.fileno(), 0) as content:
        blank(content)
        content.flush()


def blanked(content: bytes) -> bytes:
    """Return a picture that tells nothing beside its pixels."""
    picture = bytearray(content)
    blank(picture)
    return bytes(picture)


def blank(picture: Picture) -> None:
    """Blank what a picture tells beside its pixels; anything else stays as it is."""
    if picture[:3] == JPEG:
        for marker, begin, end in _segments(picture):
            _blank_segment(picture, marker, begin, end)
    elif picture[:8] == PNG:
        for kind, begin, end in _chunks_of_png(picture):
            if kind in _TELLING_IN_PNG:
                nothing = _NOTHING + bytes(end - begin)
                picture[begin - 4 : end + 4] = nothing + zlib.crc32(nothing).to_bytes(4, 'big')
    elif picture[:4] == b'RIFF' and picture[8:12] == b'WEBP':
        for kind, begin, end in _chunks_of_webp(picture):
            if kind == b'VP8X' and begin < end:
                picture[begin] &= ~_FLAGS
            elif kind in _TELLING_IN_WEBP:
                picture[begin - 8 : begin - 4] = _NOTHING
                picture[begin:end] = bytes(end - begin)


def _segments(picture: Picture) -> Iterator[tuple[int, int, int]]:
    """Yield what stands before the pixels of a JPEG: its marker, and where its content begins and ends."""
    at = 2
    for _ in range(MOST_PARTS):
        if at + 4 > len(picture) or picture[at] != 0xFF:
            return
        marker = picture[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        end = at + 2 + int.from_bytes(picture[at + 2 : at + 4], 'big')
        if marker in {_SCAN, _END} or not at + 4 <= end <= len(picture):
            return
        yield marker, at + 4, end
        at = end


def _blank_segment(picture: Picture, marker: int, begin: int, end: int) -> None:
    if marker not in {_APP1, _APP13}:
        return
    content = bytes(picture[begin:end])
    kept = _EXIF + b'II*\0\x08\0\0\0\x01\0' + _ORIENTATION + _way_up(content[6:]) + bytes(6)
    if content.startswith(_EXIF) and len(content) >= len(kept):
        picture[begin:end] = kept + bytes(len(content) - len(kept))
    else:
        picture[begin - 3] = _COMMENT
        picture[begin:end] = bytes(len(content))


def _way_up(facts: bytes) -> bytes:
    """Return which way is up, of facts as cameras write them."""
    order: Literal['big', 'little'] = 'big' if facts[:2] == b'MM' else 'little'
    first = int.from_bytes(facts[4:8], order)
    count = min(int.from_bytes(facts[first : first + 2], order), _MOST_FACTS)
    for at in range(first + 2, first + 2 + 12 * count, 12):
        if int.from_bytes(facts[at : at + 2], order) == 0x0112:
            said = int.from_bytes(facts[at + 8 : at + 10], order)
            return bytes([said if 1 <= said <= 8 else 1, 0])
    return b'\x01\0'


def _chunks_of_png(picture: Picture) -> Iterator[tuple[bytes, int, int]]:
    at = 8
    for _ in range(MOST_PARTS):
        end = at + 8 + int.from_bytes(picture[at : at + 4], 'big')
        if at + 12 > len(picture) or end + 4 > len(picture):
            return
        yield bytes(picture[at + 4 : at + 8]), at + 8, end
        at = end + 4


def _chunks_of_webp(picture: Picture) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    for _ in range(MOST_PARTS):
        size = int.from_bytes(picture[at + 4 : at + 8], 'little')
        end = at + 8 + size
        if at + 8 > len(picture) or end > len(picture):
            return
        yield bytes(picture[at : at + 4]), at + 8, end
        at = end + size % 2
