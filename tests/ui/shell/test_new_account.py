"""Somebody who has just made an account is told so on the page that follows, and nobody else by its address."""

import pytest

from services.access import Actor
from tests.factories.classes import a_class
from tests.factories.people import a_student
from tests.ui.conftest import Enter
from ui.shell.new_account import newly_made

pytestmark = [pytest.mark.req('A5')]


@pytest.mark.parametrize(
    ('target', 'expected'),
    [('/', '/?made=account'), ('/class/3?paper=a4&find=&made=x', '/class/3?paper=a4&find=&made=x&made=account')],
)
def test_the_page_that_follows_is_named_with_all_that_it_is_asked(target: str, expected: str) -> None:
    assert newly_made(target) == expected


async def test_an_account_that_was_made_is_said_once_on_the_page_that_follows(enter: Enter) -> None:
    assert await told(enter, await a_student(name='Sami'), newly_made('/')) == ['Your account is made: Sami.']
    assert await told(enter, await a_student(name='Sami'), '/') == []


async def test_nobody_else_is_told_so_by_the_same_address(enter: Enter) -> None:
    guest = (await a_class(learners=['Gus'])).learner

    assert await told(enter, None, newly_made('/')) == []
    assert await told(enter, guest, newly_made('/')) == []


async def told(enter: Enter, who: Actor | None, address: str) -> list[str]:
    user = await enter(who)
    user.notify.messages.clear()
    await user.open(address)
    return list(user.notify.messages)
