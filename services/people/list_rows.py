"""Which lines of a class list are about people who learn, and which are what a program puts between them."""

import re
from collections.abc import Sequence

LONGEST_LOOKED_AT = 100
"""letters of a cell; what is longer is none of these"""
_OF_PROGRAMS = frozenset(
    [
        'points possible',
        'points possibles',
        'puntos posibles',
        'punti possibili',
        'erreichbare punkte',
        'mögliche punkte',
        'manual posting',
        'date',
        'points',
        '(read only)',
        'student, test',
        'test student',
        'étudiant, test',
        'test étudiant',
        'estudiante, prueba',
        'prueba estudiante',
        'teilnehmer, test',
        'test teilnehmer',
        'schüler, test',
        'test schüler',
        'studente, test',
        'test studente',
    ]
)
_TOTALS = 'totals?|totale|summe|gesamt|anzahl|(?:class )?average|durchschnitt|mittelwert|moyenne|effectif|promedio'
_SUMMARY = re.compile(
    rf'(?:{_TOTALS})|(?:grand )?(?:{_TOTALS}|sum|count|number of|nombre d|número de|media|numero)\b[^:\d]*[:\d].*'
)
_TITLE = re.compile(
    r'(?:class|klasse|classe|clase|group|gruppe|groupe|grupo|gruppo|form|year|jahrgang|set)[\s:]+(?:\d{1,2}[\s.]?\w?|\w)'
)
_LEARNS = re.compile(
    r'\b(student|learner|pupil|schüler|teilnehm|lernende|studierende|étudiant|élève|apprenant|estudiante|alumn|alunn'
    r'|alliev|leerling|member|attendee|participant|kursmitglied|gruppenmitglied)|^stu?$',
    re.IGNORECASE,
)
_DOES_NOT = re.compile(
    r'teacher|lehrer|lehrkraft|trainer|dozent|instructor|professor|professeur|profesor|enseignant|docente|docent'
    r'|insegnante|manager|owner|besitzer|admin|staff|faculty|tutor|assistant|aide|observer|beobachter|designer|creator'
    r'|parent|guardian|relative|guest|\bgast\b|invité|invitado|moderator|organi[sz]er|proctor|principal'
    r'|counselor|leitung|leiter|betreuer|^t$|^ta$',
    re.IGNORECASE,
)


def learns(role: str) -> bool | None:
    """Tell whether somebody with this role learns; a line without a role is of somebody who does, None: not known."""
    role = role[:LONGEST_LOOKED_AT]
    if not role or _LEARNS.search(role):
        return True
    return False if _DOES_NOT.search(role) else None


def is_of_program(name: str) -> bool:
    """Tell whether a name is of a line for points or dates, or of somebody for trying."""
    return name.casefold() in _OF_PROGRAMS


def is_left_out(cells: Sequence[str]) -> bool:
    """Tell whether a program says that a line is about nobody: nothing but its own words, deleted, a preview."""
    said = {cell[:LONGEST_LOOKED_AT].strip().casefold() for cell in cells} - {''}
    return 'tobedeleted' in said or said <= _OF_PROGRAMS or any(cell.endswith('_previewuser') for cell in said)


def is_summary(name: str, *, is_alone: bool) -> bool:
    """Tell whether a line counts the people above it, or, if nothing else is in it, is the title of those below."""
    if len(name) > LONGEST_LOOKED_AT:
        return False
    plain = name.casefold()
    return bool(_SUMMARY.fullmatch(plain) or (is_alone and _TITLE.fullmatch(plain)))
