"""Pages that look again after what others did: one after another, so that nobody else waits for all of them."""

import asyncio
from itertools import pairwise
from types import SimpleNamespace

import pytest
from nicegui import core
from nicegui.client import Client
from nicegui.page import page

from services.core import audience, hub
from services.core.events import CourseChanged
from tests.support.eventually import eventually
from ui.kit import refreshing
from ui.kit.refreshing import Refreshing

pytestmark = pytest.mark.req('O7')

PAGES = 12
COURSE = 7


async def test_pages_look_again_one_in_each_round_of_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    looks: list[int] = []

    async def read() -> int:
        return len(looks)

    clients = [Client(page(''), request=None) for _ in range(PAGES)]
    for client in clients:
        with client:
            Refreshing(read, looks.append).follow(audience.of_staff(COURSE), lambda _: True)

    for _ in range(3):  # what happens before they have looked is one look
        hub.publish([CourseChanged(course_id=COURSE)])
    seen = [len(looks)]
    for _ in range(3 * PAGES):
        await asyncio.sleep(0)
        seen.append(len(looks))

    assert seen[-1] == PAGES
    assert max(after - before for before, after in pairwise(seen)) == 1

    clients[0].delete()
    hub.publish([CourseChanged(course_id=COURSE)])
    clients[1].delete()  # a page that is closed while it waits keeps nobody
    for _ in range(3 * PAGES):
        await asyncio.sleep(0)

    assert len(looks) >= 2 * PAGES - 2
    for client in clients[2:]:
        client.delete()


async def test_what_happens_while_a_page_is_drawn_in_parts_is_shown_as_well() -> None:
    state, drawn = ['old'], []

    async def read() -> str:
        return state[0]

    async def show(found: str) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        drawn.append(found)

    page_part = Refreshing(read, show)
    with Client(page(''), request=None) as client:
        page_part.follow(audience.of_staff(COURSE), lambda _: True)
    for before, after, look in (('old', 'new', page_part.look_again()), ('read', 'newer', page_part.begin('read'))):
        looking = asyncio.create_task(look)
        await asyncio.sleep(0)
        state[0] = after
        hub.publish([CourseChanged(course_id=COURSE)])
        await looking

        assert drawn[-2:] == [before, after]
    client.delete()


async def test_the_first_event_of_a_quiet_moment_is_seen_at_once_and_all_that_follow_soon_are_one_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    waits: list[float] = []
    going_on = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if seconds > 0:
            await going_on.wait()

    monkeypatch.setattr(refreshing, 'asyncio', SimpleNamespace(**{**vars(asyncio), 'sleep': sleep}))
    looks: list[int] = []

    async def read() -> int:
        return len(looks)

    with Client(page(''), request=None) as client:
        Refreshing(read, looks.append).follow(audience.of_staff(COURSE), lambda _: True, apart=60)
    hub.publish([CourseChanged(course_id=COURSE)])
    await eventually(lambda: len(looks) == 1)
    for _ in range(3):
        hub.publish([CourseChanged(course_id=COURSE)])
    await eventually(lambda: len(waits) == 2)

    assert waits[0] <= 0
    assert 0 < waits[1] <= 60
    assert len(looks) == 1
    going_on.set()
    await eventually(lambda: len(looks) == 2)
    client.delete()
