"""Draws pages of PDF files, as a process of its own: what a broken file does to it, it does to nobody else.

It is started by `services/content/pdf_pages.py`, reads one request per line from its input and answers with one line
each.
It knows nothing of Waymark, so that it starts at once.
"""

import json
import os
import resource
import sys
from fractions import Fraction
from pathlib import Path

import av
import pypdfium2

MOST_MEMORY = 1536 * 1024 * 1024
TALLEST = 4
"""how many times as tall as wide a picture may be; a longer page is drawn narrower"""
LONGEST_TEXT = 20_000
QUALITY = {'quality': '80', 'compression_level': '2'}
"""of WebP; more compression takes four times as long and saves a tenth"""


def answer(request: dict[str, object]) -> dict[str, object]:
    """Read the words of a page and, if a width is given, draw it into the file `picture`."""
    with pypdfium2.PdfDocument(str(request['source'])) as document:
        if document.get_formtype():
            document.init_forms()
        page = document[int(str(request['index']))]
        width, height = page.get_size()
        if request.get('width'):
            _draw(page, int(str(request['width'])), Path(str(request['picture'])))
        return {'text': _text(page), 'ratio': height / width}


def _draw(page: pypdfium2.PdfPage, pixels: int, picture: Path) -> None:
    width, height = page.get_size()
    drawn = page.render(scale=min(pixels / width, pixels * TALLEST / height), rev_byteorder=True, prefer_bgrx=False)
    unfinished = picture.with_suffix(f'.{os.getpid()}')
    unfinished.write_bytes(_webp(drawn))
    unfinished.replace(picture)


def _webp(drawn: pypdfium2.PdfBitmap) -> bytes:
    """Return a picture as WebP. Its colours have half the resolution, which text does not show."""
    frame = av.VideoFrame(drawn.width, drawn.height, 'rgb24')
    pixels, length, room = bytes(drawn.buffer), drawn.width * drawn.n_channels, frame.planes[0].line_size
    rows = (pixels[start : start + length] for start in range(0, drawn.height * drawn.stride, drawn.stride))
    frame.planes[0].update(b''.join(row.ljust(room, b'\0') for row in rows))
    encoder = av.CodecContext.create('libwebp', 'w')
    encoder.width, encoder.height, encoder.pix_fmt = drawn.width, drawn.height, 'yuv420p'
    encoder.time_base, encoder.options = Fraction(1), QUALITY
    return b''.join(map(bytes, [*encoder.encode(frame.reformat(format='yuv420p')), *encoder.encode(None)]))


def _text(page: pypdfium2.PdfPage) -> str:
    lines = page.get_textpage().get_text_range().splitlines()
    readable = (''.join(sign for sign in line if sign.isprintable()).strip() for line in lines)
    return '\n'.join(readable).strip()[:LONGEST_TEXT]


def main() -> None:
    """Answer until the input ends, which it does when the server does."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # taps go first
    for line in sys.stdin:
        try:
            said = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 - files of strangers; the server tells the reader, and the server log
            said = {'problem': f'{type(error).__name__}: {error}'[:200]}
        sys.stdout.write(json.dumps(said) + '\n')
        sys.stdout.flush()


if __name__ == '__main__':
    main()
