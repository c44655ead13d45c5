"""Pages that were left open when the right to them ended: nothing more is seen on them, and nothing more is done."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import httpx
import pytest

from bench.protocol import Page
from services.accounts import profiles, tokens
from services.core import database
from services.courses import catalog
from tests.factories.classes import ClassAtHand, a_class
from tests.factories.people import an_instructor
from tests.support.api_school import _a_program
from tests.support.eventually import PATIENCE
from tests.support.running import Server, token_of
from tests.support.visitor import SESSION, Visitor
from ui.shell.open_pages import CHECK_EVERY

pytestmark = pytest.mark.req('O7')

SECRET = 'Verschwiegenheit'
"""what only those may read who still have a right to it"""


@dataclass(kw_only=True)
class Left:
    """One page that is left open in a browser that does nothing of what it is told, and all that it is sent."""

    page: Page
    sent: list[str] = field(default_factory=list)

    def hear_everything(self) -> None:
        heard = self.page._wire._receive

        def hear(event: str, payload: object) -> None:
            self.sent.append(f'{event} {payload}')
            heard(event, payload)

        self.page._wire._receive = hear

    def was_told(self, text: str) -> bool:
        return any(text in each for each in self.sent)


@asynccontextmanager
async def left_open(server: Server, token: str, path: str) -> AsyncIterator[Left]:
    headers = {'cookie': f'{SESSION}={token}', 'origin': server.origin}
    async with aiohttp.ClientSession(headers=headers) as session:
        left = Left(page=Page(session))
        left.hear_everything()
        await left.page.load(server.origin, path)
        await left.page.connect()
        yield left
        await left.page.close()


Ends = Callable[[httpx.AsyncClient, Visitor, ClassAtHand, int], Awaitable[object]]


async def is_no_co_instructor(owner: httpx.AsyncClient, _: Visitor, klass: ClassAtHand, user_id: int) -> None:
    answer = await owner.delete(f'/courses/{klass.course_id}/co-instructors/{user_id}')
    assert answer.status_code == 204, answer.text


async def is_taken_out(owner: httpx.AsyncClient, _: Visitor, klass: ClassAtHand, user_id: int) -> None:
    answer = await owner.delete(f'/courses/{klass.course_id}/people/{user_id}')
    assert answer.status_code == 204, answer.text


async def signs_out_in_another_tab(_: httpx.AsyncClient, visitor: Visitor, __: ClassAtHand, ___: int) -> None:
    assert (await visitor.sends('/sign-out', form='/account')).status_code == 303


ENDS: dict[str, tuple[str, str, Ends]] = {
    'a co-instructor is removed': ('helper', 'live', is_no_co_instructor),
    'a co-instructor is removed before a projector': ('helper', 'projector', is_no_co_instructor),
    'a co-instructor signs out': ('helper', 'live', signs_out_in_another_tab),
    'a learner is taken out': ('learner', '', is_taken_out),
}


async def test_nothing_more_is_seen(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    """All ends happen at the same time, in a class each: what takes long is to wait for pages that look after it."""
    async with asyncio.TaskGroup() as ends:
        for end in ENDS:
            ends.create_task(_nothing_more_is_seen(server, a_visitor, end))


async def _nothing_more_is_seen(server: Server, a_visitor: Callable[..., Visitor], end: str) -> None:
    who, tab, ends = ENDS[end]
    helper = await an_instructor()
    klass = await a_class(learners=['Lena Brandt', 'Omar Said', 'Ben Okafor'])
    email = (await database.read(profiles.own, helper)).email
    await database.write(catalog.add_co_instructor, klass.teacher, klass.course_id, email=email)
    person = helper if who == 'helper' else klass.learner
    token, program = await token_of(person), await database.write(_a_program, klass.teacher)
    path = f'/courses/{klass.course_id}/{tab}' if tab else f'/class/{klass.course_id}'
    owner = httpx.AsyncClient(
        base_url=f'{server.origin}/api',
        headers={'authorization': f'Bearer {tokens._sign(tokens._ACCESS, program, tokens.ACCESS_LIFETIME)}'},
        timeout=PATIENCE,
    )
    of_course = f'/courses/{klass.course_id}'

    async def say(word: str) -> None:
        for who_is_renamed in klass.learners[1:]:
            changed = await owner.patch(f'{of_course}/people/{who_is_renamed.user_id}', json={'name': SECRET + word})
            assert changed.status_code == 200, changed.text
        for checkpoint_id in klass.checkpoints:
            changed = await owner.put(f'/checkpoints/{checkpoint_id}', json={'title': SECRET + word})
            assert changed.status_code == 200, changed.text
        await asyncio.sleep(0.5)

    async with owner, left_open(server, token, path) as left, left_open(server, await token_of(person), path) as other:
        await asyncio.sleep(1.5 * CHECK_EVERY)
        await say('before')
        assert left.was_told(f'{SECRET}before'), f'{end}: there is something to hear'

        await ends(owner, a_visitor(token=token), klass, person.user_id)
        await asyncio.sleep(2 * CHECK_EVERY)
        await say('after')

        assert not left.was_told(f'{SECRET}after'), end
        assert left.was_told('history.go(0)'), f'{end}: the page is loaded anew, and says why'
        assert other.was_told(f'{SECRET}after') is ('signs out' in end), f'{end}: another device of theirs'
