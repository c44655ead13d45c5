"""Who of a class list has left: by a state like “Withdrawn”, a date of leaving, or “no” under “Active”."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from services.people.list_headings import heading

LONGEST_LOOKED_AT = 60
"""letters of a cell; what is longer is no state"""
_STATES = re.compile(
    r'(?:no\s+longer .+|not enrolled|left school|moved(?: away)?|cancelled|quit|nicht mehr .+|abgänger(?:in)?'
    r'|schulwechsel|umgezogen|n’est plus .+|ya no .+'
    r'|wait ?listed|(?:on )?(?:the )?waiting list'
    r'|(?:(?:web|officially|administratively) )?withdrawn|inactive'
    r'|not active|non active|left|has left|exited|dropped(?: out)?|transferred(?: out)?'
    r'|unenroll?ed'
    r'|deactivated|not current|archived|deleted|removed|graduated|expelled|former|ex|off ?roll'
    r'|leaver'
    r'|abgemeldet|inaktiv|nicht aktiv|ausgetreten|ausgeschieden'
    r'|abgegangen|abgang|abschluss|ehemalig|verzogen|exmatrikuliert'
    r'|deaktiviert'
    r'|inacti(?:f|ve)|désinscrite?|radiée?|sortie?|partie?|démissionnaire'
    r'|inactiv[oa]|baja|de baja|retirad[oa]|trasladad[oa]|desligad[oa]|transferid[oa]|evadid[oa]'
    r'|inattiv[oa]|non attiv[oa]|ritirat[oa]|trasferit[oa]'
    r'|inactief|uitgeschreven|vertrokken|nieaktywn[ya]|skreślon[ya]|wypisan[ya]|neaktivní|odhlášen[aý]?'
    r'|sluttet|slutat|inaktiv|avsluttet|utmeldt|poistunut|pasif|ayrıldı|ανενεργ[όή]ς'
    r'|выбыла?|отчислена?|неактив(?:ен|на)|вибула?|відраховано|退学|转学|轉學|離校|离校|除籍|전출|자퇴|منسحب|עזבה?)'
    r'(?:\s*[^\w\s].*|\s(?:on |am |zum |per |ab |seit |since |le |el |il |op )?\d.*)?'
)
"""with a date or a reason behind it, too: “Withdrawn (2026-09-30)”"""
_IS_LEFT = re.compile(r'left|withdrawn|exited|inactive|dropped|abgemeldet|ausgetreten|inaktiv|sorti|baja')
_IS_ACTIVE = re.compile(r'(?:is )?(?:active|enabled|enrolled|current)|aktiv|acti(?:f|vo)|attivo|actief')
_YES = frozenset(
    ['yes', 'y', 'x', 'true', '1', 'ja', 'j', 'oui', 'o', 'sí', 'si', 's', 'sì', 'wahr', 'vrai', '✓', '✔', '☑']
)
_NO = frozenset(['no', 'n', 'false', '0', 'nein', 'non', 'nee', 'não', 'nej', 'nei', 'falsch', 'faux', '✗', '✘', '☐'])
_ISO = re.compile(r'(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?!\d)')
_OTHER_DATE = re.compile(r'(\d{1,2})[-./] ?(\d{1,2})[-./] ?(\d{4}|\d{2})(?!\d)')
_SERIAL = re.compile(r'[345]\d{4}(?:[.,]\d+)?')
"""days as spreadsheets count them, from 1982 to 2064"""
_FIRST_DAY = date(1899, 12, 30)
_BEHIND = re.compile(r'(?:[(\[]([^()\[\]]+)[)\]]|\s[-–]\s*([^\W\d_]+))$')
_TITLE = re.compile(
    r'(?:withdrawn|former|inactive|exited)(?: (?:students|pupils|learners))?|leavers|abgänge|abgemeldete?|ehemalige'
    r'|(?:élèves )?(?:sortis|partis)|bajas|ritirati|uitgeschreven|выбывшие|отчисленные'
)
_OF_POWERSCHOOL = frozenset(['2', '3'])
"""in its column “Enroll_Status”: transferred out, graduated"""


def says_yes(cell: str) -> bool:
    """Tell whether a cell says yes, or is ticked."""
    return cell[:LONGEST_LOOKED_AT].strip().casefold() in _YES


def has_left(title: str, cell: str, today: date) -> bool:
    """Tell whether a cell of a column about leaving says that somebody has left by today."""
    plain, meant = cell[:LONGEST_LOOKED_AT].casefold().strip('* '), heading(title).strip('? ')
    if _STATES.fullmatch(plain):
        return True
    if meant == 'enroll status':
        return plain in _OF_POWERSCHOOL
    if _IS_ACTIVE.fullmatch(meant):
        return plain in _NO
    if _IS_LEFT.fullmatch(meant) and plain in _YES:
        return True
    return max(_dates(plain), default=date.max) <= today


def says_so(name: str) -> bool:
    """Tell whether it stands behind a name that this person has left: “Omar Said (left)”."""
    behind = _BEHIND.search(name[:200])
    return bool(behind and _STATES.fullmatch((behind[1] or behind[2]).casefold()))


def is_title(text: str) -> bool:
    """Tell whether a line is the title of those who have left."""
    return bool(_TITLE.fullmatch(text[:LONGEST_LOOKED_AT].casefold().strip(' :')))


def _dates(text: str) -> Iterator[date]:
    """Yield each day that a text may mean; “05/12/2026” may be two."""
    if _SERIAL.fullmatch(text):
        yield _FIRST_DAY + timedelta(days=int(text[:5]))
    iso, other = _ISO.match(text), _OTHER_DATE.match(text)
    if iso:
        yield from _day(int(iso[1]), int(iso[2]), int(iso[3]))
    elif other:
        first, second, year = int(other[1]), int(other[2]), int(other[3])
        year += 2000 if year < 100 else 0
        yield from _day(year, second, first)
        yield from _day(year, first, second)


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return  # 00.00.0000, or a month 13
