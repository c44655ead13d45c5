"""The roll on the wire: a page for those who teach, and a file that spreadsheets open."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import quote_plus

import pytest

from services.accounts import profiles
from services.core import database
from services.live import sessions
from services.live.attendance import report
from services.people import groups
from tests.factories.classes import ClassAtHand, a_class, a_course, join_class
from tests.factories.people import an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('L12')]

PAGES = ('/courses/{0}/attendance', '/courses/{0}/attendance/{1}', '/courses/{0}/attendance.csv')


async def a_class_with_history() -> ClassAtHand:
    klass = await a_class(learners=['Lena Low', '=cmd()', 'مريم <b>'])
    await join_class(klass)
    await join_class(klass, by=klass.learners[1])
    await database.write(sessions.end, klass.teacher, klass.course_id)
    return klass


async def test_whoever_teaches_reads_who_came(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class_with_history()
    ines = a_visitor(token=await token_of(klass.teacher))

    everybody = words((await ines.opens(f'/courses/{klass.course_id}/attendance')).text)
    one_class = words((await ines.opens(f'/courses/{klass.course_id}/attendance/{klass.session_id}')).text)

    for text in 'Lena Low', '100 %', '1 of 1', 'absent', '2 of 3', 'مريم':
        assert text in everybody
    for text in 'Lena Low', '2 came', '1 did not come', 'under 1 min':
        assert text in one_class
    assert 'مريم <b>' not in everybody, 'it is drawn as HTML'
    as_text = one_class.count('"text":"مريم <b>"') + one_class.count('"aria-label":"More for مريم <b>"')
    assert one_class.count('مريم <b>') == as_text == 2


async def test_the_file_opens_in_a_spreadsheet(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class_with_history()
    ines = a_visitor(token=await token_of(klass.teacher))

    answer = await ines.opens(f'/courses/{klass.course_id}/attendance.csv')

    assert answer.headers['content-type'] == 'text/csv; charset=utf-8'
    assert 'attachment' in answer.headers['content-disposition']
    assert answer.content.startswith(b'\xef\xbb\xbf')
    head, *rows = csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline=''))
    assert head[:5] == ['Name', 'Attended', 'Held while enrolled', 'Rate (%)', 'Excused']
    assert rows == [
        ["'=cmd()", '1', '1', '100', '0', '0'],
        ['Lena Low', '1', '1', '100', '0', '0'],
        ['مريم <b>', '0', '1', '0', '0', 'absent'],
    ]


async def test_nobody_else_reads_it(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class_with_history()
    lena = a_visitor(token=await token_of(klass.learner))
    other = a_visitor(token=await token_of(await an_instructor(email='elsewhere.roll@example.org')))

    for path in PAGES:
        address = path.format(klass.course_id, klass.session_id)
        for visitor in lena, other:
            assert (await visitor.opens(address)).status_code == 404, address
        nobody = await a_visitor().http.get(address)
        assert (nobody.status_code, '/sign-in' in nobody.headers['location']) == (303, True), address


async def test_before_anything_has_happened_the_page_says_what_to_do(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    course = await a_course()
    ines = a_visitor(token=await token_of(course.teacher))

    assert 'Nobody is enrolled yet' in words((await ines.opens(f'/courses/{course.course_id}/attendance')).text)
    assert f'/courses/{course.course_id}/attendance' in words((await ines.opens(f'/courses/{course.course_id}')).text)


@pytest.mark.req('A9')
async def test_dates_are_those_of_the_reader(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class_with_history()
    await database.write(
        profiles.edit, klass.teacher, name='Ines Instructor', time_zone='Pacific/Kiritimati', language=''
    )
    ines = a_visitor(token=await token_of(klass.teacher))
    address = f'/courses/{klass.course_id}/attendance'

    head = (await ines.opens(f'{address}.csv')).content.decode('utf-8-sig').splitlines()[0]
    page = words((await ines.opens(address)).text)

    started = (await database.read(report.of_course, klass.teacher, klass.course_id)).classes[0].started_at
    there = started + timedelta(hours=14)
    assert f'{there:%Y-%m-%d %H:%M} Pacific/Kiritimati (minutes)' in head
    assert f'{there:%-d %b, %H:%M}' in page
    assert 'Times are those of Pacific/Kiritimati.' in page


@pytest.mark.req('A9')
async def test_in_the_zone_of_the_school_no_zone_is_named(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    klass = await a_class_with_history()
    ines = a_visitor(token=await token_of(klass.teacher))

    for address in PAGES:
        page = words((await ines.opens(address.format(klass.course_id, klass.session_id))).text)
        assert 'Times are' not in page
        assert 'UTC' not in page


@pytest.mark.req('C7')
async def test_a_group_is_read_alone_also_in_the_file_and_by_a_link(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class_with_history()
    name = 'Größe & <b>'
    lena = {'user_id': klass.learners[0].user_id, 'name': name}
    await database.write(groups.put, klass.teacher, klass.course_id, **lena)
    ines = a_visitor(token=await token_of(klass.teacher))
    asked = f'?group={quote_plus(name)}'

    for page in PAGES:
        answer = await ines.opens(page.format(klass.course_id, klass.session_id) + asked)
        assert answer.status_code == 200
        found = answer.content.decode('utf-8-sig') if page.endswith('.csv') else words(answer.text)
        assert 'Lena Low' in found
        assert 'cmd()' not in found
        assert 'مريم' not in found
    table = (await ines.opens(PAGES[0].format(klass.course_id) + asked)).text
    assert f'attendance.csv{asked}' in unescape(table)
    assert f'attendance/{klass.session_id}{asked}' in unescape(table)
    assert '1 of 1' in words(table)
    everybody = words((await ines.opens(f'{PAGES[0].format(klass.course_id)}?group=Gone')).text)
    assert 'Lena Low' in everybody
    assert 'cmd()' in everybody
