"""Words as they are searched for: neither case nor accents matter, and both databases see the same ones."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.core.signs import Signs

AROUND = 90
"""How many characters of a note are shown before and after what was found."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt, and whether it is what was looked for."""

    text: str
    is_hit: bool


def words(text: str) -> list[str]:
    """Return the words of a text, folded; of a script that is written without spaces, the single characters."""
    return [word for _, _, found in _places(text) for word in found]


def folded(texts: Iterable[str]) -> str:
    """Return the words of some texts with single spaces between them, as the index keeps them."""
    return ' '.join(dict.fromkeys(word for text in texts for word in words(text)))


def excerpt(text: str, wanted: Iterable[str]) -> tuple[Piece, ...]:
    """Return the part of a text where the first of the wanted beginnings of words is, with all that are in it."""
    beginnings = tuple(wanted)
    hits = [
        (start, end)
        for start, end, found in _places(text)
        if beginnings and any(word.startswith(beginnings) for word in found)
    ]
    middle = hits[0][0] if hits else 0
    first, last = max(0, middle - AROUND), min(len(text), middle + 2 * AROUND)
    pieces = [Piece('… ', False)] if first else []
    at = first
    for start, end in hits:
        if first <= start and end <= last:
            pieces += [Piece(text[at:start], False), Piece(text[start:end], True)]
            at = end
    pieces.append(Piece(text[at:last] + (' …' if last < len(text) else ''), False))
    return tuple(piece for piece in pieces if piece.text)


def _places(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield from where to where each word is, and what it is folded to."""
    for found in _WORD.finditer(text.translate(_SHAPE)):
        start, end = found.span()
        yield start, end, _fold(text[start:end])


def _fold(word: str) -> list[str]:
    plain = unicodedata.normalize('NFKD', word).translate(_NO_ACCENTS).casefold()
    return unicodedata.normalize('NFC', plain).translate(_APART).split()


def _in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith('M')


def _apart(sign: str) -> str:
    """Return a sign as it stands among others, with spaces where a word ends."""
    if _UNSPACED.match(sign):
        return f' {sign} '
    return sign if _in_word(sign) else ' '


_UNSPACED = re.compile('[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]')
_NO_ACCENTS = dict.fromkeys([*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x670])
_APART = Signs(_apart)
_SHAPE = Signs(lambda sign: 'a' if _in_word(sign) else ' ')
"""the shape of a text: a letter for each sign of a word"""
_WORD = re.compile('a+')
