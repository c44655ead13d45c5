"""A server in which something never ends: it says so, and it ends when it is told to."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.running import Server

pytestmark = pytest.mark.req('O1')

PATIENCE = 120.0


@pytest.fixture
def a_stuck_server(tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    """Starts a server that is stuck somewhere, and lets none of them live longer than the test."""
    servers: list[Server] = []

    def start(where: str) -> Server:
        servers.append(Server(tmp_path / where, script='tests/web/stuck_server.py', STUCK=where))
        servers[-1].launch()
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


def until_said(server: Server, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while text not in server.said():
        assert time.monotonic() < deadline, server.said()
        time.sleep(0.1)


def test_a_writer_that_never_ends_is_told_by_health_and_does_not_keep_the_process_from_ending(
    a_stuck_server: Callable[[str], Server],
) -> None:
    server = a_stuck_server('writer')
    until_said(server, 'Waymark is at')
    answer = None
    deadline = time.monotonic() + PATIENCE
    while answer is None or answer.status_code == 200:
        assert time.monotonic() < deadline
        try:
            answer = httpx.get(f'{server.origin}/health', timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)

    server.terminate()
    code = server.wait_until_ended()

    assert (answer.status_code, answer.json()) == (503, {'status': 'writes are not answered'})
    assert code != 0
    assert server.journal('ended by force')


def test_a_loop_that_stands_still_is_in_the_server_log_and_the_process_ends_when_told(
    a_stuck_server: Callable[[str], Server],
) -> None:
    server = a_stuck_server('loop')
    until_said(server, 'forever')

    server.terminate()
    server.wait_until_ended()

    assert 'forever' in str(server.journal('loop stands still')[-1]['doing'])
    assert server.journal('ended by force')
