"""One server for all tests of this ring, and visitors without a screen."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.support.running import METRICS_TOKEN, Server
from tests.support.visitor import Visitor


@pytest.fixture(scope='session')
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp('school'), METRICS_TOKEN=METRICS_TOKEN)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope='session')
def behind_https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that people reach through a proxy with HTTPS."""
    server = Server(tmp_path_factory.mktemp('proxied'), PUBLIC_URL='https://waymark.example.org')
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def server(running_server: Server, data_dir: Path) -> AsyncIterator[Server]:
    """The running server, with its database at hand for what is to be there before anybody looks."""
    async with running_server.at_hand():
        yield running_server


@pytest.fixture
async def a_visitor(running_server: Server) -> AsyncIterator[Callable[..., Visitor]]:
    """Makes visitors: each is a browser of its own."""
    visitors: list[Visitor] = []

    def make(*, token: str = '', server: Server = running_server, **headers: str) -> Visitor:
        visitors.append(Visitor(server.origin, token=token, headers=headers))
        return visitors[-1]

    yield make
    for visitor in visitors:
        await visitor.http.aclose()


@pytest.fixture
def visitor(a_visitor: Callable[..., Visitor]) -> Visitor:
    """Somebody whom nobody knows yet."""
    return a_visitor()
