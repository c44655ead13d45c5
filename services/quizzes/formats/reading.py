"""The door for files of questions: what a file is shows in what is in it, whatever it is called."""

import re

from services.core.decoding import Unreadable, text_of
from services.core.phrases import phrase
from services.quizzes.formats import aiken, gift, moodle_xml, table, xlsx
from services.quizzes.formats.findings import Read, Wrong, quoted
from services.quizzes.formats.packages import SIGNS, Package

LONGEST_TEXT = 5_000_000
LARGEST = 50_000_000
"""of packages and of XML, which have pictures in them"""
_ROOT = re.compile(rb'<(?:[A-Za-z0-9_.-]{1,60}:)?([A-Za-z][A-Za-z0-9-]{0,60})[\s/>]')
_XML = {'quiz': moodle_xml.read}
_OPTION = re.compile(r'^[ \t]*[A-Z][.)]', re.MULTILINE)
_ANSWER = re.compile(r'^[ \t]*ANSWER:', re.MULTILINE)


def read(name: str, content: bytes) -> Read:
    """Return what a file gives; what is wrong with it as a whole is a problem as well. `name` is for sentences only."""
    try:
        found = _read(content)
    except Wrong as wrong:
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
    if root := _root(content):
        return _XML[root](content)
    if len(content) > LONGEST_TEXT:
        raise Wrong(phrase('The file is larger than 5 MB; a text with questions never is.'))
    return _text(content)


def _package(content: bytes) -> Read:
    package = Package(content)
    if xlsx.BOOK in package:
        return table.read_rows(xlsx.rows_of(content, package))
    raise _unknown()


def _root(content: bytes) -> str:
    """Return the name of the outermost element, if it is that of questions."""
    beginning = content[:4000].replace(b'\x00', b'')
    return next((tag for found in _ROOT.findall(beginning) if (tag := found.decode()) in _XML), '')


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
    if table.looks_like(text):
        return table.read(text)
    if _ANSWER.search(text) and _OPTION.search(text):
        return aiken.read(text)
    if '{' in text or text.lstrip().startswith(gift.CATEGORY):
        return gift.read(text)
    raise _unknown()


def _unknown() -> Wrong:
    return Wrong(
        phrase(
            'No questions were recognised. Choose a file in GIFT, Aiken, Moodle XML or QTI, '
            'or a table (CSV, XLSX) that begins as the template does.'
        )
    )
