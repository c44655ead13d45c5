"""A photograph from a telephone says where it was taken; what is handed in does not."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.core.picture_facts import blank_file, blanked

pytestmark = pytest.mark.req('Q4', 'O6')

PLACE = b'51.7592 N 19.4560 E'


def exif(order: str, *, way_up: int) -> bytes:
    """What a camera writes: which way is up, and further on where it stood."""
    is_big = order == 'MM'
    ends = '>' if is_big else '<'
    entries = struct.pack(f'{ends}HHIHH', 0x0112, 3, 1, way_up, 0) + struct.pack(f'{ends}HHII', 0x8825, 4, 1, 38)
    return b'Exif\0\0' + order.encode() + struct.pack(f'{ends}HIH', 42, 8, 2) + entries + bytes(4) + PLACE


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack('>H', len(content) + 2) + content


PIXELS = segment(0xDB, bytes(range(64))) + segment(0xDA, b'\x01') + b'pixels ' + PLACE + b'\xff\xd9'


def jpeg(*segments: bytes) -> bytes:
    return b'\xff\xd8' + segment(0xE0, b'JFIF\0') + b''.join(segments) + PIXELS


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    written = b''.join(kind + struct.pack('<I', len(said)) + said + bytes(len(said) % 2) for kind, said in chunks)
    return b'RIFF' + struct.pack('<I', len(written) + 4) + b'WEBP' + written


@pytest.mark.parametrize('order', ['II', 'MM'])
def test_a_jpeg_keeps_its_pixels_and_which_way_is_up_and_says_nothing_else(order: str) -> None:
    xmp, caption = b'http://ns.adobe.com/xap/1.0/\0<x>' + PLACE, b'Photoshop 3.0\0' + PLACE
    before = jpeg(segment(0xE1, exif(order, way_up=6)), segment(0xE1, xmp), segment(0xED, caption))

    after = blanked(before)

    assert len(after) == len(before)
    assert after.endswith(PIXELS)
    assert PLACE not in after.removesuffix(PIXELS)
    assert b'Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0' in after


def test_a_png_and_a_webp_say_nothing_beside_their_pixels() -> None:
    pixels = chunk(b'IDAT', PLACE)
    png = b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', bytes(13)) + chunk(b'eXIf', PLACE) + chunk(b'tEXt', PLACE) + pixels
    webp = riff((b'VP8X', bytes([0x1C]) + bytes(9)), (b'VP8 ', PLACE), (b'EXIF', PLACE), (b'XMP ', PLACE + b'!'))

    after, after_webp = blanked(png), blanked(webp)

    nothing = chunk(b'waYm', bytes(len(PLACE)))
    assert after == b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', bytes(13)) + nothing * 2 + pixels
    assert (len(after_webp), after_webp.count(PLACE), after_webp[20]) == (len(webp), 1, 0x10)


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP'])
@pytest.mark.parametrize('progressive', [False, True])
def test_what_stands_behind_the_end_of_a_picture_is_gone_and_its_pixels_are_the_same(
    kind: str, progressive: bool
) -> None:
    """A second picture with its own facts, the film of a moving photograph, what was cut off a screenshot."""
    written, pixels = BytesIO(), Image.radial_gradient('L').convert('RGB')
    pixels.save(written, kind, progressive=progressive)
    picture = written.getvalue()

    after = blanked(picture + jpeg(segment(0xE1, exif('II', way_up=1))) + b'moov' + PLACE)

    assert after.startswith(picture)
    assert not after.removeprefix(picture).strip(b'\0')
    with Image.open(BytesIO(picture)) as was, Image.open(BytesIO(after)) as shown:
        assert was.tobytes() == shown.tobytes()


def test_a_jpeg_says_nothing_of_pictures_that_stood_behind_it() -> None:
    after = blanked(jpeg(segment(0xE2, b'MPF\0' + PLACE), segment(0xE2, b'ICC_PROFILE\0' + bytes(8))))

    assert b'MPF' not in after
    assert PLACE not in after.removesuffix(PIXELS)
    assert b'ICC_PROFILE' in after, 'without it, colours are others'


def test_a_file_is_blanked_where_it_lies_and_a_document_stays_as_it_is(tmp_path: Path) -> None:
    picture, document = tmp_path / 'photo', tmp_path / 'text'
    picture.write_bytes(jpeg(segment(0xE1, exif('II', way_up=1))))
    document.write_bytes(b'Exif\0\0' + PLACE)

    blank_file(picture)
    blank_file(document)

    assert picture.read_bytes().count(PLACE) == 1, 'in its pixels'
    assert document.read_bytes() == b'Exif\0\0' + PLACE


@given(
    st.sampled_from(
        [b'\xff\xd8\xff', b'\x89PNG\r\n\x1a\n', b'RIFF\0\0\0\0WEBP', jpeg(segment(0xE1, exif('MM', way_up=3)))]
    ),
    st.binary(max_size=200),
    st.integers(0, 150),
)
def test_whatever_is_sent_keeps_its_length_and_its_kind(begin: bytes, rest: bytes, cut: int) -> None:
    content = begin[: max(12, len(begin) - cut)] + rest

    after = blanked(content)

    assert (len(after), after[:3]) == (len(content), content[:3])
    assert blanked(after) == after
