"""Looking at an installation from outside: the address at which people find it, and Redis."""

import io
from collections.abc import Mapping
from email.message import Message
from urllib.response import addinfourl

import pytest
from starlette.requests import Request

from services.core import clock
from services.upkeep import checks
from tests.support.redis_server import RedisServer, redis_server
from tests.support.running import free_port
from ui.shell import operations

pytestmark = pytest.mark.req('O3')
__all__ = ['redis_server']


@pytest.mark.usefixtures('db')
async def test_the_answer_of_the_health_check_is_known_as_that_of_waymark(monkeypatch: pytest.MonkeyPatch) -> None:
    said = await health_as_asked({'x-forwarded-for': '203.0.113.7'})

    monkeypatch.setattr(checks, 'urlopen', lambda *_, **__: addinfourl(io.BytesIO(said), Message(), ''))
    ours = checks._address('https://learn.example', clock.now())
    monkeypatch.setattr(checks, 'urlopen', lambda *_, **__: addinfourl(io.BytesIO(b'"status"'), Message(), ''))
    other = checks._address('https://learn.example', clock.now())

    assert (ours.is_well, other.is_well) == (True, False)


@pytest.mark.usefixtures('db')
@pytest.mark.parametrize(
    ('headers', 'todo'),
    [
        ({'x-forwarded-for': '198.51.100.1, 203.0.113.7'}, ''),
        ({'x-forwarded-for': '198.51.100.1'}, 'TRUSTED_PROXIES'),
        ({}, 'X-Forwarded-For'),
    ],
)
async def test_a_proxy_that_is_silent_or_not_believed_is_found(
    headers: Mapping[str, str], todo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = await health_as_asked(headers)
    monkeypatch.setattr(checks, 'urlopen', lambda *_, **__: addinfourl(io.BytesIO(said), Message(), ''))

    found = checks._address('https://learn.example', clock.now())

    assert (found.is_well, todo in found.todo) == (not todo, True)


def test_redis_that_does_not_answer_is_found(redis_server: RedisServer) -> None:
    there = checks._redis(redis_server.url)
    away = checks._redis(f'redis://:a-password@127.0.0.1:{free_port()}')

    assert (there.is_well, away.is_well) == (True, False)
    assert 'REDIS_URL' in away.todo
    assert 'a-password' not in away.found


async def health_as_asked(headers: Mapping[str, str]) -> bytes:
    """Return what the server says of itself to a client at 203.0.113.7, as the server sees it."""
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    asked = Request({'type': 'http', 'method': 'GET', 'headers': raw, 'client': ('203.0.113.7', 0)})
    return bytes((await operations.health(asked)).body)
