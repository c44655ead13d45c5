"""Checkpoints as they are pasted: one line each, with what Word, Docs, Pages, Excel and Markdown put around them."""

import html
import re
import unicodedata
from dataclasses import dataclass

from services.core.markup import LINK, SIGN
from services.courses import video_links

LONGEST_TITLE = 120
SHORTEST_SENTENCE = 20
"""Letters of a sentence that can stand as a title alone."""
MOST_MARKS = 6
"""in front of one line, such as `> - 1. [ ]`"""
MOST_ENDING = 40
"""Letters at the end of a line in which its minutes are looked for."""

_BULLET = (
    r'(?:[-*+•◦▪▫●○◉◎■□◆◇▶▷►▸‣⁃∙·–—→⇒➔➢➤➜❖❑❒§¤✓✔✗✘☐☑☒☞»›~_|⁌⁍⬥⬦⚫⚪⬛⬜◼◻◾◽✅❌❎🔲🔳🔹🔸🔷🔶➡👉🔘\ue000-\uf8ff]'
    r'|[=-]>)\ufe0f?'
)
_ALONE = r'[•◦▪▫●○■□◆◇►▸‣⁃∙➢➤❖❑✓✔☐☑☒⬛⬜✅\ue000-\uf8ff①-⓿⒈-⒛❶-➓㈠-㈩㊀-㊉🔟]\ufe0f?|\d\ufe0f?\u20e3'
"""bullets that need no space behind them, because no word begins with them"""
_GAP = r'(?:\s+|$)'
_MARK = re.compile(
    rf'(?:{_BULLET}{_GAP}|(?:{_ALONE})\s*|o\t\s*|>\s*|\#{{1,6}}{_GAP}|\[.?\]{_GAP}'
    rf'|[(（]?(?:\d{{1,3}}[a-z]?|[a-zA-Zа-яα-ω]|[ivxIVX]{{2,5}}|[\u2160-\u217f])\.?[)）]{_GAP}'  # 1) (a) iv) 1.)
    rf'|(?:\d{{1,3}}[a-z]?|[a-z]|[ivxIVX]{{2,5}}|[\u2160-\u217f]|[가-힣ア-ン])\.:?{_GAP}'  # 1. a. iv. 1a.
    rf'|(?:\{{\d{{1,3}}\}}|\d{{1,3}}>|\d{{1,3}}\\\.|\*\*\d{{1,3}}[.)]\*\*|\d{{1,3}}-\d{{1,3}}[.)]){_GAP}'
    r'|\d{1,3}[.)](?=[^\W\d_]{2})|\d{1,2}\s[-–—]\s(?=[^\W\d_])'  # 1.Wet, and 1 - Wet
    rf'|[A-Z]\.(?:\t\s*|$)|\d{{1,3}}(?:\t\s*)'  # A. and 1 before a tab
    rf'|\d{{1,3}}(?:\.\d{{1,3}}){{1,4}}[.)]{_GAP}'  # 1.2. 1.2)
    rf'|\d{{1,3}}(?:\.\d{{1,3}}){{2,4}}{_GAP}|\d{{1,3}}\.\d{{1,3}}\t\s*'  # 1.2.3, and 1.2 before a tab
    r'|(?:\d{1,3}|[一二三四五六七八九十]{1,3})[、．]\s*|[（(][一二三四五六七八九十\d]{1,3}[）)]\s*)'
)
_MINUTES = r"(?:minutes?|minuten|minutos?|minuti|mins?|m|['’′])\.?"
_HOURS = r'(?:hours?|hrs?|stunden?|std|heures?|horas?|h)\.?'
_TIME = (
    rf'(?:(?P<hour>\d{{1,2}}):(?P<past>[0-5]\d)\s*{_HOURS}'
    rf'|(?P<hours>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s*{_HOURS}(?:\s*(?P<more>[0-5]?\d)\s*(?:{_MINUTES})?)?'
    rf'|(?P<minutes>\d{{1,4}})\s*{_MINUTES})'
)
_ABOUT = r'(?:(?:about|approx\.?|ca\.?|circa|etwa|~|≈)\s*)?'
_IN_BRACKETS = re.compile(rf'\s*[(\[]\s*{_ABOUT}{_TIME}\s*[)\]]\s*$', re.IGNORECASE)
_BEHIND = re.compile(rf'(?P<sign>\s*[-–—:,;|·/]\s+|\s+){_ABOUT}{_TIME}\s*$', re.IGNORECASE)
_IN_FRONT = re.compile(
    rf'(?P<open>[(\[]\s*)?{_ABOUT}{_TIME}\s*(?(open)[)\]]\s*[-–—:,;|·•]?|[:|·•–—-])\s+(?=\S)', re.IGNORECASE
)
"""a time in front of what it is for: “5 min: Warm up”, “(5 min) Warm up”"""
_METRES_IN_FRONT = re.compile(r'\W*\d+\s*m\b', re.IGNORECASE)
_METRES = re.compile(r'\d\s+m\.?\s*$')
_NEEDS_IT = re.compile(
    r'\b(?:for|about|after|at|by|every|for|in|of|per|than|the|to|within|für|nach|alle|in|von|bis|pendant|après|durante)$',
    re.IGNORECASE,
)
"""Words after which a time belongs to the sentence: "Wait for 10 min"."""
_ADDRESS = re.compile(r'https://[^\s<>"”“]*[^\s<>"”“.,;:!?)\]]')
_BOLD = re.compile(r'(?<![\w*_])(\*\*|__|~~)(?=\S)([^*_~]+)(?<=\S)\1(?![\w*_])')
_STYLED = re.compile(r'([*_`])(?=\S)([^*_`]+)(?<=\S)\1')
"""bold letters anywhere in a line; a line that is italic, or code, as a whole"""
_BETWEEN = ' -–—:,;|·'
"""what stands between a name and an address"""
_SENTENCE = re.compile(r'[.!?…。！？]["”’»)]?(?=\s)|[。！？]|[:;](?=\s)')
_BLANK = frozenset('\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0')
"""Letters for Unicode that show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it is meant."""

    number: int
    title: str
    description: str = ''
    minutes: int | None = None
    link: str = ''
    """the address of its video"""


def read(text: str) -> list[Line]:
    """Return the checkpoints of a pasted text; lines without anything to read are left out."""
    lines = [
        _read(number, line) for number, line in enumerate(text.splitlines(), start=1) if line and not line.isspace()
    ]
    return [line for line in lines if is_readable(line.title)]


def count(text: str) -> int:
    """Return how many lines have anything on them, which takes no time."""
    return sum(not line.isspace() for line in text.splitlines() if line)


def is_readable(text: str) -> bool:
    """Whether there is a letter, a digit or a picture in a text that shows."""
    return any(unicodedata.category(sign)[0] in 'LN' or _is_picture(sign) for sign in text if sign not in _BLANK)


def _is_picture(sign: str) -> bool:
    return unicodedata.category(sign) == 'So' and sign not in _BLANK


def _read(number: int, line: str) -> Line:
    line = SIGN.sub(lambda found: html.unescape(found[0]), line)
    words, link = _without_link(_plain(line))
    words, minutes = _without_minutes(words)
    linked = LINK.fullmatch(words)
    if linked and linked[2].startswith(('http://', 'https://')):
        words, leads_to = linked[1], linked[2]
    else:
        leads_to = ''
    title, description = _cut(words if is_readable(words) or not link else video_links.host_of(link))
    description = description or leads_to
    return Line(number=number, title=title, description=description, minutes=minutes, link=link)


def _plain(line: str) -> str:
    """Return what a line says: without the marks in front, and what ends a heading or a row of a table in Markdown."""
    words = ' '.join(without_marks(line).split())
    begin = line.lstrip(_INVISIBLE)[:1]
    words = words.rstrip(' |') if begin == '|' else re.sub(r' #+$', '', words) if begin == '#' else words
    words = _BOLD.sub(r'\2', words)
    styled = _STYLED.fullmatch(words)
    return styled[2] if styled else words


def without_marks(line: str) -> str:
    """Return a line without the bullet, number or box that a program put in front of it."""
    for _ in range(MOST_MARKS):
        line = line.lstrip(_INVISIBLE)
        found = _MARK.match(line)
        if not found:
            break
        line = line[found.end() :]
    return line


def _without_link(words: str) -> tuple[str, str]:
    """Return what is said beside the address of a video, and the address; a line with several is left as it is."""
    found = _ADDRESS.findall(words)
    if len(found) != 1 or not video_links.is_video(found[0]):
        return words, ''
    apart = LINK.sub(lambda link: f'{link[1]} {link[2]}' if link[2].startswith('https:') else link[0], words)
    before, _, behind = apart.partition(found[0])
    before, behind = before.rstrip('<(["“'), behind.lstrip('>)]"”')
    return f'{before.rstrip(_BETWEEN)} {behind.lstrip(_BETWEEN)}'.strip(), found[0]


def _without_minutes(words: str) -> tuple[str, int | None]:
    ahead, ending = words[:-MOST_ENDING], words[-MOST_ENDING:]
    if found := _IN_BRACKETS.search(ending):
        return ahead + ending[: found.start()].rstrip(), _minutes(found)
    if (found := _IN_FRONT.match(words)) and not _METRES_IN_FRONT.match(words):
        return words[found.end() :], _minutes(found)
    found = _BEHIND.search(ending)
    if found is None or _METRES.search(ending):
        return words, None
    rest = (ahead + ending[: found.start()]).rstrip()
    if not is_readable(rest):
        return words, None
    if _NEEDS_IT.search(rest[-MOST_ENDING:]) or rest[-1] in '-–—<>~':
        return words, _minutes(found)
    return rest, _minutes(found)


def _minutes(found: re.Match[str]) -> int:
    if found['hour']:
        return int(found['hour']) * 60 + int(found['past'])
    if found['hours']:
        return round(float(found['hours'].replace(',', '.')) * 60) + int(found['more'] or 0)
    return int(found['minutes'])


def _cut(words: str) -> tuple[str, str]:
    """Return a title that is short enough, and what is left of a long one."""
    if len(words) <= LONGEST_TITLE:
        return words, ''
    ends = [found.end() for found in _SENTENCE.finditer(words[: LONGEST_TITLE + 1])]
    if ends and SHORTEST_SENTENCE <= ends[-1] <= LONGEST_TITLE:
        return words[: ends[-1]].rstrip(':;'), words[ends[-1] :].strip()
    space = words.rfind(' ', 0, LONGEST_TITLE)
    return words[: space if space > LONGEST_TITLE // 2 else LONGEST_TITLE - 1].rstrip() + '…', words


_INVISIBLE = ''.join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0xAD, *range(0x200B, 0x2010), 0x2028, 0x2029))) + (
    '\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202a\u202b\u202c\u202d\u202e\u202f'
    '\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u3000\ufeff'
)
