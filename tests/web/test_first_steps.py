"""The first steps at home: there until one begins, or until they are hidden in this browser."""

from collections.abc import Callable

import pytest

from services.core import database
from services.live import sessions
from tests.factories.classes import a_course, mark
from tests.factories.people import a_guest
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = pytest.mark.req('L5')

Visitors = Callable[..., Visitor]


async def shows_them(visitor: Visitor) -> bool:
    return 'First steps' in words((await visitor.opens('/')).text)


async def test_a_teacher_and_a_learner_hide_theirs_each(server: Server, a_visitor: Visitors) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    laptop, phone = a_visitor(token=await token_of(course.teacher)), a_visitor(token=await token_of(learner))
    home = await laptop.opens('/')
    assert 'Start the class and open the projector' in words(home.text)
    assert 'Open a step, do it, and press Done.' in words((await phone.opens('/')).text)

    await laptop.fills(home, '/first-steps')

    assert not await shows_them(laptop)
    assert laptop.http.cookies.get('waymark_first_steps') == 'teaches'
    assert await shows_them(phone)
    assert await shows_them(a_visitor(token=await token_of(course.teacher)))


async def test_they_are_gone_once_one_has_begun(server: Server, a_visitor: Visitors) -> None:
    course = await a_course()
    learner = await a_guest(code=course.code)
    laptop, phone = a_visitor(token=await token_of(course.teacher)), a_visitor(token=await token_of(learner))

    await mark(course.checkpoints[0], by=learner)
    await database.write(sessions.start, course.teacher, course.course_id)

    assert not await shows_them(laptop)
    assert not await shows_them(phone)


async def test_a_role_that_nobody_has_is_not_remembered(server: Server, a_visitor: Visitors) -> None:
    course = await a_course()
    laptop = a_visitor(token=await token_of(course.teacher))

    await laptop.fills(await laptop.opens('/'), '/first-steps', role='x' * 5000)

    assert 'waymark_first_steps' not in laptop.http.cookies
    assert await shows_them(laptop)
