"""Documents as a reader of paper sees them: the words of each page, and what its QR codes say."""

from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium
import segno

SHARP = 4.0
"""pixels for each point of the page"""


def pages_of(pdf: bytes) -> list[str]:
    """Return the words of each page, the lines joined by spaces."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [' '.join(page.get_textpage().get_text_range().split()) for page in document]


def sizes_of(pdf: bytes) -> set[tuple[int, int]]:
    """Return the sizes of the pages, in whole millimetres."""
    with pypdfium2.PdfDocument(pdf) as document:
        return {(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in map(_size, document)}


def stays_on_the_page(pdf: bytes, *, margin: float) -> bool:
    """Tell whether every letter keeps so many points away from the edges of its page."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            (width, height), words = page.get_size(), page.get_textpage()
            for index in range(words.count_chars()):
                if words.get_text_range(index, 1).isspace():
                    continue
                left, bottom, right, top = words.get_charbox(index)
                if left < margin or bottom < margin or right > width - margin or top > height - margin:
                    return False
    return True


def links_of(pdf: bytes, expected: Sequence[str]) -> list[str]:
    """Return, for each QR code of a document, which of the expected links it holds; an empty text for none of them."""
    codes = {link: segno.make(link, error='m', micro=False) for link in expected}
    with pypdfium2.PdfDocument(pdf) as document:
        return [
            next((link for link, code in codes.items() if _is_drawn(picture, box, code)), '')
            for page in document
            for picture, box in _codes(page)
        ]


Box = tuple[float, float, float, float]


def _codes(page: pypdfium2.PdfPage) -> Iterator[tuple[pypdfium2.PdfBitmap, Box]]:
    """Yield what is drawn as a code is: lines whose ends make it a little wider than high."""
    picture = page.render(scale=SHARP, grayscale=True)
    for drawn in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        box = left, bottom, right, top = drawn.get_bounds()
        if right - left > 60 and 1.01 < (right - left) / (top - bottom) < 1.06:
            yield picture, box


def _is_drawn(picture: pypdfium2.PdfBitmap, box: Box, code: segno.QRCode) -> bool:
    """Compare the middle of each module; the box is a module wider than the code at each side, as a line has ends."""
    left, bottom, right, top = box
    many = code.symbol_size(border=0)[0]
    module = (right - left) / (many + 2)
    middle = many / 2 - 0.5
    for row, modules in enumerate(code.matrix):
        for column, is_dark in enumerate(modules):
            x = (left + right) / 2 + (column - middle) * module
            y = picture.height / SHARP - (top + bottom) / 2 + (row - middle) * module
            if (picture.buffer[int(y * SHARP) * picture.stride + int(x * SHARP)] < 128) != bool(is_dark):
                return False
    return True


def _size(page: pypdfium2.PdfPage) -> tuple[float, float]:
    return page.get_size()
