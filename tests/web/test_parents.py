"""A parent registers through the form with the code of their child, and adds a second child with another code."""

from collections.abc import Callable

import pytest

from services.accounts import parent_codes
from services.core import database
from tests.factories.people import PASSWORD, a_student
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A7', 'O7')]


async def test_from_the_code_to_the_page_of_the_child_and_to_a_second_one(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    sam, kim = await a_student(name='Sam Rivera'), await a_student(name='Kim Rivera')
    codes = [(await database.write(parent_codes.make, child, child_id=child.user_id)).code for child in (sam, kim)]
    mum = a_visitor()
    new = {'name': 'Maria Rivera', 'email': 'maria@example.org', 'password': PASSWORD}
    assert '/register/parent' in words((await mum.opens('/register')).text)

    wrong = await mum.fills_in('/register/parent', form='/register/parent', code='WRONG2', **new)
    assert (wrong.url.path, wrong.status_code) == ('/register/parent', 422)
    assert 'This code is wrong, used or too old.' in words(wrong.text)
    assert 'value="maria@example.org"' in words(wrong.text)

    page = await mum.fills_in('/register/parent', form='/register/parent', code=codes[0].lower(), **new)
    assert (page.url.path, page.status_code) == ('/children', 200)
    assert 'Sam Rivera' in words(page.text)

    wrong = await mum.fills_in('/children', form='/children', code=codes[0])
    assert (wrong.url.path, wrong.status_code) == ('/children', 422)
    assert 'This code is wrong, used or too old.' in words(wrong.text)
    page = await mum.fills_in('/children', form='/children', code=codes[1])
    assert page.url.path == f'/children/{kim.user_id}'
    assert (await mum.opens(f'/children/{sam.user_id}')).status_code == 200


async def test_a_child_adds_no_child(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    sam, kim = await a_student(name='Sam Rivera'), await a_student(name='Kim Rivera')
    code = (await database.write(parent_codes.make, kim, child_id=kim.user_id)).code
    child = a_visitor(token=await token_of(sam))

    answer = await child.sends('/children', form='/account', code=code)

    assert (await child.opens(answer.headers['location'])).status_code == 404
    assert len(await database.read(parent_codes.open_codes, kim.user_id)) == 1
