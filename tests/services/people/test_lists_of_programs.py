"""Class lists in the shapes of many programs and languages: nobody is lost, halved or invented."""

import pytest

from services.courses.import_file import BrokenFile
from services.people import list_reading
from services.people.list_reading import Choices, Fact

pytestmark = pytest.mark.req('C7')

BRANDT = [('Lena Brandt', '7b')]

LISTS = {
    'IServ': ('Nachname;Vorname;Klasse/Information;Account\nBrandt;Lena;7b;lena.brandt\n', BRANDT),
    'Untis': ('Kurzname,Langname,Vorname,Klasse\nBraLen,Brandt,Lena,7b\n', BRANDT),
    'WebUntis': ('Name\tLangname\tVorname\tKlasse\nBraLen\tBrandt\tLena\t7b\n', BRANDT),
    'Schulmanager': ('Familienname;Rufname;Klasse\nBrandt;Lena;7b\n', BRANDT),
    'ASV': ('Familienname;Vornamen;Rufname;Klasse\nBrandt;Lena Maria;Lena;7b\n', BRANDT),
    'ASV, not all called otherwise': ('Familienname;Vornamen;Rufname;Klasse\nBrandt;Lena;;7b\n', BRANDT),
    'SIMS': ('Surname,Forename,Reg,UPN\nBrandt,Lena,7b,A123\n', BRANDT),
    'SIMS, legal and preferred': (
        'Legal Surname,Legal Forename,Preferred Forename,Reg Group\nBrandt,Helena,Lena,7b\n',
        BRANDT,
    ),
    'Arbor': ('Student,Legal first name,Legal last name,Registration form\nLena Brandt,Helena,Brandt,7b\n', BRANDT),
    'PowerSchool': ('Student_Number\tLastFirst\tHome_Room\n1001\tBrandt, Lena\t7b\n', BRANDT),
    'Canvas in German': (
        'Teilnehmer/in,ID,Abschnitt\n    Erreichbare Punkte,,\n"Brandt, Lena",11,7b\n"Teilnehmer, Test",12,7b\n',
        BRANDT,
    ),
    'Canvas in French': ('Étudiant,ID,Section\n    Points possibles,,\n"Brandt, Lena",11,7b\n', BRANDT),
    'Canvas in Spanish': ('Estudiante,ID,Sección\n    Puntos posibles,,\n"Brandt, Lena",11,7b\n', BRANDT),
    'Canvas in another language': ('Student,ID,Section\n    Mögulegir punktar,,\n"Brandt, Lena",11,7b\n', BRANDT),
    'Moodle in German': (
        'Vorname Nachname,Rollen,Gruppen\nLena Brandt,Teilnehmer/in,7b\nJo Lind,Trainer/in,7b\n',
        BRANDT,
    ),
    'Moodle in Spanish': (
        'Nombre,Apellido(s),Roles,Grupos\nLena,Brandt,Estudiante,7b\nOmar,Said,Estudiante,No hay grupos\n',
        [*BRANDT, ('Omar Said', '')],
    ),
    'Moodle in Italian': ('Nome,Cognome,Ruoli,Gruppi\nLena,Brandt,Studente,7b\nJo,Lind,Docente,7b\n', BRANDT),
    'Argo': ('Cognome e nome;Classe\n"Brandt, Lena";7b\n', BRANDT),
    'Pronote': ('Élèves;Classe\n"Brandt, Lena";7b\n', BRANDT),
    'SIECLE': ('Nom de famille;Prénom 1;Prénom 2;Division\nBrandt;Lena;Maria;7b\n', BRANDT),
    'Séneca': ('Alumno/a;Unidad\n"Brandt, Lena";7b\n', BRANDT),
    'two surnames': ('Apellido 1;Apellido 2;Nombre;Grupo\nBrandt;Ruiz;Lena;7b\n', [('Lena Brandt Ruiz', '7b')]),
    'Ilias': ('Vorname;Nachname;Rolle;Gruppe\nLena;Brandt;Kursmitglied;7b\nJo;Lind;Kursadministrator;7b\n', BRANDT),
    'Blackboard': ('Last Name,First Name,Class\nBrandt,Lena,7b\nPreviewUser,lb_previewuser,7b\n', BRANDT),
    'OneRoster': (
        'sourcedId,status,givenName,familyName,role,class\n1,tobedeleted,Old,Gone,student,7b\n2,active,Lena,Brandt,student,7b\n',
        BRANDT,
    ),
    'Google Classroom': ('Last Name,First Name,Class\nBrandt,Lena,7b\nClass average,,\n', BRANDT),
    'a count below': ('Name;Klasse\nLena Brandt;7b\n\nAnzahl Schüler: 1;\n', BRANDT),
    'a total below': ('Name,Class\nLena Brandt,7b\nTotal,1\n', BRANDT),
    'headings on each page': ('Name;Klasse\nLena Brandt;7b\nName;Klasse\n', BRANDT),
    'a title for each class': ('Name;Vorname;Klasse\nKlasse 7b;;\nBrandt;Lena;7b\n', BRANDT),
}


@pytest.mark.parametrize('program', LISTS)
def test_lists_of_each_program(program: str) -> None:
    text, expected = LISTS[program]
    assert [(person.name, person.group) for person in list_reading.read(text.encode())] == expected


@pytest.mark.parametrize(
    'name', ['Media Ahmed', 'Sum Yi', 'Klasse, Jan', 'Form Anders', 'Set Ali', 'Total Recall', 'Date Masamune']
)
def test_names_that_look_like_a_total_or_a_title_are_people(name: str) -> None:
    assert len(list_reading.read(f'name;email\n{name};a@example.org\n{name};\n'.encode())) == 2


def test_a_role_that_is_not_known_is_asked_about_and_loses_nobody() -> None:
    content = b'Name,Role\nLena,Wizard\nOmar,Attendee\nJo,Organizer\n'
    with pytest.raises(BrokenFile, match='Line 2: It is not known whether “Wizard” learns') as refusal:
        list_reading.read(content)
    assert len(refusal.value.problems) == 1
    everybody = list_reading.read(content, Choices(columns={'Role': Fact.IGNORED}))
    assert [person.name for person in everybody] == ['Lena', 'Omar', 'Jo']
    with pytest.raises(BrokenFile, match='Nobody in this file learns'):
        list_reading.read(b'Name,Role\nJo,Teacher\n')


def test_addresses_as_mail_programs_write_them() -> None:
    content = (
        b'name,email\nLena,mailto:l@example.org\nOmar,Omar Said <O@example.org>\nAda,a@x.org; mum@x.org\n,e@x.org\n'
    )
    found = list_reading.reading(content)
    assert [person.email for person in found.people] == ['l@example.org', 'o@example.org']
    assert [str(problem) for problem in found.problems] == [
        'Line 4: “a@x.org; mum@x.org” is not an e-mail address.',
        'Line 5: The name is missing.',
    ]


def test_names_that_are_padded_are_people() -> None:
    assert len(list_reading.read(b'name   ,group\n    Lena,\n    Omar,\n')) == 2
    assert len(list_reading.read(b'name   ,group\n    Lena,7b\nOmar,\n')) == 2


@pytest.mark.parametrize(
    ('content', 'says'),
    [
        (b'PK\x03\x04\x14\x00', 'broken, or not all of it'),
        (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(3000), 'a workbook'),
        (b'%PDF-1.7\n', 'a PDF'),
        (b'{\\rtf1 Lena}', 'a document'),
        (b'\xef\xbb\xbf\n<html><p>Name', 'a web page'),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_kind(content: bytes, says: str) -> None:
    with pytest.raises(BrokenFile, match=says):
        list_reading.read(content)
