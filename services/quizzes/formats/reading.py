"""The door for files of questions: what a file is shows in what is in it, whatever it is called."""

import re
from collections.abc import Callable

from services.core import sheets
from services.core.decoding import Unreadable, text_of
from services.core.errors import Invalid
from services.core.packages import SIGNS, Package
from services.core.phrases import phrase
from services.quizzes.formats import (
    aiken,
    blackboard,
    brightspace,
    gift,
    moodle_xml,
    plain,
    qti2,
    qti12,
    qti_package,
    respondus,
    table,
)
from services.quizzes.formats.findings import Read, Wrong, quoted
from services.quizzes.formats.qti_package import root_of

LONGEST_TEXT = 5_000_000
LARGEST = 50_000_000
"""of packages and of XML, which have pictures in them"""
_XML: dict[str, Callable[[bytes], Read]] = {
    'quiz': moodle_xml.read,
    qti12.ROOT: qti12.read,
    **dict.fromkeys(qti2.ROOTS, qti2.read),
}
_KNOWN = frozenset(_XML)
_BEFORE = b'\xef\xbb\xbf\xff\xfe \r\n\t'
"""marks of an encoding, and white space"""
_OPTION = re.compile(r'^[ \t]*[A-Z][.)]', re.MULTILINE)
_ANSWER = re.compile(r'^[ \t]*ANSWER:', re.MULTILINE)
_OPTION_BY_HAND = re.compile(r'^[ \t]*\(?[A-Za-z][.):]\s', re.MULTILINE)
_ANSWER_BY_HAND = re.compile(r'^[ \t]*ANSWER\s*:', re.MULTILINE | re.IGNORECASE)


def read(name: str, content: bytes) -> Read:
    """Return what a file gives; what is wrong with it as a whole is a problem as well. `name` is for sentences only."""
    try:
        found = _read(content)
    except Invalid as wrong:
        return Read(problems=(wrong.sentence,))
    if found.questions or found.problems:
        return found
    nothing = phrase('There is no question in “{name}” that can be taken over.', name=quoted(name))
    return Read(problems=(nothing,), left_out=found.left_out, warnings=found.warnings)


def _read(content: bytes) -> Read:
    if not content.strip():
        raise Wrong(phrase('The file is empty.'))
    if len(content) > LARGEST:
        raise Wrong(phrase('The file is larger than 50 MB. Export the questions in parts.'))
    if content.startswith(SIGNS):
        return _package(content)
    if root := root_of(content, _KNOWN):
        return _XML[root](content)
    if content[:100].replace(b'\x00', b'').lstrip(_BEFORE).startswith((b'<?xml', b'<!DOCTYPE', b'%PDF')):
        raise _unknown()
    if len(content) > LONGEST_TEXT:
        raise Wrong(phrase('The file is larger than 5 MB; a text with questions never is.'))
    return _text(content)


def _package(content: bytes) -> Read:
    package = Package(content)
    if sheets.BOOK in package:
        rows = sheets.rows_of(content, package)
        return brightspace.read_rows(rows) if brightspace.looks_like_rows(rows) else table.read_rows(rows)
    return qti_package.read(package)


def _text(content: bytes) -> Read:
    try:
        text = text_of(content)
    except Unreadable as error:
        raise Wrong(
            phrase(
                'Line {line} has signs in it that cannot be read. Save the file as UTF-8 and try again.',
                line=error.line,
            )
        ) from error
    if brightspace.looks_like(text):
        return brightspace.read(text)
    if blackboard.looks_like(text):
        return blackboard.read(text)
    if table.looks_like(text):
        return table.read(text)
    if _ANSWER.search(text) and _OPTION.search(text):
        return aiken.read(text)
    if '{' not in text and _ANSWER_BY_HAND.search(text) and _OPTION_BY_HAND.search(text):
        return aiken.read(text, by_hand=True)
    if respondus.looks_like(text):
        return respondus.read(text)
    if '{' in text or text.lstrip().startswith(gift.CATEGORY):
        return gift.read(text)
    if plain.looks_like(text):
        return plain.read(text)
    raise _unknown()


def _unknown() -> Wrong:
    return Wrong(
        phrase(
            'No questions were recognised. Choose a file in GIFT, Aiken, Moodle XML or QTI, one that '
            'Brightspace, Blackboard or Respondus takes, or a table (CSV, XLSX) that begins as the template does.'
        )
    )
