"""A service that brings notices to devices, on this machine: checks signatures, and answers as a test wants it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from standardwebhooks import Webhook

from settings import settings

SECRET = 'whsec_' + 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'


@dataclass(slots=True)
class PushService:
    """What the service has taken, and how it answers."""

    address: str = ''
    received: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    """(name, what it says)"""
    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    never_answers: bool = False
    asked: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def settings(self) -> dict[str, str]:
        """What the environment says so that notices come here."""
        return {
            'PUSH_NOTIFICATIONS_ENABLED': 'true',
            'NOTIFICATION_SERVICE_URL': f'{self.address}/notices',
            'NOTIFICATION_SERVICE_SECRET': SECRET,
        }

    def is_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in self.settings.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.asked += 1
        body = await request.text()
        if self.never_answers:
            await self.over.wait()
        if self.status < 300:
            Webhook(SECRET).verify(body, dict(request.headers))
            self.received.append((request.headers['webhook-id'], json.loads(body)))
        return web.Response(status=self.status, headers=self.headers)


@asynccontextmanager
async def a_push_service() -> AsyncIterator[PushService]:
    """Start the service on a free port of this machine."""
    service = PushService()
    runner = web.ServerRunner(web.Server(service.handle), shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.address = f'http://{host}:{port}'
    try:
        yield service
    finally:
        service.over.set()
        await runner.cleanup()
