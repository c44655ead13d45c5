"""Words as they are searched for: neither case nor accents matter, and both databases see the same ones."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    start = None
    for at, sign in enumerate([*text, ' ']):
        if _in_word(sign):
            start = at if start is None else start
        elif start is not None:
            yield start, at, _fold(text[start:at])
            start = None


def _fold(word: str) -> list[str]:
    plain = _ACCENTS.sub('', unicodedata.normalize('NFKD', word)).casefold()
    joined = unicodedata.normalize('NFC', plain)
    apart = ''.join(f' {sign} ' if _UNSPACED.match(sign) else sign if _in_word(sign) else ' ' for sign in joined)
    return apart.split()


def _in_word(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith('M')


_ACCENTS = re.compile('[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]')
_UNSPACED = re.compile('[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]')
