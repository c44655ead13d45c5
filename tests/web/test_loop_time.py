"""Whatever stands in whatever field: nobody else waits for more than 50 ms, and nothing breaks.

Fields are those of the OpenAPI document, of the forms, and of the addresses of pages; each is sent the worst that is
known for its kind (`worst_inputs.py`). A new field is tried without a word here.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import httpx
import pytest

from bench import machine
from bench.protocol import Page
from services.accounts import sign_ins
from services.core import database
from tests.factories.people import a_student, an_admin
from tests.factories.worst_inputs import IN_A_PATH, LINES, filled, lines
from tests.support import page_events
from tests.support.api_client import Asker
from tests.support.api_fields import fields, request
from tests.support.api_school import School, a_school
from tests.support.form_fields import forms
from tests.support.loop_watch import Sent, Watch
from tests.support.route_table import ROUTES
from tests.support.running import ROOT, Server
from tests.support.shared_api import shared_api
from tests.support.visitor import SESSION, hidden_fields
from ui.shell.request import BROWSER_COOKIE

pytestmark = pytest.mark.req('O7', 'O1')

LOOP, WRITER, PROCESS = 0.05, 0.1, 0.2
"""Seconds of the processor of the reference machine; on this one, as many times more as it is slower at the moment.

Of the process, because a thread that never lets go of the interpreter stops the loop too; but others work beside it."""
PAGE = 0.1
"""of a page that is drawn, whatever stands in its address"""
LOG_OF_EACH = 1_000
"""bytes of the server log for one thing that is sent"""
MOST_FOR_EACH = 60_000
"""bytes of memory for one thing that is sent, all that it loads for the first time included"""
MOST_PAGES = 60
FORM_FIELD = 4_000
ADDRESS = 1_500
QUERIES = re.compile(r"query_params(?:\.get\(|\[)'(\w+)'")
NOT_SIGNED_IN = {'/sign-in', '/register', '/join', '/code', '/forgotten', '/new-password', '/come-back'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A watched server with a school in it, and a client that sends to it."""

    watch: Watch
    school: School
    http: httpx.AsyncClient

    async def send(self, name: str, value: object, method: str, address: str, **more: Any) -> None:
        whole = f'{self.watch.server.origin}{address}'  # httpx would look at a part of one letter by letter, twice
        prepared = self.http.build_request(method, whole, **more)
        await self.watch.send(name, value, partial(self._status, prepared))

    async def _status(self, prepared: httpx.Request) -> int:
        return (await self.http.send(prepared)).status_code


@asynccontextmanager
async def tried(folder: Path, **settings: str) -> AsyncIterator[Tried]:
    server = Server(folder, script='tests/support/measured_server.py', API_REQUESTS_PER_SECOND='100000', **settings)
    server.start()
    try:
        async with server.at_hand(), httpx.AsyncClient(timeout=60) as http:
            yield Tried(watch=Watch(server=server), school=await a_school(), http=http)
    finally:
        server.stop()


async def fill_the_api(on: Tried) -> None:
    application = shared_api()
    for route in ROUTES:
        asker = Asker(application=application, school=on.school, route=route)
        for each in fields(asker):
            for value in each.values:
                made = request(asker, each, value)
                more = {'headers': made.headers, 'content': made.content}
                await on.send(f'{route}: {each.place}', value, made.method, f'/api{made.address}', **more)


async def fill_the_forms(on: Tried, *, with_field: str = '') -> None:
    """Send every form, or those that have a field of that name."""
    page = await on.http.get(f'{on.watch.server.origin}/register')
    known = {name: str(on.school.here[name]) for name in ('code', 'password')}
    known |= {'name': 'Lena', 'email': 'stella@example.org', 'current_password': known['password']}
    known |= {'csrf': hidden_fields(page.text, '/register')['csrf']}
    for path, names in forms().items():
        if with_field and with_field not in names:
            continue
        cookies = await cookies_for(on, path) + f'; {BROWSER_COOKIE}={page.cookies[BROWSER_COOKIE]}'
        for name in names:
            for value in [filled('%', 10 * FORM_FIELD)] if name == 'csrf' else lines(FORM_FIELD):
                data = {each: known[each] for each in names if each in known} | {name: value}
                await on.send(f'form {path}: {name}', value, 'POST', path, data=data, headers={'cookie': cookies})


async def open_the_pages(on: Tried) -> None:
    """Open everything that has a name or a number in its address, and send everything behind the question mark."""
    queries = {name for file in (ROOT / 'ui').rglob('*.py') for name in QUERIES.findall(file.read_text())}
    for route in json.loads((on.watch.server.folder / 'routes.json').read_text()):
        path = route['path']
        if path.startswith(('/_nicegui', '/api')) or 'GET' not in route['methods']:
            continue
        headers = {'cookie': await cookies_for(on, path)}
        for name in re.findall(r'{(\w+)', path):
            for value in IN_A_PATH:
                await on.send(
                    f'{path}: {name}', value, 'GET', in_place(path, on.school, {name: value}), headers=headers
                )
        for unit in LINES[:3]:
            asked = {name: filled(unit, ADDRESS // len(queries)) for name in queries | set(route['names'])}
            address = f'{in_place(path, on.school, {})}?{urlencode(asked)}'
            await on.send(f'{path}: everything asked', unit, 'GET', address, headers=headers)


def in_place(path: str, school: School, values: Mapping[str, str]) -> str:
    """Return an address with what is there in it, but for some `values`."""
    return re.sub(r'{(\w+)(:\w+)?}', lambda found: values.get(found[1]) or str(school.here.get(found[1], 1)), path)


async def cookies_for(on: Tried, path: str) -> str:
    """Return the cookies of somebody who may open or send this."""
    if path in NOT_SIGNED_IN:
        return 'a=b'
    if path.startswith('/school'):
        user_id = (await an_admin()).user_id
    elif path == '/sign-out':
        user_id = (await a_student()).user_id
    else:
        is_taught = path.startswith('/courses/') and '/learn' not in path
        user_id = int(str(on.school.here['co_instructor_id' if is_taught else 'user_id']))
    return f'{SESSION}={(await database.write(sign_ins.enter, user_id, "Browser")).token}'


def times_slower() -> float:
    """Return how many times slower this machine is at the moment than the reference machine; never less than once."""
    return max(1.0, machine.measure().times_slower_than(machine.REFERENCE))


async def test_no_field_of_any_form_or_address_makes_anybody_wait(tmp_path: Path, data_dir: Path) -> None:
    slower = times_slower()
    async with tried(tmp_path) as on:
        watch, server = on.watch, on.watch.server
        before = server.memory()

        await fill_the_forms(on)
        await open_the_pages(on)
        await fill_the_api(on)

        assert_everything_was_tried(watch.sent)
        slower = max(slower, times_slower())
        assert await watch.held_up(thread='loop', most=slower * LOOP, but_pages=slower * PAGE) == {}
        assert await watch.held_up(thread='process', most=slower * PROCESS, but_pages=slower * PROCESS) == {}
        assert await watch.held_up(thread='writer', most=slower * WRITER, but_pages=slower * WRITER) == {}
        assert [f'{each}: {each.status}' for each in watch.sent if each.status >= 500] == []
        assert server.memory() - before < MOST_FOR_EACH * len(watch.sent)
        assert (server.folder / 'log').stat().st_size < LOG_OF_EACH * len(watch.sent)
        assert [line for line in server.journal() if line['level'] == 'error'] == []


def assert_everything_was_tried(sent: Sequence[Sent]) -> None:
    """Check that nothing is missing of the lists, and that programs and people were let in."""
    tried_fields = {each.field for each in sent}
    assert {f'form {path}: {name}' for path, names in forms().items() for name in names} <= tried_fields
    assert {route.partition(' ')[2] for route in ROUTES if '{' in route} <= {
        each.partition(' ')[2].rpartition(': ')[0] for each in tried_fields if ': path ' in each
    }
    refused = {each.field for each in sent if each.status == 401 and not each.field.startswith('POST /auth/')}
    assert refused == set()


async def tell_the_pages(on: Tried) -> None:
    """Open every page, and tell the worst of each of its elements over its socket."""
    routes = json.loads((on.watch.server.folder / 'routes.json').read_text())
    paths = {route['path'] for route in routes if 'GET' in route['methods']}
    pages = sorted(path for path in paths if not path.startswith(('/_nicegui', '/api')))
    cookies = {path: await cookies_for(on, path) for path in pages}  # this process writes nothing meanwhile
    for path in pages:
        headers = {'cookie': cookies[path], 'origin': on.watch.server.origin}
        async with aiohttp.ClientSession(headers=headers) as session:
            page = await page_events.open_page(session, on.watch.server.origin, in_place(path, on.school, {}))
            if page is None:
                continue
            for kind, events in page_events.told(page):
                await on.watch.send(f'event {path}: {kind}', '', partial(_told, page, events))
            await page.close()


async def _told(page: Page, events: Sequence[dict[str, object]]) -> int:
    if page.is_open:
        await page_events.tell(page, events)
    return 200


async def test_no_event_of_any_page_makes_anybody_wait(tmp_path: Path, data_dir: Path) -> None:
    slower = times_slower()
    async with tried(tmp_path) as on:
        watch, server = on.watch, on.watch.server
        before, begun = server.memory(), len(server.journal())

        await tell_the_pages(on)

        slower = max(slower, times_slower())
        assert len({each.field.partition(':')[0] for each in watch.sent}) > MOST_PAGES / 2, 'pages were opened'
        assert await watch.held_up(thread='loop', most=slower * LOOP, but_pages=slower * PAGE) == {}
        assert server.memory() - before < 20 * MOST_FOR_EACH * len(watch.sent)
        assert (server.folder / 'log').stat().st_size < 10 * LOG_OF_EACH * len(watch.sent)
        assert [line for line in server.journal()[begun:] if line['level'] == 'error'] == []


async def test_a_field_that_takes_long_is_found(tmp_path: Path, data_dir: Path) -> None:
    """The test above can fail: here the name of who joins is read by something slow."""
    async with tried(tmp_path, SLOW='0.5') as on:
        await fill_the_forms(on, with_field='name')

        assert len({each.field.partition(':')[0] for each in on.watch.sent}) > 3, 'others have a name, too'
        found = await on.watch.held_up(thread='loop', most=times_slower() * LOOP, but_pages=times_slower() * PAGE)

        assert {name.partition(' = ')[0] for name in found} == {'form /join: name'}
