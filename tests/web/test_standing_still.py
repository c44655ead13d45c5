"""A server in which something never ends: it says so, and it ends when it is told to."""

import time
from pathlib import Path

import httpx
import pytest

from tests.support.running import Server

pytestmark = pytest.mark.req('O1')

PATIENCE = 30.0


def a_stuck_server(folder: Path, where: str) -> Server:
    server = Server(folder, script='tests/web/stuck_server.py', STUCK=where)
    server.launch()
    return server


def until_said(server: Server, text: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while text not in server.said():
        assert time.monotonic() < deadline, server.said()
        time.sleep(0.1)


def test_a_writer_that_never_ends_is_told_by_health_and_does_not_keep_the_process_from_ending(tmp_path: Path) -> None:
    server = a_stuck_server(tmp_path, 'writer')
    until_said(server, 'Waymark is at')
    answer = None
    deadline = time.monotonic() + PATIENCE
    while answer is None or answer.status_code == 200:
        assert time.monotonic() < deadline
        try:
            answer = httpx.get(f'{server.origin}/health', timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)

    begun = time.monotonic()
    server.terminate()
    code = server.wait_until_ended()

    assert (answer.status_code, answer.json()) == (503, {'status': 'writes are not answered'})
    assert code != 0
    assert time.monotonic() - begun < 15
    assert server.journal('ended by force')


def test_a_loop_that_stands_still_is_in_the_server_log_and_the_process_ends_when_told(tmp_path: Path) -> None:
    server = a_stuck_server(tmp_path, 'loop')
    until_said(server, 'forever')

    server.terminate()
    server.wait_until_ended()

    assert 'forever' in str(server.journal('loop stands still')[-1]['doing'])
    assert server.journal('ended by force')
