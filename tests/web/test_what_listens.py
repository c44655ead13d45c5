"""What NiceGUI has registered by itself: a list that grows only on purpose; and nonsense on the socket of a page."""

import asyncio
import json
import re
import subprocess
import sys
import uuid

import aiohttp
import pytest
import socketio  # type: ignore[import-untyped]

from bench.protocol import Page
from services.core import server_log
from tests.factories.classes import a_class
from tests.support.eventually import PATIENCE
from tests.support.running import ROOT, Server, token_of
from tests.support.visitor import SESSION, Visitor

pytestmark = pytest.mark.req('O1')

LISTED = """
import json
from fastapi import FastAPI
from nicegui import core, ui
from ui.kit import nicegui_patches
ui.run_with(FastAPI())
nicegui_patches.apply()
routes = sorted({getattr(route, 'path', '') for route in core.app.routes})
print(json.dumps({'events': sorted(core.sio.handlers['/']), 'namespaces': sorted(core.sio.handlers), 'routes': routes}))
"""

MANY = """
from services.core import server_log
server_log.set_up()
for _ in range(100):
    try:
        raise ValueError('x' * 1_000_000)
    except ValueError as error:
        server_log.write_problem('failed', error)
try:
    [][0]
except IndexError as error:
    server_log.write_problem('failed elsewhere', error)
"""

NONSENSE: list[tuple[str, object]] = [
    ('event', {}),
    ('event', 'text'),
    ('event', None),
    ('event', ['x']),
    ('ack', {}),
    ('javascript_response', {}),
    ('javascript_response', {'request_id': 'x'}),
    ('handshake', {}),
    ('handshake', None),
    ('log', {'level': 'error', 'message': 'x' * 1000}),
    ('connect', {}),
    ('disconnect', {}),
    ('nonsense', {}),
]


def test_what_nicegui_registers_is_what_pages_need() -> None:
    listed = subprocess.run([sys.executable, '-c', LISTED], cwd=ROOT, capture_output=True, check=True, timeout=60)
    found = json.loads(listed.stdout.splitlines()[-1])

    assert found['namespaces'] == ['/']
    assert found['events'] == ['ack', 'connect', 'disconnect', 'event', 'handshake', 'javascript_response']
    assert [re.sub(r'^/_nicegui/[0-9.]+/', '/_nicegui/', path) for path in found['routes']] == [
        '/_nicegui/components/{key:path}',
        '/_nicegui/dynamic_resources/{name}',
        '/_nicegui/esm/{key}/{path:path}',
        '/_nicegui/libraries/{key:path}',
        '/_nicegui/resources/{key}/{path:path}',
        '/_nicegui/static',
        '/_nicegui_ws',
    ]


async def test_nobody_writes_into_the_server_log_through_the_socket_of_a_page(server: Server, visitor: Visitor) -> None:
    client_id, browser = await a_page(visitor)
    tab_id = str(uuid.uuid4())
    await browser.connect(**address(server, client_id, tab_id))
    size = (server.folder / 'log').stat().st_size

    for name, data in NONSENSE:
        about_me = {**data, 'client_id': client_id} if isinstance(data, dict) else data
        for _ in range(20):
            await browser.emit(name, about_me)
            await browser.emit(name, data)
    assert await is_known(browser, client_id, tab_id)
    await browser.disconnect()

    assert (server.folder / 'log').stat().st_size - size < 2_000


async def test_what_no_page_tells_leaves_no_trace(server: Server) -> None:
    """A stranger could send it as often as they like."""
    klass = await a_class()
    cookie = f'{SESSION}={await token_of(klass.teacher)}'
    size = (server.folder / 'log').stat().st_size
    async with aiohttp.ClientSession(headers={'cookie': cookie, 'origin': server.origin}) as session:
        page = Page(session)
        await page.load(server.origin, f'/courses/{klass.course_id}/live')
        await page.connect()
        about = [
            {'id': number, 'client_id': page.client_id, 'listener_id': listener['listener_id']}
            for number, element in page.elements.items()
            for listener in element.get('events', ())
            if element['tag'] in {'nicegui-select', 'q-btn-toggle'} and listener['type'] == 'update:modelValue'
        ]
        for _ in range(100):
            for each in about:
                await page._wire.emit('event', {**each, 'args': ['{"value": "' + 'x' * 5_000 + '"}']})
                await page._wire.emit('event', {**each, 'args': ['"' + 'x' * 5_000 + '"']})
        answered = asyncio.Event()
        again = {'client_id': page.client_id, 'tab_id': str(uuid.uuid4()), 'document_id': str(uuid.uuid4())}
        await page._wire.emit('handshake', again, acknowledged=answered.set)  # is answered after all of these
        await asyncio.wait_for(answered.wait(), timeout=60)
        await page.close()

    assert about
    assert (server.folder / 'log').stat().st_size - size < 2_000


def test_of_many_traces_a_few_are_written_and_the_others_are_counted() -> None:
    said = subprocess.run([sys.executable, '-c', MANY], cwd=ROOT, capture_output=True, check=True, timeout=60)

    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert [line['event'] for line in lines] == ['failed'] * server_log.MOST_OF_A_PLACE + ['failed elsewhere']
    assert lines[-1]['left_out'] == 95
    assert max(map(len, said.stdout.splitlines())) < 10_000


async def test_a_browser_that_names_the_events_of_the_protocol_stays_connected_as_it_was(
    server: Server, visitor: Visitor
) -> None:
    client_id, browser = await a_page(visitor)
    tab_id = str(uuid.uuid4())
    await browser.connect(**address(server, client_id, tab_id))

    await browser.emit('disconnect', 'x')

    assert await is_known(browser, client_id, tab_id)
    await browser.disconnect()


async def is_known(browser: socketio.AsyncClient, client_id: str, tab_id: str) -> bool:
    """Whether the page takes this socket for its own: then it refuses another handshake from it."""
    again = {'client_id': client_id, 'tab_id': tab_id, 'document_id': str(uuid.uuid4())}
    return not await browser.call('handshake', again, timeout=PATIENCE)


async def a_page(visitor: Visitor) -> tuple[str, socketio.AsyncClient]:
    text = (await visitor.opens('/sign-in')).text.replace('\\', '').replace('&quot;', '"')
    found = re.search(r'client_id"?\'?: ?["\']([0-9a-f-]{36})', text)
    assert found, text[-2000:]
    return found[1], socketio.AsyncClient(reconnection=False)


def address(server: Server, client_id: str, tab_id: str) -> dict[str, object]:
    query = {
        'client_id': client_id,
        'document_id': str(uuid.uuid4()),
        'tab_id': tab_id,
        'next_message_id': '0',
        'implicit_handshake': 'true',
    }
    said = '&'.join(f'{name}={value}' for name, value in query.items())
    return {'url': f'{server.origin}?{said}', 'socketio_path': '/_nicegui_ws/socket.io', 'wait_timeout': 10}
