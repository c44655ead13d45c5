"""Videos, PDFs and captions, made by the tests themselves."""

from fractions import Fraction
from functools import cache
from io import BytesIO

import av
import pypdfium2

RATE = 10
HERTZ = 48_000
SAMPLES = 960
"""of sound in one frame"""

CAPTIONS = b'WEBVTT\n\n00:00.000 --> 00:01.000\nWet the sample.\n'


@cache
def a_video(
    *,
    seconds: float = 3.0,
    container: str = 'mp4',
    codec: str = 'libx264',
    brand: str = '',
    rate: int = RATE,
    seekable: bool = True,
    sound: str = '',
    colours: str = 'yuv420p',
    begins_at: float = 0.0,
) -> bytes:
    """A grey video that becomes lighter; what cannot seek back cannot write how long it was.

    `sound` is the codec of a silence that goes with it. An MP4 has its index at the end, as most programs write it.
    """
    content = BytesIO() if seekable else _Stream()
    options = {'brand': brand} if brand else {}
    with av.open(content, 'w', format=container, options=options) as video:
        stream = video.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, colours
        heard = video.add_stream(sound, rate=HERTZ, layout='mono') if sound else None
        for number in range(int(seconds * rate)):
            frame = av.VideoFrame(64, 48, colours)
            for plane in frame.planes:
                plane.update(bytes([number * 5 % 256]) * plane.buffer_size)
            frame.pts, frame.time_base = number + int(begins_at * rate), Fraction(1, rate)
            video.mux(stream.encode(frame))
        video.mux(stream.encode())
        if heard:
            _mux_silence(video, heard, seconds)
    return content.getvalue()


@cache
def a_sound(*, seconds: float = 2.0) -> bytes:
    """An MP4 without a picture."""
    content = BytesIO()
    with av.open(content, 'w', format='mp4') as sound:
        _mux_silence(sound, sound.add_stream('aac', rate=HERTZ, layout='mono'), seconds)
    return content.getvalue()


def _mux_silence(video: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    for number in range(int(seconds * HERTZ / SAMPLES)):
        frame = av.AudioFrame(format='fltp', layout='mono', samples=SAMPLES)
        frame.planes[0].update(bytes(frame.planes[0].buffer_size))
        frame.sample_rate, frame.pts = HERTZ, number * SAMPLES
        video.mux(stream.encode(frame))
    video.mux(stream.encode())


def a_pdf(*, pages: int = 2, width: float = 300) -> bytes:
    """A PDF with empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, 200)
    content = BytesIO()
    document.save(content)
    document.close()
    return content.getvalue()


def a_locked_pdf() -> bytes:
    """A PDF that nobody can open without its password."""
    parts = [
        b'<< /Type /Catalog /Pages 2 0 R >>',
        b'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
        b'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] >>',
        b'<< /Filter /Standard /V 1 /R 2 /O <%b> /U <%b> /P -44 >>' % (b'5a' * 32, b'a5' * 32),
    ]
    content, places = bytearray(b'%PDF-1.4\n'), []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b'%d 0 obj\n%b\nendobj\n' % (number, part)
    table = len(content)
    content += b'xref\n0 5\n0000000000 65535 f \n' + b''.join(b'%010d 00000 n \n' % place for place in places)
    content += b'trailer\n<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>] >>\nstartxref\n%d\n%%%%EOF\n' % table
    return bytes(content)


class _Stream(BytesIO):
    """What is written once and never gone back in, as by a browser that records."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: object) -> int:
        raise OSError('this does not go back')
