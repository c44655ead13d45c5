"""The video of the demo school: twenty seconds, drawn and encoded here, so that no video has to be kept with the
code."""

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import typst
from av.video.frame import PictureType

RATE = 10
PICTURES = Path(__file__).with_suffix('.typ')

CAPTIONS = b"""WEBVTT

00:00.000 --> 00:02.800
Three tubes: sand, loam and clay.

00:03.000 --> 00:08.200
We pour the same water on all of them.

00:08.500 --> 00:13.200
Sand lets it through first: its grains are large.

00:13.500 --> 00:17.000
Then loam. In clay the water has not come far.

00:17.200 --> 00:20.000
The finer the grains, the longer the water stays.
"""


def make_video() -> bytes:
    """Return the video as WebM; the same each time."""
    pages: list[bytes] = typst.compile(PICTURES, format='png', ppi=72)  # type: ignore[assignment]
    content = BytesIO()
    with av.open(content, 'w', format='webm', options={'fflags': '+bitexact'}) as video_file:
        # a speed below zero does not depend on how busy the machine is
        stream = video_file.add_stream('libvpx', rate=RATE, options={'deadline': 'realtime', 'cpu-used': '-8'})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = 640, 360, 'yuv420p', 500_000
        stream.codec_context.thread_count = 1
        for number, page in enumerate(pages):
            with av.open(BytesIO(page), 'r', format='png_pipe') as picture:
                frame = next(picture.decode(video=0)).reformat(format='yuv420p')
            frame.pict_type = PictureType.NONE  # a PNG stands alone, which a picture of a video need not
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            video_file.mux(stream.encode(frame))
        video_file.mux(stream.encode())
    return content.getvalue()
