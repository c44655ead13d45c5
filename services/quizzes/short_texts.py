"""Short answers as people type them, compared with those that an author takes."""

import re
import unicodedata

from rapidfuzz.distance import DamerauLevenshtein

from services.quizzes.question import Question

LONGEST = 1_000
ONE_TYPO, TWO_TYPOS = 5, 9
"""letters from which on one typo is forgiven, or two"""
_BLANKS = re.compile(r'\s+')
_AS_TYPED = str.maketrans(
    dict.fromkeys('‘’‚‛ʼ′´`', "'")
    | dict.fromkeys('“”„‟″', '"')
    | dict.fromkeys('‐‑‒–—−', '-')
    | {'…': '...'}
    | dict.fromkeys('\u00ad\u200b\u200e\u200f\u2060\ufeff')
)
"""what phones make of quotes and dashes as they are typed, and signs that cannot be seen"""
_STAR = re.compile(r'(?<!\\)\*')


def fits(answer: str, pattern: str, question: Question) -> bool:
    """Tell whether an answer is the one that a pattern describes, as the question wants it compared.

    `*` in a pattern stands for any letters, also none, and `\\*` for a star.
    """
    given = plain(answer[:LONGEST], question)
    pieces = [plain(piece.replace('\\*', '*'), question, trims=False) for piece in _STAR.split(pattern.strip())]
    if len(pieces) == 1:
        return given == pieces[0] or (question.forgives_typos and _is_typo(given, pieces[0]))
    return _fits_pieces(given, pieces)


def plain(text: str, question: Question, *, trims: bool = True) -> str:
    """Return a text as it is compared: in one Unicode form, with single blanks, without what the question ignores."""
    text = _BLANKS.sub(' ', unicodedata.normalize('NFC', text).translate(_AS_TYPED))
    if trims:
        text = text.strip()
    if not question.minds_case:
        text = text.casefold()
    if not question.minds_accents:
        parts = unicodedata.normalize('NFD', text)
        text = ''.join(each for each in parts if not unicodedata.combining(each))
    return unicodedata.normalize('NFC', text)


def _fits_pieces(given: str, pieces: list[str]) -> bool:
    """Tell whether the pieces come one after the other, the first at the beginning and the last at the end."""
    first, *middle, last = pieces
    if not given.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        if (found := given.find(piece, place)) < 0:
            return False
        place = found + len(piece)
    return len(given) - place >= len(last) and given.endswith(last)


def _is_typo(given: str, right: str) -> bool:
    """Tell whether an answer is the right one but for a slip; where there are digits, each one counts."""
    letters = len(right)
    if letters < ONE_TYPO or any(each.isdigit() for each in given + right):
        return False
    most = 2 if letters >= TWO_TYPOS else 1
    return int(DamerauLevenshtein.distance(given, right, score_cutoff=most)) <= most
