"""Lists as offices of schools export them, each with the number of a learner; and what people write beside names."""

import pytest

from services.people import list_reading

pytestmark = pytest.mark.req('C7')

OFFICES = {
    'WebUntis': (
        'name\tlongName\tforeName\tgender\tbirthDate\tklasse.name\tentryDate\texitDate\tid\texternKey\taddress.email\n'
        'BraLen\tBrandt\tLena\tW\t12.03.2012\t7b\t01.08.2025\t\t12\t4711\tl@x.org\n',
        ('Lena Brandt', 'l@x.org', '7b', '4711'),
    ),
    'SchILD': (
        'Nachname|Vorname|Klasse|Interne ID-Nummer|E-Mail (schulisch)\nBrandt|Lena|7b|4711|l@x.org\n',
        ('Lena Brandt', 'l@x.org', '7b', '4711'),
    ),
    'LUSD': (
        'Schueler_Nachname;Schueler_Vorname;Klassen_Klassenbezeichnung\nBrandt;Lena;7b\n',
        ('Lena Brandt', '', '7b', ''),
    ),
    'Siècle': (
        'Elève Nom;Elève Prénom;INE;Division\nBRANDT;Lena;123456789AA;5B\n',
        ('Lena BRANDT', '', '5B', '123456789AA'),
    ),
    'Séneca': (
        '"Alumno/a","Unidad","Nº Id. Escolar","Correo electrónico"\n"Brandt García, Lena","2ºB","1234567","l@x.org"\n',
        ('Lena Brandt García', 'l@x.org', '2ºB', '1234567'),
    ),
    'SIMS': ('Surname Forename,Reg Group,Adm No\nBrandt Lena,7B,001234\n', ('Brandt Lena', '', '7B', '001234')),
    'Aeries': (
        'Perm ID,Student Name,Grd,Stu Email\n1234,"Brandt, Lena M.",7,l@x.org\n',
        ('Lena M. Brandt', 'l@x.org', '', '1234'),
    ),
    'Synergy': ('SIS NUMBER,LAST NAME,FIRST NAME,GRADE\n12,Brandt,Lena,07\n', ('Lena Brandt', '', '', '12')),
    'Veracross': (
        'Person ID,First Name,Last Name,Preferred Name,Homeroom,Email 1\n12,Lena,Brandt,Leni,7B,l@x.org\n',
        ('Leni Brandt', 'l@x.org', '7B', '12'),
    ),
    'Sapphire': ('Stu Last,Stu First,HR\nBrandt,Lena,101\n', ('Lena Brandt', '', '', '')),
    'Somtoday': (
        'Leerlingnummer;Achternaam;Voorvoegsel;Roepnaam;Lesgroep\n12;Brandt;van;Lena;2b.wi\n',
        ('Lena van Brandt', '', '2b.wi', '12'),
    ),
    'KRÉTA': ('Név;Oktatási azonosító;Osztály\nBrandt Lena;71234;7.b\n', ('Brandt Lena', '', '7.b', '71234')),
    'Google Forms': (
        'Timestamp,Email Address,What is your full name?,Which class are you in?\n1/2/26,l@x.org,Lena Brandt,7b\n',
        ('Lena Brandt', 'l@x.org', '7b', ''),
    ),
    'Google Forms, in German': (
        'Zeitstempel,Wie heißt du?,Deine Klasse\n1.2.26,Lena Brandt,7b\n',
        ('Lena Brandt', '', '7b', ''),
    ),
}


@pytest.mark.parametrize('name', OFFICES)
def test_a_list_of_an_office_says_who_it_is(name: str) -> None:
    text, expected = OFFICES[name]
    (one,) = list_reading.read(text.encode())
    assert (one.name, one.email, one.group, one.number) == expected


@pytest.mark.parametrize(
    'beside',
    [
        *('{} 0151 2345678', '{}, 0151/2345678', '{} (555) 123-4567', '{} (+49 151 2345678)', '{} - 555-123-4567'),
        *('{} tel: 0151 2345678', '{} ☎️ 0151 2345678', '+49 151 234567 {}', '{} 🎂', '🔴 {}', '{} 👍❗', '{} ⚠️'),
    ],
)
def test_a_telephone_number_and_a_mark_beside_a_name_are_no_part_of_it(beside: str) -> None:
    said = beside.format('Lena Brandt')
    assert [each.name for each in list_reading.read(f'{said}\nOmar Said')] == ['Lena Brandt', 'Omar Said']
    assert [each.name for each in list_reading.read(f'Name;Class\n{said};7b\n'.encode())] == ['Lena Brandt']


@pytest.mark.parametrize(
    'name', ['Lena 🦄', 'Lena Brandt ⭐', '👩\u200d🚀 Mia', 'Lena 🎂 Brandt', 'Louis 14', 'X Æ A-12']
)
def test_pictures_and_numbers_that_belong_to_a_name_stay(name: str) -> None:
    assert [each.name for each in list_reading.read(f'Name;Class\n{name};7b\n'.encode())] == [name]


def test_two_words_a_comma_and_two_words_are_one_person() -> None:
    """As a surname and a first name in two words each are; that they are two people, nobody can see."""
    assert [each.name for each in list_reading.read('García López, Ana María')] == ['Ana María García López']
