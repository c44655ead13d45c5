"""The file of one's own notes on the wire."""

from collections.abc import Callable

import pytest

from services.core import database
from services.notes import editing
from tests.factories.classes import a_course
from tests.factories.people import a_guest
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.req('S9')]


async def test_everybody_gets_their_own_notes_and_no_others(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    course = await a_course()
    lena, otto = await a_guest(code=course.code), await a_guest(code=course.code, name='Otto')
    await database.write(editing.write, lena, course.checkpoints[0], text='<i>my own</i> words')

    answer = await a_visitor(token=await token_of(lena)).opens('/notes.md')
    assert answer.headers['content-type'] == 'text/markdown; charset=utf-8'
    assert answer.headers['content-disposition'] == 'attachment; filename="notes.md"'
    assert '<i>my own</i> words' in answer.text
    assert 'my own' in (await a_visitor(token=await token_of(lena)).opens('/notes')).text

    for other in otto, course.teacher:
        assert 'my own' not in (await a_visitor(token=await token_of(other)).opens('/notes.md')).text
        assert 'my own' not in (await a_visitor(token=await token_of(other)).opens('/notes')).text
    for address in '/notes', '/notes.md':
        assert (await a_visitor().http.get(address)).status_code == 303


@pytest.mark.parametrize('course', ['../../etc', '-1', '９', '9' * 40, "1' OR 1", '%00'])
async def test_a_course_that_cannot_be_is_no_part_of_a_name(
    server: Server, a_visitor: Callable[..., Visitor], course: str
) -> None:
    lena = await a_guest(code=(await a_course()).code)
    answer = await a_visitor(token=await token_of(lena)).opens(f'/notes.md?course={course}')
    assert answer.headers['content-disposition'] == 'attachment; filename="notes.md"'
