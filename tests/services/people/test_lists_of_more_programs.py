"""More shapes of class lists, headings in one word, for several genders, for two facts at once."""

import pytest

from services.people import list_reading

pytestmark = pytest.mark.req('C7')

BRANDT = ('Lena Brandt', '', '7b')
WITH_ADDRESS = ('Lena Brandt', 'l@x.org', '7b')
NO_GROUP = ('Lena Brandt', 'l@x.org', '')
BOTH = [BRANDT, ('Omar Said', '', '7b')]

PROGRAMS = {
    'Schoology': (
        '"Unique User ID","First Name","Last Name","Email","Section"\n1,Lena,Brandt,l@x.org,7b\n',
        [WITH_ADDRESS],
    ),
    'Brightspace': (
        (
            'OrgDefinedId,Username,Last Name,First Name,Email,Sections,End-of-Line Indicator\n'
            '#1001,#lbrandt,Brandt,Lena,l@x.org,7b,#\n'
        ),
        [WITH_ADDRESS],
    ),
    'Sakai': ('Student ID,Student Name,Class\nlbrandt,"Brandt, Lena",7b\n', [BRANDT]),
    'Blackboard full': (
        (
            '"Last Name","First Name","Username","Student ID","Last Access","Availability","Weighted To'
            'tal [Total Pts: up to 0 Percentage] |12345"\n'
            '"Brandt","Lena","lbrandt","1001","2026-11-01 10:00:00","Yes","90"\n'
        ),
        [('Lena Brandt', '', '')],
    ),
    'Teams insights': ('Student Name,Email,Assignment 1,Points\nLena Brandt,l@x.org,Handed in,10\n', [NO_GROUP]),
    'Azure AD': (
        (
            'userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accou'
            'ntEnabled\n'
            'l@x.org,Lena Brandt,Brandt,l@x.org,Lena,0f,Member,Student,7b,True\n'
        ),
        [NO_GROUP],
    ),
    'ClassDojo': ('First name,Last name,Points\nLena,Brandt,12\n', [('Lena Brandt', '', '')]),
    'Edmodo': ('First Name,Last Name,Username\nLena,Brandt,lbrandt\n', [('Lena Brandt', '', '')]),
    'Infinite Campus': (
        (
            'student.lastName,student.firstName,student.studentNumber,student.grade,courseSection.secti'
            'onNumber\n'
            'Brandt,Lena,1001,7,7b\n'
        ),
        [('Lena Brandt', '', '')],
    ),
    'Skyward': ('STU-LNAME,STU-FNAME,STU-GRADE,STU-ID\nBRANDT,LENA,07,1001\n', [('LENA BRANDT', '', '')]),
    'iSAMS': (
        ('Surname,Forename,Preferred Name,Form,Year,Tutor,Email Address\nBrandt,Helena,Lena,7b,7,Jo Lind,l@x.org\n'),
        [WITH_ADDRESS],
    ),
    'Bromcom': ('Surname,Forename,Year Group,Tutor Group,UPN,Gender\nBrandt,Lena,Year 7,7b,A123,F\n', [BRANDT]),
    'Magister': (
        'Stamnr;Roepnaam;Tussenvoegsel;Achternaam;Klas\n1001;Lena;van den;Berg;7b\n',
        [('Lena van den Berg', '', '7b')],
    ),
    'SOMtoday': (
        ('Leerlingnummer;Achternaam;Voorvoegsel;Roepnaam;Stamgroep;E-mailadres\n1001;Berg;van den;Lena;7b;l@x.org\n'),
        [('Lena van den Berg', 'l@x.org', '7b')],
    ),
    'Smartschool': ('Naam;Voornaam;Klas;Gebruikersnaam\nBrandt;Lena;7b;lena.brandt\n', [BRANDT]),
    'EcoleDirecte': ('Nom;Prénom;Classe;Né(e) le;Régime\nBRANDT;Lena;7b;01/02/2014;DP\n', [('Lena BRANDT', '', '7b')]),
    'Skolengo/ENT': (
        'Nom de famille,Prénom usuel,Profil,Classe(s)\nBrandt,Lena,Élève,7b\nLind,Jo,Enseignant,\n',
        [BRANDT],
    ),
    'Bakaláři': ('Příjmení;Jméno;Třída;Ev. č.\nBrandt;Lena;7b;12\n', [BRANDT]),
    'Kréta': ('Név;Osztály;Oktatási azonosító\nBrandt Léna;7b;72345678901\n', [('Brandt Léna', '', '7b')]),
    'Wilma': ('Sukunimi;Kutsumanimi;Luokka;Sähköposti\nBrandt;Lena;7b;l@x.org\n', [WITH_ADDRESS]),
    'SchoolSoft': (
        'Klass;Personnummer;Efternamn;Förnamn;E-post\n7b;20140201-1234;Brandt;Lena;l@x.org\n',
        [WITH_ADDRESS],
    ),
    'Itslearning': (
        'First name;Last name;Email;Profile\nLena;Brandt;l@x.org;Student\nJo;Lind;j@x.org;Teacher\n',
        [NO_GROUP],
    ),
    'Aula': ('Fornavn;Efternavn;Klasse;UNI-login\nLena;Brandt;7b;lena123\n', [BRANDT]),
    'Classeviva': ('Cognome;Nome;Classe;Data di nascita\nBrandt;Lena;7b;01/02/2014\n', [BRANDT]),
    'Educamos': (
        ('Nº;Primer apellido;Segundo apellido;Nombre;Clase;Correo electrónico\n1;Brandt;Ruiz;Lena;7b;l@x.org\n'),
        [('Lena Brandt Ruiz', 'l@x.org', '7b')],
    ),
    'Raíces': ('Nº Expediente;Alumno;Grupo\n123;"Brandt Ruiz, Lena";7b\n', [('Lena Brandt Ruiz', '', '7b')]),
    'Inovar': ('N.º;Nome;Turma;N.º Processo\n1;Lena Brandt;7b;123\n', [BRANDT]),
    'e-Okul': ('S.No;Öğrenci No;Adı;Soyadı;Cinsiyeti\n1;123;Lena;Brandt;Kız\n', [('Lena Brandt', '', '')]),
    'LUSD': ('Klasse;Name;Vorname;Geburtsdatum;Geschlecht\n7b;Brandt;Lena;01.02.2014;w\n', [BRANDT]),
    'SchILD': ('Nachname|Vorname|Geburtsdatum|Geschlecht|Klasse\nBrandt|Lena|01.02.2014|w|7b\n', [BRANDT]),
    'DaNiS': ('"Name, Vorname";"Klasse"\n"Brandt, Lena";"7b"\n', [BRANDT]),
    'LANiS': ('Login;Nachname;Vorname;Klasse;Stufe\nlena.brandt;Brandt;Lena;7b;7\n', [BRANDT]),
    'edoop': ('Schüler*innen;Klasse\nBrandt, Lena;7b\n', [BRANDT]),
    'itslearning numbers': ('Etternavn;Fornavn;Gruppe;E-post\nBrandt;Lena;7b;l@x.org\n', [WITH_ADDRESS]),
    'Apple School Manager': (
        (
            'person_id,person_number,first_name,middle_name,last_name,grade_level,email_address,sis_use'
            'rname,password_policy,location_id\n'
            '1,1001,Lena,,Brandt,7,l@x.org,lbrandt,4,S1\n'
        ),
        [NO_GROUP],
    ),
    'Quizlet/one col with number': ('#,Student\n1,Lena Brandt\n', [('Lena Brandt', '', '')]),
    'Toddle': ('Student Name,Student Email,Grade,Homeroom\nLena Brandt,l@x.org,7,7b\n', [WITH_ADDRESS]),
    'Compass': (
        (
            'Username,First Name,Last Name,Preferred Name,Year Level,Home Group,Status\n'
            'BRA0001,Helena,Brandt,Lena,7,7b,Active\n'
        ),
        [BRANDT],
    ),
    'SEQTA': ('Surname,Preferred name,Rollgroup,House,Email\nBrandt,Lena,7b,Red,l@x.org\n', [WITH_ADDRESS]),
    'Veracross': ('Person ID,Full Name,Current Grade,Email 1\n1,Lena Brandt,7,l@x.org\n', [NO_GROUP]),
}
HEADINGS = {
    'Schülerinnen und Schüler': ('Schülerinnen und Schüler;Klasse\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'SuS': ('SuS;Klasse\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'Schüler:in': ('Schüler:in;Klasse\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'Schüler/-in': ('Schüler/-in;Klasse\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'Lernende:r': ('Lernende*r;Klasse\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'élève·s': ('Élève·s;Classe\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'Alumnos/as': ('Alumnos/as;Grupo\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'Alumn@s': ('Alumn@s;Grupo\nLena Brandt;7b\nOmar Said;7b\n', BOTH),
    'Home Group': ('First Name,Last Name,Home Group\nLena,Brandt,7b\nOmar,Said,7b\n', BOTH),
    'Roll Class': ('First Name,Last Name,Roll Class\nLena,Brandt,7b\nOmar,Said,7b\n', BOTH),
    'Teaching group': ('Surname,Forename,Teaching Group\nBrandt,Lena,7b\nSaid,Omar,7b\n', BOTH),
    'Class name': ('Surname,Forename,Class Name\nBrandt,Lena,7b\nSaid,Omar,7b\n', BOTH),
    'Course section': ('Last,First,Course Section\nBrandt,Lena,7b\nSaid,Omar,7b\n', BOTH),
    'Lerngruppe': ('Nachname;Vorname;Lerngruppe\nBrandt;Lena;7b\nSaid;Omar;7b\n', BOTH),
    'Klasse/Gruppe': ('Nachname;Vorname;Klasse/Gruppe\nBrandt;Lena;7b\nSaid;Omar;7b\n', BOTH),
    'LNAME': ('FNAME,LNAME,CLASS\nLena,Brandt,7b\nOmar,Said,7b\n', BOTH),
    'FirstName camel': ('FirstName,LastName,ClassName\nLena,Brandt,7b\nOmar,Said,7b\n', BOTH),
    'studentFirstName': ('studentFirstName,studentLastName,className\nLena,Brandt,7b\nOmar,Said,7b\n', BOTH),
    'dots': ('student.firstName,student.lastName,class.name\nLena,Brandt,7b\nOmar,Said,7b\n', BOTH),
    'quotes single': ("'Name','Class'\n'Lena Brandt','7b'\n'Omar Said','7b'\n", BOTH),
    'semicolon at end': ('Name;Class;\nLena Brandt;7b;\nOmar Said;7b;\n', BOTH),
    'sep first col empty': (';Name;Class\n1;Lena Brandt;7b\n2;Omar Said;7b\n', BOTH),
    'markdown table': ('| Name | Class |\n|---|---|\n| Lena Brandt | 7b |\n| Omar Said | 7b |\n', BOTH),
    'Name, trailing spaces': ('  Name  ,  Class  \n  Lena   Brandt ,  7b \n Omar Said,7b\n', BOTH),
    'bom twice': ('\ufeff\ufeffName,Class\nLena Brandt,7b\nOmar Said,7b\n', BOTH),
    'CR only': ('Name,Class\rLena Brandt,7b\rOmar Said,7b\r', BOTH),
    'vt in name': ('Name,Class\n"Lena\x0bBrandt",7b\nOmar Said,7b\n', BOTH),
    'nbsp': ('Name,Class\nLena\xa0Brandt,7b\nOmar\u202fSaid,7b\n', BOTH),
    'totals with name': ('Name,Class\nLena Brandt,7b\nOmar Said,7b\nGrand Total: 2,\n', BOTH),
    'Geburtstag col name': ('Name;Geburtsdatum;Klasse\nLena Brandt;01.02.2014;7b\nOmar Said;03.04.2014;7b\n', BOTH),
    'Parents beside': (
        (
            'Student Name,Class,Parent 1 Name,Parent 1 Email,Parent 2 Name,Parent 2 Email\n'
            'Lena Brandt,7b,Eva Brandt,e@x.org,,\n'
            'Omar Said,7b,Ali Said,a@x.org,,\n'
        ),
        BOTH,
    ),
    'Email of parents only': ('Student Name,Class,Parent Email\nLena Brandt,7b,e@x.org\nOmar Said,7b,a@x.org\n', BOTH),
    'Guardian Email': ('Student Name,Class,Guardian Email\nLena Brandt,7b,e@x.org\nOmar Said,7b,a@x.org\n', BOTH),
    'Notfallkontakt': (
        ('Name;Vorname;Klasse;E-Mail Eltern;Notfallkontakt\nBrandt;Lena;7b;e@x.org;Eva\nSaid;Omar;7b;a@x.org;Ali\n'),
        BOTH,
    ),
    'teacher email col': (
        ('Student,Class,Teacher,Teacher Email\nLena Brandt,7b,Jo Lind,j@x.org\nOmar Said,7b,Jo Lind,j@x.org\n'),
        BOTH,
    ),
    'Lehrer': (
        (
            'Schüler;Klasse;Klassenlehrer;E-Mail Klassenlehrer\n'
            'Lena Brandt;7b;Jo Lind;j@x.org\n'
            'Omar Said;7b;Jo Lind;j@x.org\n'
        ),
        BOTH,
    ),
    'correo tutor': ('Alumno;Grupo;Correo del tutor\nLena Brandt;7b;j@x.org\nOmar Said;7b;j@x.org\n', BOTH),
    'mail représentant': ('Élève;Classe;Email responsable 1\nLena Brandt;7b;j@x.org\nOmar Said;7b;k@x.org\n', BOTH),
}


@pytest.mark.parametrize('name', [*PROGRAMS, *HEADINGS])
def test_a_list_is_read_as_its_program_means_it(name: str) -> None:
    text, expected = (PROGRAMS | HEADINGS)[name]
    assert [(one.name, one.email, one.group) for one in list_reading.read(text.encode())] == expected


@pytest.mark.parametrize('name', ["Lena O'Brandt", "'t Hooft", 'McKenna', 'DeGroup', 'Sus', 'Alumna Said'])
def test_names_that_look_like_such_headings_are_names(name: str) -> None:
    found = list_reading.read(f'Name;Class\n{name};7b\nOmar Said;7b\n'.encode())
    assert [one.name for one in found] == [name, 'Omar Said']
