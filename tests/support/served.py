"""The API on a port of this machine, in this process, so that a test can act beside it and look inside."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI

from api.sockets.revocation import Revocation
from api.sockets.server import Sockets
from services.access import Actor
from services.accounts import tokens
from services.core import database
from tests.support.eventually import eventually
from tests.support.running import free_port
from tests.support.socket_listener import Listener
from web.patient_protocol import PatientProtocol


@dataclass(slots=True)
class Served:
    """A served API, and the programs that this test connects to it."""

    origin: str
    sockets: Sockets
    revocation: Revocation
    listeners: list[Listener] = field(default_factory=list)

    async def connect(self, of: Actor, *, transports: list[str] | None = None) -> Listener:
        """Connect a program of somebody, on a device of its own."""
        listener = self.listener((await token_of(of)).access_token)
        await listener.connect(transports=transports)
        return listener

    def listener(self, token: object) -> Listener:
        """Make a program that is not connected yet."""
        self.listeners.append(Listener(self.origin, token))
        return self.listeners[-1]


async def token_of(actor: Actor) -> tokens.Tokens:
    """Sign a program of somebody in."""
    return await database.write(tokens.enter, actor.user_id, 'A script')


@asynccontextmanager
async def serving(api: FastAPI) -> AsyncIterator[Served]:
    """Serve the API as `main.py` does."""
    sockets = Sockets(may_open=lambda origin, _: origin is None)
    application = FastAPI()
    application.mount('/api/socket.io', sockets)
    application.mount('/api', api)
    port = free_port()
    config = uvicorn.Config(
        application,
        host='127.0.0.1',
        port=port,
        http=PatientProtocol,
        ws='websockets-sansio',
        ws_ping_interval=None,
        log_config=None,
        access_log=False,
        lifespan='off',
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server.serve())
    served = Served(f'http://127.0.0.1:{port}', sockets, Revocation(sockets))
    await eventually(lambda: server.started)
    try:
        yield served
    finally:
        for listener in served.listeners:
            await listener.close()
        await sockets.close()
        server.should_exit = True
        await task
