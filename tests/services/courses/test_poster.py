"""The poster of a course: one page of any size, which a room can read and a phone can scan."""

import pytest

from services.core import database
from services.core.errors import NotFound
from services.core.typesetting import Paper
from services.courses import poster
from services.courses.poster import Poster
from tests.factories.classes import a_course
from tests.factories.people import a_guest, an_instructor
from tests.support.printed import links_of, pages_of, sizes_of, stays_on_the_page

pytestmark = [pytest.mark.req('C7')]

SIZES = {Paper.A4: (210, 297), Paper.LETTER: (216, 279), Paper.A3: (297, 420)}
TITLES = [
    'Soil',
    'Introduction to soil science ' * 4,
    'W' * 120,
    'علم التربة',
    '土壤学',
    '#panic("x") $x$ *b* <l>',
    'Soil \u0378',
]
LONG = 'https://waymark.the-grammar-school-beside-the-river.example.org:8443'


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('paper', Paper)
async def test_it_is_one_page_with_the_address_the_code_and_the_picture_of_both(paper: Paper) -> None:
    pdf = await poster.make_pdf(Poster(course_title='Soil', code='K7M2PX'), address=LONG, paper=paper)

    (text,) = pages_of(pdf)

    for words in 'Waymark', 'Soil', LONG.partition('://')[2], 'K7M 2PX', 'Scan, or open':
        assert words in text
    assert links_of(pdf, [f'{LONG}/j/K7M2PX']) == [f'{LONG}/j/K7M2PX']
    assert sizes_of(pdf) == {SIZES[paper]}


@pytest.mark.usefixtures('data_dir')
@pytest.mark.parametrize('title', TITLES)
async def test_any_title_stays_on_the_page(title: str) -> None:
    pdf = await poster.make_pdf(Poster(course_title=title, code='WWWWWW'), address=LONG)

    (text,) = pages_of(pdf)

    assert 'WWW WWW' in text
    assert stays_on_the_page(pdf, margin=20)


@pytest.mark.usefixtures('db')
async def test_those_who_teach_print_it(server_log_lines: list[dict[str, object]]) -> None:
    course = await a_course(title='Soil')

    assert await database.read(poster.of_course, course.teacher, course.course_id) == Poster(
        course_title='Soil', code=course.code
    )

    for who in await a_guest(code=course.code), await an_instructor(email='third@example.org'):
        with pytest.raises(NotFound):
            await database.read(poster.of_course, who, course.course_id)
    (noted,) = [line for line in server_log_lines if line['event'] == 'poster printed']
    assert (noted['course'], noted['by']) == (course.course_id, course.teacher.user_id)
