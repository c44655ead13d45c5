"""Documents for paper: a template and its facts become a PDF, in a process of its own that ends in time."""

import asyncio
import io
import re
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import orjson
import segno

from services.core.errors import Busy, NotSaved
from services.core.phrases import Phrase, phrase

TYPESETTER = Path(__file__).with_name('typeset.py')
TIME_LIMIT = 60.0
"""Seconds; a certificate takes a fifth of one, and the cards of a thousand guests take six."""
BEHIND_TAPS = 'nice', '-n', '10'
"""From its first moment: loading Python and the typesetter is a fifth of the work, and a class has many reports."""
AT_ONCE, MOST_WAITING = 2, 20
"""How many documents that people wait for are made at the same time, and how many more may wait."""

_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


class Paper(StrEnum):
    """A size of paper, by the name that people and printers know."""

    A4 = 'a4'
    LETTER = 'letter'
    A3 = 'a3'


class NotPrinted(Exception):
    """There is no PDF yet; the sentence is for the admin of this installation."""

    def __init__(self, sentence: Phrase) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


async def make_pdf(template: Path, facts: Mapping[str, object], *, all_letters: bool) -> bytes:
    """Return a document as accessible PDF; raises `NotPrinted`.

    A letter that no font on this server can draw is an error if `all_letters` are needed; else its number stands there.
    """
    process = await asyncio.create_subprocess_exec(
        *(*BEHIND_TAPS, sys.executable, '-P', str(TYPESETTER)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    job = orjson.dumps({'template': str(template), 'facts': facts, 'all_letters': all_letters})
    try:
        pdf, said = await asyncio.wait_for(process.communicate(job), TIME_LIMIT)
    except TimeoutError:
        raise NotPrinted(phrase('It took longer than {seconds} seconds.', seconds=round(TIME_LIMIT))) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotPrinted(_reason(said.decode(errors='replace').strip()))
    return pdf


async def print_now(template: Path, facts: Mapping[str, object]) -> bytes:
    """Return a document that a person waits for; raises `Busy` where too many wait, `NotSaved` where it fails."""
    if _turns.waiting >= MOST_WAITING:
        raise Busy(seconds=10)
    _turns.waiting += 1
    try:
        async with _turns.semaphore:
            return await make_pdf(template, facts, all_letters=False)
    except NotPrinted as problem:
        raise NotSaved(phrase('This cannot be printed now. {reason}', reason=problem.sentence)) from problem
    finally:
        _turns.waiting -= 1


def qr_svg(address: str) -> str:
    """Return a QR code that leads to an address, without a margin."""
    drawn = io.BytesIO()
    segno.make(address, error='m', micro=False).save(drawn, kind='svg', border=0)
    return drawn.getvalue().decode()


class _Turns:
    """Who waits for a document."""

    def __init__(self) -> None:
        self.semaphore = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


_turns = _Turns()


def _reason(said: str) -> Phrase:
    if letters := _NO_GLYPH.search(said):
        return phrase(
            'No font on this server can draw “{letters}”. See “Fonts” in docs/operations.md.', letters=letters[1]
        )
    return phrase('The typesetter says: {said}', said=said[-200:]) if said else phrase('The typesetter says nothing.')
