"""Programs that speak to the API in this process, on both databases; nothing but the network is left out."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI

from api import app
from services.access import Actor
from services.accounts import tokens
from services.core import buckets, database
from services.core.database import Database
from services.mail import mail_server
from services.mail.mail_server import MailServer
from settings import settings
from tests.services.conftest import server_log_lines as server_log_lines
from tests.support.school_copies import Copies, Files, Server
from tests.support.served import Served, serving
from tests.support.shared_api import shared_api

if TYPE_CHECKING:
    from tests.support.servers import PostgresServer

Program = httpx.AsyncClient
APrograms = Callable[..., Awaitable[Program]]


@pytest.fixture(autouse=True)
def _no_mail_server() -> Iterator[None]:
    """Let no mail server that a program has stored be that of the next test: a process remembers it."""
    yield
    mail_server.remember(MailServer())


@pytest.fixture
def application(db: Database) -> FastAPI:
    """An application of the test's own, to which it may add what it likes."""
    return app.build()


@pytest.fixture
def _answers(request: pytest.FixtureRequest, db: Database) -> FastAPI:
    """The application that answers programs: the test's own, or one that many tests share; its routes take long."""
    if 'application' in request.fixturenames:
        return request.getfixturevalue('application')  # type: ignore[no-any-return]
    return shared_api()


@pytest.fixture
async def a_program(_answers: FastAPI) -> AsyncIterator[APrograms]:
    """Makes programs: of somebody, with a token of theirs, or of nobody."""
    made: list[Program] = []

    async def make(of: Actor | None = None, *, token: str = '', **headers: str) -> Program:
        if of:
            token = (await database.write(tokens.enter, of.user_id, 'A script')).access_token
        if token:
            headers['authorization'] = f'Bearer {token}'
        # an error that nobody expected is an answer here, as it is on the network
        transport = httpx.ASGITransport(_answers, raise_app_exceptions=False)
        made.append(Program(transport=transport, base_url='http://waymark.test', headers=headers))
        return made[-1]

    yield make
    for program in made:
        await program.aclose()


@pytest.fixture
async def program(a_program: APrograms) -> Program:
    """A program of nobody."""
    return await a_program()


@pytest.fixture(scope='session')
def _files(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Copies:
    return Copies(Files(tmp_path_factory.mktemp('schools'), _sqlite_template))


@pytest.fixture(scope='session')
def _server(postgres_server: 'PostgresServer') -> Copies:
    return Copies(Server(postgres_server))


@pytest.fixture
def copies(request: pytest.FixtureRequest, data_dir: Path) -> Iterator[Copies]:
    """Fresh copies of one school: on SQLite, unless a test asks for another `kind`."""
    found: Copies = request.getfixturevalue('_server' if getattr(request, 'param', '') == 'postgresql' else '_files')
    yield found
    found.close()


@pytest.fixture
def one_application(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The application, built once for all tests that ask only for what is there; nobody is slowed down."""
    monkeypatch.setenv('API_REQUESTS_PER_SECOND', '1000000')
    settings.cache_clear()
    return shared_api()


@pytest.fixture
def no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no bucket of requests fill up again, however long the requests take on a busy machine."""
    monkeypatch.setattr(buckets, 'time', SimpleNamespace(monotonic=lambda: 1000.0))


@pytest.fixture
async def served(_answers: FastAPI) -> AsyncIterator[Served]:
    """The API on a port of this machine, Socket.IO included."""
    async with serving(_answers) as served:
        yield served
