"""A store of statements (xAPI) on this machine: strict with batches as the specification is, in trouble on demand."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import pytest
from aiohttp import web

from settings import settings
from tests.support.statements import faults, read

VERSION = {'x-experience-api-version': '1.0.3'}
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
    most_bytes: int = 1_000_000
    """of one batch"""
    most_batches: int = 1_000_000
    """before it wants to be left alone"""
    says_again: bool = False
    """whether it answers with a conflict to every statement that it has, as the standard lets it"""
    keeps_a_part: bool = False
    """whether it takes what is before a faulty statement, as the standard does not let it"""
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
        if not request.headers.get('x-experience-api-version', '').startswith('1.0'):
            return web.Response(status=400)
        if request.method == 'GET':
            return web.json_response({'statements': []}, headers=VERSION)
        if request.content_type != 'application/json':
            return web.Response(status=400, headers=VERSION)
        if (request.content_length or 0) > self.most_bytes:
            return web.Response(status=413, headers=VERSION)
        return self._take(read(await request.text()))

    def _take(self, batch: list[dict[str, Any]]) -> web.Response:
        self.batches.append(len(batch))
        if self.status:
            return web.Response(status=self.status, headers=self.headers)
        if self.most_batches <= 0:
            return web.Response(status=429, headers={**VERSION, 'retry-after': '600'})
        self.most_batches -= 1
        ids = [each['id'] for each in batch]
        if any(faults(each) or self.refuses(each) for each in batch) or len(set(ids)) < len(ids):
            if self.keeps_a_part:
                self._keep(takewhile(lambda each: not faults(each) and not self.refuses(each), batch))
            return web.Response(status=400, headers=VERSION)
        if any(self._conflicts(each) for each in batch):
            return web.Response(status=409, headers=VERSION)
        self._keep(batch)
        return web.json_response(ids, headers=VERSION)

    def _conflicts(self, said: dict[str, Any]) -> bool:
        return said['id'] in self.has and (self.says_again or self.has[said['id']] != said)

    def _keep(self, batch: Iterable[dict[str, Any]]) -> None:
        self.has |= {each['id']: each for each in batch if each['id'] not in self.has}


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
