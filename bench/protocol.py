"""A NiceGUI page as the browser holds it: read from HTML, kept up to date over the socket, without drawing anything."""

import ast
import asyncio
import html
import re
import uuid
from collections.abc import Callable, Mapping
from typing import TypedDict

import aiohttp
import orjson

from bench.wire import Wire

ACKNOWLEDGE_EVERY = 3.0  # seconds, as in nicegui.js


class Listener(TypedDict):
    """What the server wants to hear about an element."""

    listener_id: str
    type: str
    args: list[list[str] | None] | None


Element = TypedDict(
    'Element',
    {
        'tag': str,
        'text': str,
        'class': list[str],
        'props': dict[str, object],
        'children': list[int],
        'events': list[Listener],
    },
    total=False,
)
Changes = Mapping[int, Element | None]


class NotAPage(Exception):
    """The server answered with something else than the page we asked for."""


class Page:
    """One open page; `on_change` hears of new, changed and deleted elements, `on_script` answers run_javascript."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        on_change: Callable[[Changes], None] | None = None,
        on_script: Callable[[str], object] | None = None,
    ) -> None:
        self._session = session
        self._on_change = on_change
        self._on_script = on_script
        self._wire = Wire(self._receive)
        self._cut_off: list[Wire] = []
        self._query: dict[str, str] = {}
        self._tab = {'document_id': str(uuid.uuid4()), 'tab_id': str(uuid.uuid4()), 'old_tab_id': 'null'}
        self._acknowledged = -1
        self._ticking: asyncio.TimerHandle | None = None
        self._answers: set[asyncio.Task[None]] = set()
        self.origin = ''
        self.client_id = ''
        self.next_message_id = 0
        self.elements: dict[int, Element] = {}

    @property
    def is_open(self) -> bool:
        """Whether the page still hears the server."""
        return self._wire.is_open

    async def load(self, origin: str, path: str) -> int:
        """Fetch the page and read its elements; returns the size of the HTML in characters."""
        async with self._session.get(origin + path) as response:
            text = await response.text()
            if response.status != 200:
                raise NotAPage(f'{path} answered {response.status}')
        self.take(origin, text)
        return len(text)

    def take(self, origin: str, text: str) -> None:
        """Be the page that was fetched."""
        self.origin = origin
        self._query, self.elements = read_page(text)
        self.client_id = self._query['client_id']
        self.next_message_id = int(self._query['next_message_id'])

    async def connect(self) -> None:
        """Open the socket with the implicit handshake and begin to acknowledge what arrives."""
        address = self.origin + '/_nicegui_ws/socket.io/'
        query = {**self._query, **self._tab, 'next_message_id': str(self.next_message_id)}
        await self._wire.open(self._session, address, query)
        self._ticking = asyncio.get_running_loop().call_later(ACKNOWLEDGE_EVERY, self._acknowledge)

    def vanish(self) -> None:
        """Lose the network; `connect` finds it again, and the server sends what was missed."""
        if self._ticking is not None:
            self._ticking.cancel()
        self._wire.vanish()
        self._cut_off.append(self._wire)
        self._wire = Wire(self._receive)

    async def close(self) -> None:
        """Close the tab."""
        for wire in self._cut_off:
            await wire.close()
        if self._ticking is not None:
            self._ticking.cancel()
        await self._wire.close()

    async def fire(self, number: int, event: str) -> None:
        """Let an element emit its event, with an empty object for each argument the listener takes."""
        for listener in self.elements[number].get('events', ()):
            if listener['type'] == event:
                arguments = ['{}'] if listener.get('args') is None else ['{}' for _ in listener['args'] or ()]
                await self._wire.emit(
                    'event',
                    {
                        'id': number,
                        'client_id': self.client_id,
                        'listener_id': listener['listener_id'],
                        'args': arguments,
                    },
                )
                return
        raise NotAPage(f'element {number} does not listen to {event}')

    def _receive(self, event: str, payload: object) -> None:
        assert isinstance(payload, dict)
        message_id = payload.pop('_id', None)
        if message_id is not None:
            if message_id < self.next_message_id:
                return
            self.next_message_id = message_id + 1
        if event == 'update':
            self._update({int(number): element for number, element in payload.items()})
        elif event == 'run_javascript':
            result = self._on_script(payload['code']) if self._on_script else None
            if 'request_id' in payload:
                self._send('javascript_response', {'request_id': payload['request_id'], 'result': result})

    def _update(self, changes: Changes) -> None:
        for number, element in changes.items():
            if element is None:
                self.elements.pop(number, None)
            else:
                self.elements[number] = element
        if self._on_change:
            self._on_change(changes)

    def _acknowledge(self) -> None:
        if not self._wire.is_open:
            return
        self._ticking = asyncio.get_running_loop().call_later(ACKNOWLEDGE_EVERY, self._acknowledge)
        if self._acknowledged < self.next_message_id:
            self._send('ack', {'next_message_id': self.next_message_id})
            self._acknowledged = self.next_message_id

    def _send(self, event: str, payload: dict[str, object]) -> None:
        task = asyncio.create_task(self._wire.emit(event, {'client_id': self.client_id, **payload}))
        self._answers.add(task)  # the loop itself keeps only a weak reference
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._answers.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception) and self._wire.is_open:
            raise error  # what goes wrong after the server has gone is no news


def read_page(text: str) -> tuple[dict[str, str], dict[int, Element]]:
    """Take the socket's query parameters and the elements out of a page's HTML."""
    elements = re.search(r'parseElements\(String\.raw`(.*?)`\)', text, re.DOTALL)
    query = re.search(r'^\s*query: (\{.*\}),$', text, re.MULTILINE)
    if elements is None or query is None:
        raise NotAPage('there is no NiceGUI page in this answer')
    parameters: dict[str, object] = ast.literal_eval(query[1])
    raw: dict[str, Element] = orjson.loads(html.unescape(elements[1]))
    return (
        {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in parameters.items()},
        {int(number): element for number, element in raw.items()},
    )
