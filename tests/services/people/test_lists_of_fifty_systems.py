"""Class lists as fifty more systems export them, by what they and those who read their files have published.

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
BOTH_WITH_ADDRESSES: list[ROW] = [*WITH_ADDRESS, ('Omar Said', 'o@x.org', '')]

SYSTEMS: dict[str, tuple[str, list[ROW]]] = {
    'Zoom participants': (
        (
            'Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n'
            'Lena Brandt (Lena B.),l@x.org,11/01/2026 10:00,11/01/2026 10:40,40,No\n'
            'Omar Said,o@x.org,11/01/2026 10:00,11/01/2026 10:40,40,Yes\n'
        ),
        [('Lena Brandt (Lena B.)', 'l@x.org', ''), ('Omar Said', 'o@x.org', '')],
    ),
    'Zoom with meeting above': (
        (
            'Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n'
            '123 456,Biology 7b,11/01/2026 10:00,11/01/2026 10:40,j@x.org,40,3\n'
            '\n'
            'Name (Original Name),User Email,Total Duration (Minutes),Guest\n'
            'Lena Brandt,l@x.org,40,No\n'
            'Omar Said,o@x.org,40,No\n'
        ),
        BOTH_WITH_ADDRESSES,
    ),
    'Google Meet attendance': (
        (
            'First name,Last name,Email,Duration,Time joined,Time exited\n'
            'Lena,Brandt,l@x.org,40 min,10:00,10:40\n'
            'Omar,Said,o@x.org,40 min,10:00,10:40\n'
        ),
        BOTH_WITH_ADDRESSES,
    ),
    'SchILD full': (
        (
            'Interne ID-Nummer;Nachname;Vorname;Klasse;Geburtsdatum;Geschlecht;Aufnahmedatum;Entlassdatum;Vo'
            'lljährig;Status\n'
            '1;Brandt;Lena;7b;01.02.2014;w;01.08.2024;;N;2\n'
            '2;Said;Omar;7b;01.02.2014;m;01.08.2024;;N;2\n'
        ),
        BOTH,
    ),
    'SchILD leavers 8 9': (
        (
            'Interne ID-Nummer;Nachname;Vorname;Klasse;Entlassdatum;Status\n'
            '1;Brandt;Lena;7b;;2\n'
            '2;Said;Omar;7b;31.07.2026;9\n'
        ),
        LENA,
    ),
    'PowerSchool mother': (
        (
            'Student_Number\tFirst_Name\tMiddle_Name\tLast_Name\tGrade_Level\tHome_Room\tMother_First\tMother\tMothe'
            'r_Email\n'
            '1001\tLena\tM\tBrandt\t7\t7b\tEva\tBrandt\te@x.org\n'
            '1002\tOmar\t\tSaid\t7\t7b\tAisha\tSaid\ta@x.org\n'
        ),
        BOTH,
    ),
    'Aeries': (
        (
            'Student ID,Last Name,First Name,Middle Name,Grade,Tchr,Teacher Name,Corr Lng,Parent Email\n'
            '1001,Brandt,Lena,M,7,12,Lind J,01,e@x.org\n'
            '1002,Said,Omar,,7,12,Lind J,01,a@x.org\n'
        ),
        BOTH_ALONE,
    ),
    'Gradescope': (
        ('Name,Email,Role,SID\nLena Brandt,l@x.org,Student,1001\nJo Lind,j@x.org,Instructor,\nTom Ost,t@x.org,TA,\n'),
        WITH_ADDRESS,
    ),
    'Moodle grade export': (
        (
            'First name,Last name,ID number,Institution,Department,Email address,Quiz: Soil (Real),Course to'
            'tal (Real),Last downloaded from this course\n'
            'Lena,Brandt,1001,,,l@x.org,9,9,1798000000\n'
            'Omar,Said,1002,,,o@x.org,-,-,1798000000\n'
        ),
        BOTH_WITH_ADDRESSES,
    ),
    'Moodle quiz overall avg': (
        (
            'Last name,First name,Email address,State,Started on,Completed,Time taken,Grade/10.00,Q. 1 /10.0'
            '0\n'
            'Brandt,Lena,l@x.org,Finished,1 November 2026 10:00 AM,1 November 2026 10:10 AM,10 mins,9.00,9.0'
            '0\n'
            'Said,Omar,o@x.org,In progress,1 November 2026 10:00 AM,-,-,-,-\n'
            'Overall average,,,,,,,9.00 (1),9.00 (1)\n'
        ),
        BOTH_WITH_ADDRESSES,
    ),
    'Moodle attendance': (
        (
            'Last name,First name,Groups,1 Nov 2026 10.00AM All students,Taken sessions,Points,Percentage\n'
            'Brandt,Lena,7b,P (2/2),1,2 / 2,100.00%\n'
            'Said,Omar,7b,A (0/2),1,0 / 2,0.00%\n'
        ),
        BOTH,
    ),
    'Canvas People copy': (
        (
            'Name\tLogin ID\tSIS ID\tSection\tRole\tLast Activity\tTotal Activity\n'
            'Lena Brandt\tlbrandt\t1001\t7b\tStudent\tNov 1\t01:00\n'
            'Jo Lind\tjlind\t\t7b\tTeacher\tNov 1\t02:00\n'
            'Test Student\t\t\t7b\tTest Student\t\t\n'
        ),
        LENA,
    ),
    'Blackboard Ultra': (
        (
            'Student ID,Last Name,First Name,Username,Child Course ID,Email,Role,Last Access\n'
            '1001,Brandt,Lena,lb,,l@x.org,Student,\n'
            ',Lind,Jo,jl,,j@x.org,Instructor,\n'
        ),
        WITH_ADDRESS,
    ),
    'Schoology gradebook': (
        ('Last Name,First Name,Unique User ID,School,Section,Q1\nBrandt,Lena,1,S,7b,9\nMax Points,,,,,10\n'),
        LENA,
    ),
    'ManageBac': (
        (
            'Student ID,Last Name,First Name,Preferred Name,Email,Homeroom,Advisor,Parent 1 Email\n'
            '1001,Brandt,Helena,Lena,l@x.org,7b,Jo Lind,e@x.org\n'
        ),
        [('Lena Brandt', 'l@x.org', '7b')],
    ),
    'Engage': (
        (
            'Pupil ID,Pupil Surname,Pupil Forename,Form,Form Tutor,House\n'
            '1001,Brandt,Lena,7b,J Lind,Red\n'
            '1002,Said,Omar,7b,J Lind,Red\n'
        ),
        BOTH,
    ),
    'Pronote full': (
        (
            'Nom;Prénom;Né(e) le;Sexe;Classe;Adresse E-mail;Responsable 1 - Nom;Responsable 1 - Prénom;Respo'
            'nsable 1 - E-mail\n'
            'BRANDT;Lena;01/02/2014;F;7b;l@x.org;BRANDT;Eva;e@x.org\n'
        ),
        [('Lena BRANDT', 'l@x.org', '7b')],
    ),
    'Pronote total': (
        'Élève;Classe\nBRANDT Lena;7b\nSAID Omar;7b\n2 élèves;\n',
        [('BRANDT Lena', '', '7b'), ('SAID Omar', '', '7b')],
    ),
    'Séneca full': (
        (
            '"Alumno/a","Nº Id. Escolar","DNI/Pasaporte","Fecha de nacimiento","Unidad","Correo electrónico '
            'tutor/a 1"\n'
            '"Brandt Ruiz, Lena","123","","01/02/2014","7b","e@x.org"\n'
        ),
        [('Lena Brandt Ruiz', '', '7b')],
    ),
    'Mashov': ('מס\' תלמיד,שם משפחה,שם פרטי,כיתה,דוא"ל אם\n1,לוי,דנה,7b,e@x.org\n', [('דנה לוי', '', '7b')]),
    'Noor': (
        'م,اسم الطالب,رقم الهوية,الصف\n1,ليلى حسن,1001,7b\n2,عمر سعيد,1002,7b\n',
        [('ليلى حسن', '', '7b'), ('عمر سعيد', '', '7b')],
    ),
    'C4TH': (
        '学年,組,番号,氏名,ふりがな\n1,7b,1,山田 花子,やまだ はなこ\n1,7b,2,佐藤 健,さとう けん\n',
        [('山田 花子', '', '7b'), ('佐藤 健', '', '7b')],
    ),
    'Microsoft SDS student': (
        ('SIS ID,School SIS ID,Username,First Name,Last Name,Grade\n1001,S1,lbrandt,Lena,Brandt,7\n'),
        BOTH_ALONE[:1],
    ),
    'SDS v2 users': (
        (
            'sourcedId,orgSourcedIds,username,givenName,familyName,password,role,grades\n'
            '1,S1,lb@x.org,Lena,Brandt,,student,7\n'
            '2,S1,jl@x.org,Jo,Lind,,teacher,\n'
        ),
        BOTH_ALONE[:1],
    ),
    'Edulink': (
        ('Forename,Surname,Year Group,Community Group,Parent Name,Parent Email\nLena,Brandt,7,7b,Eva Brandt,e@x.org\n'),
        BOTH_ALONE[:1],
    ),
    'attendance by month': (
        ('Name,1,2,3,4,5,P,A\nLena Brandt,P,P,A,P,P,4,1\nOmar Said,P,P,P,P,P,5,0\nTotal present,2,2,1,2,2,,\n'),
        BOTH_ALONE,
    ),
    'D2L one col': (
        (
            '"Last Name, First Name",Username,Email,Role\n'
            '"Brandt, Lena",lb,l@x.org,Student\n'
            '"Lind, Jo",jl,j@x.org,Instructor\n'
        ),
        WITH_ADDRESS,
    ),
    'PeopleSoft': (
        (
            'Notify,ID,Name,Grade Basis,Units,Program and Plan,Level\n'
            ',900,"Brandt,Lena Maria",GRD,3.00,Biology,Freshman\n'
            ',901,"Said,Omar",GRD,3.00,Biology,Freshman\n'
        ),
        [('Lena Maria Brandt', '', ''), ('Omar Said', '', '')],
    ),
    'HISinOne': (
        (
            'Matrikelnummer;Nachname;Vorname;Studiengang;Fachsemester;E-Mail;Status\n'
            '1001;Brandt;Lena;Biologie;3;l@x.org;ZU\n'
            '1002;Said;Omar;Biologie;3;o@x.org;AN\n'
        ),
        BOTH_WITH_ADDRESSES,
    ),
    'Ultra role with heading de': (
        ('Vorname;Nachname;Systemrolle;Klasse\nLena;Brandt;Schüler/in;7b\nJo;Lind;Lehrer/in;7b\n'),
        LENA,
    ),
    'HR AD dump': (
        (
            'SamAccountName,GivenName,Surname,EmailAddress,Enabled,Description\n'
            'lb,Lena,Brandt,l@x.org,True,Student\n'
            'os,Omar,Said,o@x.org,False,Student\n'
        ),
        WITH_ADDRESS,
    ),
    'Name des Kindes': ('Name des Kindes;Klasse;Name der Mutter;Telefon\nLena Brandt;7b;Eva Brandt;0170\n', LENA),
    'Nom élève': ("Nom de l'élève;Prénom de l'élève;Classe;Nom du père\nBrandt;Lena;7b;Karl Brandt\n", LENA),
    'India': (
        (
            "Roll No.,Admission No.,Name of the Student,Father's Name,Mother's Name,Class,Section,Mobile No."
            '\n'
            '1,A1,Lena Brandt,Karl Brandt,Eva Brandt,7,b,0170\n'
            '2,A2,Omar Said,Ali Said,Aisha Said,7,b,0171\n'
        ),
        [('Lena Brandt', '', '7'), ('Omar Said', '', '7')],
    ),
    'Brazil': (
        (
            'Matrícula;Nome do Aluno;Turma;Situação;Nome da Mãe\n'
            '1;Lena Brandt;7b;Cursando;Eva\n'
            '2;Omar Said;7b;Transferido;Aisha\n'
        ),
        LENA,
    ),
    'China': ('序号,学籍号,学生姓名,性别,班级,家长姓名,家长电话\n1,1001,张华,男,7b,张伟,138\n', [('张华', '', '7b')]),
    'Russian electronic': (
        ('№;ФИО учащегося;Класс;ФИО родителя;Электронная почта родителя\n1;Брандт Лена;7b;Брандт Ева;e@x.org\n'),
        [('Брандт Лена', '', '7b')],
    ),
    'Turkish EOKUL': ('Sıra No;Öğrenci No;Adı Soyadı;Sınıf/Şube;Veli Adı\n1;123;Lena Brandt;7b;Eva\n', LENA),
    'Finnish Wilma full': (
        'Nimi;Ryhmä;Huoltaja;Huoltajan sähköposti\nBrandt Lena;7b;Eva;e@x.org\n',
        [('Brandt Lena', '', '7b')],
    ),
    'Dutch parnassys': (
        'Roepnaam;Voorvoegsel;Achternaam;Groep;E-mail ouder 1\nLena;van;Brandt;7b;e@x.org\n',
        [('Lena van Brandt', '', '7b')],
    ),
    'Portuguese EE': (('Nome do aluno;Turma;Encarregado de Educação;E-mail do EE\nLena Brandt;7b;Eva;e@x.org\n'), LENA),
    'Polish parent': ('Imię ucznia;Nazwisko ucznia;Klasa;E-mail rodzica\nLena;Brandt;7b;e@x.org\n', LENA),
    'Hungarian parent': (
        ('Tanuló neve;Osztály;Gondviselő neve;Gondviselő e-mail\nBrandt Léna;7b;Éva;e@x.org\n'),
        [('Brandt Léna', '', '7b')],
    ),
    'chosen first legal': (
        ('Legal First Name,Chosen First Name,Last Name,Class\nHelena,Lena,Brandt,7b\nOmar,,Said,7b\n'),
        BOTH,
    ),
}


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, 'now', lambda: datetime(2026, 11, 30, tzinfo=UTC))


@pytest.mark.parametrize('name', SYSTEMS)
def test_a_list_brings_those_who_learn_by_their_names(name: str) -> None:
    content, expected = SYSTEMS[name]
    found = list_reading.read(content.encode())
    assert [(one.name, one.email, one.group) for one in found if one.fate is not Fate.LEFT] == expected
