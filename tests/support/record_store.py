"""A store of statements (xAPI) on this machine: strict with batches as the specification is, in trouble on demand."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from settings import settings
from tests.support.statements import faults, read

KEY, SECRET = 'waymark', 'a secret of the store'


@dataclass(slots=True)
class RecordStore:
    """What the store has, and how it answers."""

    address: str = ''
    has: dict[str, Any] = field(default_factory=dict)
    """what it has taken, by the id of the statement, in this order"""
    batches: list[int] = field(default_factory=list)
    """how many statements came at once, whether or not they were taken"""
    status: int = 0
    """what it answers instead of taking anything"""
    headers: Mapping[str, str] = field(default_factory=dict)
    refuses: Callable[[dict[str, Any]], bool] = lambda _: False
    is_store: bool = True
    """else there is some other program at the address"""

    def is_used(self, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
        given = {
            'PUBLIC_URL': 'https://waymark.example.org',
            'LRS_URL': f'{self.address}/xapi/',
            'LRS_KEY': KEY,
            'LRS_SECRET': SECRET,
        }
        for name, value in (given | more).items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        if request.path == '/xapi/about' and self.is_store:
            return web.json_response({'version': ['1.0.3']})
        if request.path != '/xapi/statements' or not self.is_store:
            return web.Response(status=400 if request.method == 'POST' else 404)
        if request.headers['authorization'] != f'Basic {b64encode(f"{KEY}:{SECRET}".encode()).decode()}':
            return web.Response(status=401)
        assert request.headers['x-experience-api-version'] == '1.0.3'
        if request.method == 'GET':
            return web.json_response({'statements': []})
        return self._take(read(await request.text()))

    def _take(self, batch: list[dict[str, Any]]) -> web.Response:
        self.batches.append(len(batch))
        if self.status:
            return web.Response(status=self.status, headers=self.headers)
        if any(faults(each) or self.refuses(each) for each in batch):
            return web.Response(status=400)
        if any(self.has.get(each['id'], each) != each for each in batch):
            return web.Response(status=409)
        self.has |= {each['id']: each for each in batch}
        return web.json_response([each['id'] for each in batch])


@asynccontextmanager
async def a_record_store() -> AsyncIterator[RecordStore]:
    """Start the store on a free port of this machine."""
    store = RecordStore()
    runner = web.ServerRunner(web.Server(store.handle), shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    store.address = f'http://{host}:{port}'
    try:
        yield store
    finally:
        await runner.cleanup()
