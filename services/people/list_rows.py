"""Which lines of a class list are about people who learn, and which are what a program puts between them."""

import re
from collections.abc import Sequence

from services.people.list_summaries import names_a_class, sums_up

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
_TOTALS = (
    'notenspiegel|notenverteilung'
    '|totals?|totale|summe|gesamt|anzahl|(?:class |overall )?average|durchschnitt|mittelwert|moyenne(?: générale)?'
    r'|effectif|promedio|mean|median|maximum|minimum|std\.? ?dev\.?|standard deviation|standardabweichung'
    '|écart[- ]type|médiane'
)
_OF_MARKS = frozenset(['max', 'max.', 'min', 'min.', 'mode', 'highest', 'lowest', 'media', 'mediana'])
"""what may be somebody's name as well"""
_SUMMARY = re.compile(
    rf'(?:{_TOTALS})|(?:grand )?(?:{_TOTALS}|sum|count|number of|nombre d|número de|media|numero)\b[^:\d]*[:\d].*'
)
_DRAWN = re.compile(r"""[\s_=*.·•…|+~#/\\:;,'"()\[\]<>^\-–—─-╿]*""")
"""what programs and people draw lines with; a “?” stands for a letter that was lost, and is told"""
_FIGURE = re.compile(r'\d{1,2}(?:[.,]\d{1,2})?\s?%?')
"""of a line below the marks: how many have a 1, how many a 2"""
_NOTE = re.compile(
    r'\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}[:h]\d{2}\b|\b\d+\b\D+\b\d+\b'
    r'|^\S{0,3}\s?=\s|https?:|\bwww\.|©|:\s|:$|^\d+ [^\W\d_]|^[(\[].*[)\]]$|!$'
)
"""a date, a time, two numbers, an address, something with a colon or in brackets, a count: names have none of them"""
_FOOTER = re.compile(
    r'(?:(?:\w+ ){0,2}(?:confidenti(?:al|el|elle|ally)|confidencial|confidenziale|vertraulich|vertrouwelijk|poufne'
    r'|důvěrné'
    r'|konfidentiellt?|fortrolig|luottamuksellinen|bizalmas|konfidencijalno|confidențial|конфиденциально|конфіденційно'
    r'|εμπιστευτικό|机密|機密|保密|社外秘|取扱注意|대외비|סודי|سري للغاية)(?:\W.*)?'
    r'|riservat[oa]|strettamente riservato|restricted|official[ -]sensitive|internal|intern|interne'
    r'|for (?:\w+ ){1,2}use(?: only)?|(?:internal|staff|office|school) use only|uso (?:strettamente )?interno.*'
    r'|(?:please )?(?:do not|not (?:for|to be)|don.t) (?:\w+ )?(?:shar|distribut|cop|publi|forward|print|leave).*'
    r'|nur (?:für|zur|zum) (?:den |die |das )?(?:dienst|intern|schul).*|nicht weitergeben.*|ne pas (?:diffuser|jeter).*'
    r'|no (?:difundir|compartir|distribuir).*|(?:diffusion|usage) (?:interne|restreinte?).*|non divulgare.*'
    r'|(?:page|seite|página|pagina|sida|side|strona|strana) \d+(?: ?(?:of|/|von|de|di|sur|z|av) ?\d+)?'
    r'|end of (?:the )?(?:class )?(?:list|report|file|document|page|data|record)s?|ende der liste|listenende'
    r'|fin (?:de la |de |del |du )?(?:list[ae]|informe|rapport|document[oe]?)|fine (?:elenco|lista)'
    r'|einde (?:van de )?lijst'
    r'|(?:teacher.?s? |parent.?s? )?(?:signatures?|signed)(?: (?:of|by) .*)?|unterschrift(?:en)?(?: .*)?'
    r'|signature (?:de|du) .*|firma d(?:el|i|e) .*|datum,? unterschrift|podpis(?: .*)?'
    r'|(?:« )?prev(?:ious)?(?: page)?|next(?: page)?(?: »)?|load more|show (?:all|more)|select all|back to top'
    r'|zurück|weiter|nächste(?: seite)?|mehr anzeigen|précédent|suivant|anterior|siguiente|precedente|successivo'
    r'|showing .* (?:entries|results)|no (?:more )?(?:entries|results|records)'
    r')\.?|\S+(?: \S+){4,} (?!jr|sr)[^\W\d_]{2,}[.!]'  # or a sentence
)
"""what stands alone in a line below or above the people, and is nobody's name"""
_LEARNERS = re.compile(
    r'(?:students?|pupils?|learners|participants|attendees|class members'
    r'|schüler(?:/?-?innen)?|schülerinnen und schüler|lernende|élèves|étudiants|alumnos'
    r'|estudiantes|studenti|alunni|leerlingen|elever|uczniowie)'
    r'(?: (?:of|in|der|de|del|della|van|i) .+)?'
)
_OTHERS = re.compile(
    r'(?:(?:(?:form|class|head|home ?room|year|subject|co)[ -]?)?(?:teachers?|tutors?)|staff'
    r'|teaching staff|faculty|instructors?|observers|parents|guardians|parents/guardians'
    r'|lehrer(?:/?-?innen)?|lehrerinnen und lehrer|lehrkräfte|eltern|dozenten|betreuer|enseignants|professeurs'
    r'|profesores|docentes|docenti|insegnanti|genitori|padres|docenten|ouders|lärare|lærere|nauczyciele'
    r'|kollegium|lehrerkollegium|profesorado|personale docente|corps enseignant'
    r'|klassenlehrer(?:in)?|klassenlehrkraft|klassenleitung|professeure? principale?'
    r'|wait(?:ing)? ?list|warteliste|liste d.attente|lista de espera|lista d.attesa|wachtlijst)'
)
_OTHER_BEHIND = re.compile(
    r'\((?:(?:class|form|head|assistant|homeroom) ?)?(?:(?:co-?)?host(?:, ?me)?'
    r'|organi[sz]er|me|you|teacher|tutor|staff|parent|mother|father|lehrer(?:in)?'
    r'|lehrkraft'
    r'|klassenlehrer(?:in)?|mutter|vater|professeure?|enseignante?|mère|père|profesora?|madre|padre|docente)\)$'
    r'|(?:\s[-–—]|,)\s(?:(?:co-?)?(?:host|organi[sz]er|teacher)|tutor|instructor|lehrer(?:in)?|lehrkraft|enseignante?'
    r'|profesora?|docente)$'
)
_OTHER_IN_FRONT = re.compile(
    r'(?:(?:class |form |head |co-?)?(?:teacher|tutor)|ta|staff|instructor|(?:klassen)?lehrer(?:in)?|klassenleitung'
    r'|lehrkraft|professeur(?: principal)?|profesora?|docente|mentor)\s*:\s'
)
_EXAMPLE = re.compile(r'(?:example|beispiel|exemple|ejemplo|esempio|voorbeeld)\s?:|(?:e\.g\.|z\. ?b\.|p\. ?ex\.)[:\s]')
_TITLE = re.compile(
    r'(?:class|klasse|classe|clase|group|gruppe|groupe|grupo|gruppo|form|year|jahrgang|set)[\s:]+(?:\d{1,2}[\s.]?\w?'
    r'|\w)|(?:class|student|name) ?list\b.*|(?:schüler|klassen|namens|teilnehmer)liste\b.*'
    r'|liste (?:des élèves|de classe)\b.*|lista de (?:alumnos|clase)\b.*'
)


def is_of_program(name: str) -> bool:
    """Tell whether a name is of a line for points or dates, or of somebody for trying."""
    return name.casefold() in _OF_PROGRAMS or bool(_EXAMPLE.match(name.casefold()))


def is_left_out(cells: Sequence[str]) -> bool:
    """Tell whether a program says that a line is about nobody: nothing but its own words, deleted, a preview, rules."""
    said = {cell[:LONGEST_LOOKED_AT].strip().casefold() for cell in cells} - {''}
    is_in_brackets = len(said) > 1 and all(cell[0] == '(' and cell[-1] == ')' for cell in said)
    if is_in_brackets or all(map(_DRAWN.fullmatch, said - {'0'})) or all(map(_FIGURE.fullmatch, said)):
        return True
    return 'tobedeleted' in said or said <= _OF_PROGRAMS or any(cell.endswith('_previewuser') for cell in said)


def is_summary(name: str, *, is_alone: bool, is_half: bool = False) -> bool:
    """Tell whether a line counts the people above it, or, if nothing else is in it, is the title of those below.

    `is_half`: the list has first and last names, and this line only one of them.
    """
    if len(name) > LONGEST_LOOKED_AT:
        return False
    plain = name.casefold()
    return sums_up(plain) or bool(
        _SUMMARY.fullmatch(plain) or (is_alone and _TITLE.fullmatch(plain)) or (is_half and plain in _OF_MARKS)
    )


_NO_ADDRESS = frozenset(
    ['none', 'no', 'no email', 'no e-mail', 'keine', 'kein', 'aucun', 'aucune', 'no tiene', 'nessuna', 'geen']
)
_NO_NAME = frozenset(['n/a', 'null', '(blank)', '(none)', 'tbd', 'tba', 'tbc'])
_ERROR = re.compile(r'#[¡¿]?[^\W_][\w/]*[!?]|#n/?[av]|#nv', re.IGNORECASE)


def is_error(cell: str) -> bool:
    """Tell whether a cell has what a spreadsheet shows for a formula that went wrong: “#REF!”."""
    return bool(_ERROR.fullmatch(cell[:LONGEST_LOOKED_AT]))


def is_no_address(cell: str) -> bool:
    """Tell whether a cell says in words that somebody has no address: “none”, “n/a”."""
    plain = cell[:LONGEST_LOOKED_AT].strip().casefold()
    return plain in _NO_ADDRESS or bool(plain and _DRAWN.fullmatch(plain)) or is_no_name(plain)


def is_no_name(cell: str) -> bool:
    """Tell whether a cell says that there is nothing to say, or no more than the number of nobody."""
    return cell == '0' or cell.casefold() in _NO_NAME or is_error(cell)


def is_of_class(name: str) -> bool:
    """Tell whether the name of a line of figures speaks of the class, so that the line may have a group, too."""
    return names_a_class(name[:LONGEST_LOOKED_AT].casefold())


def section(title: str) -> bool | None:
    """Tell whether a line is the title of those below, and whether they learn: “Teachers”, “Students (24)”."""
    plain = re.sub(r'\s*(?:\(\d+\)|:)$', '', title[:LONGEST_LOOKED_AT].casefold())
    if _LEARNERS.fullmatch(plain) or _TITLE.fullmatch(plain):
        return True
    return False if _OTHERS.fullmatch(plain) else None


def is_note(text: str) -> bool:
    """Tell whether the only text of a line is what a program says of the list, as no name can be."""
    return bool(_NOTE.search(text[:LONGEST_LOOKED_AT])) or is_footer(text)


def is_of_others(name: str, group: str) -> bool:
    """Tell whether a line is about a teacher or a parent, as it says behind the name or instead of a group."""
    return section(group) is False or _is_said_around(name.casefold())


def _is_said_around(name: str) -> bool:
    return bool(_OTHER_IN_FRONT.match(name) or _OTHER_BEHIND.search(name[-LONGEST_LOOKED_AT:]))


def is_footer(text: str) -> bool:
    """Tell whether the only text of a line says whom the list is for, where it ends or who signs it: “Confidential”."""
    return bool(_FOOTER.fullmatch(text[: 3 * LONGEST_LOOKED_AT].casefold().strip(' *-–—=#:<>[]()')))


def is_label(name: str) -> bool:
    """Tell whether something that stands for a name announces the next cell: “Printed on:”."""
    return name.endswith(':')
