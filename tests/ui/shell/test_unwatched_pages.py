"""Pages whose socket never comes: only some of them are kept, and none that leads on to another."""

import gc
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from nicegui import Client

from tests.factories.classes import a_class
from tests.factories.people import an_instructor
from tests.support.eventually import eventually
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter
from ui.kit import nicegui_patches
from ui.shell import unwatched_pages

pytestmark = pytest.mark.req('O7', 'O1')

_collect = gc.collect  # before the fixture for pages takes it away


class Hours:
    """A clock that only the test moves."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hours]:
    clock = Hours()
    unwatched_pages._waiting.clear()
    monkeypatch.setattr(unwatched_pages, 'time', SimpleNamespace(monotonic=clock.monotonic))
    monkeypatch.setattr(unwatched_pages, 'MOST_OF_A_DEVICE', 3)
    monkeypatch.setattr(unwatched_pages, 'MOST_OF_AN_ADDRESS', 5)
    yield clock
    unwatched_pages._waiting.clear()


async def ask_for(user: PatientUser, path: str, times: int) -> None:
    """Load pages as a client does that runs no script: their sockets never come."""
    for _ in range(times):
        assert (await user.http_client.get(path)).status_code == 200


async def test_a_device_that_opens_no_socket_keeps_its_youngest_pages_alone(enter: Enter, clock: Hours) -> None:
    klass = await a_class()
    teacher, nobody = await enter(klass.teacher), await enter(None)
    await ask_for(teacher, f'/courses/{klass.course_id}', 4)
    await ask_for(nobody, '/sign-in', 7)
    assert len(Client.instances) == 11, 'their sockets may still come'
    old = set(Client.instances)
    clock.now += unwatched_pages.SOON

    await ask_for(teacher, f'/courses/{klass.course_id}', 1)
    assert len(Client.instances) == 3 + 7
    await ask_for(nobody, '/sign-in', 1)

    assert len(Client.instances) == 3 + 5
    assert len(old & set(Client.instances)) == 2 + 4, 'the oldest have gone'


async def test_a_page_with_a_socket_is_not_counted(enter: Enter, clock: Hours) -> None:
    teacher = await an_instructor()
    user = await enter(teacher)
    watched = await user.open('/')
    clock.now += unwatched_pages.SOON

    await ask_for(user, '/', 9)

    assert not watched.is_deleted


async def test_what_leads_elsewhere_leaves_no_page(enter: Enter, clock: Hours) -> None:
    nobody = await enter(None)

    answer = await nobody.http_client.get('/account')

    assert answer.status_code == 303
    assert not Client.instances
    assert not unwatched_pages._waiting


async def test_a_page_of_nobody_leaves_next_to_nothing_to_the_collector(enter: Enter, clock: Hours) -> None:
    nobody = await enter(None)
    await ask_for(nobody, '/sign-in', 2)
    for client in list(Client.instances.values()):
        client.delete()
    del client
    _collect()
    nicegui_patches.deleted_elements.clear()
    gc.disable()
    try:
        await ask_for(nobody, '/sign-in', 5)
        for client in list(Client.instances.values()):
            client.delete()
        del client
        left = nicegui_patches.deleted_elements
        await eventually(lambda: all(each() is None for each in left))
        gc.set_debug(gc.DEBUG_SAVEALL)
        _collect()
        kinds = {type(each).__name__ for each in gc.garbage}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()

    assert kinds.isdisjoint({'Client', 'Element', 'frame', 'traceback', 'Limited'}), 'nor a request'
