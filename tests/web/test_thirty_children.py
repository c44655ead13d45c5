"""Thirty children behind the one address of their school: they all come in within a minute, typing errors included."""

import asyncio
import time
from collections.abc import Callable, Sequence

import pytest

from services.core import database
from services.people import list_entering, list_reading, participants
from tests.factories.classes import ClassAtHand, a_class
from tests.support.running import Server
from tests.support.visitor import Visitor

pytestmark = pytest.mark.req('A3', 'L1')

CHILDREN = 30
MISTYPED = 3
MINUTE = 60.0

Visitors = Callable[..., Visitor]


async def types_code(child: Visitor, code: str, *, mistyped: str) -> str:
    """Type a code on the start page, wrong once if it is `mistyped`, and right then; returns where it leads."""
    if mistyped:
        refused = await child.fills_in('/code', form='/', code=mistyped)
        assert refused.status_code == 404
    answer = await child.sends('/code', form='/', code=code)
    assert answer.status_code == 303
    return answer.headers['location']


async def joins(child: Visitor, code: str, name: str, *, mistyped: str) -> None:
    page = await types_code(child, code, mistyped=mistyped)
    answer = await child.fills_in('/join', form=page, name=name)
    assert (answer.status_code, answer.url.path.startswith('/class/')) == (200, True)


async def comes_back(child: Visitor, code: str, *, mistyped: str) -> None:
    page = await types_code(child, code, mistyped=mistyped)
    assert page.startswith('/class/')
    assert (await child.opens(page)).status_code == 200


def wrong(code: str) -> str:
    """Return a code with another last letter, as children mistype it."""
    return code[:-1] + ('A' if code[-1] != 'A' else 'B')


async def names_in(klass: ClassAtHand) -> list[str]:
    people = await database.read(participants.of_course, klass.teacher, klass.course_id)
    return sorted(person.name for person in people.learners)


async def test_with_the_code_of_the_class(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class(learners=())
    names = [f'Child {number:02}' for number in range(CHILDREN)]
    began = time.monotonic()

    await asyncio.gather(
        *(
            joins(a_visitor(), klass.code, name, mistyped=wrong(klass.code) if number < MISTYPED else '')
            for number, name in enumerate(names)
        )
    )

    assert time.monotonic() - began < MINUTE
    assert await names_in(klass) == names


async def test_with_codes_of_their_own(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class(learners=())
    names = [f'Child {number:02}' for number in range(CHILDREN)]
    people = list_reading.read('\n'.join(names))
    entered = await list_entering.bring_in(klass.teacher, klass.course_id, people)
    codes: Sequence[str] = [person.code for person in entered]
    began = time.monotonic()

    await asyncio.gather(
        *(
            comes_back(a_visitor(), code, mistyped=wrong(code) if number < MISTYPED else '')
            for number, code in enumerate(codes)
        )
    )

    assert time.monotonic() - began < MINUTE
    assert await names_in(klass) == names


@pytest.mark.parametrize('name', ['Bea Back', ' bea  BACK '])
async def test_a_device_that_is_in_a_class_stays_who_it_is(server: Server, visitor: Visitor, name: str) -> None:
    """Back and Join again, a second tab, the QR code once more: all lead to the same place."""
    klass = await a_class(learners=())
    form = await visitor.opens(f'/j/{klass.code}')
    joined = await visitor.fills(form, '/join', name='Bea Back')
    token = visitor.token

    again = [await visitor.fills(form, '/join', name=name) for _ in range(2)]
    page = await visitor.opens(f'/j/{klass.code}')

    assert {answer.headers['location'] for answer in (joined, *again)} == {f'/class/{klass.course_id}'}
    assert visitor.token == token
    assert await names_in(klass) == ['Bea Back']
    assert 'Join as Bea Back' in page.text
    assert 'I am somebody else' in page.text


async def test_another_name_on_the_same_device_is_somebody_else(server: Server, visitor: Visitor) -> None:
    klass = await a_class(learners=())
    form = await visitor.opens(f'/j/{klass.code}')

    for name in ('Bea Back', 'Nora Newtab'):
        await visitor.fills(form, '/join', name=name)

    assert await names_in(klass) == ['Bea Back', 'Nora Newtab']
