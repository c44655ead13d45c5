"""Cards of guests: one for each, eight on a page, in any script, and only for those who teach them."""

import pytest

from services.core import database, school, typesetting
from services.core.errors import Busy, NotFound, NotSaved, NotSignedIn, Refused
from services.core.school import School
from services.core.secrets import new_code, spell_code
from services.core.typesetting import Paper
from services.people import cards, groups, guest_codes, joining
from services.people.cards import Cards
from services.people.guest_codes import GuestCode
from tests.factories.classes import a_course
from tests.factories.people import a_guest, a_student, an_instructor
from tests.support.printed import links_of, pages_of, sizes_of, stays_on_the_page

pytestmark = [pytest.mark.req('A5', 'C7')]

ADDRESS = 'https://waymark.example.org'
NAMES = [
    'Lena Ångström-Őry',
    'محمد عبد الله',
    'דוד לוי',
    '王小明',
    '𠮷野 さくら',
    '김민수',
    'Ada 🦊',
    '#panic("x") #read("/etc/passwd") $ x^2 $',
    '"); #strong[a] // /* */ [b] {c} \\u{41} `raw`',
    'Maximiliane Friederike Elisabeth von und zu Hohenstein-Waldburg',
]
EXACT = {'Lena Ångström-Őry', *NAMES[7:]}
"""whose letters can be read back in their order, on one line or two"""


def guests(*names: str, group: str = '') -> tuple[GuestCode, ...]:
    return tuple(
        GuestCode(user_id=number, name=name, group=group, code=new_code(8))
        for number, name in enumerate(names, start=1)
    )


async def printed(found: tuple[GuestCode, ...], *, title: str = 'Soil', paper: Paper = Paper.A4) -> bytes:
    return await cards.make_pdf(Cards(course_title=title, guests=found), address=ADDRESS, paper=paper, language='en')


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize(('many', 'pages'), [(1, 1), (8, 1), (9, 2), (500, 63)])
async def test_eight_fit_on_a_page(many: int, pages: int) -> None:
    found = guests(*(f'Student {number}' for number in range(1, many + 1)))

    texts = pages_of(await printed(found))

    assert len(texts) == pages
    for number, each in enumerate(found):
        assert each.name in texts[number // 8]
        assert spell_code(each.code) in texts[number // 8]


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize(('paper', 'size'), [(Paper.A4, (210, 297)), (Paper.LETTER, (216, 279))])
async def test_a_card_says_all_that_a_guest_needs(paper: Paper, size: tuple[int, int]) -> None:
    school.remember(School(name='Green Hill School'))
    found = guests('Lena', 'Otto', group='7b')

    pdf = await printed(found, paper=paper)

    (text,) = pages_of(pdf)
    for words in 'Green Hill School', 'Soil', 'Lena', '7b', 'waymark.example.org', 'Keep this card to yourself':
        assert words in text
    links = [cards.way_back(ADDRESS, each.code) for each in found]
    assert sorted(links_of(pdf, links)) == sorted(links)
    assert links_of(pdf, [f'{ADDRESS}/j/AAAAAAAA']) == ['', '']
    assert sizes_of(pdf) == {size}


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('paper', cards.SIZES)
async def test_names_in_any_script_and_of_any_length_stay_on_their_card(paper: Paper) -> None:
    names = [*NAMES, 'W' * 80, '王' * 80, 'م' * 80, 'm ' * 40]
    pdf = await printed(guests(*names, group='g' * 80), title='Soil ' * 24, paper=paper)

    texts = pages_of(pdf)

    assert len(texts) == 2
    assert [name for name in EXACT if name not in ' '.join(texts)] == []
    assert stays_on_the_page(pdf, margin=10)
    assert 'Soil Soil' in texts[0]


@pytest.mark.usefixtures('data_dir')
async def test_a_letter_that_no_font_has_keeps_nobody_from_their_card() -> None:
    found = guests('Lena \u0378', 'Otto')

    (text,) = pages_of(await printed(found))

    assert 'Otto' in text
    assert spell_code(found[0].code) in text


@pytest.mark.usefixtures('data_dir')
async def test_too_many_who_wait_and_a_typesetter_that_fails_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(typesetting, 'MOST_WAITING', 0)
        with pytest.raises(Busy):
            await printed(guests('Lena'))
    monkeypatch.setattr(typesetting, 'TIME_LIMIT', 0.01)
    for _ in range(3):
        with pytest.raises(NotSaved, match='It took longer'):
            await printed(guests('Lena'))
    monkeypatch.undo()
    assert typesetting._turns.waiting == 0


@pytest.mark.usefixtures('db')
async def test_each_print_is_noted_and_only_those_who_teach_print(server_log_lines: list[dict[str, object]]) -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code, name='Lena'), await a_guest(code=course.code, name='Otto')
    sami = await a_student()
    await database.write(joining.join, sami, code=course.code)
    await database.write(groups.put, course.teacher, course.course_id, user_id=otto.user_id, name='Blue')

    everybody = await database.read(cards.of_course, course.teacher, course.course_id)
    blue = await database.read(cards.of_course, course.teacher, course.course_id, group='Blue')

    assert [each.name for each in everybody.guests] == ['Lena', 'Otto'], 'those with an account have no code'
    assert [each.name for each in blue.guests] == ['Otto']
    assert everybody.guests == await database.read(guest_codes.of_course, course.teacher, course.course_id)
    for who in lena, sami, await an_instructor(email='third@example.org'):
        with pytest.raises(NotFound):
            await database.read(cards.of_course, who, course.course_id)
    with pytest.raises(NotSignedIn):
        await database.read(cards.of_course, None, course.course_id)
    with pytest.raises(Refused, match='nobody here who needs a card'):
        await database.read(cards.of_course, course.teacher, course.course_id, group='Red')
    noted = [line for line in server_log_lines if line['event'] == 'guest cards printed']
    assert [(line['course'], line['by'], line['guests']) for line in noted] == [
        (course.course_id, course.teacher.user_id, 2),
        (course.course_id, course.teacher.user_id, 1),
    ]
