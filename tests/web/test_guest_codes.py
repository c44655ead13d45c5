"""The codes of guests on the wire: a page, and a file that spreadsheets open, for those who teach them."""

import csv
import io
from collections.abc import Callable
from urllib.parse import quote_plus

import pytest

from services.core import database
from services.core.secrets import spell_code
from services.people import groups, guest_codes
from tests.factories.classes import a_class
from tests.factories.people import an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A5')]


async def test_codes_are_taken_along_by_those_who_teach_and_by_nobody_else(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    klass = await a_class(learners=['=Lena()', 'Otto <b>'])
    otto = {'user_id': klass.learners[1].user_id, 'name': 'Größe & Co'}
    await database.write(groups.put, klass.teacher, klass.course_id, **otto)
    found = await database.read(guest_codes.of_course, klass.teacher, klass.course_id)
    codes = {each.name: spell_code(each.code) for each in found}
    path = f'/courses/{klass.course_id}/guest-codes'
    ines = a_visitor(token=await token_of(klass.teacher))

    page = (await ines.opens(path)).text
    file = await ines.opens(f'{path}.csv')
    part = await ines.opens(f'{path}.csv?group={quote_plus("Größe & Co")}')

    for code in codes.values():
        assert code in words(page)
    assert 'Otto <b>' not in page
    assert file.headers['cache-control'] == 'no-store'
    assert rows(file.content) == [
        ['Name', 'Group', 'Code'],
        ["'=Lena()", '', codes['=Lena()']],
        ['Otto <b>', 'Größe & Co', codes['Otto <b>']],
    ]
    assert [row[0] for row in rows(part.content)[1:]] == ['Otto <b>']

    stranger = a_visitor(token=await token_of(await an_instructor()))
    lena = a_visitor(token=await token_of(klass.learner))
    for other in stranger, lena:
        for address in path, f'{path}.csv':
            answer = await other.opens(address)
            assert answer.status_code == 404
            assert not [code for code in codes.values() if code in answer.text]
    assert (await a_visitor().opens(f'{path}.csv')).url.path == '/sign-in'


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode('utf-8-sig'), newline='')))
