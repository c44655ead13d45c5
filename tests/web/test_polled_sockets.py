"""Sockets by long polling hold no connection, so they have a limit of their own; and what is replayed gives nothing."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bench.protocol import Page
from tests.factories.classes import a_class
from tests.support.running import Server, token_of
from tests.support.visitor import SESSION
from ui.shell import polled_sockets

pytestmark = pytest.mark.req('O1', 'O7')

PATH = '/_nicegui_ws/socket.io/'


class Browser:
    """Somebody whose network lets no WebSocket through, or who only says so."""

    def __init__(self, server: Server, session: aiohttp.ClientSession) -> None:
        self._address = server.origin + PATH
        self._session = session

    async def arrives(self, **query: str) -> str:
        """Open a socket; returns its id."""
        async with self._session.get(self._address, params=self._asks(**query)) as answer:
            return str(json.loads((await answer.text())[1:])['sid'])

    async def opens(self, page: Page) -> str:
        """Open the socket of a page, and have the page taken for one that is looked at; returns its id."""
        named = {**page._query, **page._tab, 'next_message_id': '0', 'implicit_handshake': 'true'}
        sid = await self.arrives(**named)
        assert await self.says(sid, '40') == 200
        assert (await self.hears(sid))[1].startswith('40')
        return sid

    async def says(self, sid: str, packet: str) -> int:
        """Send a packet; returns the status."""
        async with self._session.post(self._address, params=self._asks(sid=sid), data=packet) as answer:
            return answer.status

    async def hears(self, sid: str, transport: str = 'polling') -> tuple[int, str]:
        """Ask for what there is to hear."""
        async with self._session.get(self._address, params=self._asks(sid=sid, transport=transport)) as answer:
            return answer.status, await answer.text()

    async def stays(self, sid: str) -> None:
        """Answer every ping, until the socket is closed."""
        while (await self.hears(sid))[0] == 200:
            await self.says(sid, '3')

    @staticmethod
    def _asks(**query: str) -> dict[str, str]:
        return {'EIO': '4', 'transport': 'polling', **query}


@pytest.fixture
async def teacher(server: Server) -> AsyncIterator[tuple[Browser, Page]]:
    """A teacher with a page that has been loaded, in a browser that polls."""
    klass = await a_class()
    cookie = f'{SESSION}={await token_of(klass.teacher)}'
    async with aiohttp.ClientSession(headers={'cookie': cookie, 'origin': server.origin}) as session:
        page = Page(session)
        await page.load(server.origin, f'/courses/{klass.course_id}/live')
        yield Browser(server, session), page


@pytest.fixture
async def stranger(server: Server) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(headers={'origin': server.origin}) as session:
        yield Browser(server, session)


async def test_who_opens_sockets_without_end_keeps_some_and_a_page_stays_connected(
    server: Server, teacher: tuple[Browser, Page], stranger: Browser
) -> None:
    browser, page = teacher
    staying = asyncio.create_task(browser.stays(await browser.opens(page)))
    first = [await stranger.arrives() for _ in range(20)]
    await flood(stranger)
    before = server.memory()

    for _ in range(5):
        await flood(stranger)

    assert server.memory() - before < 10 * 1024 * 1024
    assert {await stranger.says(each, '40') for each in first} == {400}, 'the oldest have gone'
    assert not staying.done(), 'others opened none of these'
    staying.cancel()


async def flood(stranger: Browser) -> None:
    """Open as many sockets as one address may have, fifty at a time."""
    for _ in range(polled_sockets.MOST_OF_AN_ADDRESS // 50):
        await asyncio.gather(*[stranger.arrives() for _ in range(50)])


async def test_a_page_has_few_sockets_and_a_device_those_of_its_tabs(teacher: tuple[Browser, Page]) -> None:
    browser, page = teacher
    named = {**page._query, **page._tab}
    sids = [await browser.arrives(**named) for _ in range(polled_sockets.MOST_OF_A_PAGE + 1)]

    assert await browser.says(sids[0], '40') == 400
    assert await browser.says(sids[1], '40') == 200

    others = []
    for _ in range(polled_sockets.MOST_OF_A_DEVICE):
        other = Page(page._session)
        await other.load(page.origin, '/')
        others.append(await browser.opens(other))
    assert {await browser.says(each, '3') for each in sids} == {400}
    assert await browser.says(others[-1], '3') == 200


async def test_the_id_of_a_socket_that_is_not_a_poll_or_has_ended_gives_nothing(
    server: Server, teacher: tuple[Browser, Page], stranger: Browser
) -> None:
    _, page = teacher
    await page.connect()
    sid = await stranger.arrives()
    assert await stranger.says(sid, '1') == 200

    assert await stranger.says(sid, '40') == 400
    assert (await stranger.hears(sid))[0] == 400
    for made_up in ('x' * 20, '../x', sid.lower(), sid[:-1]):
        assert (await stranger.hears(made_up))[0] == 400
        assert await stranger.says(made_up, '42["event",{}]') == 400
    assert (await stranger.hears(sid, transport='websocket'))[0] == 400
    assert page.is_open
    await page.close()


async def test_a_handshake_that_is_said_again_elsewhere_brings_nothing_of_the_page(
    teacher: tuple[Browser, Page], stranger: Browser
) -> None:
    """Who has copied the name of a page has neither the name of its tab, nor another way to be taken for it."""
    browser, page = teacher
    await browser.opens(page)

    copied = {**page._query, 'document_id': page._tab['document_id'], 'tab_id': str(uuid.uuid4())}
    sid = await stranger.arrives(**{**copied, 'next_message_id': '0', 'implicit_handshake': 'true'})
    assert await stranger.says(sid, '40') == 200
    refused = (await stranger.hears(sid))[1]
    assert refused.startswith('44')
    assert 'Implicit handshake failed' in refused

    plain = await stranger.arrives()
    assert await stranger.says(plain, '40') == 200
    await stranger.hears(plain)
    for event in ('handshake', 'event', 'javascript_response', 'ack'):
        said = json.dumps([event, {**copied, 'id': 1, 'listener_id': 'x', 'args': [], 'request_id': 'x'}])
        assert await stranger.says(plain, f'42{"7" if event == "handshake" else ""}{said}') == 200
    assert (await stranger.hears(plain))[1] == '437[false]'
