"""What the headings of class lists mean, as the programs of schools write them in several languages."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from services.core.text import clean
from services.people.list_words import MORE_WORDS


class Fact(StrEnum):
    """What a column of a list tells about people."""

    NAME = 'name'
    """the whole name, also as “Last, First”"""
    FIRST = 'first'
    LAST = 'last'
    EMAIL = 'email'
    NUMBER = 'number'
    GROUP = 'group'
    ROLE = 'role'
    LEFT = 'left'
    """whether they have left: a state, a date of leaving, or yes and no; a list may have several of these"""
    IGNORED = ''


_KNOWN: Mapping[Fact, str] = MappingProxyType(
    {
        Fact.NAME: 'name|names|full names|surname & initials|surname and initials|surname and first name|surname name'
        '|full name|fullname|display name|student|student name|learner|learner name|pupil|pupils'
        '|participant|lastfirst|last first|first last|first name last name|last name first name'
        '|schüler|schülerin|schülername|schüler in|teilnehmer|teilnehmerin|teilnehmer in|vollständiger name'
        '|vorname nachname|vor und nachname|nachname vorname|name vorname|teilnehmende|lernende'
        '|nom complet|nom et prénom|nom prénom|prénom et nom|élève|élèves|etudiant|étudiant|étudiants|apprenant'
        '|nombre completo|nombre y apellidos|apellidos y nombre|apellidos nombre|alumno|alumna|alumno a|alumnos'
        '|alumnado|estudiante|estudiantes'
        '|nome e cognome|cognome e nome|cognome nome|nome cognome|nome completo|studente|alunno|alunna|alunno a|allievo'
        '|naam|leerling|aluno|aluna|imię i nazwisko|nazwisko i imię|uczeń'
        '|navn|fullt navn|fulde navn|namn|elev|elever|nimi|oppilas|jméno a příjmení|příjmení a jméno|žák|név|diák neve'
        '|ad soyad|adı soyadı|öğrenci|фио|ученик|учень|піб|ονοματεπώνυμο|ime i prezime|prezime i ime|učenik'
        '|nume și prenume|nume prenume|child'
        '|schülerinnen|schüler innen|sus|lernende r|lernender|teilnehmerinnen|teilnehmer innen|studierende'
        '|studierende r'
        '|élève s|étudiante|étudiantes|étudiant e|étudiant e s|étudiants es|apprenant e|apprenants|alumnas|alumno as'
        '|alumn|alumn s|alumnos as|alumnos alumnas|estudiantes as|alunos|alunas|aluno a|alunos as|alunni|alunni e'
        '|studenti|leerlingen',
        Fact.FIRST: 'fname|f name|stu fname'
        '|first name|firstname|first|given name|given names|givenname|forename|forenames|student first name'
        '|vorname|vornamen|rufname|prénom|prénoms|prenom|prénom usuel|prénom d usage|nombre|nombres|nombre de pila'
        '|nome|nomi|nome proprio|voornaam|roepnaam|imię|fornavn|förnamn|tilltalsnamn|etunimi|kutsumanimi|jméno|meno|ime'
        '|keresztnév|utónév|adı|adi|ad|имя|ім я|όνομα|prenume',
        Fact.LAST: 'lname|l name|stu lname'
        '|last name|lastname|last|surname|family name|familyname|student last name|nachname|familienname'
        '|zuname|langname|nom|nom de famille|nom d usage|nom de naissance|apellido|apellidos'
        '|primer apellido|apellido 1|1er apellido|apellido paterno'
        '|cognome|cognomi|achternaam|sobrenome|apelido|nazwisko|etternavn|efternavn|efternamn|sukunimi|příjmení'
        '|priezvisko|prezime|priimek|vezetéknév|családi név|soyadı|soyad|фамилия|прізвище|επώνυμο|nume|nume de familie',
        Fact.EMAIL: 'email|e mail|mail|email address|e mail address|student email|primary email|e mail adresse'
        '|email adresse|mailadresse|courriel|adresse e mail|adresse email|adresse mail|adresse de courriel'
        '|adresse électronique|correo|correo electrónico|correo electronico|dirección de correo|direccion de correo'
        '|dirección de correo electrónico|indirizzo email|indirizzo e mail|posta elettronica|e mailadres|emailadres'
        '|user principal name|user email|login email|e post|e postadress|e postadresse|sähköposti|eposta|e posta',
        Fact.NUMBER: 'id number|idnumber|sis user id|student number|student id|studentid|student_number|matrikelnummer'
        '|id nummer|schülernummer|schüler id|ausweisnummer|numéro d étudiant|numéro étudiant|numéro d identification'
        '|número de id|matrícula|matricola|sourcedid|identifier|employee id|upn|numero di matricola',
        Fact.GROUP: 'group|groups|class|set|section|sections|form|form group|registration form|registration group|reg'
        '|reg group|tutor group|tutorgroup|gruppe|gruppen|klasse|klassen|kurs|abschnitt|klasse information'
        '|groupe|groupes|classe|division|grupo|grupos|clase|unidad|sección|gruppo|gruppi|sezione|sezioni'
        '|home room|homeroom|klas|stamgroep|groep|turma|klasa|grupa|klass|luokka|ryhmä|třída|trieda|razred|odjeljenje'
        '|osztály|sınıf|класс|клас|τμήμα|grupă|clasa'
        '|home group|roll class|roll group|rollgroup|teaching group|class group|class name|classname|course section'
        '|stamklas|basisklas|mentorklas'
        '|section name|section title|group name|set name|cohort name|period|class period|teaching set'
        '|lerngruppe|lerngruppen|klassengruppe|klassenname|klassenbezeichnung|nom de classe|nom de la classe|oddział',
        Fact.ROLE: 'role|roles|rolle|rollen|rôle|rôles|rol|roles de usuario|user type|user role|ruolo|ruoli'
        '|roll|rooli|role type|course role',
        Fact.LEFT: 'status|state|enroll status|enrollment status|enrolment status|user status|account status'
        '|membership status|reg status|registration status'
        '|active|is active|enabled|enrolled|current|left|has left|withdrawn|exited|inactive|dropped'
        '|leaving date|date of leaving|leave date|date left|left on|exit date|exitdate|date of exit|withdrawal date'
        '|date withdrawn|withdrawn on|drop date|end date|enddate|enrollment end date|exit code'
        '|aktiv|inaktiv|abgemeldet|abgemeldet am|austritt|austrittsdatum|abgang|abgangsdatum|ausgetreten'
        '|ausgetreten am|entlassdatum|entlassungsdatum|statut|état|actif|sorti|date de sortie|date de départ'
        '|date de fin'
        '|estado|estatus|situación|situação|activo|baja|fecha de baja|fecha de salida|data de saída'
        '|stato|attivo|data ritiro|data di ritiro|data uscita|data di uscita|actief|uitschrijfdatum'
        '|datum uitschrijving|vertrekdatum|slutdato|sluttdato|data wypisania|stav|durum|durumu'
        '|статус|дата выбытия|дата отчисления',
    }
)
_QUALIFIERS = re.compile(
    r'^(?:stu|[eé]l[eè]ve|alumn[oa]|alunn[oa]|leerling|legal|official|preferred|chosen|attendee|participant|member|candidate|registrant|trainee|delegate'
    r'|(?:student|pupil|learner|child)(?: ?s)?|school|sch[uü]ler|kind|elev(?:ens)?'
    r'|(?:what is |please enter |enter )?your|dein|ihr|votre|ton|tu|su)\s+'
    r'|\s+(?:(?:1|required|elev|học sinh|sinh viên|μαθητή|tanuló|žáka|oppilaan'
    r'|élève|alumn[oa]|alunn[oa]|leerling|ucznia|uczennicy|учащегося|ученика|учня'
    r'|of (?:the )?(?:pupil|student|learner)|schule|school|privat|student|kind|of child|des kindes'
    r'|des schülers|der schülerin'
    r'|de l élève|del alumno|dell alunno))$'
)
"""what some programs put around a heading that is known without it"""

_HUMP = re.compile(r'(?<=[^\W\d_A-Z])(?=[A-Z])')
"""where a word begins in “studentLastName”"""
_NOT_OF_PEOPLE = frozenset(['school name', 'name of school', 'name of the school'])
"""what would be known without its first word"""
_UMLAUT = re.compile(r'([aou])e')
"""how “ä” is written where there is none: “Schueler”"""
LONGEST_PAIR = 100
MOST_WORDS = 5
"""of a heading that is looked at word by word"""
_BETWEEN = re.compile(
    r'[,/&+]|\s(?:and|und|et|y|e|i|en|og|och|ja|in|a|ve|si|și|és|ir|un|eta|dan|и|та|και)\s', re.IGNORECASE
)
"""between a first and a last name in one heading: “Familienname, Rufname”"""
_PARTICLES = frozenset(
    [
        'tussenvoegsel',
        'tussenvoegsels',
        'voorvoegsel',
        'voorvoegsels',
        'namenszusatz',
        'namensvorsatz',
        'namensbestandteil vorangestellt',
        'vorsatzwort',
        'adelszusatz',
        'particule',
        'surname prefix',
        'last name prefix',
        'family name prefix',
    ]
)


def heading(cell: str) -> str:
    """Return a heading without what differs from program to program: case, hyphens, and what is in brackets."""
    plain = re.sub(r'\[[^\]]*\]|\([^)]*\)', ' ', clean(cell[:200]).casefold())
    return ' '.join(re.sub(r'[_\-‐‑–.:*/’\'",;·•@]', ' ', plain).split())


SHORTEST_UNMARKED = 3
"""letters of a heading that needs its accents: “tên” is no “ten”"""


def _unmarked(plain: str) -> str:
    """Return a heading without accents, which capitals and hurried people leave out: “ΕΠΩΝΥΜΟ”, “prenom”, “SOYADI”."""
    if len(plain) <= SHORTEST_UNMARKED:
        return plain
    letters = unicodedata.normalize('NFKD', plain).replace('ı', 'i')
    return ''.join(letter for letter in letters if unicodedata.category(letter) != 'Mn')


HEADINGS: Mapping[str, Fact] = MappingProxyType(
    {
        _unmarked(heading(known)): Fact(fact)
        for words in (MORE_WORDS, _KNOWN)
        for fact, all_ in words.items()
        for known in all_.split('|')
    }
)
"""by heading, without accents"""


KNOWN_WORDS = frozenset(
    word
    for words in (MORE_WORDS, _KNOWN)
    for word in re.findall(r'[^\W\d_]{2,}', '|'.join(words.values()).casefold())
    if not word.isascii()
)
"""words of headings beyond ASCII, which tell in which encoding a list was written"""


def fact_of(cell: str) -> Fact:
    """Return what a heading says that its column tells."""
    whole = _known(heading(cell))
    if whole or len(cell) > LONGEST_PAIR:
        return whole
    parts = [_known(heading(part)) for part in _BETWEEN.split(cell)]
    if len(parts) == 2 and set(parts) == {Fact.FIRST, Fact.LAST}:
        return Fact.NAME
    if len(parts) == 2 and parts[0] is parts[1] and parts[0] in {Fact.NAME, Fact.GROUP}:
        return parts[0]  # “Schülerinnen und Schüler”, “Klasse/Gruppe”
    if _is_pair(heading(cell).split()):
        return Fact.NAME
    return _known(heading(_HUMP.sub(' ', cell))) if _HUMP.search(cell) else Fact.IGNORED


def _is_pair(words: Sequence[str]) -> bool:
    """Tell whether a heading has words for a first and a last name and nothing between them: “Surname Forename”."""
    halves = [(' '.join(words[:place]), ' '.join(words[place:])) for place in range(1, min(len(words), MOST_WORDS))]
    return any({_known(first), _known(last)} == {Fact.FIRST, Fact.LAST} for first, last in halves)


def _known(plain: str) -> Fact:
    plain = plain.strip('?¿! ')  # a question of a form
    if plain in _NOT_OF_PEOPLE:
        return Fact.IGNORED
    for written in (plain, _UMLAUT.sub(r'\1', plain)):
        for said in (written, _QUALIFIERS.sub('', written)):
            if fact := HEADINGS.get(_unmarked(said)):
                return fact
    return Fact.IGNORED


def is_second_surname(cell: str) -> bool:
    """Tell whether a column has the second of two surnames, which belongs behind the first."""
    return heading(cell) in {'segundo apellido', 'apellido 2', '2º apellido', '2do apellido', 'apellido materno'}


def is_particle(cell: str) -> bool:
    """Tell whether a column has what belongs in front of surnames, such as “von” and “van den”."""
    return heading(cell) in _PARTICLES


def is_of_child(cell: str) -> bool:
    """Tell whether a column has the children of those who are named elsewhere in the line."""
    return bool(re.search(r'\b(?:child|kind|kindes|enfant|hij[oa]|figli[oa])\b', heading(cell)))


def is_family_first(cell: str) -> bool:
    """Tell whether a heading is of a language in which the surname is said first."""
    return heading(cell) in {'họ', 'họ đệm', 'họ và đệm', 'họ và tên đệm'}


def is_in_three(cell: str) -> bool:
    """Tell whether a heading says that a middle name follows the last and the first: “Name (Last, First, Middle)”."""
    return bool(
        re.search(r'\b(?:last|surname|family)\b.*\b(?:first|given)\b.*\bmiddle\b', clean(cell[:200]).casefold())
    )


def flags_others(cell: str) -> bool:
    """Tell whether “yes” below a heading is said of those who do not learn: “Is teacher”, “Staff”."""
    return bool(
        re.fullmatch(r'(?:is )?(?:a )?(?:teacher|staff|employee|parent|lehrer|lehrkraft)', heading(cell).strip('? '))
    )


def is_private(cell: str) -> bool:
    """Tell whether a column has addresses from outside of the school, which accounts here seldom have."""
    return bool(re.search(r'\b(?:privat|home|personal|personnel|particular)', clean(cell[:200]).casefold()))


def is_preferred(cell: str) -> bool:
    """Tell whether a column has the name by which somebody is called, which others may stand beside."""
    return bool(
        re.match(
            r'(?:preferred|chosen|known as|rufname|roepnaam|prénom usuel|prénom d usage|nom d usage)', heading(cell)
        )
    )
