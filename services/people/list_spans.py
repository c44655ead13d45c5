"""Headings in two rows: “Parent” above “Name” and “E-mail”, as merged cells of a spreadsheet become."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.core.text import clean
from services.core.text import line as one_line
from services.people.list_decoding import Line
from services.people.list_headings import fact_of

LONGEST_SPAN = 60
"""letters of a heading above others"""
_OTHERS = re.compile(
    r'\b(?:parents?|mothers?|fathers?|guardians?|carers?|mum|mom|dad|emergency|next of kin|contact \d|teachers?'
    r'|instructors?'
    r'|eltern\w*|mutter|vater|erziehungsberechtigte\w*|sorgeberechtigte\w*|notfall\w*|lehrer\w*|klassenlehr\w*'
    r'|lehrkraft'
    r'|mère|père|responsables?|représentants?|professeurs?|enseignants?|padres?|madres?|tutora?(?: legal)?|acudiente'
    r'|apoderado|profesora?|docente|genitor[ei]|pais|mãe|pai|encarregado|responsável|ouders?|moeder|verzorgers?|docent'
    r'|rodzic\w*|matka|ojciec|opiekun\w*|nauczyciel|foresatte?|föräldrar|förälder|vårdnadshavare|huoltaja|lärare|lærer'
    r'|мать|отец|родител\w*|учител\w*|мати|батько|батьк\w*|вчител\w*|γονέα\w*|μητέρα\w*|πατέρα\w*|anne|baba|veli)\b'
    r'|家长|家長|父亲|母亲|監護人|监护人|保護者|학부모|보호자|教师|老师|老師|הורה|הורים|أب|أم|ولي الأمر|المعلم'
)
_AROUND = re.compile(
    r'\b(?:and|or|und|oder|et|ou|y|o|e|en|of|details?|info(?:rmation)?|data|daten|contacts?|kontakte?|legal|\d)\b|[\W_]'
)
"""what may stand around the word for other people in a heading above others; “Teacher Jo Lind” is a title"""
_CHILD = re.compile(
    r'\b(?:child|student|pupil|learner|kind|schüler\w*|élève|enfant|alumn[oa]|estudiante|hij[oa]|figli[oa]|leerling'
    r'|elev|uczeń|ученик)\b'
)


def is_of_others(cell: str) -> bool:
    """Tell whether a heading is about parents or teachers: “E-mail (Eltern)”, but not “Child of the parent”."""
    plain = clean(cell[:200]).casefold().replace('_', ' ')
    return bool(_OTHERS.search(plain)) and not re.search(rf'{_CHILD.pattern}\W*$', plain)


def merged(lines: Sequence[Line], top: Line) -> Line:
    """Return the row of the headings with what the rows beside it add, if the headings are in two rows.

    The number of the line is that of the last row with headings.
    """
    place = lines.index(top)
    below = lines[place + 1] if place + 1 < len(lines) else None
    if below is not None and _is_below(top, below):
        return _under(top, below)
    above = lines[place - 1] if place else None
    if above is None or above.number == top.number or not _spans(above):
        return top
    return _under(above, top)


def _is_below(top: Line, below: Line) -> bool:
    """Tell whether a row has nothing but headings, under a title, or where the row above has none."""
    filled = [number for number, cell in enumerate(below.cells) if one_line(cell)]
    titles = [one_line(''.join(top.cells[number : number + 1])) for number in filled]
    are_new = any(not title or _is_span(title) for title in titles)
    return bool(filled) and are_new and all(fact_of(below.cells[number]) for number in filled)


def _spans(above: Line) -> bool:
    """Tell whether a row has headings, or titles above some of the columns; one in front is a title of all."""
    cells = [one_line(cell) for cell in above.cells]
    is_title = bool(cells[0]) and (cells[0].endswith(':') or not any(cells[1:]))
    return not is_title and any(bool(fact_of(cell)) or _is_span(cell) for cell in cells)


def _is_span(title: str) -> bool:
    """Tell whether a title is of the columns about other people, and nothing more: “Parent / Guardian 1”."""
    plain = title.casefold()
    return len(title) <= LONGEST_SPAN and is_of_others(plain) and not _AROUND.sub('', _OTHERS.sub('', plain))


def _under(above: Line, below: Line) -> Line:
    """Return one row of headings made of two: each with the title that spans it, if that is about other people."""
    width = max(len(above.cells), len(below.cells))
    titles = [*map(one_line, above.cells), *[''] * (width - len(above.cells))]
    names = [*map(one_line, below.cells), *[''] * (width - len(below.cells))]
    span, cells = '', []
    for title, name in zip(titles, names, strict=True):
        span = title or (span if name else '')
        cells.append((f'{span}: {name}' if _is_span(span) and name else name) or title)
    return replace(below, cells=tuple(cells))
