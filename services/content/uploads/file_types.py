"""What a file really is, by its content and never by its name."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from services.content.uploads.slots import VTT, Part
from services.core import server_log, threads
from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase
from services.core.threads import Line

PROBE = Path(__file__).with_name('probe.py')
MEMORY = 2 * 1024**3
SECONDS = 30

_few = Line('probe', threads=2, most_waiting=40, busy_for=60)
"""So that many uploads do not take the machine from a class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of a file that is fit for its part."""

    media_type: str
    seconds: float | None = None
    pages: int | None = None


async def look_into(part: Part, path: Path) -> Found:
    """Return what a file is; raises `Invalid` with a sentence if it is not what the part needs."""
    if part is Part.CAPTIONS:
        return await threads.shared.run(_look_into_captions, path)
    said = await _few.run(_ask, part, path)
    if 'unfit' in said:
        raise Invalid(Phrase(one=str(said.pop('unfit')), values=said))
    seconds, pages = said.get('seconds'), said.get('pages')
    return Found(
        media_type=str(said['media_type']),
        seconds=None if seconds is None else float(seconds),
        pages=None if pages is None else int(pages),
    )


def _ask(part: Part, path: Path) -> dict[str, str | float | int]:
    """Let a process of its own look into a file."""
    command = [sys.executable, '-I', str(PROBE), part.value, str(path), str(MEMORY), str(SECONDS)]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)  # noqa: S603
        said: dict[str, str | float | int] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        server_log.write_problem('file not understood', error, part=part)
        raise Invalid('This file is broken, or too much to look into. Export or save it again.') from error
    return said


_TIME = r'(?:\d+:)?[0-5]\d:[0-5]\d\.\d{3}'
_CUE = re.compile(rf'^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}(?!\d)')
"""as browsers read it: there need be no space around the arrow"""
LONGEST_TIMES = 200
"""letters of a line in which its times stand; nobody else has a turn while a longer one is read"""
MOST_LINES = 100_000
"""of captions; those of a film of three hours are ten thousand"""
MOST_NAMED = 5
"""Lines of captions that are named at once."""


def _look_into_captions(path: Path) -> Found:
    try:
        text = path.read_bytes().decode('utf-8-sig')
    except UnicodeDecodeError as error:
        raise Invalid('These captions are not text in UTF-8. Save them as WebVTT (.vtt) in UTF-8.') from error
    if not re.match(r'WEBVTT(?:[ \t\r\n]|$)', text) or '\0' in text:
        raise Invalid('These are not captions in the format WebVTT (.vtt): its first line says WEBVTT.')
    if text.count('\n') + text.count('\r') > 2 * MOST_LINES:
        raise Invalid('These captions have more than {most} lines. No video has as many.', most=MOST_LINES)
    lines = text.replace('\r\n', '\n').replace('\r', '\n').split('\n')
    times = ((number, line[:LONGEST_TIMES]) for number, line in enumerate(lines, start=1) if '-->' in line)
    unread = [number for number, line in times if not _CUE.match(line)]
    if unread:
        raise Invalid(_unread(unread))
    if not any('-->' in line for line in lines):
        raise Invalid('There is no caption in this file: none has a time like 00:01.000 --> 00:04.000.')
    return Found(media_type=VTT)


def _unread(lines: list[int]) -> Phrase:
    named = ', '.join(map(str, lines[:MOST_NAMED]))
    if (more := len(lines) - MOST_NAMED) > 0:
        return phrase(
            'The times of these captions cannot be read in line {lines} and {more} more. '
            'Write them like 00:01.000 --> 00:04.000.',
            lines=named,
            more=more,
        )
    return phrase(
        'The times of these captions cannot be read in line {lines}. Write them like 00:01.000 --> 00:04.000.',
        lines=named,
    )
