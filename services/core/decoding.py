"""From the bytes of a file to its text, whatever program wrote it."""

import codecs
import re
from itertools import islice

from charset_normalizer import from_bytes

_CANDIDATES = ('cp1252', 'mac_roman', 'cp1250', 'cp1251', 'cp1253', 'cp1254', 'iso8859_2', 'iso8859_5', 'iso8859_15')
_USUAL = frozenset('äöüßéèêëàâçîïôûùñáíóúœæåøãõąćęłńśźżčřšžěůýďťňőűğışæøÿ’–')
_HARDLY = frozenset('ˆˇﬀﬁﬂﬃﬄ')
"""letters to Unicode, but hardly ever typed; they stand where older encodings have “ö” or “ß”"""
_MOST_LOOKED_AT = 20_000
"""signs beyond ASCII that are enough to tell one encoding from another"""


class Unreadable(Exception):
    """A file that is no text in any encoding, from this line on."""

    def __init__(self, line: int) -> None:
        super().__init__(f'line {line} cannot be read')
        self.line = line


def text_of(content: bytes) -> str:
    r"""Return the text of a file, however it was written; with `\n` between its lines; raises `Unreadable`."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, 'utf-32-le'),
        (codecs.BOM_UTF8, 'utf-8'),
        (codecs.BOM_UTF16_LE, 'utf-16-le'),
        (codecs.BOM_UTF16_BE, 'utf-16-be'),
    ):
        if content.startswith(mark):
            return _with_one_line_end(_checked(_strictly(content, encoding)))
    if content.count(b'\x00') * 10 >= len(content) > 1:
        return _with_one_line_end(_checked(_strictly(content, _side_of_zeros(content))))
    try:
        return _with_one_line_end(_checked(content.decode('utf-8')))
    except UnicodeDecodeError as error:
        damaged = content.decode('utf-8', errors='replace')
        kept = sum(not character.isascii() and character != '\ufffd' for character in damaged)
        if kept > 2 * damaged.count('\ufffd'):
            raise Unreadable(content[: error.start].count(b'\n') + 1) from error
    return _with_one_line_end(_checked(_guessed(content)))


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


def _guessed(content: bytes) -> str:
    """Return the text in the encoding of an older program that makes the likeliest words of it."""
    best = from_bytes(content[:20_000], cp_isolation=list(_CANDIDATES)).best()
    preferred = best.encoding if best else 'cp1252'
    scores = []
    for place, encoding in enumerate(_CANDIDATES):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores.append((_likeliness(text) + 0.5 * (encoding == preferred), -place, text))
    return max(scores)[2]


def _likeliness(text: str) -> float:
    """Return how much the signs beyond ASCII look like those of names."""
    beyond = islice(re.finditer('[^\x00-\x7f]', text), _MOST_LOOKED_AT)
    return sum(_points(found[0], text[max(found.start() - 1, 0) : found.start()]) for found in beyond)


def _points(character: str, last: str) -> float:
    if not character.isalpha():
        return 0 if character in '’–' else -3
    if character in _HARDLY:
        return -2
    is_latin = character < '\u0300'
    points = 1.0 if character.lower() in _USUAL or not is_latin else 0.0
    if last.isalpha() and last.islower() and character.isupper():
        points -= 3
    if last.isalpha() and not last.isascii() and is_latin:
        points -= 1.5
    if last.isalpha() and not is_latin and last.isascii():
        points -= 3  # Cyrillic or Greek in the middle of a Latin word
    return points
