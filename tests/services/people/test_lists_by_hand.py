"""Class lists that people make by hand, and marks lists: bullets, averages, merged cells, several tables in a file."""

import pytest

from services.courses.import_file import BrokenFile
from services.people import list_reading
from services.people.list_reading import Choices

pytestmark = pytest.mark.req('C7')

ROW = tuple[str, str, str]
"""name, address, group"""

BOTH: list[ROW] = [('Lena Brandt', '', '7b'), ('Omar Said', '', '7b')]
WITH_ADDRESS: list[ROW] = [('Lena Brandt', 'l@x.org', '7b')]

FIGURES = [
    'Highest|Lowest|Class mean|Out of|Max points|Weight|Due date|% passed|Pass rate|Total students|Boys: 12|Std. Dev.',
    'Schnitt|Notenschnitt|Klassendurchschnitt|Ø|Max. Punkte|Anzahl Schüler: 2',
    'Moyenne de la classe|Note la plus haute|Barème|Nota media|Promedio|Puntos',
    'Gemiddelde|Totaal|Średnia klasy|Průměr|Gennemsnit|Keskiarvo|Átlag|Ortalama',
    'Средний балл|Итого|Μέσος|平均分|合计|평균|المجموع|ממוצע',
]

LISTS: dict[str, tuple[str, list[ROW]]] = {
    'called otherwise': ('Name;Class\n"Brandt, Lena (Leni)";7b\n', [('Lena (Leni) Brandt', '', '7b')]),
    'called otherwise, in quotes': ('Name;Class\n"Brandt, Lena ""Leni""";7b\n', [('Lena "Leni" Brandt', '', '7b')]),
    'numbers and a dash': ('Name,Class\n01 - Lena Brandt,7b\n2) Omar Said,7b\n', BOTH),
    'bullets': ('Name,Class\n• Lena Brandt,7b\n- Omar Said,7b\n', BOTH),
    'boxes to tick': ('Name,Class\n☐ Lena Brandt,7b\n[x] Omar Said,7b\n', BOTH),
    'marks for notes': ('Name,Class\nLena Brandt*,7b\nOmar Said †,7b\n* = needs glasses,\n† = new,\n', BOTH),
    'a cell for a class': (
        'Class,Name\n7b,Lena Brandt\n,Omar Said\n,Ida Ost\n8c,Max Ole\n,Eva Roth\n',
        [*BOTH, ('Ida Ost', '', '7b'), ('Max Ole', '', '8c'), ('Eva Roth', '', '8c')],
    ),
    'a group for some': ('Group,Name\n7b,Lena Brandt\n,Omar Said\n', [BOTH[0], ('Omar Said', '', '')]),
    'formulas that gave nothing': ('Name,Class\nLena Brandt,7b\nOmar Said,7b\n0,0\n0,0\n', BOTH),
    'an error for a group': ('Name,Class\nLena Brandt,7b\nOmar Said,#N/A\n', [BOTH[0], ('Omar Said', '', '')]),
    'a name with its address': ('Name,Class\nLena Brandt <l@x.org>,7b\n', WITH_ADDRESS),
    'lines in quotes': ('"Name,Class"\n"Lena Brandt,7b"\n"Omar Said,7b"\n', BOTH),
    'columns of spaces': ('Name          Class\nLena Brandt   7b\nOmar Said     7b\n', BOTH),
    'commas of another width': ('Ｎａｍｅ，Ｃｌａｓｓ\nLena Brandt，7b\nOmar Said，7b\n', BOTH),
    'no address, in words': ('Name,Email,Class\nLena Brandt,none,7b\nOmar Said,n/a,7b\n', BOTH),
    'cells that stay texts': ('Name,ID,Class\n="Lena Brandt",="001",="7b"\nOmar Said,="002",="7b"\n', BOTH),
    'what is wanted, in brackets': ('Name,Class\n(full name),(form)\nLena Brandt,7b\nOmar Said,7b\n', BOTH),
    'an example': ('Name,Class\nExample: Max Ole,7b\nLena Brandt,7b\nOmar Said,7b\n', BOTH),
    'who was there': ('Name,Class,Mon\nLena Brandt,7b,x\nOmar Said,7b,\nPresent,,1\nAbsent,,1\n', BOTH),
    'a form': ('Timestamp,Email,What is your full name?,Class\n2026/11/29,l@x.org,Lena Brandt,7b\n', WITH_ADDRESS),
    'name of pupil': ("Name of pupil,Pupil's class\nLena Brandt,7b\nOmar Said,7b\n", BOTH),
}


def rows(content: str, choices: Choices = list_reading.NO_CHOICES) -> list[ROW]:
    return [(one.name, one.email, one.group) for one in list_reading.read(content.encode(), choices)]


@pytest.mark.parametrize('name', LISTS)
def test_lists_that_were_made_by_hand(name: str) -> None:
    content, expected = LISTS[name]
    assert rows(content) == expected


@pytest.mark.parametrize('figures', FIGURES)
def test_lines_of_figures_are_nobody(figures: str) -> None:
    for figure in figures.split('|'):
        assert rows(f'Name,Class,Test\n{figure},,10\nLena Brandt,7b,4\nOmar Said,7b,5\n{figure},,4.5\n') == BOTH, figure


@pytest.mark.parametrize(
    'name', ['Max', 'Max Best', 'Sum Yi', 'Mark Mode', 'Media', 'Best', 'Ole Class', 'Max Nota Ruiz']
)
def test_names_that_look_like_figures_are_people(name: str) -> None:
    assert len(rows(f'Name,Class,Test\nLena Brandt,7b,4\n{name},,5\n')) == 2


def test_a_first_and_a_last_name_or_a_class_make_a_person_of_any_words() -> None:
    assert rows('First,Last,Class\nBest,Average,\nMark,Total,7b\n') == [
        ('Best Average', '', ''),
        ('Mark Total', '', '7b'),
    ]
    assert rows('Student,Class\n"Score, Max",7b\nClass average,7b\n') == [('Max Score', '', '7b')]
    assert rows('First,Last,Class\nIme,Schüler,\nLena,Brandt,7b\n')[0] == ('Ime Schüler', '', '')


@pytest.mark.parametrize(
    ('content', 'says'),
    [
        ('Name,Email,,Name,Email\nLena,l@x.org,,Ida,i@x.org\n', 'several tables beside each other: “Name”'),
        ('No,Name,No,Name\n1,Lena,2,Omar\n', 'several tables beside each other'),
        ('Vorname;Nachname;Vorname;Nachname\nLena;Brandt;Eva;Brandt\n', 'several tables beside each other'),
        ('Name,Lena,Omar\nClass,7b,7b\nEmail,l@x.org,o@x.org\n', 'paste it transposed'),
        ('Name,Class\n#REF!,7b\nLena,7b\n', 'Line 2: The name is missing'),
        ('Name,Class\nTBC,7b\nLena,7b\n', 'Line 2: The name is missing'),
    ],
)
def test_a_file_in_which_people_would_be_lost_is_refused(content: str, says: str) -> None:
    with pytest.raises(BrokenFile, match=says):
        rows(content)


@pytest.mark.parametrize(
    'second',
    [
        '\n3. Activities\nEmail,Name,Class\no@x.org,Omar Said,7b\n',
        'First,Last,Email\nOmar,Said,o@x.org\n',
        '\nEmail,Name,Class\no@x.org,Lena Brandt,7b\n',
    ],
    ids=['with a title', 'other names', 'another order'],
)
def test_a_second_table_with_other_columns_is_told_and_not_mixed_up(second: str) -> None:
    content = f'Name,Email,Class\nLena Brandt,l@x.org,7b\n{second}'
    with pytest.raises(BrokenFile, match='Other columns begin here'):
        rows(content)
    assert rows(content, Choices(skip_bad_lines=True)) == WITH_ADDRESS


def test_a_number_that_a_spreadsheet_has_rounded_identifies_nobody() -> None:
    found = list_reading.read(b'Name,Student ID\nLena,1.23457E+11\nOmar,"1,23457E+11"\nIda,007\n')
    assert [one.number for one in found] == ['', '', '007']


def test_people_who_are_called_like_headings_are_people() -> None:
    assert len(rows('Name,Email,Class\nAd,ad@x.org,7b\nIme,,8a\nNome,,7b\n')) == 3
    assert len(rows('First,Last,Status\nNome,Vitali,active\nLena,Brandt,active\n')) == 2
