"""Class lists as schools export them, of kinds that were read wrongly once.

Nobody is lost, doubled or called by half of a name; no teacher, parent or note becomes a learner.
"""

from datetime import UTC, datetime

import pytest

from services.core import clock
from services.people import list_reading
from services.people.list_reading import Fate

pytestmark = pytest.mark.req('C7')

ROW = tuple[str, str, str]
"""name, address, group"""

LENA: list[ROW] = [('Lena Brandt', '', '7b')]
BOTH: list[ROW] = [*LENA, ('Omar Said', '', '7b')]
BOTH_ALONE: list[ROW] = [('Lena Brandt', '', ''), ('Omar Said', '', '')]
WITH_ADDRESS: list[ROW] = [('Lena Brandt', 'l@x.org', '')]

ONCE_WRONG: dict[str, tuple[str, list[ROW]]] = {
    'Magellan': (
        (
            'SchuelerNachname;SchuelerVorname;SchuelerGeburtsdatum;AusbilderKontaktNachname;AusbilderKontakt'
            'Vorname;Klasse\n'
            'Brandt;Lena;01.02.2014;Lind;Jo;7b\n'
            'Said;Omar;01.02.2014;Lind;Jo;7b\n'
        ),
        BOTH,
    ),
    'SchILD status words': (
        ('Nachname;Vorname;Klasse;Status\nBrandt;Lena;7b;Aktiv\nSaid;Omar;7b;Abgänger\nOst;Ida;7b;Abschluss\n'),
        LENA,
    ),
    'Kahoot': (
        (
            'Rank,Player,Total Score (points),Correct Answers,Incorrect Answers\n'
            '1,Lena Brandt,900,9,1\n'
            '2,Omar Said,800,8,2\n'
        ),
        BOTH_ALONE,
    ),
    'SIMS with merged title': (
        (
            '"Class List",,,\n'
            '"Class: 7b   Teacher: Mr J Lind",,,\n'
            ',,,\n'
            '"Surname Forename","Reg","Gender","DOB"\n'
            '"Brandt Lena","7b","F","01/02/2014"\n'
            '"Said Omar","7b","M","01/02/2014"\n'
            '"Total students: 2",,,\n'
        ),
        [('Brandt Lena', '', '7b'), ('Said Omar', '', '7b')],
    ),
    'eAsistent': (
        'Zap. št.;Priimek in ime;Oddelek\n1;Brandt Lena;7b\n2;Said Omar;7b\n',
        [('Brandt Lena', '', '7b'), ('Said Omar', '', '7b')],
    ),
    'Visma InSchool': (
        (
            'Etternavn;Fornavn;Basisgruppe;Kontaktlærer;E-post elev;E-post foresatt 1\n'
            'Brandt;Lena;7b;Jo Lind;l@x.org;e@x.org\n'
        ),
        [('Lena Brandt', 'l@x.org', '7b')],
    ),
    'Substitute note': (
        (
            'Class 7b – Biology – Room 12,,\n'
            'Teacher: Jo Lind,,\n'
            'Name,Class,Notes\n'
            'Lena Brandt,7b,needs glasses\n'
            'Omar Said,7b,\n'
            '\n'
            'Thank you!,,\n'
        ),
        BOTH,
    ),
    'legend': ('Name;Klasse;N\nLena Brandt;7b;*\nOmar Said;7b;\nN = Nachteilsausgleich;;\n', BOTH),
    'Co-teacher rows': (
        (
            'Name,Email,Type\n'
            'Lena Brandt,l@x.org,Student\n'
            'Jo Lind,j@x.org,Co-Teacher\n'
            'Pat Roe,p@x.org,Paraprofessional\n'
            'Sam Tee,s@x.org,Student Teacher\n'
        ),
        WITH_ADDRESS,
    ),
    'Banner': (
        (
            'Record Number,Student Name,ID,Reg Status,Level,Credits,Email\n'
            '1,"Brandt, Lena M.",900,**Web Registered**,UG,3,l@x.org\n'
            '2,"Said, Omar",901,**Web Withdrawn**,UG,3,o@x.org\n'
        ),
        [('Lena M. Brandt', 'l@x.org', '')],
    ),
    'StudIP': (
        (
            '"Anrede";"Titel";"Vorname";"Nachname";"Titel2";"Nutzernamen";"Privatadr";"Privatnr";"E-Mail";"A'
            'nmeldedatum";"Studiengänge";"Status"\n'
            '"Frau";"";"Lena";"Brandt";"";"lb";"";"";"l@x.org";"01.11.2026";"Bio";"autor"\n'
            '"";"Dr.";"Jo";"Lind";"";"jl";"";"";"j@x.org";"";"";"dozent"\n'
        ),
        WITH_ADDRESS,
    ),
    'Moodle upload': (
        (
            'username,firstname,lastname,email,course1,role1,group1\n'
            'lb,Lena,Brandt,l@x.org,bio,student,7b\n'
            'jl,Jo,Lind,j@x.org,bio,editingteacher,\n'
        ),
        [('Lena Brandt', 'l@x.org', '7b')],
    ),
    'LibreOffice quoted tab numbers': (
        '"Nr."\t"Name"\t"Vorname"\t"Kl."\n1\t"Brandt"\t"Lena"\t"7b"\n2\t"Said"\t"Omar"\t"7b"\n',
        BOTH,
    ),
    'Kl.': ('Name;Vorname;Kl.\nBrandt;Lena;7b\n', LENA),
    'India2': ("S.No.,Student's Name,Father Name,Class & Sec\n1,Lena Brandt,Karl Brandt,7b\n", LENA),
    'Philippines': (
        (
            'No.,LRN,"NAME (Last Name, First Name, Middle Name)",Sex\n'
            '1,1001,"Brandt,Lena, Maria",F\n'
            '2,1002,"Said,Omar, Ali",M\n'
        ),
        [('Lena Maria Brandt', '', ''), ('Omar Ali Said', '', '')],
    ),
    'Vietnam': (
        ('STT,Mã học sinh,Họ tên học sinh,Lớp,Họ tên cha\n1,1001,Nguyễn Văn An,7b,Nguyễn Văn B\n'),
        [('Nguyễn Văn An', '', '7b')],
    ),
    'Irish VSware': ('Student,Base Class,Year,Guardian,Guardian Email\nLena Brandt,7b,1st,Eva,e@x.org\n', LENA),
    'Scottish SEEMiS': ('Surname,Forename,Known As,Reg Class,SCN\nBrandt,Helena,Lena,7b,1001\n', LENA),
    'sort name': ('Sort Name,Class\n"Brandt, Lena",7b\n', LENA),
    'First Name + Last Initial': (
        'First Name,Last Initial,Class\nLena,B,7b\nOmar,S.,7b\n',
        [('Lena B', '', '7b'), ('Omar S.', '', '7b')],
    ),
    'headteacher row': ('Name,Class\nMs J. Lind,Form tutor\nLena Brandt,7b\n', LENA),
    'roles more': (
        (
            'Name,Role\n'
            'Lena Brandt,Learner\n'
            'Jo Lind,Course Builder\n'
            'Pat Roe,Grader\n'
            'Al Fa,Support Staff\n'
            'Be Ta,Librarian\n'
        ),
        BOTH_ALONE[:1],
    ),
    'pronouns': ('Name,Class\nLena Brandt (she/her),7b\n"Said, Omar (he/him)",7b\n', BOTH),
    'a title in a line of one cell': ('Name,Class\nLena Brandt,7b\n\nWaiting list\nOmar Said,7b\n', LENA),
    'a note in a line of one cell': ('Name,Class\nLena Brandt,7b\nThank you!\nN = new in class\n', LENA),
    'Greek myschool': (
        ('Α/Α;Επώνυμο μαθητή;Όνομα μαθητή;Όνομα πατέρα;Τάξη;Τμήμα\n1;Παπαδόπουλος;Νίκος;Γιώργος;Α;7b\n'),
        [('Νίκος Παπαδόπουλος', '', 'Α')],
    ),
    'Google Contacts': (
        (
            'Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value\n'
            'Lena Brandt,Lena,,Brandt,* myContacts,* ,l@x.org\n'
        ),
        WITH_ADDRESS,
    ),
    'a school in each line': (
        'School Name,First Name,Last Name,Class\nMill School,Lena,Brandt,7b\nMill School,Omar,Said,7b\n',
        BOTH,
    ),
    'how many have which mark': (
        'Name;Klasse;KA1\nLena Brandt;7b;2\nNotenspiegel;;\n1;0;\n2;1;\nDurchschnitt;;2,0\n',
        LENA,
    ),
    'a total below the numbers': ('Nr.;m;w;Name;Klasse\n1;;x;Lena Brandt;7b\n2;x;;Omar Said;7b\nSumme;1;1;;\n', BOTH),
    'a question about teachers': ('Name,Email,Is Teacher\nLena Brandt,l@x.org,No\nJo Lind,j@x.org,Yes\n', WITH_ADDRESS),
    'a flag for staff': ('Name,Email,Staff\nLena Brandt,l@x.org,FALSE\nJo Lind,j@x.org,TRUE\n', WITH_ADDRESS),
    'the staff as a class': ('Name;Klasse\nLena Brandt;7b\nJo Lind;Kollegium\n', LENA),
    'types in short': ('Name,Type\nLena Brandt,STU\nJo Lind,TCH\nPat Roe,PAR\n', BOTH_ALONE[:1]),
    'a number before a name': ('Student,Class\n1001 - Lena Brandt,7b\n1002 - Omar Said,7b\n', BOTH),
    'a number behind a name': ('Student,Class\nLena Brandt (1001),7b\nOmar Said (1002),7b\n', BOTH),
    'an address behind a name': ('Student,Class\n"Lena Brandt, l@x.org",7b\n', [('Lena Brandt', 'l@x.org', '7b')]),
    'something behind an address': ('Name,Email\nLena Brandt, l@x.org ; \n', WITH_ADDRESS),
    'no quotes around last, first': ('Name,Class\nBrandt, Lena,7b\nSaid, Omar,7b\nTotal,2\n', BOTH),
    'a remark without a heading': ('Name,Class\nLena Brandt,7b,new\nOmar Said,7b,new\n', BOTH),
    'a space behind each comma': ('Name, Class\nLena Brandt, 7b, new\nOmar Said, 7b, new\n', BOTH),
}


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, 'now', lambda: datetime(2026, 11, 30, tzinfo=UTC))


@pytest.mark.parametrize('name', ONCE_WRONG)
def test_a_list_brings_those_who_learn_by_their_names(name: str) -> None:
    content, expected = ONCE_WRONG[name]
    found = list_reading.read(content.encode())
    assert [(one.name, one.email, one.group) for one in found if one.fate is not Fate.LEFT] == expected


@pytest.mark.parametrize(
    'name',
    [
        'Lena, Omar, Ida',
        'Brandt, Lena, 7b',
        'O’Rourke, Jr.',
        'She/He',
        'Lena (Leni)',
        'Kohort Kl',
        'Ana !Xam',
        'Agent 99',
        'Staff Ahmed',
    ],
)
def test_what_looks_like_that_is_kept_as_it_is(name: str) -> None:
    (found, _) = list_reading.read(f'Name;Class\n{name};7b\nOmar Said;7b\n'.encode())
    assert found.name == name


@pytest.mark.parametrize('role', ['Student Council', 'Student Support', 'Teacher’s son'])
def test_a_column_of_something_else_is_none_of_roles(role: str) -> None:
    found = list_reading.read(f'Name,Group 2,Class\nLena Brandt,{role},7b\nOmar Said,Tutor,7b\n'.encode())
    assert [one.name for one in found] == ['Lena Brandt', 'Omar Said']
