"""Firefox as Debian has it, steered over WebDriver BiDi, which it speaks without a program in between."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.support.engines.window import EngineError, end, launch
from tests.support.eventually import found_soon

LISTENS = re.compile(r'WebDriver BiDi listening on (ws://\S+)')
PREFERENCES = """
user_pref('browser.shell.checkDefaultBrowser', false);
user_pref('datareporting.policy.dataSubmissionEnabled', false);
user_pref('ui.prefersReducedMotion', 1);
user_pref('ui.primaryPointerCapabilities', 1);
user_pref('ui.allPointerCapabilities', 1);
"""
"""Nothing that asks or reports, no animations, and a finger instead of a mouse."""


class Firefox:
    """One program for all windows, with a profile in it for each."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._turn = asyncio.Lock()

    async def window(self, *, size: tuple[int, int]) -> 'FirefoxWindow':
        profile = (await self.send('browser.createUserContext'))['userContext']
        context = (await self.send('browsingContext.create', type='window', userContext=profile))['context']
        width, height = size
        await self.send('browsingContext.setViewport', context=context, viewport={'width': width, 'height': height})
        return FirefoxWindow(self, context, profile)

    async def send(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command, and return what is answered; events are not asked for."""
        async with self._turn:
            number = next(self._numbers)
            await self._socket.send_json({'id': number, 'method': method, 'params': params})
            while (answer := await self._socket.receive_json()).get('id') != number:
                pass
        if answer['type'] == 'error':
            raise EngineError(f'{answer["error"]}: {answer["message"]}')
        return answer['result']


class FirefoxWindow:
    def __init__(self, firefox: Firefox, context: str, profile: str) -> None:
        self._firefox, self._context, self._profile = firefox, context, profile

    async def open(self, address: str) -> None:
        await self._send('browsingContext.navigate', url=address, wait='complete')

    async def call(self, function: str, *arguments: object) -> Any:
        as_text = f'async text => JSON.stringify(await ({function})(...JSON.parse(text)))'
        found = await self._call(as_text, json.dumps(arguments))
        return json.loads(found['value']) if found['type'] == 'string' else None

    async def tap(self, function: str, *arguments: object) -> bool:
        in_the_middle = f"""text => {{
            const element = ({function})(...JSON.parse(text));
            element?.scrollIntoView({{block: 'center', behavior: 'instant'}});
            return element;
        }}"""
        found = await self._call(in_the_middle, json.dumps(arguments))
        if found['type'] != 'node':
            return False
        origin = {'type': 'element', 'element': {'sharedId': found['sharedId']}}
        press = [
            {'type': 'pointerMove', 'x': 0, 'y': 0, 'origin': origin},
            {'type': 'pointerDown', 'button': 0},
            {'type': 'pointerUp', 'button': 0},
        ]
        await self._send('input.performActions', actions=[{'type': 'pointer', 'id': 'mouse', 'actions': press}])
        return True

    async def type(self, text: str) -> None:
        keys = [{'type': action, 'value': key} for key in text for action in ('keyDown', 'keyUp')]
        await self._send('input.performActions', actions=[{'type': 'key', 'id': 'keyboard', 'actions': keys}])

    async def keep_cookie(self, name: str, value: str, address: str) -> None:
        host = urlsplit(address).hostname
        cookie = {'name': name, 'value': {'type': 'string', 'value': value}, 'domain': host, 'path': '/'}
        partition = {'type': 'storageKey', 'userContext': self._profile}
        await self._firefox.send('storage.setCookie', cookie=cookie, partition=partition)

    async def picture(self) -> bytes:
        return base64.b64decode((await self._send('browsingContext.captureScreenshot'))['data'])

    async def close(self) -> None:
        await self._firefox.send('browser.removeUserContext', userContext=self._profile)

    async def _call(self, function: str, *arguments: str) -> dict[str, Any]:
        answer = await self._firefox.send(
            'script.callFunction',
            functionDeclaration=function,
            arguments=[{'type': 'string', 'value': argument} for argument in arguments],
            target={'context': self._context},
            awaitPromise=True,
        )
        if answer['type'] == 'exception':
            raise EngineError(answer['exceptionDetails']['text'])
        return answer['result']

    async def _send(self, method: str, **params: object) -> dict[str, Any]:
        return await self._firefox.send(method, context=self._context, **params)


@asynccontextmanager
async def running_firefox(path: str, folder: Path) -> AsyncIterator[Firefox]:
    """Start Firefox without a screen, with a profile that nobody has used."""
    profile, log = folder / 'profile', folder / 'log'
    profile.mkdir()
    (profile / 'user.js').write_text(PREFERENCES)
    ask = ('--headless', '--remote-debugging-port', '0', '--profile', str(profile), '--no-remote')
    process = launch(path, *ask, home=folder / 'home', log=log)

    async def address() -> str:
        assert process.poll() is None, log.read_text(errors='replace')
        found = LISTENS.search(log.read_text(errors='replace'))
        return found[1] if found else ''

    try:
        listens = await found_soon(address)
        async with aiohttp.ClientSession() as http, http.ws_connect(f'{listens}/session', max_msg_size=0) as socket:
            firefox = Firefox(socket)
            await firefox.send('session.new', capabilities={})
            yield firefox
    finally:
        end(process)
