"""What programs and people put around the names of a list: signs of HTML, quotes, numbers, remarks, roles, spaces.

Nobody is lost, doubled or called by more than a name; who presents or teaches is no learner.
"""

import pytest

from services.courses.import_file import BrokenFile
from services.people import list_reading
from services.people.list_reading import Fate
from tests.support.work_time import work_of_at_most

pytestmark = pytest.mark.req('C7')

ROW = tuple[str, str, str]
"""name, address, group"""

BOTH: list[ROW] = [('Lena Low', '', ''), ('Otto Oz', '', '')]
GROUPED: list[ROW] = [('Lena Low', '', '7b'), ('Otto Oz', '', '7b')]
REACHED: list[ROW] = [('Lena Low', 'l@x.org', ''), ('Otto Oz', 'o@x.org', '')]

SIGNS: dict[str, tuple[str, list[ROW]]] = {
    'signs of HTML': (
        'Name,Class\nLena M&uuml;ller,7b\nOtto O&#39;Neil,7b\nMax &amp;uuml;. Ost,7b\n',
        [('Lena Müller', '', '7b'), ("Otto O'Neil", '', '7b'), ('Max ü. Ost', '', '7b')],
    ),
    'signs of HTML between semicolons': (
        'Nachname;Vorname;Klasse\nM&uuml;ller;Lena;7b\nD&rsquo;Arc;Otto;7b\n',
        [('Lena Müller', '', '7b'), ('Otto D’Arc', '', '7b')],
    ),
    'spaces of HTML': ('Name;Class\nLena&nbsp;Low;7b\nOtto Oz;&nbsp;7b\n', GROUPED),
    'what is no sign of HTML': ('Name,Class\nR&D; Low,7b\n', [('R&D; Low', '', '7b')]),
    'links': (
        'Name;Class\n"=HYPERLINK(""http://x.org/1"";""Lena Low"")";7b\n"=hyperlink(""http://x"",""Otto Oz"")";7b\n',
        GROUPED,
    ),
    'a spreadsheet’s quotes': ("Name,ID number,Class\n'Lena Low,'007,7b\n'Otto Oz,008,'7b\n", GROUPED),
    'apostrophes of names': (
        "Name,Class\n'Abd Low,7b\n't Hooft Ida,7b\n",
        [("'Abd Low", '', '7b'), ("'t Hooft Ida", '', '7b')],
    ),
    'an apostrophe beside a spreadsheet’s quotes': (
        "Name,Class\n'Lena Low,7b\n't Hooft Ida,7b\n",
        [('Lena Low', '', '7b'), ("'t Hooft Ida", '', '7b')],
    ),
    'quotes within quotes': ('"""Name""","""Class"""\n"""Lena Low""","""7b"""\n"""Otto Oz""","""7b"""\n', GROUPED),
    'bent quotes': ('“Name”,“Class”\n“Low, Lena”,“7b”\n“Oz, Otto”,“7b”\n', GROUPED),
    'quotes behind a space': ('Name, "Class"\n"Low, Lena", "7b"\n"Oz, Otto", "7b"\n', GROUPED),
    'quotes behind a stroke': ('Name,Class\n"Lena \\"Leni\\" Low",7b\n', [('Lena "Leni" Low', '', '7b')]),
}

COLUMNS: dict[str, tuple[str, list[ROW]]] = {
    'spaces, and an empty cell': (
        'Name            Class   Email\nLena Low        7b      l@x.org\nOtto Oz         7b\n',
        [('Lena Low', 'l@x.org', '7b'), ('Otto Oz', '', '7b')],
    ),
    'spaces below a title': (
        'Class list of Jo Lind\n\nName            Class\nLena Low        7b\nOtto Oz\n',
        [('Lena Low', '', '7b'), ('Otto Oz', '', '')],
    ),
    'a drawn table': (
        '┌──────────┬───────┐\n│ Name     │ Class │\n├──────────┼───────┤\n'
        '│ Lena Low │ 7b    │\n│ Otto Oz  │ 7b    │\n└──────────┴───────┘\n',
        GROUPED,
    ),
    'the section, not its number': ('Name,Section ID,Section Name\nLena Low,1,7b\nOtto Oz,1,7b\n', GROUPED),
    'two surnames of Mexico': (
        'Apellido Paterno,Apellido Materno,Nombres\nRuiz,Mora,Ana\n',
        [('Ana Ruiz Mora', '', '')],
    ),
    'sums of groups': ('Class,Name\n7b,Lena Low\n7b,Otto Oz\n7b Total,2\nGrand Total,2\n', GROUPED),
    'who teaches, in front of the name': (
        'Name,Class\nLena Low,7b\nTA: Pat Roe,7b\nClass teacher: Jo Lind,7b\nOtto Oz,7b\n',
        GROUPED,
    ),
    'a class and its tutor above': (
        'Class:,7b\nTutor:,Jo Lind\nName,DOB\nLena Low,1.1.14\nOtto Oz,2.2.14\n',
        BOTH,
    ),
    'an example in front': ('Name,Email\n"e.g. Jane Doe",j@x.org\nLena Low,l@x.org\nOtto Oz,o@x.org\n', REACHED),
    'juniors': (
        'Name,Class\n"Low, Lena, Jr.",7b\n"Oz, Jr., Otto",7b\n',
        [('Lena Low Jr.', '', '7b'), ('Otto Oz Jr.', '', '7b')],
    ),
    'the class of the Netherlands': ('Naam;Stamklas\nLena Low;7b\nOtto Oz;7b\n', GROUPED),
    'an address in Markdown': ('Name,Email\nLena Low,[l@x.org](mailto:l@x.org)\nOtto Oz,o@x.org\n', REACHED),
}

MEETINGS: dict[str, tuple[str, list[ROW]]] = {
    'Teams': (
        '1. Summary\nMeeting title\tBio\nAttended participants\t3\n\n2. Participants\n'
        'Name\tFirst Join\tEmail\tRole\nJo Lind\t8\tj@x.org\tOrganizer\nPat Roe\t8\tp@x.org\tPresenter\n'
        'Lena Low\t8\tl@x.org\tAttendee\nOtto Oz (Unverified)\t8\to@x.org\tAttendee\n\n'
        '3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n'
        'Jo Lind\t8\t9\t1\tj@x.org\tOrganizer\nLena Low\t8\t9\t1\tl@x.org\tAttendee\n',
        REACHED,
    ),
    'Teams where everybody presents': (
        'Name\tEmail\tRole\nJo Lind\tj@x.org\tOrganizer\nLena Low\tl@x.org\tPresenter\nOtto Oz\to@x.org\tPresenter\n',
        REACHED,
    ),
    'Webex': (
        'Meeting Name,Attendee Name,Attendee Email,Role\nBio,Jo Lind,j@x.org,HOST\nBio,Pat Roe,p@x.org,PANELIST\n'
        'Bio,Lena Low,l@x.org,ATTENDEE\nBio,Otto Oz,o@x.org,ATTENDEE\n',
        REACHED,
    ),
    'Zoom': (
        'Name,Email,Role\nJo Lind,j@x.org,Host\nPat Roe,p@x.org,Co-host\nLena Low,l@x.org,Participant\n'
        'Otto Oz (Guest),o@x.org,Participant\n',
        REACHED,
    ),
}

PAGES: dict[str, tuple[str, list[ROW]]] = {
    'a web page called .xls': (
        '<html><head><title>Name, Class</title><style>td {a: b}</style></head><body><h1>List</h1><!-- <tr><td>x -->'
        '<table border=1><tr><th colspan="2">Class 7b</th></tr><tr><th>Name</th><th>Class</th></tr>'
        '<tr><td>Lena<br>Low</td><td>7b</td></tr><tr><td> Oz, Otto </td><td>7b</td></tr></table></body></html>',
        GROUPED,
    ),
    'a web page without its ends': (
        '<table>\n<TR><TH>Name<TH>Class\n<TR><TD>Lena M&uuml;ller<TD>7b\n<TR><TD>Otto O&#39;Neil<TD>7b\n',
        [('Lena Müller', '', '7b'), ("Otto O'Neil", '', '7b')],
    ),
    'a workbook in one page of XML': (
        '<?xml version="1.0"?>\n<Workbook xmlns:ss="urn"><Worksheet><Table>'
        '<Row><Cell><Data a:b="c">Name</Data></Cell><Cell><Data>DOB</Data></Cell><Cell><Data>Class</Data></Cell>'
        '</Row><Row><Cell><Data>Lena Low</Data></Cell><Cell ss:Index="3"><Data>7b</Data></Cell></Row>'
        '<Row/><Row><Cell ss:MergeAcross="1"><Data>Otto Oz</Data></Cell><Cell><Data>7b</Data></Cell></Row></Table>',
        GROUPED,
    ),
}


@pytest.mark.parametrize('name', [*SIGNS, *COLUMNS, *MEETINGS, *PAGES])
def test_a_list_brings_those_who_learn_by_their_names(name: str) -> None:
    content, expected = (SIGNS | COLUMNS | MEETINGS | PAGES)[name]
    found = list_reading.read(content.encode())
    assert [(one.name, one.email, one.group) for one in found if one.fate is not Fate.LEFT] == expected


@pytest.mark.parametrize(
    ('lena', 'otto'),
    [
        ('01 Lena Low', '02 Otto Oz'),
        ('#1 Lena Low', '#2 Otto Oz'),
        ('(1) Lena Low', '(2) Otto Oz'),
        ('a) Lena Low', 'b) Otto Oz'),
        ('08:01 Lena Low', '08:02 Otto Oz'),
        ('*Lena Low', '**Otto Oz'),
        ('+Lena Low', '@Otto Oz'),
        ('Lena Low (Guest)', 'Otto Oz (Unverified)'),
        ('Lena Low (Gast)', 'Otto Oz (Extern)'),
        ('Lena Low (absent)', 'Otto Oz - present'),
        ('Lena Low (new)', 'Otto Oz (NEU)'),
        ('Lena Low (Guest) (She/her)', 'Otto Oz - he/him'),
        ('Lena Low [she/her]', 'Otto Oz they/them'),
        ('Lena Low (7b)', 'Otto Oz - 7b'),
        ('Lena Low - Student', '"Otto Oz, Student"'),
        ('"1. Low, Lena (Guest)"', '"2. Oz, Otto (he/him)"'),
    ],
)
def test_a_name_is_without_what_stands_around_it(lena: str, otto: str) -> None:
    found = list_reading.read(f'Name,Class\n{lena},7b\n{otto},7b\n'.encode())
    assert [(one.name, one.email, one.group) for one in found] == GROUPED


@pytest.mark.parametrize(
    'name',
    ['+49 170 0000000', '@SUM(1+1)', '=SUM(1,2)', 'Lena (Leni) Low', 'Low-7b Lena', 'Lena Low (1)', 'Lena Low 2'],
)
def test_what_is_no_sign_around_a_name_stays(name: str) -> None:
    (one,) = list_reading.read(f'Name;Class\n{name};7b\n'.encode())
    assert one.name == name


@pytest.mark.parametrize(
    ('roles', 'learn'),
    [
        (['Teacher, Student', 'Student'], [False, True]),
        (['Student | Non-editing teacher', 'Student'], [False, True]),
        (['Teilnehmer/in, Trainer/in', 'Teilnehmer/in'], [False, True]),
        (['student/instructor', 'student'], [False, True]),
        (['Student, Group leader', 'Student'], [True, True]),
        (['Schüler/innen', 'Student, Guest'], [True, True]),
        (['Host', 'Viewer'], [False, True]),
        (['Presenter', 'Attendee'], [False, True]),
        (['Presenter', 'Organizer'], [True, False]),
        (['T', 'S'], [False, True]),
        (['Coach', 'Trainee'], [False, True]),
        (['Trainee teacher', 'Mentor'], [False, False]),
    ],
)
def test_who_has_a_role_of_somebody_who_does_not_learn_is_left_out(roles: list[str], learn: list[bool]) -> None:
    found = list_reading.reading(f'Name;Role\nLena Low;{roles[0]}\nOtto Oz;{roles[1]}\n'.encode())
    assert [name in {one.name for one in found.people} for name in ('Lena Low', 'Otto Oz')] == learn
    assert len(found.people) + len(found.left_out) == 2
    assert not found.problems


def test_a_page_without_a_table_is_refused_with_what_to_do() -> None:
    for page in '<html><p>Name, Class</p></html>', '<table><tr><td></td></tr></table>', '<Lena>\n':
        with pytest.raises(BrokenFile, match='Open it in a spreadsheet'):
            list_reading.read(page.encode())


@pytest.mark.req('O7')
@pytest.mark.parametrize('tags', ['<a', '<a ', '<!--', '<tr><td colspan=200>', '<script>', '<td', '</', 'a:', '<x="'])
def test_a_page_costs_no_more_than_its_length(tags: str) -> None:
    page = '<table><tr>' + tags * ((list_reading.LONGEST_LIST - 20) // len(tags))
    with work_of_at_most(3), pytest.raises(BrokenFile):
        list_reading.read(page.encode())
