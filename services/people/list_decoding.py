"""From the bytes of a class list to rows of cells: how it is written, which signs stand between the cells."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from charset_normalizer import from_bytes

from services.core.phrases import Phrase, phrase
from services.core.text import clean
from services.courses.import_file import BrokenFile

LONGEST_LIST = 256 * 1024
"""bytes"""
MOST_LINES = 1_000
MOST_COLUMNS = 200
DELIMITERS = ',;\t|'

_CANDIDATES = ('cp1252', 'mac_roman', 'cp1250', 'cp1251', 'cp1253', 'cp1254', 'iso8859_2', 'iso8859_5', 'iso8859_15')
_USUAL = frozenset('äöüßéèêëàâçîïôûùñáíóúœæåøãõąćęłńśźżčřšžěůýďťňőűğışæøÿ’–')
_SEP = re.compile(r'^"?sep=(.)"?$', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table, with the number of its line in the file."""

    number: int
    cells: tuple[str, ...]


def lines_of(content: bytes, known_headings: frozenset[str]) -> list[Line]:
    """Return the rows of a file that have something in them; raises `BrokenFile`."""
    if len(content) > LONGEST_LIST:
        raise BrokenFile([phrase('The file is larger than 256 kB; a class list never is.')])
    text = _with_one_line_end(text_of(content))
    first, _, rest = text.partition('\n')
    said = _SEP.match(first.strip(' ,;\t|') or first)
    if said or re.fullmatch(r'"?sep=\s*"?', first.strip('\n'), re.IGNORECASE):
        delimiter = said[1] if said else '\t'
        return _bounded(list(_split(rest, delimiter, first_line=2)))
    if not text.strip():
        raise BrokenFile([phrase('The file is empty.')])
    return _bounded(_best_split(text, known_headings))


def text_of(content: bytes) -> str:
    """Return the text of a file, however it was written; raises `BrokenFile` with the line that cannot be read."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, 'utf-32-le'),
        (codecs.BOM_UTF8, 'utf-8'),
        (codecs.BOM_UTF16_LE, 'utf-16-le'),
        (codecs.BOM_UTF16_BE, 'utf-16-be'),
    ):
        if content.startswith(mark):
            return _checked(_strictly(content, encoding))
    if content.count(b'\x00') * 10 >= len(content) > 1:
        return _checked(_strictly(content, _side_of_zeros(content)))
    try:
        return _checked(content.decode('utf-8'))
    except UnicodeDecodeError as error:
        damaged = content.decode('utf-8', errors='replace')
        kept = sum(not character.isascii() and character != '\ufffd' for character in damaged)
        if kept > 2 * damaged.count('\ufffd'):
            raise BrokenFile([_cannot_read(content[: error.start].count(b'\n') + 1)]) from error
    return _checked(_guessed(content))


def _with_one_line_end(text: str) -> str:
    r"""Return a text with all its line ends as `\n`.

    A run of `\r` is read once: a pattern that looks for what ends the run would begin again at each of them.
    """
    ends = re.sub('\r+\n?', lambda end: '\n' if end[0][-1] == '\n' else '\n' * len(end[0]), text)
    return re.sub('[\u2028\u2029\x85]', '\n', ends)


def repaired(cell: str) -> str:
    """Return a cell as it was before a program took its UTF-8 for another encoding; most cells are fine."""
    if cell.isascii():
        return cell
    for encoding in ('cp1252', 'latin-1', 'mac_roman'):
        try:
            was = cell.encode(encoding).decode('utf-8')
        except UnicodeError:
            continue
        if any(character.isalpha() for character in was if not character.isascii()):
            return was
    return cell


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        read = content[: error.start].decode(encoding, errors='replace')
        raise BrokenFile([_cannot_read(_with_one_line_end(read).count('\n') + 1)]) from error


def _side_of_zeros(content: bytes) -> str:
    """Return which UTF-16 has its zeros where these are: before the letters of the alphabet, or behind."""
    return 'utf-16-be' if content[::2].count(0) > content[1::2].count(0) else 'utf-16-le'


def _checked(text: str) -> str:
    """Return a text without its byte order marks; raises `BrokenFile` if it is none."""
    text = text.lstrip('\ufeff').replace('\x00', '')
    odd = re.search('[\x01-\x08\x0e-\x1b]', text)
    if odd:
        raise BrokenFile([_cannot_read(text[: odd.start()].count('\n') + 1)])
    return text


def _cannot_read(line: int) -> Phrase:
    return phrase(
        'Line {line} has signs in it that cannot be read. Save the file as “CSV UTF-8” and try again.', line=line
    )


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
    score, last = 0.0, ''
    for character in text:
        if not character.isascii():
            score += _points(character, last)
        last = character
    return score


def _points(character: str, last: str) -> float:
    if not character.isalpha():
        return 0 if character in '’–' else -3
    is_latin = character < '\u0300'
    points = 1.0 if character.lower() in _USUAL or not is_latin else 0.0
    if last.isalpha() and last.islower() and character.isupper():
        points -= 3
    if last.isalpha() and not last.isascii() and is_latin:
        points -= 1.5
    if last.isalpha() and not is_latin and last.isascii():
        points -= 3  # Cyrillic or Greek in the middle of a Latin word
    return points


def _best_split(text: str, known_headings: frozenset[str]) -> list[Line]:
    """Split at what gives the most known headings, and then the most columns; one column is not split at all."""
    best: tuple[tuple[int, int], list[Line]] | None = None
    refusal: BrokenFile | None = None
    for delimiter in DELIMITERS:
        try:
            lines = list(_split(text, delimiter))
        except BrokenFile as error:
            refusal = refusal or error
            continue
        known = [sum(heading(cell) in known_headings for cell in line.cells) for line in lines[:20]]
        top = max(known, default=0)
        width = len(lines[known.index(top)].cells) if top else max((len(line.cells) for line in lines[:20]), default=0)
        if best is None or (top, width) > best[0]:
            best = (top, width), lines
    if best is None:
        assert refusal is not None
        raise refusal
    if best[0][1] == 1:
        alone = (
            replace(line, cells=tuple(cell.strip(f' {DELIMITERS}') for cell in line.cells))
            for line in _split(text, '\x1f')
        )
        return [line for line in alone if line.cells[0]]
    return best[1]


def heading(cell: str) -> str:
    """Return a heading without what differs from program to program: case, hyphens, and what is in brackets."""
    plain = re.sub(r'\[[^\]]*\]|\([^)]*\)', ' ', clean(cell[:200]).casefold())
    return ' '.join(re.sub(r'[_\-.:*/’\'"]', ' ', plain).split())


def _split(text: str, delimiter: str, *, first_line: int = 1) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=''), delimiter=delimiter, strict=True)
    before = 0
    try:
        for cells in reader:
            if any(clean(cell).strip() for cell in cells):
                yield Line(number=first_line + before, cells=tuple(cells[:MOST_COLUMNS]))
            before = reader.line_num
    except csv.Error as error:
        unread = phrase('This is not a table that can be read ({reason}). Save it as CSV.', reason=str(error))
        raise BrokenFile([unread]) from error


def _bounded(lines: list[Line]) -> list[Line]:
    if len(lines) > MOST_LINES + 20:
        too_many = phrase(
            'A class list has at most {most} people; this file has {count} lines.', most=MOST_LINES, count=len(lines)
        )
        raise BrokenFile([too_many])
    if not lines:
        raise BrokenFile([phrase('The file is empty.')])
    return lines
