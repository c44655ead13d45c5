"""From the bytes of a file to its text, whatever program wrote it."""

import codecs
import re
from collections.abc import Collection

from services.core import old_encodings

_LAST_PLANE = 3
"""of Unicode in which letters are"""
_IN_A_WORD = re.compile('[\u2500\u2501\u2503-\u259f](?=[^\\W\\d_])|(?<=[^\\W\\d_])[\u2500\u2501\u2503-\u259f]')
"""what frames are made of in DOS, where a letter should be; `│` stands between cells"""


class Unreadable(Exception):
    """A file that is no text in any encoding, from this line on."""

    def __init__(self, line: int) -> None:
        super().__init__(f'line {line} cannot be read')
        self.line = line


def text_of(content: bytes, known: Collection[str] = ()) -> str:
    r"""Return the text of a file, however it was written; with `\n` between its lines; raises `Unreadable`.

    `known` are words in small letters that files of this kind have, such as headings.
    """
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, 'utf-32-le'),
        (codecs.BOM_UTF32_BE, 'utf-32-be'),
        (codecs.BOM_UTF8, 'utf-8'),
        (codecs.BOM_UTF16_LE, 'utf-16-le'),
        (codecs.BOM_UTF16_BE, 'utf-16-be'),
    ):
        if content.startswith(mark):
            return _with_one_line_end(_checked(_strictly(content, encoding)))
    if four := _of_four_bytes(content):
        return _with_one_line_end(_checked(_strictly(content, four)))
    if _has_zeros_on_one_side(content):
        return _with_one_line_end(_checked(_strictly(content, _side_of_zeros(content))))
    content = content.rstrip(b'\x00\x1a')  # a block that was not filled, and the end of a file for DOS
    try:
        return _with_one_line_end(_checked(content.decode('utf-8')))
    except UnicodeDecodeError as error:
        damaged = content.decode('utf-8', errors='replace')
        kept = sum(not character.isascii() and character != '\ufffd' for character in damaged)
        if kept > 2 * damaged.count('\ufffd') or _is_mixed(content):
            raise Unreadable(content[: error.start].count(b'\n') + 1) from error
    return _with_one_line_end(_checked(_without_frames(old_encodings.decoded(content, known))))


def _with_one_line_end(text: str) -> str:
    r"""Return a text with all its line ends as `\n`.

    A run of `\r` is read once: a pattern that looks for what ends the run would begin again at each of them.
    """
    ends = re.sub('\r+\n?', lambda end: '\n' if end[0][-1] == '\n' else '\n' * len(end[0]), text)
    return re.sub('[\u2028\u2029\x85]', '\n', ends)


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        read = content[: error.start].decode(encoding, errors='replace')
        raise Unreadable(_with_one_line_end(read).count('\n') + 1) from error


def _of_four_bytes(content: bytes) -> str | None:
    """Return which UTF-32 has its zeros where these are; None if there are too few of them."""
    if not content or len(content) % 4:
        return None
    first, second, third, last = (content[at::4] for at in range(4))
    if not any(last) and max(third) <= _LAST_PLANE:
        return 'utf-32-le'
    return 'utf-32-be' if not any(first) and max(second) <= _LAST_PLANE else None


def _without_frames(text: str) -> str:
    """Return a text; raises `Unreadable` where a letter of it is a piece of a frame, so that a guess was wrong."""
    if piece := _IN_A_WORD.search(text):
        raise Unreadable(text[: piece.start()].count('\n') + 1)
    return text


def _has_zeros_on_one_side(content: bytes) -> bool:
    """Tell whether every other byte is zero so often that it must be UTF-16."""
    few, many = sorted((content[::2].count(0), content[1::2].count(0)))
    return (few + many) * 10 >= len(content) and many > 4 * few + 1


def _is_mixed(content: bytes) -> bool:
    """Tell whether some lines are UTF-8 and others are not, as when one list was put behind another."""
    lines = (line for line in re.split(b'[\r\n]+', content) if not line.isascii())
    return any(_is_utf8(line) for line in lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _side_of_zeros(content: bytes) -> str:
    """Return which UTF-16 has its zeros where these are: before the letters of the alphabet, or behind."""
    return 'utf-16-be' if content[::2].count(0) > content[1::2].count(0) else 'utf-16-le'


def _checked(text: str) -> str:
    """Return a text without its byte order marks; raises `Unreadable` if it is none."""
    text = text.lstrip('\ufeff').replace('\x00', '')
    odd = re.search('[\x01-\x08\x0e-\x1b]', text)
    if odd:
        raise Unreadable(text[: odd.start()].count('\n') + 1)
    return text
