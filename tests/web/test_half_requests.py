"""Connections that send half of something: they end, and keep nobody else out."""

import asyncio
from types import SimpleNamespace

import pytest
import uvicorn

from tests.support.eventually import PATIENCE, eventually
from tests.support.running import free_port
from web import patient_protocol
from web.patient_protocol import PatientProtocol

pytestmark = pytest.mark.req('O1')

HEAD = b'GET / HTTP/1.1\r\nHost: a\r\nX-A: '
BODY = b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc'
UPGRADE = (
    b'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
    b'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
)
WHOLE = b'GET / HTTP/1.1\r\nHost: a\r\n\r\n'


async def application(scope: dict[str, object], receive: object, send: object) -> None:
    if scope['type'] == 'websocket':
        while (await receive())['type'] != 'websocket.disconnect':  # type: ignore[operator]
            await send({'type': 'websocket.accept'})  # type: ignore[operator]
        return
    more = True
    while more:
        message = await receive()  # type: ignore[operator]
        more = message.get('more_body', False)
    heard = b' '.join(name for name, _ in scope['headers'])  # type: ignore[attr-defined]
    headers = [(b'content-length', b'2'), (b'heard', heard)]
    await send({'type': 'http.response.start', 'status': 200, 'headers': headers})  # type: ignore[operator]
    await send({'type': 'http.response.body', 'body': b'ok'})  # type: ignore[operator]


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr(patient_protocol, 'HEAD_SECONDS', 0.3)
    monkeypatch.setattr(patient_protocol, 'SILENCE', 0.3)
    monkeypatch.setattr(patient_protocol, 'CHECK_EVERY', 0.05)
    PatientProtocol.half_requests.clear()
    port = free_port()
    config = uvicorn.Config(
        application,  # type: ignore[arg-type]
        host='127.0.0.1',
        port=port,
        http=PatientProtocol,
        ws='websockets-sansio',
        log_config=None,
        lifespan='off',
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield port
    server.should_exit = True
    await task


async def opened(port: int, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection('127.0.0.1', port)
    writer.write(sent)
    await writer.drain()
    return reader, writer


async def closed(reader: asyncio.StreamReader) -> bytes:
    """Wait until the server has closed a connection; returns what it said."""
    said = b''
    try:
        async with asyncio.timeout(PATIENCE):
            while part := await reader.read(1000):
                said += part
    except ConnectionResetError:
        pass
    return said


@pytest.mark.parametrize('sent', [b'', b'G', HEAD, BODY, WHOLE + HEAD], ids=['nothing', 'G', 'head', 'body', 'second'])
async def test_half_a_request_is_given_up(port: int, sent: bytes) -> None:
    reader, writer = await opened(port, sent)

    said = await closed(reader)

    assert said.count(b'200 OK') == sent.count(WHOLE)
    writer.close()


@pytest.mark.req('O7')
async def test_a_request_with_two_lengths_is_refused_and_nothing_behind_it_is_read(port: int) -> None:
    two = b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    reader, writer = await opened(port, WHOLE + two + WHOLE)

    said = await closed(reader)

    assert (said.count(b'HTTP/1.1 200'), said.count(b'HTTP/1.1 400'), said.count(b'HTTP/1.1')) == (1, 1, 2)
    writer.close()


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    'head',
    [
        b'GET / HTTP/1.1\r\n',
        b'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n',
        b'GET / HTTP/2.0\r\nHost: a\r\n',
        b'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n',
        b'GET / HTTP/1.1\r\nHost: a\r\nX-A : b\r\n',
        b'GET / HTTP/1.1\r\nHost: a\r\nX-A: \0\r\n',
        b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n',
        b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n',
        b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n',
        b'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + b'a' * patient_protocol.LARGEST_HEAD + b'\r\n',
        b'GET /' + b'a' * patient_protocol.LARGEST_HEAD + b' HTTP/1.1\r\nHost: a\r\n',
    ],
    ids=lambda head: repr(head[:60]),
)
async def test_what_could_mean_two_things_is_refused(port: int, head: bytes) -> None:
    reader, writer = await opened(port, head + b'\r\n' + WHOLE)

    said = await closed(reader)

    assert (said.count(b'HTTP/1.1 200'), said.count(b'HTTP/1.1 400')) == (0, 1)
    writer.close()


async def test_who_asks_a_thousand_things_at_once_gets_a_few_answers(port: int) -> None:
    reader, writer = await opened(port, WHOLE * 1000)

    said = await closed(reader)

    assert 1 <= said.count(b'HTTP/1.1 200') <= patient_protocol.MOST_AHEAD + 2
    assert said.count(b'HTTP/1.1 400') == 1
    writer.close()


async def test_a_head_that_never_ends_is_refused_long_before_its_time_is_over(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_protocol, 'HEAD_SECONDS', 600)
    reader, writer = await opened(port, HEAD)
    writer.write(b'a' * 2 * patient_protocol.LARGEST_HEAD)

    await closed(reader)
    writer.close()


async def test_nothing_is_kept_of_a_head_without_an_end_while_another_answer_is_awaited() -> None:
    config = uvicorn.Config(application, http=PatientProtocol, log_config=None, lifespan='off')  # type: ignore[arg-type]
    protocol = PatientProtocol(config, uvicorn.server.ServerState(), {})
    fed: list[bytes] = []

    class Ours(asyncio.Transport):
        def get_protocol(self) -> PatientProtocol:
            return protocol

        def is_closing(self) -> bool:
            return False

        def get_extra_info(self, name: str, default: object = None) -> object:
            return default

        def pause_reading(self) -> None:
            """Nothing is read here."""

    protocol.connection_made(Ours())
    protocol.data_received(WHOLE + HEAD + b'a' * 2 * patient_protocol.LARGEST_HEAD)
    parser, protocol.parser = protocol.parser, SimpleNamespace(feed_data=fed.append)
    protocol.data_received(b'a' * 1000)

    assert parser
    assert fed == []
    protocol._stop_waiting()
    for task in protocol.tasks:
        task.cancel()


async def test_an_old_client_names_no_host(port: int) -> None:
    reader, writer = await opened(port, b'GET / HTTP/1.0\r\n\r\n')

    assert b'200 OK' in await closed(reader)
    writer.close()


@pytest.mark.req('O7')
async def test_lines_behind_a_body_are_not_taken_for_its_head(port: int) -> None:
    head = b'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
    reader, writer = await opened(port, head + b'1\r\na\r\n0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n' + WHOLE)

    assert b'x-forwarded-for' not in await reader.readuntil(b'ok')
    assert b'200 OK' in await reader.readuntil(b'ok')
    writer.close()


async def test_a_body_that_keeps_coming_is_taken(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patient_protocol, 'SILENCE', 2.0)  # a busy machine may stand still for a moment
    reader, writer = await opened(port, BODY[:-3])
    for _ in range(10):
        writer.write(b'x' * 10)
        await asyncio.sleep(0.22)  # longer in all than a silence may last

    assert (await reader.readline()).startswith(b'HTTP/1.1 200')
    writer.close()


@pytest.mark.req('L4')
@pytest.mark.parametrize('before', [b'', WHOLE], ids=['fresh', 'reused'])
async def test_a_websocket_may_be_silent_for_as_long_as_it_likes(port: int, before: bytes) -> None:
    reader, writer = await opened(port, before or UPGRADE)
    if before:
        await reader.readuntil(b'ok')
        writer.write(UPGRADE)
    assert b'101 Switching' in await reader.readuntil(b'\r\n\r\n')

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), timeout=1.0)  # several times the silence after which a body is given up
    writer.close()


async def test_when_all_places_are_taken_the_oldest_half_request_makes_room(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patient_protocol, 'HEAD_SECONDS', 60)
    monkeypatch.setattr(PatientProtocol, 'most_connections', 5)
    held = [await opened(port, HEAD) for _ in range(5)]
    await asyncio.sleep(0)

    reader, writer = await opened(port, WHOLE)

    assert (await reader.readline()).startswith(b'HTTP/1.1 200')
    await closed(held[0][0])
    for _, each in [*held, (reader, writer)]:
        each.close()


def test_descriptors_are_raised_as_far_as_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []
    monkeypatch.setattr(patient_protocol.resource, 'getrlimit', lambda _: (1024, 4096))
    monkeypatch.setattr(patient_protocol.resource, 'setrlimit', lambda _, limits: given.append(limits))
    monkeypatch.setattr(PatientProtocol, 'most_connections', 1)

    patient_protocol.raise_limits()

    assert given == [(4096, 4096)]
    assert PatientProtocol.most_connections == 4096 - patient_protocol.RESERVE
