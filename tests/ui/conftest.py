"""The pages in this process, without a browser: built as the server builds them, looked at by NiceGUI's `User`."""

import gc
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from nicegui import ui
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from nicegui.testing.general import nicegui_reset_globals

from services.access import Actor
from services.core import hub, server_log
from services.core.database import Database
from services.live import rooms
from services.study import open_pages
from tests.support.declared_pages import DeclaredPages
from tests.support.patient import PatientUser
from tests.support.running import token_of
from tests.support.shared_api import shared_api
from ui.shell import unwatched_pages
from web.origins import may_open_socket

Enter = Callable[[Actor | None], Awaitable[PatientUser]]
UNEXPECTED = pytest.StashKey[list[str]]()


@pytest.fixture
def url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A database of the quick kind: pages do not know which one they stand on."""
    return f'sqlite:///{shutil.copy(_sqlite_template, tmp_path / "waymark.db")}'


@pytest.fixture
async def enter(db: Database, monkeypatch: pytest.MonkeyPatch, _pages: DeclaredPages) -> AsyncIterator[Enter]:
    """Gives people who are signed in a simulated browser each."""
    monkeypatch.setenv('NICEGUI_USER_SIMULATION', 'true')
    monkeypatch.setattr(gc, 'collect', nothing_collected)  # three full collections take longer than most tests
    monkeypatch.setattr(gc, 'freeze', nothing_frozen)  # all that is older is frozen already (tests/conftest.py)
    monkeypatch.setattr(gc, 'unfreeze', nothing_frozen)
    monkeypatch.setattr(gc, 'get_objects', list)  # NiceGUI looks for its server among all objects; there is none here
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    async with AsyncExitStack() as stack:
        stack.enter_context(nicegui_reset_globals())
        from api.sockets.server import Sockets
        from ui import server  # not before NiceGUI is as if it had just been imported

        sockets = Sockets(may_open=may_open_socket)
        monkeypatch.setattr(server, 'register', partial(_pages.declare, server.register))
        application = server.build(on_start=nothing, on_stop=nothing, api=shared_api(), socket_api=sockets)
        await stack.enter_async_context(application.router.lifespan_context(application))

        async def somebody(actor: Actor | None) -> PatientUser:
            client = httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url='http://test')
            if actor:
                client.cookies.set('waymark', await token_of(actor))
            return PatientUser(await stack.enter_async_context(client))

        yield somebody
        rooms.close_all()
        hub.forget_all()  # the pages are gone, and the next test has courses with the same ids
        ui.navigate, ui.notify, ui.download = Navigate(), notify, download  # `User` has put its own there
        pages = {name: module for name, module in sys.modules.items() if name.split('.')[0] == 'ui'}
    sys.modules.update(pages)  # NiceGUI has forgotten them, but `register` declares what was imported once
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks  # the server measures collections, and each test has one


@pytest.fixture(scope='session')
def _pages() -> DeclaredPages:
    return DeclaredPages()


@pytest.fixture
def videos_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass for videos, however long a busy machine takes: what is seen is what the browser says."""
    monkeypatch.setattr('ui.content.video.time', SimpleNamespace(monotonic=lambda: 1000.0))


@pytest.fixture(autouse=True)
def _no_page_is_left() -> Iterator[None]:
    """Pages of this test must not follow what happens in the next; set up before the database, so it ends after it."""
    yield
    hub.forget_all()
    open_pages._open.clear()  # by sign-in and course, whose ids begin anew
    open_pages._in_hand.clear()
    unwatched_pages._waiting.clear()


@pytest.fixture(autouse=True)
def unexpected(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What nobody expected and the server log was told of, which fails the test; a test that provokes it clears it."""
    found: list[str] = []
    request.node.stash[UNEXPECTED] = found
    write = server_log.write_problem

    def noted(event: str, error: BaseException, **facts: object) -> None:
        found.append(f'{event}: {error!r}')
        write(event, error, **facts)

    monkeypatch.setattr(server_log, 'write_problem', noted)
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Let a test fail for what was unexpected until its end; what still runs then meets a database that is closed."""
    yield
    assert item.stash[UNEXPECTED] == []


def nothing_collected(_generation: int = 2) -> int:
    """Leave the rest to the collector itself."""
    return 0


def nothing_frozen() -> None:
    """Keep what this test makes where the collector finds it afterwards."""


async def nothing() -> None:
    """The test has opened the database."""
