"""WebKit as Debian has it, steered over WebDriver; iPhones and iPads have no other engine."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from tests.support.engines.window import SCREEN, EngineError, end, launch
from tests.support.eventually import eventually, found_soon
from tests.support.running import free_port

DRIVER = 'WebKitWebDriver'
PATIENCE = aiohttp.ClientTimeout(total=90)
"""for one answer of the driver, which itself waits for five minutes, or for ever where its browser is gone"""


class WebKit:
    """A driver and a browser for each window, on a screen that nobody sees: a driver steers one window only."""

    def __init__(self, path: str, folder: Path, http: aiohttp.ClientSession, display: str) -> None:
        self._path, self._folder, self._http, self._display = path, folder, http, display
        self._numbers = count(1)

    async def window(self, *, size: tuple[int, int]) -> 'WebKitWindow':
        home, port = self._folder / f'home{next(self._numbers)}', free_port()
        process = launch(
            DRIVER,
            f'--port={port}',
            home=home,
            log=self._folder / 'log',
            DISPLAY=self._display,
            XDG_RUNTIME_DIR=str(home),
            GSETTINGS_BACKEND='memory',
            NO_AT_BRIDGE='1',
        )
        window = WebKitWindow(self._http, f'http://127.0.0.1:{port}', process)
        try:
            await window.begin(self._path, size)
        except EngineError:
            end(process)
            raise
        return window


class WebKitWindow:
    def __init__(self, http: aiohttp.ClientSession, driver: str, process: Any) -> None:
        self._http, self._driver, self._process = http, driver, process
        self._session = ''

    async def begin(self, path: str, size: tuple[int, int]) -> None:
        """Start the browser as soon as its driver answers."""
        await found_soon(self._answers)
        options = {'binary': path, 'args': ['--automation']}
        asked = {'alwaysMatch': {'webkitgtk:browserOptions': options}}
        begun = await self._send('POST', f'{self._driver}/session', capabilities=asked)
        self._session = f'{self._driver}/session/{begun["sessionId"]}'
        width, height = size
        await self._send('POST', f'{self._session}/window/rect', x=0, y=0, width=width, height=height)

    async def open(self, address: str) -> None:
        await self._send('POST', f'{self._session}/url', url=address)

    async def call(self, function: str, *arguments: object) -> Any:
        script = f'return ({function})(...arguments)'
        return await self._send('POST', f'{self._session}/execute/sync', script=script, args=arguments)

    async def tap(self, function: str, *arguments: object) -> bool:
        element = await self.call(function, *arguments)
        if not element:
            return False
        (key,) = element.values()
        await self._send('POST', f'{self._session}/element/{key}/click')
        return True

    async def type(self, text: str) -> None:
        keys = [{'type': action, 'value': key} for key in text for action in ('keyDown', 'keyUp')]
        actions = [{'type': 'key', 'id': 'keyboard', 'actions': keys}]
        await self._send('POST', f'{self._session}/actions', actions=actions)

    async def keep_cookie(self, name: str, value: str, address: str) -> None:
        await self.open(f'{address}/health')  # a cookie can only be given where a page of its server is open
        await self._send('POST', f'{self._session}/cookie', cookie={'name': name, 'value': value, 'path': '/'})

    async def picture(self) -> bytes:
        return base64.b64decode(await self._send('GET', f'{self._session}/screenshot'))

    async def close(self) -> None:
        with suppress(EngineError, aiohttp.ClientError):
            await self._send('DELETE', self._session)
        end(self._process)

    async def _answers(self) -> bool:
        assert self._process.poll() is None, 'the driver of WebKit has ended'
        try:
            return bool(await self._send('GET', f'{self._driver}/status'))
        except aiohttp.ClientError:
            return False

    async def _send(self, method: str, address: str, **asked: object) -> Any:
        said = asked if method == 'POST' else None
        try:
            async with self._http.request(method, address, json=said, timeout=PATIENCE) as response:
                value = (await response.json(content_type=None))['value']
        except TimeoutError as error:
            raise EngineError('the driver stands still') from error
        if response.status != 200:
            raise EngineError(f'{value["error"]}: {value["message"]}')
        return value


@asynccontextmanager
async def running_webkit(path: str, folder: Path) -> AsyncIterator[WebKit]:
    """Start a screen that nobody sees, for all windows of WebKit."""
    width, height = SCREEN
    log = folder / 'screen'
    screen = launch(
        'Xvfb', '-displayfd', '1', '-screen', '0', f'{width}x{height}x24', '-nolisten', 'tcp', home=folder, log=log
    )
    try:
        await eventually(lambda: log.read_text().endswith('\n') or screen.poll() is not None)
        assert screen.poll() is None, log.read_text()
        async with aiohttp.ClientSession() as http:
            yield WebKit(path, folder, http, f':{log.read_text().split()[-1]}')
    finally:
        end(screen)
