"""Marking over REST: a hundred programs, each with a connection and a token of its own, ours and the peer's."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import cast

from bench.figures import Table, percentile
from bench.school import built_by
from bench.server import Home, Server, launched

PROGRAMS, CHECKPOINTS = 100, 200
WARM_UP = 1.0  # seconds
PATIENCE = 60.0  # seconds
PEER = [sys.executable, '-m', 'bench.peers.flask_rest_app']


@dataclass(slots=True)
class Outcome:
    """What a hundred programs have seen."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    """seconds from each request to its answer"""
    failures: int = 0
    marks: int = 0
    """all that were answered, those of the warm-up too"""


async def api_round(table: Table, seconds: float) -> None:
    """Let the same programs mark with us and with the peer."""
    with Home() as home:
        home.environment['API_REQUESTS_PER_SECOND'] = '1000000'
        made = await built_by('bench.build_programs', home, CHECKPOINTS, PROGRAMS)
        requests = [_ours(token, made['steps']) for token in made['tokens']]
        async with Server(home, launched('main.py')) as server:
            outcome, cpu = await _measure(server, requests, seconds)
        kept = _count(home, "SELECT count(*) FROM activities WHERE verb IN ('completed', 'undone')")
    table.ours('api lost', outcome.marks - kept)
    _tell(table.ours, outcome, cpu)
    with Home() as home:
        requests = [_peers(number) for number in range(1, PROGRAMS + 1)]
        async with Server(home, PEER) as server:
            outcome, cpu = await _measure(server, requests, seconds)
    _tell(table.peers, outcome, cpu)


class Program(asyncio.Protocol):
    """One program on one connection that is kept: it sends the next mark as soon as the last one is answered."""

    def __init__(self, requests: Iterator[bytes], outcome: Outcome) -> None:
        self._requests = requests
        self._outcome = outcome
        self._received = bytearray()
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None
        self.is_over = False
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own kind
        self._send()

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer."""
        self._received += data
        head, separator, body = self._received.partition(b'\r\n\r\n')
        if not separator or len(body) < _length(head):
            return
        self._outcome.waits.append(time.perf_counter() - self._sent)
        self._outcome.marks += 1
        self._outcome.failures += not head.startswith(b'HTTP/1.1 200')
        self._received.clear()
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        """The server has closed the connection, or we have."""
        self._outcome.failures += not self.is_over
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        assert self._transport is not None
        request = None if self.is_over else next(self._requests, None)
        if request is None:
            self.is_over = True
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


def _itself(program: Program) -> Program:
    return program


async def _measure(server: Server, requests: Sequence[Iterator[bytes]], seconds: float) -> tuple[Outcome, float]:
    """Let all programs send as fast as they are answered; returns what they saw and the server's processor time."""
    outcome = Outcome()
    loop = asyncio.get_running_loop()
    programs = [Program(its, outcome) for its in requests]
    for program in programs:
        await loop.create_connection(partial(_itself, program), '127.0.0.1', server.home.port)
    await asyncio.sleep(WARM_UP)
    outcome.waits.clear()
    began, cpu = time.perf_counter(), server.cpu()
    await asyncio.sleep(seconds)
    outcome.seconds, cpu = time.perf_counter() - began, server.cpu() - cpu
    measured = Outcome(seconds=outcome.seconds, waits=list(outcome.waits))
    for program in programs:
        program.is_over = True
    await asyncio.wait_for(asyncio.gather(*(program.done for program in programs)), timeout=PATIENCE)
    measured.failures, measured.marks = outcome.failures, outcome.marks
    return measured, cpu


def _ours(token: str, checkpoints: Sequence[int]) -> Iterator[bytes]:
    """Complete every checkpoint but the last, take them back, and so on, so that each request really writes."""
    for verb in cycle(['complete', 'undo']):
        for checkpoint in checkpoints[:-1]:
            yield _request(f'/api/progress/{checkpoint}/{verb}', token)


def _peers(number: int) -> Iterator[bytes]:
    for checkpoint in cycle(range(1, CHECKPOINTS + 1)):
        yield _request(f'/api/progress/{checkpoint}/complete', str(number))


def _request(path: str, token: str) -> bytes:
    lines = f'POST {path} HTTP/1.1', 'Host: 127.0.0.1', f'Authorization: Bearer {token}', 'Content-Length: 0', '', ''
    return '\r\n'.join(lines).encode()


def _length(head: bytes | bytearray) -> int:
    for line in head.split(b'\r\n'):
        name, _, value = line.partition(b':')
        if name.lower() == b'content-length':
            return int(value)
    return 0


def _tell(note: Callable[[str, float], None], outcome: Outcome, cpu: float) -> None:
    if outcome.failures:
        raise RuntimeError(f'{outcome.failures} requests were not answered as they should be')
    note('api rate', len(outcome.waits) / outcome.seconds)
    note('api p50', 1000 * percentile(outcome.waits, 50))
    note('api p99', 1000 * percentile(outcome.waits, 99))
    note('api cpu', 1000 * cpu / len(outcome.waits))


def _count(home: Home, query: str) -> int:
    with closing(sqlite3.connect(home.database)) as connection:
        return int(connection.execute(query).fetchone()[0])
