"""Class lists with more than the class: notes, teachers, parents, particles, names by which people are called."""

import pytest

from services.people import list_reading

pytestmark = pytest.mark.req('C7')

ROW = tuple[str, str, str]
"""name, address, group"""

LENA: list[ROW] = [('Lena Brandt', '', '7b')]
BOTH: list[ROW] = [*LENA, ('Omar Said', '', '7b')]

LISTS: dict[str, tuple[str, list[ROW]]] = {
    # what programs print around people
    'printed on': ('Name,Form,Email\nLena Brandt,7b,\nPrinted on 29/11/2026 by J Lind,,\n', LENA),
    'printed on, in two cells': ('Name,Form\nLena Brandt,7b\nPrinted on:,29/11/2026\n', LENA),
    'printed on, below the numbers': ('Pupil ID,Name,Form\nA1,Lena Brandt,7b\nPrinted on 29/11/2026,,\n', LENA),
    'pages': ('Name,Form\nLena Brandt,7b\nPage 1 of 2,\nName,Form\nOmar Said,7b\nPage 2 of 2,\n', BOTH),
    'as of': ('Nachname;Vorname;Klasse\nBrandt;Lena;7b\nStand: 29.11.2026;;\nSeite 1 von 1;;\n', LENA),
    'counts': ('Nom;Prénom;Classe\nBrandt;Lena;7b\n1 élève;;\nFilles : 1 Garçons : 0;;\n', LENA),
    'the teacher above': ('Name,Form\nTeacher: Jo Lind,\nLena Brandt,7b\n', LENA),
    'rows left empty': ('No,Name,Form\n1,Lena Brandt,7b\n2,Omar Said,7b\n3,,\n4,,\n', BOTH),
    'lines to sign on': ('Name,Form,Sign\nLena Brandt,7b,____\n____,____,____\n', LENA),
    'figures below': (
        'Last name,First name,Form,Quiz\nBrandt,Lena,7b,4\nMean,,,4\nMax,,,4\nStandard deviation,,,0\n',
        LENA,
    ),
    'numbered in the cell': ('Name,Form\n1. Lena Brandt,7b\n2. Omar Said,7b\n', BOTH),
    'a word to who fills it in': ('Name,Form,Email\n(do not change),,\nLena Brandt,7b,\n', LENA),
    # who does not learn
    'a column of tutors is none of roles': (
        'Name,Tutor,Form\nLena Brandt,Student Services,7b\nOmar Said,Teacher X,7b\n',
        BOTH,
    ),
    'titles above teachers and learners': (
        'Name,Form\nTeachers,\nJo Lind,\nStudents (2),\nLena Brandt,7b\nOmar Said,7b\n',
        BOTH,
    ),
    'a title of a class below teachers': (
        'Name,Form\nTeachers,\nJo Lind,\nClass 7b,\nLena Brandt,7b\nPupils of 7b:,\nOmar Said,7b\n',
        BOTH,
    ),
    'a second table': ('Name,Form\nLena Brandt,7b\n\nLehrkräfte,\nName,Fach\nJo Lind,Bio\n', LENA),
    'roles in a column of any name': ('Name,Type,Form\nLena Brandt,Pupil,7b\nEva Brandt,Parent,7b\n', LENA),
    'whom a child lives with is no role': (
        'Name,Lives with,Form\nLena Brandt,Parent,7b\nOmar Said,Guardian,7b\n',
        BOTH,
    ),
    'a remark about some is no role': (
        'Name,Remarks,Form\nLena Brandt,Student council,7b\nOmar Said,Teacher’s son,7b\nIda Ost,,7b\n',
        [*BOTH, ('Ida Ost', '', '7b')],
    ),
    'parents in front': (
        'Parent first name,Parent last name,Child first name,Child last name,Class\nEva,B,Lena,Brandt,7b\n',
        LENA,
    ),
    'a child for each parent': ('Name,Child,Class\nEva Brandt,Lena Brandt,7b\n', LENA),
    'Mutter und Kind': ('Name Kind;Vorname Kind;Name Mutter;Vorname Mutter;Klasse\nBrandt;Lena;Brandt;Eva;7b\n', LENA),
    # how people are called
    'preferred beside two': ('Forename,Preferred Name,Surname,Form\nHelena,Lena,Brandt,7b\nOmar,,Said,7b\n', BOTH),
    'preferred first': ('Rufname;Familienname;Vornamen;Klasse\nLena;Brandt;Helena;7b\n;Said;Omar;7b\n', BOTH),
    'nom d’usage': ("Nom d'usage;Nom de naissance;Prénom;Classe\n;Brandt;Lena;7b\nSaid;Roux;Omar;7b\n", BOTH),
    'shown with the class': ('Display name,First name,Last name,Form\nLena Brandt (7b),Lena,Brandt,7b\n', LENA),
    'numbers called student': ('Student,Name,Form\n1001,Lena Brandt,7b\n', LENA),
    'two names in one heading': ('Nr.;Familienname, Rufname;Klasse\n1;Brandt, Lena;7b\n', LENA),
    'tussenvoegsel': (
        'Roepnaam;Tussenvoegsel;Achternaam;Klas\nLena;van den;Heuvel;7b\n',
        [('Lena van den Heuvel', '', '7b')],
    ),
    'Namenszusatz': (
        'Nachname;Vorname;Namenszusatz;Klasse\nGoethe;Lena;von;7b\nSaid;Omar;Dr.;7b\n',
        [('Lena von Goethe', '', '7b'), ('Omar Said', '', '7b')],
    ),
    'the whole name and the first once more': ('Name;Vorname;Klasse\nLena Brandt;Lena;7b\nSaid, Omar;Omar;7b\n', BOTH),
    'an address at home and one at school': (
        'Name;E-Mail (privat);E-Mail (Schule)\nLena Brandt;home@x.org;l@x.org\n',
        [('Lena Brandt', 'l@x.org', '')],
    ),
    # headings as they are written elsewhere
    'no breaks': (
        'First\u00a0Name,Last\u00a0Name,E\u2011mail\nLena,Brandt\u00a0,l@x.org\u00a0\n',
        [('Lena Brandt', 'l@x.org', '')],
    ),
    'Norwegian': (
        'Etternavn;Fornavn;E-post;Rolle\nBrandt;Lena;l@x.org;Elev\nLind;Jo;j@x.org;Lærer\n',
        [('Lena Brandt', 'l@x.org', '')],
    ),
    'Swedish': ('Efternamn;Förnamn;Klass\nBrandt;Lena;7b\n', LENA),
    'Finnish': ('Sukunimi;Etunimi;Luokka\nBrandt;Lena;7b\n', LENA),
    'Czech': ('Příjmení;Jméno;Třída\nBrandt;Lena;7b\n', LENA),
    'Hungarian': ('Vezetéknév;Keresztnév;Osztály\nBrandt;Lena;7b\n', LENA),
    'Russian': ('Фамилия;Имя;Класс\nБрандт;Лена;7b\n', [('Лена Брандт', '', '7b')]),
}


@pytest.mark.parametrize('name', LISTS)
def test_a_list_brings_those_who_learn_and_nobody_else(name: str) -> None:
    text, expected = LISTS[name]
    assert [(one.name, one.email, one.group) for one in list_reading.read(text.encode())] == expected


@pytest.mark.parametrize(
    ('text', 'names'),
    [
        ('Name;Mail;Klasse\nKind 7-03;;\nKind 7-04;;\nKind 7-05;;\nKind 7-06;;\n', 4),
        ('Name,Email,Form\nLena,l@x.org,7b\nStudent 7,,\n', 2),
        ('Name,Form\nMax,7b\nMin,\nMedia,\nMean Sok,7b\n', 4),
        ('First name,Last name,Form\nMax,,\nMin,Kim,7b\n', 2),
        ('Name\n12 Lena\n13 Omar\n', 2),
    ],
    ids=['numbered children', 'a number among names', 'names like figures', 'half a name', 'only names'],
)
def test_names_that_look_like_notes_are_people(text: str, names: int) -> None:
    assert len(list_reading.read(text.encode())) == names


@pytest.mark.parametrize(
    'text',
    [
        'Lena Brandt <l@x.org>; Omar Said <o@x.org>',
        'Lena Brandt <l@x.org>, "Said, Omar" <o@x.org>,',
        'Lena Brandt l@x.org; Omar Said o@x.org;\n',
        'Brandt, Lena <l@x.org>, Said, Omar <o@x.org>',
    ],
)
def test_people_who_were_copied_from_the_head_of_a_mail_are_several(text: str) -> None:
    found = [(one.line, one.name, one.email) for one in list_reading.read(text)]
    assert found == [(1, 'Lena Brandt', 'l@x.org'), (2, 'Omar Said', 'o@x.org')]


@pytest.mark.parametrize('text', ['Lena Brandt; l@x.org; eva@x.org', 'Lena Brandt <l@x.org>, 7b'])
def test_what_stands_behind_one_person_is_nobody_else(text: str) -> None:
    assert len(list_reading.reading(text).people) == 1
