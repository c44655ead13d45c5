"""What the column of roles of a list says: who learns, who does not, and who presents, as meetings call it."""

import re
from collections.abc import Iterable

LONGEST_LOOKED_AT = 100
"""letters of a cell; what is longer is no role"""
_LEARNERS = re.compile(
    r'\b(student|learner|pupil|schüler|teilnehm|lernende|studierende|étudiant|élève|apprenant|estudiante|alumn|alunn'
    r'|^child$|^kind$|^enfant$|alliev|leerling|\belev|oppilas|žák|member|attendee|participant|viewer|trainee\b'
    r'|kursmitglied|gruppenmitglied)|^s(?:tu?)?$|^autor(?:in)?$',
    re.IGNORECASE,
)
_DOES_NOT = re.compile(
    r'teacher|lehrer|lehrkraft|trainer|dozent|instructor|professor|professeur|profesor|enseignant|docente|docent'
    r'|insegnante|manager|owner|besitzer|\bhost\b|\bmentor|\bcoach|admin|staff|faculty|tutor|assistant|aide|observer'
    r'|beobachter|designer|creator'
    r'|parent|guardian|relative|guest|\bgast\b|invité|invitado|moderator|organi[sz]er|proctor|principal'
    r'|paraprofessional|grader|course builder|librarian|substitute|referendar|praktikant'
    r'|counselor|lecturer|lærer|lärare|opettaja|učitel|leitung|leiter|betreuer|^ta?$|^(?:tch|tchr|tea|par|stf|adm)$',
    re.IGNORECASE,
)
_TRAINEE = re.compile(r'(?:student|trainee)[ -](?:teacher|assistant)', re.IGNORECASE)
"""who is called a student and does not learn here"""
_PRESENTS = re.compile(r'presenter|panel+ist|speaker|referent(?:in)?\b|présentateur|présentatrice|presentador')
"""what Teams calls everybody who may show something: only teachers, or all"""
_VISITS = re.compile(r'\s*(?:guest|gast|invité|invitado)e?\s*', re.IGNORECASE)
_BETWEEN = re.compile(r'[,;|/&+]|\s(?:and|und|et|y|e|en|og|och)\s')


def learns(role: str, *, do_presenters: bool | None = None) -> bool | None:
    """Tell whether somebody with this role learns; a line without a role is of somebody who does, None: not known.

    Of several roles in one cell, that of somebody who does not learn counts, wherever it stands.
    """
    role = role[:LONGEST_LOOKED_AT].strip()
    if not role:
        return True
    if _PRESENTS.match(role.casefold()):
        return do_presenters
    parts = [part for part in _BETWEEN.split(role) if part.strip()]
    said = {_learns(part.strip()) for part in parts if len(parts) == 1 or not _VISITS.fullmatch(part)} or {False}
    return False if False in said else True if True in said else None


def do_presenters_learn(roles: Iterable[str]) -> bool:
    """Tell whether presenters of a list learn: where nobody else of it does, they are those who attend."""
    return not any(role and learns(role) for role in roles)


def _learns(role: str) -> bool | None:
    if _LEARNERS.search(role) and not _TRAINEE.search(role):
        return True
    return False if _DOES_NOT.search(role) else None
