"""Names that were typed or pasted, and what people paste with them: columns of a spreadsheet, headings, footers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.core.text import line as one_line
from services.people import list_leavers, list_rows
from services.people.list_decoding import MOST_LINES
from services.people.list_headings import fact_of

LONGEST_PASTED = 1_000
"""letters of a line in which people are told apart; how long that takes grows faster than the line"""
_ALONE_ABOVE = frozenset(
    [
        'name',
        'names',
        'namen',
        'full name',
        'student',
        'students',
        'student name',
        'schüler',
        'noms',
        'élèves',
        'alumnos',
    ]
)
"""a first line that is the heading of those below"""
_NUMBERED = re.compile(r'^\s*\d{1,3}[.)]?\t')
_BEHIND_ADDRESS = re.compile(r'(?<=>)\s*[,;]|;')
"""between two people, as mail programs write them: “Lena <lena@…>; Omar <omar@…>”"""
_IN_ONE = re.compile('[\u3400-\u9fff]{2,4}')
"""a Chinese name, which has no space in it"""
_NAME = re.compile(r'[^\W\d_][^\d@;,]*')
_AND = re.compile(r'\s+(?:and|und|et|y|e|en|och|og|&)\s+(?=\S+ )', re.IGNORECASE)
_SEPARATORS = (';', 2), ('、', 2), ('،', 2), ('|', 2), (' / ', 2), (',', 3)
"""what stands between people in one line, and how many parts make people of them"""
_AROUND = re.compile(
    r'^\s*(?:\d{1,3}\s+|@)(?=[^\W\d_])'
    r'|\s*[✓✔✗✘☐☑☒]+\s*$|\s+\(?\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\)?\s*$'
    r'|\s*\((?:absent|present|late|excused|guest|abwesend|anwesend|fehlt|entschuldigt|gast|absente|présente?|retard'
    r'|invitée?|ausente|presente|assente|afwezig)\)\s*$',
    re.IGNORECASE,
)
"""what stands in front of a name or behind it: a number, a mention, a tick, a birthday, whether they are there"""
_LABELS = frozenset(['host', 'meeting host', 'organizer', 'organiser', 'owner', 'student', 'guest', 'participant'])
"""what pages show below a name"""
_SIGNED = re.compile(
    r'(?:(?:best|kind|warm) )?regards|(?:all the )?best|cheers|(?:viele|liebe|beste) grüße|lg|vg|mfg'
    r'|mit freundlichen grüßen|cordialement|bien à vous|saludos|un saludo|cordiali saluti|met vriendelijke groet'
)
"""what ends a mail: who is named below has written it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed for one person, or a line that seems to be about nobody; an empty one keeps the numbers right."""

    words: str
    has_left: bool
    is_nobody: bool


def content_of(text: str) -> bytes | str:
    """Return what was pasted as the content of a table, if it has columns or headings, and else as names."""
    lines = [line for line in text.splitlines()[: MOST_LINES + 20] if line.strip()]
    return text.encode(errors='replace') if lines and _is_table(lines) else text


def _is_table(lines: list[str]) -> bool:
    first = lines[0][:LONGEST_PASTED]
    if one_line(first).casefold() in _ALONE_ABOVE and len(lines) > 1:
        return True
    if any(len({fact_of(cell) for cell in first.split(sign)} - {''}) > 1 for sign in '\t;,|'):
        return True
    if sum('\t' in _NUMBERED.sub('', line.rstrip()) for line in lines) * 2 > len(lines):
        return True
    semicolons = {line.rstrip(' ;').count(';') for line in lines}
    return len(lines) > 1 and '@' not in first and len(semicolons) == 1 and semicolons != {0}


def rows(text: str) -> Iterator[Typed]:
    """Yield what was typed for each person, and whether a title above says that they have left or are others."""
    learn, have_left = True, False
    for row in text.splitlines():
        words = one_line(row[:LONGEST_PASTED])
        is_title = list_leavers.is_title(words)
        section = True if is_title else list_rows.section(words)
        if section is not None:
            learn, have_left = section, is_title
        is_signed = bool(_SIGNED.fullmatch(words.casefold().strip(' ,.!')))
        learn = learn and not is_signed
        is_nobody = section is not None or not learn or _is_nobody(words)
        parts = [row] if is_nobody else [_AROUND.sub('', part) for part in _people_in(row)]
        yield from (Typed(words=part, has_left=have_left, is_nobody=is_nobody) for part in parts)


def _is_nobody(words: str) -> bool:
    title, colon, _ = words.partition(':')
    is_figure = (bool(colon) or words[:1].isdigit()) and list_rows.is_summary(words, is_alone=True)
    is_other = list_rows.is_of_others(words, title if colon else '')
    counted = re.fullmatch(r'\d+ (.+)', words)
    if counted and list_rows.section(counted[1]) is not None:
        return True  # “24 students”
    is_said = words.endswith((':', '!')) or words.casefold() in _LABELS
    return is_figure or is_other or is_said or list_rows.is_footer(words) or _is_left_out(words)


def _is_left_out(words: str) -> bool:
    return bool(words) and list_rows.is_left_out([words])


def _people_in(row: str) -> list[str]:
    """Return the people of one line, if there are several: as in the head of a mail, or with commas between names."""
    if row.strip().startswith('@'):
        return re.split(r'\s+(?=@)', row[:LONGEST_PASTED].strip())
    if row.count('@') > 1:
        parts = [part for part in _BEHIND_ADDRESS.split(row) if part.strip()]
        return parts if len(parts) > 1 and all('@' in part and ' ' in part.strip() for part in parts) else [row]
    for sign, least in _SEPARATORS:
        parts = [part.strip() for part in row[:LONGEST_PASTED].split(sign) if part.strip()]
        parts = [*parts[:-1], *_AND.split(parts[-1])] if sign == ',' and len(parts) > 1 else parts
        if len(parts) >= least and len(row) <= LONGEST_PASTED and all(map(_is_whole_name, parts)):
            return parts
    return [row]


def _is_whole_name(part: str) -> bool:
    return (' ' in part or _IN_ONE.fullmatch(part) is not None) and bool(_NAME.fullmatch(part))
