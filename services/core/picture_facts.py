"""What a camera writes into a picture: where it was taken, when and by whose device. Nobody who hands it in sees that.

It is blanked in place, so that a picture is as long as before and its pixels are the same. Which way is up stays.
Behind a picture's end stand a second one with facts of its own, the seconds of film around it, or what was cut off.
"""

import re
import zlib
from collections.abc import Iterator
from mmap import mmap
from pathlib import Path
from typing import Literal

Picture = bytearray | mmap
PNG, JPEG = b'\x89PNG\r\n\x1a\n', b'\xff\xd8\xff'
_EXIF = b'Exif\0\0'
_MORE_PICTURES = b'MPF\0'
_APP1, _APP2, _APP13, _COMMENT, _SCAN, _END = 0xE1, 0xE2, 0xED, 0xFE, 0xDA, 0xD9
_NEXT_MARKER = re.compile(b'\xff[^\x00\xd0-\xd7\xff]')
"""what ends the pixels of a scan"""
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
_AT_ONCE = 1_000_000
"""bytes that are blanked at once; what stands behind a picture may be the longest part of it"""


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
        _blank_png(picture)
    elif picture[:4] == b'RIFF' and picture[8:12] == b'WEBP':
        _blank_webp(picture)


def _blank_png(picture: Picture) -> None:
    for kind, begin, end in _chunks_of_png(picture):
        if kind == b'IEND':
            _erase(picture, end + 4, len(picture))
            return
        if kind in _TELLING_IN_PNG:
            nothing = _NOTHING + bytes(end - begin)
            picture[begin - 4 : end + 4] = nothing + zlib.crc32(nothing).to_bytes(4, 'big')


def _blank_webp(picture: Picture) -> None:
    for kind, begin, end in _chunks_of_webp(picture):
        if kind == b'VP8X' and begin < end:
            picture[begin] &= ~_FLAGS
        elif kind in _TELLING_IN_WEBP:
            picture[begin - 8 : begin - 4] = _NOTHING
            picture[begin:end] = bytes(end - begin)
    _erase(picture, _end_of_webp(picture), len(picture))


def _erase(picture: Picture, begin: int, end: int) -> None:
    for at in range(begin, end, _AT_ONCE):
        until = min(at + _AT_ONCE, end)
        picture[at:until] = bytes(until - at)


def _segments(picture: Picture) -> Iterator[tuple[int, int, int]]:
    """Yield what stands around the pixels of a JPEG: its marker, and where its content begins and ends; at its end
    all that comes behind it.
    """
    at = 2
    for _ in range(MOST_PARTS):
        if at + 4 > len(picture) or picture[at] != 0xFF:
            return
        marker = picture[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            yield marker, at + 2, len(picture)
            return
        end = at + 2 + int.from_bytes(picture[at + 2 : at + 4], 'big')
        if not at + 4 <= end <= len(picture):
            return
        yield marker, at + 4, end
        at = _behind_pixels(picture, end) if marker == _SCAN else end


def _behind_pixels(picture: Picture, begin: int) -> int:
    found = _NEXT_MARKER.search(picture, begin)
    return found.start() if found else len(picture)


def _blank_segment(picture: Picture, marker: int, begin: int, end: int) -> None:
    if marker == _END:
        _erase(picture, begin, end)
    is_index = marker == _APP2 and picture[begin : begin + len(_MORE_PICTURES)] == _MORE_PICTURES
    if marker not in {_APP1, _APP13} and not is_index:
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


def _end_of_webp(picture: Picture) -> int:
    """Return where a WebP says that it ends; one that ends before it begins is no picture, and stays as it is."""
    size = int.from_bytes(picture[4:8], 'little')
    return 8 + size + size % 2 if size >= 4 else len(picture)
