"""Answers to a quiz over REST, so many a second whatever the server does: ours, and the bare upsert of the peer."""

import asyncio
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count

from bench.figures import Table, percentile
from bench.school import built_by
from bench.server import Home, Server, launched

PEER = [sys.executable, '-m', 'bench.peers.flask_rest_app']
RATE = 200  # answers a second
CONNECTIONS = 50
WARM_UP = 1.0  # seconds
PATIENCE = 300.0  # seconds, most of them to begin a thousand attempts
Requests = Iterator[bytes]


@dataclass(slots=True)
class Outcome:
    """What the learners have seen."""

    waits: list[float] = field(default_factory=list)
    """seconds from when each answer was due to its receipt: a server that falls behind is not spared"""
    sent: int = 0
    failures: int = 0
    cpu: float = 0.0


async def answer_round(table: Table, learners: int, questions: int, seconds: float) -> None:
    """Let the same answers arrive at ours and at the peer's."""
    with Home() as home:
        home.environment['API_REQUESTS_PER_SECOND'] = '1000000'
        made = await built_by('bench.build_quiz', home, questions, learners, patience=PATIENCE)
        attempts = [(str(token), int(attempt)) for token, attempt in made['attempts']]
        async with Server(home, launched('main.py')) as server:
            outcome = await _measure(server, attempts, questions, seconds)
        kept = _count(home, "SELECT count(*) FROM activities WHERE verb = 'answered'")
    if kept != outcome.sent:
        raise RuntimeError(f'{outcome.sent} answers have a receipt, and {kept} are kept')
    _tell(table.ours, outcome)
    with Home() as home:
        attempts = [(str(number), number) for number in range(1, learners + 1)]
        async with Server(home, PEER) as server:
            outcome = await _measure(server, attempts, questions, seconds)
    _tell(table.peers, outcome)


async def _measure(server: Server, attempts: Sequence[tuple[str, int]], questions: int, seconds: float) -> Outcome:
    """Send answers at a steady rate, over connections that are kept, and time each."""
    outcome, requests = Outcome(), _requests(attempts, questions)
    began = time.perf_counter() + 0.2
    due = ((began + number / RATE, next(requests)) for number in count())
    until = began + WARM_UP + seconds
    cpu = asyncio.create_task(_cpu(server, began + WARM_UP, until))
    await asyncio.gather(*(_send(server.home.port, due, until, began + WARM_UP, outcome) for _ in range(CONNECTIONS)))
    outcome.cpu = await cpu
    return outcome


async def _send(port: int, due: Iterator[tuple[float, bytes]], until: float, warm: float, outcome: Outcome) -> None:
    """Send the next answer that is due, again and again, until the time is over."""
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    try:
        while True:
            at, request = next(due)
            if at >= until:
                return
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            writer.write(request)
            status = await _answered(reader)
            outcome.sent += 1
            outcome.failures += status != b'200'
            if at >= warm:
                outcome.waits.append(time.perf_counter() - at)
    finally:
        writer.close()
        await writer.wait_closed()


async def _answered(reader: asyncio.StreamReader) -> bytes:
    """Read one answer of a server; returns its status."""
    head = await reader.readuntil(b'\r\n\r\n')
    for line in head.split(b'\r\n'):
        name, _, value = line.partition(b':')
        if name.lower() == b'content-length':
            await reader.readexactly(int(value))
    return head.split(b' ', 2)[1]


async def _cpu(server: Server, since: float, until: float) -> float:
    await asyncio.sleep(since - time.perf_counter())
    before = server.cpu()
    await asyncio.sleep(until - time.perf_counter())
    return server.cpu() - before


def _requests(attempts: Sequence[tuple[str, int]], questions: int) -> Requests:
    """Yield answers of one learner after another, each to their next question, and then to the first again."""
    for number in count():
        token, attempt = attempts[number % len(attempts)]
        turn, position = divmod(number // len(attempts), questions)
        body = b'{"chosen": [%d], "seconds": 10}' % (turn % 4)
        lines = (
            f'PUT /api/attempts/{attempt}/answers/{position} HTTP/1.1',
            'Host: 127.0.0.1',
            f'Authorization: Bearer {token}',
            f'Idempotency-Key: answer-{number:012}',
            'Content-Type: application/json',
            f'Content-Length: {len(body)}',
            '',
            '',
        )
        yield '\r\n'.join(lines).encode() + body


def _tell(note: Callable[[str, float], None], outcome: Outcome) -> None:
    if outcome.failures:
        raise RuntimeError(f'{outcome.failures} answers have no receipt')
    note('answers p50', 1000 * percentile(outcome.waits, 50))
    note('answers p99', 1000 * percentile(outcome.waits, 99))
    note('answers cpu', 1000 * outcome.cpu / len(outcome.waits))


def _count(home: Home, query: str) -> int:
    with closing(sqlite3.connect(home.database)) as connection:
        return int(connection.execute(query).fetchone()[0])
