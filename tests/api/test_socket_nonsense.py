"""Whatever a program sends, the server goes on: wrong types, too much, no JSON, and what is not the protocol."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import orjson
import pytest

from api.sockets.server import LARGEST_MESSAGE
from tests.factories.classes import ClassAtHand, a_class
from tests.support.served import Served, token_of

pytestmark = [
    pytest.mark.usefixtures('db'),
    pytest.mark.parametrize('url', ['sqlite'], indirect=True),  # none of this reaches a database
    pytest.mark.req('B2'),
]

Line = aiohttp.ClientWebSocketResponse

NO_BODIES = [[], [None], [7], ['x'], [[]], [{}, {}], [{'course_id': 1}, 2]]
NO_VALUES: list[dict[str, object]] = [
    {},
    {'course_id': None},
    {'course_id': 'x'},
    {'course_id': [1]},
    {'course_id': {'a': 1}},
    {'course_id': -1},
    {'course_id': 0},
    {'course_id': 2**31},
    {'course_id': 10**30},
    {'course_id': 1.5},
    {'course_id': 1, 'mode': 'asleep'},
    {'course_id': 1, 'since': -1},
    {'course_id': 1, 'since': 'x'},
    {'course_id': 1, 'since': 2**60},
    {'course_id': 1, 'surprise': True},
    {'course_id': '\x00'},
    {'course_id': '💥' * 100},
]


NO_PROTOCOL: list[str | bytes] = [
    '42/class,1["join_course",{"course_id":NaN}]',
    '42/class,1["join_course",{"course_id":"\\ud800"}]',
    '42/class,1["join_course",' + '[' * 5000 + ']' * 5000 + ']',
    '42/class,1{"join_course":1}',
    '42/class,1[]',
    '42/class,1[["join_course"],{}]',
    '42/class,1[{"a":1}]',
    '42/class,1["join_course"',
    '42/class,' + '9' * 120 + '["join_course"]',
    '42/class',
    '451-/class,1["join_course",{"_placeholder":true,"num":0}]',
    '459999999999-/class,1["join_course",{"_placeholder":true,"num":0}]',
    '44/class,{}',
    '49/class,{}',
    '4',
    '4["' + 'x' * 100 + '"]',
    'bAAAA',
    'x',
    '',
    '42/class,["join_course",{"course_id":"' + 'x' * LARGEST_MESSAGE + '"}]',
    b'\x00\x01binary',
]


@pytest.fixture
async def klass(db: object) -> ClassAtHand:
    return await a_class(checkpoints=1)


@pytest.fixture
async def line(served: Served, klass: ClassAtHand) -> AsyncIterator[Line]:
    """A connection of a learner on which a test writes what it likes."""
    async with a_line(served, klass) as line:
        yield line


@asynccontextmanager
async def a_line(served: Served, klass: ClassAtHand) -> AsyncIterator[Line]:
    token = (await token_of(klass.learner)).access_token
    address = f'{served.origin}/api/socket.io/?EIO=4&transport=websocket'
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as line:
        await line.receive()
        await line.send_str('40/class,' + orjson.dumps({'token': token}).decode())
        assert (await line.receive_str()).startswith('40/class,')
        yield line


@pytest.mark.parametrize('event', ['join_course', 'leave_course', 'checkpoint_completed', 'authenticate', 'dance'])
async def test_what_is_no_body_is_refused_in_the_one_shape(line: Line, event: str) -> None:
    for body in NO_BODIES:
        answer = await asked(line, event, *body)
        assert (answer['ok'], answer['error']) == (False, 'NotFound' if event == 'dance' else 'Invalid')
        assert set(answer) == {'ok', 'error', 'detail', 'request_id'}


async def test_what_is_no_value_is_refused_in_the_one_shape(line: Line) -> None:
    for body in NO_VALUES:
        answer = await asked(line, 'join_course', body)
        assert (answer['ok'], answer['error']) == (False, 'Invalid'), body
    for tap_id in ('', 'x' * 49, 'a:b', 'a\x00b', 7, ['x']):
        answer = await asked(line, 'checkpoint_completed', {'checkpoint_id': 1, 'tap_id': tap_id})
        assert answer['error'] in {'Invalid', 'Refused'}, tap_id
    for token in ('', 'x', 'a.b.c', '💥', 7, None):
        answer = await asked(line, 'authenticate', {'token': token})
        assert answer['error'] in {'Invalid', 'NotSignedIn'}, token


async def test_who_wants_no_answer_gets_none_and_is_heard_all_the_same(line: Line, klass: ClassAtHand) -> None:
    await line.send_str(f'42/class,["join_course",{{"course_id":{klass.course_id}}}]')

    assert (await line.receive_str()).startswith('42/class,["snapshot",')


async def test_what_is_not_the_protocol_ends_the_connection_and_nothing_else(
    served: Served, klass: ClassAtHand, server_log_lines: list[dict[str, object]]
) -> None:
    for sent in NO_PROTOCOL:
        async with a_line(served, klass) as line:
            await (line.send_bytes(sent) if isinstance(sent, bytes) else line.send_str(sent))

            assert {problem['error'] for problem in await until_closed(line)} <= {'Invalid'}, sent
    other = await served.connect(klass.learner)
    assert (await other.join(klass.course_id))['ok']
    assert [entry for entry in server_log_lines if entry['log_level'] == 'error'] == []


async def test_a_flood_is_cut_off(line: Line) -> None:
    for _ in range(600):
        try:
            await line.send_str('42/class,["leave_course",{"course_id":1}]')
        except (ConnectionError, aiohttp.ClientError):
            break

    assert {problem['error'] for problem in await until_closed(line)} == {'TooManyAttempts'}


@pytest.mark.parametrize(
    'query', ['', '?EIO=3&transport=polling', '?EIO=4&transport=telepathy', '?EIO=4&transport=polling&sid=x']
)
async def test_requests_that_are_not_the_protocol_are_refused(served: Served, query: str) -> None:
    async with aiohttp.ClientSession() as session:
        for method in ('GET', 'POST', 'PUT', 'DELETE'):
            async with session.request(method, f'{served.origin}/api/socket.io/{query}', data=b'\xff\x00') as answer:
                assert 400 <= answer.status < 500
                assert answer.headers['cache-control'] == 'no-store'


async def test_a_long_poll_with_too_much_in_it_is_refused(served: Served, klass: ClassAtHand) -> None:
    async with aiohttp.ClientSession() as session:
        address = f'{served.origin}/api/socket.io/?EIO=4&transport=polling'
        async with session.get(address) as answer:
            sid = orjson.loads((await answer.text())[1:])['sid']
        async with session.post(f'{address}&sid={sid}', data='4' * (LARGEST_MESSAGE + 1)) as answer:
            assert answer.status == 400


async def until_closed(line: Line) -> list[dict[str, object]]:
    """Return the problems that are told until the server closes a connection."""
    problems: list[dict[str, object]] = []
    while (message := await line.receive()).type is aiohttp.WSMsgType.TEXT:
        if message.data.startswith('42/class,["problem"'):
            problems.append(orjson.loads(message.data.partition(',')[2])[1])
    return problems


async def asked(line: Line, event: str, *body: object) -> dict[str, object]:
    """Send an event and return what it is answered with; other news are not waited for."""
    await line.send_str('42/class,1' + json.dumps([event, *body]))
    while not (said := await line.receive_str()).startswith('43/class,1'):
        pass
    answer: dict[str, object] = orjson.loads(said.removeprefix('43/class,1'))[0]
    return answer
