"""A program of its own: looks into one file and prints what it is as one line of JSON.

Files come from outside and are read by libraries in C; whatever such a file does, it does it here, with little memory
and little time, and not to the server. Started by `file_types.py`, as `probe.py video|file PATH MEMORY SECONDS`.
"""

import json
import math
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import av
import pypdfium2

PLAYED = {'h264', 'av1', 'vp8', 'vp9'}
HEARD = {'aac', 'mp3', 'opus', 'vorbis', 'flac'}
COLOURS = {'yuv420p', 'yuvj420p'}
"""of H.264: with more bits or finer colours it stays black on telephones and in some browsers"""
FIRST_PACKETS = 300
SHORTEST = 0.2
LONGEST = 24 * 3600.0
LATE = 1.0
"""Seconds; a clock that begins earlier begins at zero, give or take the first picture."""
MOST_PAGES = 500
LARGEST_SIDE = 14_400
"""Points, as the standard has it: five metres."""

WRONG_PASSWORD = 4
"""What PDFium says of a file that it cannot open without a password."""

Facts = dict[str, str | float | int]


class Unfit(Exception):
    """The file is not what is needed; a sentence with named values says why."""

    def __init__(self, text: str, **values: str | float) -> None:
        super().__init__(text)
        self.facts: Facts = {'unfit': text, **values}


def main(part: str, path: str, memory: str, seconds: str) -> None:
    """Print `{"media_type": …}` with `seconds` or `pages`, or `{"unfit": sentence}` with its values."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    look = {'film': look_into_video, 'file': look_into_pdf}[part]
    try:
        facts: Facts = look(Path(path))
    except Unfit as reason:
        facts = reason.facts
    sys.stdout.write(json.dumps(facts))


def look_into_video(path: Path) -> Facts:
    """Return the type and the length of a video that browsers can play."""
    media_type, demuxer = _container(path)
    try:
        # a file object and a named format: FFmpeg opens nothing else, and guesses nothing
        with path.open('rb') as file, av.open(file, 'r', format=demuxer, metadata_errors='replace') as video_file:
            pictures = [
                each for each in video_file.streams.video if not each.disposition & each.disposition.attached_pic
            ]
            if not pictures:
                raise Unfit('There is no picture in this video, only sound. Choose an MP4 or WebM video.')
            _check_codecs(_codec(pictures[0]), [_codec(each) for each in video_file.streams.audio])
            _check_colours(pictures[0])
            declared = video_file.duration / av.time_base if video_file.duration else 0.0
            return {'media_type': media_type, 'seconds': _length(_spans(video_file, pictures[0]), declared)}
    except (av.FFmpegError, OSError, ValueError, EOFError) as error:
        raise Unfit('This video is broken: it cannot be played. Export it again.') from error


def look_into_pdf(path: Path) -> Facts:
    """Return how many pages a PDF has that can be read by everybody."""
    with path.open('rb') as file:
        if b'%PDF-' not in file.read(1024):
            raise Unfit('This is not a PDF. Choose a PDF file.')
    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
        if pages == 0:
            raise Unfit('This PDF has no pages.')
        if pages > MOST_PAGES:
            raise Unfit(
                'This PDF has {pages} pages; {most} are possible. Divide it into several steps.',
                pages=pages,
                most=MOST_PAGES,
            )
        document[0].close()
        for index in range(pages):
            width, height = document.get_page_size(index)
            if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
                raise Unfit('Page {page} of this PDF has no size that could be shown.', page=index + 1)
    except pypdfium2.PdfiumError as error:
        if getattr(error, 'err_code', None) == WRONG_PASSWORD:
            raise Unfit('This PDF is encrypted: it needs a password. Save it without one.') from error
        raise Unfit('This PDF is broken: it cannot be read. Save or export it again.') from error
    return {'media_type': 'application/pdf', 'pages': pages}


def _container(path: Path) -> tuple[str, str]:
    """Return the media type of a video by its first bytes, and what FFmpeg calls its container."""
    with path.open('rb') as file:
        head = file.read(64)
    if head[4:8] == b'ftyp':
        if head[8:12] == b'qt  ':
            raise Unfit('This is a QuickTime video, which not every browser plays. Export it as MP4.')
        return 'video/mp4', 'mp4'
    if head[:4] == b'\x1a\x45\xdf\xa3':
        if b'webm' not in head:
            raise Unfit('This is a Matroska video, which not every browser plays. Export it as MP4 or WebM.')
        return 'video/webm', 'matroska'
    raise Unfit('This is not a video that browsers play. Choose an MP4 or WebM video.')


def _codec(stream: av.stream.Stream) -> str:
    """Return what a stream is; not what decodes it here, which has names of its own."""
    return stream.codec_context.codec.canonical_name if stream.codec_context else 'of a kind that nobody knows'


def _check_codecs(video: str, audio: list[str]) -> None:
    if video not in PLAYED:
        raise Unfit(
            'Not every browser can show this video: its picture is {codec}. Export it as MP4 with H.264.', codec=video
        )
    if silent := next((name for name in audio if name not in HEARD), None):
        raise Unfit(
            'Not every browser can play the sound of this video: it is {codec}. Export it as MP4 with AAC.',
            codec=silent,
        )


def _check_colours(picture: av.VideoStream) -> None:
    if _codec(picture) == 'h264' and picture.format and picture.format.name not in COLOURS:
        raise Unfit(
            'Not every browser can show this video: its colours are {colours}. '
            'Export it as MP4 with H.264 in 8 bits and 4:2:0, as for the web.',
            colours=picture.format.name,
        )


def _spans(video_file: av.container.InputContainer, picture: av.VideoStream) -> Iterator[tuple[float, float]]:
    """Yield when each packet of a video begins and ends; raises `Unfit` if no picture comes out of the first of
    them."""
    is_seen, tries = False, FIRST_PACKETS
    for packet in video_file.demux(picture, *video_file.streams.audio):
        if packet.stream is picture and not is_seen and tries:
            tries -= 1
            with suppress(av.FFmpegError):
                is_seen = bool(packet.decode())
        if packet.pts is not None and packet.time_base:
            yield float(packet.pts * packet.time_base), float((packet.pts + (packet.duration or 0)) * packet.time_base)
    if not is_seen:
        raise Unfit('This video is broken: no picture comes out of it. Export it again.')


def _length(spans: Iterable[tuple[float, float]], declared: float) -> float:
    """Return the seconds that are really there: what a video says of itself may be missing, or not true.

    The clock of a video need not begin at zero: six seconds that begin at one hour are six seconds.
    """
    begin, end = math.inf, 0.0
    for start, stop in spans:
        begin, end = min(begin, start), max(end, stop)
    begin = begin if LATE <= begin < math.inf else 0.0
    counted = end - begin
    declared -= begin if declared > begin else 0.0  # some say when they end, others how long they are
    if not (math.isfinite(counted) and counted >= SHORTEST):
        raise Unfit('This video has no length: it is a single picture. Choose a video that lasts.')
    if declared > counted * 1.2 + 2:
        raise Unfit('This video breaks off before its end: not all of it is in the file. Export it again.')
    if counted > LONGEST:
        raise Unfit('This video says that it lasts longer than a day. Export it again.')
    return round(min(declared, counted) if declared > SHORTEST else counted, 3)


if __name__ == '__main__':
    main(*sys.argv[1:])
