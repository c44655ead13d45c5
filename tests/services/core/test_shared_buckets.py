"""A limit holds for all processes together: what is taken in one is taken in the others."""

import asyncio
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from services.core import buckets, shared_buckets
from services.core.buckets import Buckets
from services.core.errors import TooManyAttempts
from tests.support.eventually import eventually
from tests.support.running import ROOT

pytestmark = [pytest.mark.req('O2')]

ADDRESS = '203.0.113.7'


class Line:
    """Carries what one process says, as Redis does."""

    def __init__(self) -> None:
        self.said: list[bytes] = []

    def say(self, _: str, message: Mapping[str, Any]) -> None:
        self.said.append(orjson.dumps(message))

    def hear(self, *_: object) -> None:
        pass


@pytest.fixture
async def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.setattr(buckets, 'tell_others', None)
    monkeypatch.setattr(buckets, 'named', {})
    monkeypatch.setattr(shared_buckets, 'TELL_EVERY', 0)
    return Line()


@pytest.fixture
async def telling(line: Line) -> Iterator[None]:  # type: ignore[misc]
    task = shared_buckets.start(line)  # type: ignore[arg-type]
    yield
    task.cancel()


def a_limit() -> Buckets:
    return Buckets(name='forms', per_second=1e-6, at_once=3)


@pytest.mark.usefixtures('telling')
async def test_what_is_taken_here_cannot_be_taken_elsewhere_and_what_is_given_back_can(line: Line) -> None:
    here = a_limit()
    for _ in range(3):
        here.take(ADDRESS)
    here.give_back(ADDRESS)
    await eventually(lambda: line.said)
    buckets.tell_others = None  # from here on we are the other process, where nothing was taken
    elsewhere = a_limit()

    for said in line.said:
        shared_buckets.hear('the first', orjson.loads(said))
    elsewhere.take(ADDRESS)

    with pytest.raises(TooManyAttempts):
        elsewhere.take(ADDRESS)
    elsewhere.take('198.51.100.1')
    assert ADDRESS not in str(line.said), 'nobody is told who it was'


@pytest.mark.usefixtures('telling')
async def test_quiet_is_not_told_and_what_another_version_limits_is_passed_over(line: Line) -> None:
    here = a_limit()
    here.take(ADDRESS)
    here.give_back(ADDRESS)
    Buckets(per_second=1, at_once=3).take(ADDRESS)
    for _ in range(3):
        await asyncio.sleep(0)

    assert line.said == [], 'it comes to nothing, and what has no name is of this process alone'
    shared_buckets.hear('the first', {'taken': [['of another version', 'a', 1]]})
    shared_buckets.hear('the first', {'taken': [['forms', 'a', 1_000]]})
    assert here.is_empty(ADDRESS) is False


def test_every_limit_of_addresses_and_people_has_a_name_of_its_own() -> None:
    texts = [path.read_text() for folder in ('services', 'ui', 'api') for path in (ROOT / folder).rglob('*.py')]
    limits = [found for text in texts for found in re.findall(r'^\w+ = Buckets\(\s*(\S+)', text, re.MULTILINE)]
    names = [found for text in texts for found in re.findall(r"(?:Buckets|Limits)\(\s*name='([^']+)'", text)]

    assert len(limits) > 8
    assert [found for found in limits if not found.startswith('name=')] == []
    assert len(set(names)) == len(names)
