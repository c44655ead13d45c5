"""Names that were typed or pasted, and what people paste with them: columns of a spreadsheet, headings, footers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.core.markup import LINK
from services.core.phrases import phrase
from services.core.text import line as one_line
from services.courses.import_file import BrokenFile
from services.courses.pasted import without_marks
from services.people import list_cells, list_leavers, list_names, list_rows, list_web
from services.people.list_decoding import LONGEST_LIST, MOST_LINES
from services.people.list_headings import Fact, fact_of
from services.people.list_lines import Facts

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
_SEPARATORS = (';', 2), ('、', 2), ('،', 2), ('|', 2), (' / ', 2), ('\t', 2), ('•', 2), (' · ', 2), (',', 3)
"""what stands between people in one line, and how many parts make people of them"""
_NAMES = frozenset([Fact.NAME, Fact.FIRST, Fact.LAST])
_COLUMNS = '\t', ';', ',', r'\|', ' {2,}'
FIRST_NAMES = 4
"""single words between commas that are people: of three, one may be a whole name, with a title"""
_AROUND = re.compile(r'\s*[✓✔✗✘☐☑☒✅❌]\ufe0f?\s*$|\s+\(?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d)\)?\s*$')
"""what stands behind a name: a tick, a birthday"""
_CLASS = re.compile(r'\s*[(\[](\d{1,2}\s?[.-]?\s?[^\W\d_])[)\]]$|\s*[,;]\s*(\d{1,2}\s?[.-]?\s?[^\W\d_])$')
"""a class behind a name, as “7b” is one"""
_ONLY_A_CLASS = re.compile(r'\d{1,2}\s?[.-]?\s?[^\W\d_]?')
_TAG = re.compile(r'</?[a-z][a-z0-9]*(?:\s[^<>@]*)?/?>', re.IGNORECASE)
_MARKED = re.compile(r'(?<!\w)(\*\*|__)(?=\S)([^*_]+)\1(?!\w)')
"""bold letters of Markdown; above, a tag of a web page"""
_IN_QUOTES = re.compile(r'\s*\[?\s*(["\'])[^"\']+\1(?:\s*[,;]\s*\1[^"\']+\1)+\s*\]?[\s,;]*')
_HEAD = re.compile(r'^[ \t]*(?:to|cc|bcc|an|kopie|à|para|aan|til|till|a|do|komu)\s*:\s*', re.IGNORECASE | re.MULTILINE)
"""what stands in front of those who get a mail"""
_SENDER = re.compile(
    r'(?:from|sent|date|subject|reply-to|von|gesendet|datum|betreff|de|envoyé|objet|enviado|asunto|da|inviato|oggetto|van'
    r'|verzonden|onderwerp|fra|från|emne|ämne)\s*:\s'
)
"""what the other lines in the head of a mail begin with"""
_GROUP_IN_FRONT = re.compile(r'^[^:,;@]{1,30}:\s+')
_END = re.compile(r'(?<=[^\W\d_]{3})\.$')
_LAST_FIRST = re.compile(r'[^\W\d_][^\d@;,]*, [^\W\d_][^\d@;,]*')
_NEXT_NUMBER = re.compile(r'\s+(?=\d{1,3}[.)]\s)')
_TEACHES = re.compile(
    r'(?:meeting )?(?:co-?)?(?:host|organi[sz]er|owner|teacher)|presenter|instructor|moderator(?:in)?|lehrer(?:in)?'
    r'|organisator(?:in)?|besitzer(?:in)?'
)
"""what pages show below the name of somebody who does not learn"""
_LABEL = re.compile(
    r'student|guest|participant|attendee|learner|pupil|member|unverified|external|gast|schüler(?:in)?'
    r'|teilnehmer(?:in)?|(?:un)?muted'
)
"""what they show below any name"""
_OF_PAGES = re.compile(
    r'(?:people|contributors|in (?:the|this) (?:call|meeting|class|waiting room)|in call|in the lobby'
    r'|invited|joined|left|also invited|suggestions|im (?:anruf|meeting)|personen|personnes|personas)(?: ?\(\d+\))?'
)
"""what they show above names"""
_SIGNED = re.compile(
    r'(?:(?:best|kind|warm) )?regards|(?:all the )?best|cheers|(?:many )?thanks|thank you'
    r'|(?:viele|liebe|beste) grüss?e?'
    r'|(?:viele[nr]? )?(?:lieben )?dank|danke|lg|vg|mfg|mit freundlichen grüssen|cordialement|bien à vous|merci'
    r'|saludos|un saludo|gracias|cordiali saluti|grazie|met vriendelijke groet|bedankt'
)
"""what ends a mail: who is named below has written it"""
_GREETING = re.compile(
    r'(?:dear|hi|hello|hey|good (?:morning|afternoon)|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen)|moin'
    r'|bonjour|chère?s?|hola|buenos días|estimad[oa]s?|ciao|buongiorno|gentile|beste|hoi)\b[^,:;!@]{0,40}[,:!]'
)
"""how a mail begins, with the sign behind it: “Hi Jo” may be somebody"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed for one person, or a line that seems to be about nobody; an empty one keeps the numbers right."""

    words: str
    has_left: bool
    is_nobody: bool


def content_of(text: str) -> bytes | str:
    """Return what was pasted as the content of a table, if it has columns or headings, and else as names."""
    if list_web.is_page(text):
        return text.encode(errors='replace')
    text = _HEAD.sub('', text)
    lines = [line for line in list_cells.without_signs(text).splitlines()[: MOST_LINES + 20] if line.strip()]
    return text.encode(errors='replace') if lines and _is_table(lines) else text


def _is_table(lines: list[str]) -> bool:
    first = lines[0][:LONGEST_PASTED]
    if one_line(first).casefold() in _ALONE_ABOVE and len(lines) > 1:
        return True
    if any(
        len({fact_of(cell) for cell in re.split(sign, first)} - {''}) > 1 for sign in ('\t', ';', ',', r'\|', ' {2,}')
    ):
        return True
    if len(lines) > 1 and '\t' in first and _NAMES & {fact_of(cell) for cell in first.split('\t')}:
        return True
    if len(lines) > 1 and sum('\t' in _NUMBERED.sub('', line.rstrip()) for line in lines) * 2 > len(lines):
        return True
    semicolons = {line.rstrip(' ;').count(';') for line in lines}
    return len(lines) > 1 and '@' not in first and len(semicolons) == 1 and semicolons != {0}


def facts_of(text: str) -> Iterator[Facts]:
    """Yield one person for each line that was typed: a name, and perhaps an address with it; raises `BrokenFile`."""
    if len(text) > LONGEST_LIST:
        raise BrokenFile([phrase('This text is larger than 256 kB; a class list never is.')])
    last: Facts | None = None
    for number, typed in enumerate(_rows(text), start=1):
        facts = _facts(number, typed)
        if last and not last.is_nobody and not last.email and facts.email and not facts.name:
            facts = replace(last, email=facts.email)  # below the name that it belongs to
        elif last:
            yield last
        last = facts if facts.name or facts.email else None
    if last:
        yield last


def _facts(number: int, typed: Typed) -> Facts:
    words = one_line(without_marks(typed.words))
    address = list_cells.ADDRESS.search(words) if '@' in words and len(words) <= LONGEST_PASTED else None
    name = words.replace(address[0], ' ') if address else words
    name = list_cells.plain(' '.join(name.strip(' ,;|–-:' if address else ' ,;|').split()))
    name, group = _name_and_group(name)
    return Facts(
        line=number,
        name=list_names.turned(name),
        email=address[1] if address else '',
        number='',
        groups=(group,) if group else (),
        role='',
        has_left=typed.has_left or list_leavers.says_so(name),
        is_nobody=typed.is_nobody,
        text=words,
    )


def _rows(text: str) -> Iterator[Typed]:
    """Yield what was typed for each person, and whether a title above says that they have left or are others."""
    learn, have_left = True, False
    lines = list_cells.first_cells(_plain(line) for line in list_cells.without_signs(text).splitlines())
    said = [one_line(line) for line in lines]
    for row, words, below in zip(lines, said, [*said, ''][1:], strict=True):
        title = words.lstrip('# ')
        is_title = list_leavers.is_title(title)
        section = True if is_title else list_rows.section(title)
        if section is not None:
            learn, have_left = section, is_title
        is_signed = bool(_SIGNED.fullmatch(words.casefold().strip(' ,.!')))
        learn = learn and not is_signed
        is_other = bool(_TEACHES.fullmatch(below.casefold())) or _are_initials(words, below)
        is_nobody = section is not None or not learn or is_other or _is_nobody(words)
        parts = [row] if is_nobody else [_AROUND.sub('', part) for part in _people_in(row)]
        is_nobody = is_nobody or (len(parts) == 1 and list_rows.is_footer(words))
        yield from (Typed(words=part, has_left=have_left, is_nobody=is_nobody) for part in parts)


def _name_and_group(name: str) -> tuple[str, str]:
    """Return a name that was typed, and the class behind it: “Lena Brandt (7b)”, “Lena Brandt, 7b”."""
    name = list_names.without_remarks(list_names.uncounted(name))
    found = _CLASS.search(name)
    if not found or not found.start():
        return name, ''
    return list_names.without_remarks(name[: found.start()]), found[1] or found[2]


def _plain(line: str) -> str:
    """Return a line with single spaces, which all patterns below need to be quick, and without links and bold signs."""
    line = re.sub(r'(\s)\s*', r'\1', line)
    if len(line) > LONGEST_PASTED:
        return line
    line = list_cells.plain(line) if line.lstrip()[:1] == '=' else line
    line = _TAG.sub(' ', line)
    return _MARKED.sub(r'\2', LINK.sub(r'\1', line))


def _are_initials(words: str, below: str) -> bool:
    """Tell whether a line has the letters of a picture that stands for the person below: “LB” above Lena Brandt."""
    letters = [word[0] for word in re.findall(r'[^\W\d_]+', below.partition('(')[0])]
    return len(letters) > 1 and words in {''.join(letters[:2]), letters[0] + letters[-1], ''.join(letters[:3])}


def _is_nobody(words: str) -> bool:
    title, colon, _ = words.partition(':')
    plain = words.casefold()
    is_figure = (bool(colon) or words[:1].isdigit()) and list_rows.is_summary(words, is_alone=True)
    is_other = list_rows.is_of_others(words, title if colon else '')
    counted = re.fullmatch(r'\d+ (.+)', words)
    if counted and list_rows.section(counted[1]) is not None:
        return True  # “24 students”
    is_label = any(known.fullmatch(plain) for known in (_TEACHES, _LABEL, _ONLY_A_CLASS))
    is_said = words.endswith((':', '!')) or is_label
    is_of_page = any(known.fullmatch(plain) for known in (_OF_PAGES, _GREETING)) or bool(_SENDER.match(plain))
    return is_figure or is_other or is_said or is_of_page or _is_left_out(words)


def _is_left_out(words: str) -> bool:
    return bool(words) and list_rows.is_left_out([words])


def _people_in(row: str) -> list[str]:
    """Return the people of one line, if there are several: as in the head of a mail, or with commas between names."""
    if len(row) <= LONGEST_PASTED and _IN_QUOTES.fullmatch(row):
        return re.findall(r'["\']([^"\']+)["\']', row)
    if row.strip().startswith('@'):
        return re.split(r'\s+(?=@)', row[:LONGEST_PASTED].strip())
    if row.count('@') > 1:
        return _with_addresses(row)
    if len(row) > LONGEST_PASTED:
        return [row]
    if len(numbered := _NEXT_NUMBER.split(row.strip())) > 2 and row.lstrip().startswith('1'):
        return numbered
    return _in_one_line(_GROUP_IN_FRONT.sub('', row)) or _in_one_line(row) or [row]


def _with_addresses(row: str) -> list[str]:
    """Return the people of a line who all have an address, or are nothing but one."""
    parts = [part.strip() for part in _BEHIND_ADDRESS.split(row) if part.strip()]
    alone = [part.strip() for part in row.split(',') if part.strip()]
    parts = alone if len(parts) == 1 and all(part.count('@') == 1 and ' ' not in part for part in alone) else parts
    have_names = {' ' in part or '<' in part for part in parts}
    return parts if len(parts) > 1 and len(have_names) == 1 and all('@' in part for part in parts) else [row]


def _in_one_line(row: str) -> list[str]:
    """Return the names of a line, if nothing else is in it and there is more than one."""
    turned = [part.strip() for part in row.split(';') if part.strip()]
    if len(turned) > 1 and all(_LAST_FIRST.fullmatch(_CLASS.sub('', part)) for part in turned):
        return turned
    for sign, least in _SEPARATORS:
        parts = [_END.sub('', part.strip()) for part in row.split(sign) if part.strip()]
        parts = [*parts[:-1], *_AND.split(parts[-1])] if sign == ',' and parts else parts
        if len(parts) >= (2 if ',' not in row and sign == ',' else least) and all(map(_is_whole_name, parts)):
            return parts
    words = [part.strip() for part in row.split(',') if part.strip()]
    return words if len(words) >= FIRST_NAMES and all(map(str.isalpha, words)) else []


def _is_whole_name(part: str) -> bool:
    return (' ' in part or _IN_ONE.fullmatch(part) is not None) and bool(_NAME.fullmatch(part))
