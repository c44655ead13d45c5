"""Looking at an installation from outside: the address at which people find it."""

import io
from email.message import Message
from urllib.response import addinfourl

import pytest

from services.core import clock
from services.upkeep import checks
from ui.shell import operations

pytestmark = pytest.mark.req('O3')


@pytest.mark.usefixtures('db')
async def test_the_answer_of_the_health_check_is_known_as_that_of_waymark(monkeypatch: pytest.MonkeyPatch) -> None:
    said = bytes((await operations.health()).body)

    monkeypatch.setattr(checks, 'urlopen', lambda *_, **__: addinfourl(io.BytesIO(said), Message(), ''))
    ours = checks._address('https://learn.example', clock.now())
    monkeypatch.setattr(checks, 'urlopen', lambda *_, **__: addinfourl(io.BytesIO(b'"status"'), Message(), ''))
    other = checks._address('https://learn.example', clock.now())

    assert (ours.is_well, other.is_well) == (True, False)
