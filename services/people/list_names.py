"""The names of a list: without what programs put around them, and in the order in which they are said."""

import re
from collections.abc import Sequence

_NO_NAME = re.compile(r'[=@()"<>/\\&]')
_COUNTED = re.compile(
    r'^(?:#?\(?\d{1,3}(?:\s*[.):\]]\s*|\s+[-–]\s+|[-–]\s+|\s+)|\d{4,12}(?:\s*[-–:]\s+|\s+)|[A-Za-z]\)\s*'
    r'|\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s+|[•◦▪▫‣·*○●□■☐☑☒✓✔✅❌→>–-]\ufe0f?\s+'
    r'|\*{1,2}|[@+~](?=[^\W\d_]+(?:[ ’.-][^\W\d_]*)*$)|\[[ xX✓]?\]\s*)'
    r'(?=[^\W\d_])|^(?:and|und|et)\s+(?=\S+ )'
    r'|(?<=[^\W\d_])\s?[*†‡]+$|(?<=[^\W\d_])(?:\s*\(#?\d{2,12}\)|\s+[-–]?\s?#?\d{4,12})$'
)
"""the number of a line, a time, a bullet or a box in front of its name, and a mark for a note behind: “1. Lena*”"""
_HANGUL = re.compile('[\uac00-\ud7a3]+')
_EAST_ASIAN = re.compile('[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+')
LONGEST_IN_ONE = 3
"""letters of a Chinese name, which is written in one; a Japanese one has four, mostly, and a space"""
_CALLED = re.compile(r'\s*(?:\([^\W\d_]+(?:[ -][^\W\d_]+)*\)|"[^\W\d_]+"|“[^\W\d_]+”)$')
"""how somebody is called, behind “Last, First”"""
_HE = r'(?:she|he|they|sie|er|elle|il|iel|ella|él|lei|lui)(?:\s?/\s?[^\W\d_]{1,8}){1,2}'
_PRONOUNS = re.compile(rf'\s*[(\[]{_HE}[)\]]|\s+(?:[-–|]\s+)?{_HE}$', re.IGNORECASE)
"""“Lena Brandt (she/her)”, as meetings and forms have it; the same person is in the next list without them"""
_REMARK = (
    r'(?:guest|external|unverified|gast|extern|extern[eao]|invitée?|invitad[oa]|ospite|absent|present|late|excused'
    r'|abwesend|anwesend|fehlt|entschuldigt|absente|présente?|retard|ausente|presente|assente|afwezig'
    r'|new|neu|nouveau|nouvelle|nuev[oa]|nuovo|nuova|nieuw'
    r'|student(?:in|e|essa)?|pupil|learner|attendee|participant|schüler(?:in)?|teilnehmer(?:in)?|élève|alumn[oa]'
    r'|alunn[oa]|leerling|[mwfd])'
)
_LABEL = re.compile(
    r'(?:name|student(?:in)?|pupil|learner|child|schüler(?:in)?|teilnehmer(?:in)?|élève|alumn[oa])\s*:\s+',
    re.IGNORECASE,
)
_REMARKS = re.compile(
    rf'\s*[(\[]\s*{_REMARK}\s*[)\]]$|\s[-–—]\s+{_REMARK}$|,\s*(?:student|pupil|learner|schüler(?:in)?)$', re.IGNORECASE
)
"""what meetings and teachers write behind a name: “Lena Brandt (Guest)”"""
_SUFFIX = r'(?:jr|sr|ii|iii|iv|phd|md)\.?'
_SUFFIXED = re.compile(
    rf'(?P<last>[^,()]+), (?:(?P<suffix>{_SUFFIX}), (?P<later>[^,()]+)|(?P<first>[^,()]+), (?P<behind>{_SUFFIX}))',
    re.IGNORECASE,
)
"""“King, Martin, Jr.” and “King, Jr., Martin”"""
_CALL = r'(?:tel(?:efon|ephone)?|t[eé]l(?:[eé]phone)?|phone|mobile?|mob|cell|handy|gsm|[☎📞]\ufe0f?)\.?:?'
_PHONE = re.compile(
    rf'\s*[-–,;:(]?\s*(?:{_CALL}\s*)?(?:\+\s?|\()?\d[\d\s()/.-]{{5,20}}\d\)?$|^\+?[\d()/.-][\d\s()/.-]{{5,20}}\s(?=[^\W\d_])',
    re.IGNORECASE,
)
"""a telephone number, which people write behind a name or in front of it"""
LONGEST_PHONE, FEWEST_DIGITS = 60, 7
_STATE = '[🔴🟠🟡🟢🔵🟣⚪⚫🎂📌❗❓⚠👍👎🆕🤒😷🏠📞☎]\ufe0f?'
_STATES = re.compile(rf'^(?:{_STATE}\s*)+(?=[^\W\d_])|(?<=[^\W\d_])(?:\s*{_STATE}){{1,9}}$')
"""pictures by which teachers mark names; others belong to the name by which somebody wants to be called"""
MOST_REMARKS = 3


def uncounted(name: str) -> str:
    """Return a name without the number, the bullet or the box in front of it."""
    return _COUNTED.sub('', name)


def without_remarks(name: str, group: str = '') -> str:
    """Return a name without what is said of this person behind it, their group among it: “Lena Brandt (7b)”."""
    name = _without_phone(_STATES.sub('', name))
    if label := _LABEL.match(name):
        name = name[label.end() :]
    for _ in range(MOST_REMARKS):
        name = _REMARKS.sub('', _PRONOUNS.sub('', name))
        for behind in (f'({group})', f'[{group}]', f' - {group}', f' – {group}') if group else ():
            if name.casefold().endswith(behind.casefold()):
                name = name[: -len(behind)].rstrip()
    return name


def _without_phone(name: str) -> str:
    """Return a name without the telephone number behind it, or in front of it."""
    behind, before = name[-LONGEST_PHONE:], name[:-LONGEST_PHONE]
    found = _PHONE.search(behind)
    if not found or (before and not found.start()) or sum(map(str.isdigit, found[0])) < FEWEST_DIGITS:
        return name
    rest = before + behind[: found.start()] + behind[found.end() :]
    return rest.strip() if any(map(str.isalpha, rest)) else name


def joined(parts: Sequence[str], *, family_first: bool) -> str:
    """Return a name made of the first name and the last, in the order in which it is said."""
    if all(map(_EAST_ASIAN.fullmatch, parts)):
        is_short = sum(map(len, parts)) <= LONGEST_IN_ONE or bool(_HANGUL.fullmatch(''.join(parts)))
        return ('' if is_short else ' ').join(reversed(parts))
    return ' '.join(reversed(parts) if family_first else parts)


def turned(name: str, *, in_three: bool = False) -> str:
    """Return “Brandt, Lena” as Lena Brandt; “O’Rourke, Jr.” stays. `in_three`: also “Brandt, Lena, Maria”."""
    if in_three and name.count(',') == 2:
        name = ' '.join(name.rsplit(',', 1))
    if suffixed := _SUFFIXED.fullmatch(name):
        return f'{suffixed["first"] or suffixed["later"]} {suffixed["last"]} {suffixed["suffix"] or suffixed["behind"]}'
    called = _CALLED.search(name)
    plain = name[: called.start()] if called else name
    last, comma, first = (part.strip() for part in plain.partition(','))
    if (
        not comma
        or not last
        or not first
        or ',' in first
        or _NO_NAME.search(plain)
        or re.fullmatch(_SUFFIX, first, re.IGNORECASE)
    ):
        return name
    return f'{first} {called[0].strip()} {last}' if called else f'{first} {last}'
