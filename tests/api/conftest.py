"""Programs that speak to the API in this process, on both databases; nothing but the network is left out."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from api import app
from services.access import Actor
from services.accounts import tokens
from services.core import database
from services.core.database import Database

Program = httpx.AsyncClient
APrograms = Callable[..., Awaitable[Program]]


@pytest.fixture
def application(db: Database) -> FastAPI:
    return app.build()


@pytest.fixture
async def a_program(application: FastAPI) -> AsyncIterator[APrograms]:
    """Makes programs: of somebody, with a token of theirs, or of nobody."""
    made: list[Program] = []

    async def make(of: Actor | None = None, *, token: str = '', **headers: str) -> Program:
        if of:
            token = (await database.write(tokens.enter, of.user_id, 'A script')).access_token
        if token:
            headers['authorization'] = f'Bearer {token}'
        # an error that nobody expected is an answer here, as it is on the network
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        made.append(Program(transport=transport, base_url='http://waymark.test', headers=headers))
        return made[-1]

    yield make
    for program in made:
        await program.aclose()


@pytest.fixture
async def program(a_program: APrograms) -> Program:
    """A program of nobody."""
    return await a_program()
