"""What programs put into the cells of a list and nobody reads there: signs of HTML, links, quotes of spreadsheets."""

import html
import re
from collections.abc import Iterable, Sequence

from services.core.markup import SIGN

ADDRESS = re.compile(r'[<(\[]?\s*([^\s<>()\[\],;]+@[^\s<>()\[\],;]+)\s*[>)\]]?')
"""an e-mail address, with brackets around it"""
_LINK = re.compile(r'\s*=HYPERLINK\("[^"]*"[,;]\s*"([^"]*)"\)\s*', re.IGNORECASE)
_QUOTED = re.compile(r'\s*(?:"([^"]+)"|“([^”]+)”|„([^“]+)“|«\s?([^»]+?)\s?»|\'(.+)\')\s*')
_TEXT_QUOTE = re.compile(r"'(?=[^\W_a-z]|\S+@)(?!.*'(?:\W|$))")
_SURELY_ONE = re.compile(r"'(?=[\dB-DF-HJ-NP-TV-XZ=+@-])(?!.*'(?:\W|$))")
"""before a vowel it may be a letter, as in “'Abd”, and before a small one a word, as in “'t Hooft”"""


def without_signs(text: str) -> str:
    """Return a text with the characters that `M&uuml;ller` and `O&#39;Neil` stand for."""
    return SIGN.sub(_character, text) if '&' in text else text


def _character(found: re.Match[str]) -> str:
    said = found[0]
    for _ in range(4):
        said = html.unescape(said)
    if '&' in said[1:] or ';' in said:
        return found[0]
    return '”' if said == '"' else ' ' if said in ',\t|\n\r' else said


def plain(cell: str) -> str:
    """Return what a cell shows: without quotes around it, `="007"` as 007, and of a link what it is called."""
    if link := _LINK.fullmatch(cell):
        return link[1]
    if cell.startswith('="') and cell.endswith('"') and cell.count('"') == 2:
        return cell[2:-1]
    quoted = _QUOTED.fullmatch(cell)
    return next(filter(None, quoted.groups())) if quoted else cell


def without_text_quotes(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return rows without the sign by which a spreadsheet is told that a cell is a text: `'Lena`, `'007`."""
    if not any(_SURELY_ONE.match(cell) for row in rows for cell in row):
        return list(map(tuple, rows))
    return [tuple(cell[1:] if _TEXT_QUOTE.match(cell) else cell for cell in row) for row in rows]


def first_cells(rows: Iterable[str]) -> list[str]:
    """Return typed lines without the sign that their cells were texts."""
    return [row for (row,) in without_text_quotes([(row,) for row in rows])]
