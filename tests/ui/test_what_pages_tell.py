"""Every event of every page, sent as no page sends it: nobody's handler fails, and the page goes on."""

import asyncio
import inspect
import logging
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest
from nicegui import Client, background_tasks, core, ui
from nicegui.event_listener import EventListener

from services.core import server_log
from tests.ui.conftest import Enter
from tests.ui.test_words_on_screen import Kept, addresses, can_be_pressed, db, greek, kept, settled  # noqa: F401
from ui.kit import told

pytestmark = pytest.mark.req('O1', 'O7')

NONSENSE = (
    'null', 'true', '-1', '0', '1e999', '1e308', '9' * 400, '1.5', '"x"', '""', '"\\u0000\\u202e"', '"\\ud800"',
    '"9999-99-99 99:99:99"', '{}', '[]', '[null]', '[[[{}]]]', '[' * 2_000, 'no json', '"' + 'x' * 30_000 + '"',
    '{"value": {}}', '{"value": "x"}', '{"value": 10000}', '{"value": -1}', '{"value": true}',
    '{"key": 3}', '{"data": {"k": []}, "rowIndex": {}, "colId": 3}', '{"data": 1}',
    '{"width": "x", "height": 1e308}', '{"width": 1e308, "height": 1}',
    '{"item_id": 1, "from_id": 2, "to_id": 3, "old_index": 0, "new_index": -9}',
)  # fmt: skip
"""what comes as the one argument of an event"""
MISSHAPEN: tuple[object, ...] = (None, 'x', {}, [], [{}], ['{}', '"x"'], ['null'] * 3)
"""what comes in place of arguments"""
MOST_ELEMENTS = 150
"""on one page, also those that appear meanwhile"""
MOST_ALIKE = 4
"""of the same kind of event on one page, such as those of the rows of a list"""
FEWEST_TOLD = {'nobody': 5, 'admin': 15, 'teacher': 150, 'student': 70}
"""so that these pages are not found to be without a field"""


@dataclass(slots=True, kw_only=True)
class Trouble:
    """What went wrong on a page, as the operator would read it."""

    page: str = ''
    found: list[str] = field(default_factory=list)

    def add(self, what: object) -> None:
        self.found.append(f'{self.page}: {what}')


@pytest.fixture
def trouble(monkeypatch: pytest.MonkeyPatch) -> Iterator[Trouble]:
    """Collects every trace that would go into the server log."""
    trouble = Trouble()

    class Collecting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            error = record.exc_info[1] if record.exc_info else None
            trouble.add(f'{record.getMessage()}{where(error)}')

    def collect(event: str, error: BaseException, **facts: object) -> None:
        trouble.add(f'{event}{where(error)}')

    monkeypatch.setattr(server_log, 'write_problem', collect)
    handler = Collecting(logging.ERROR)
    logging.getLogger().addHandler(handler)
    logging.getLogger('nicegui').addHandler(handler)
    yield trouble
    logging.getLogger().removeHandler(handler)
    logging.getLogger('nicegui').removeHandler(handler)


def where(error: BaseException | None) -> str:
    """Return where an error comes from."""
    return f' {error!r} {traceback.extract_tb(error.__traceback__)[-2:]}' if error else ''


@pytest.mark.parametrize('who', FEWEST_TOLD)
async def test_no_event_of_any_page_fails_whatever_comes_with_it(
    who: str,
    kept: Kept,  # noqa: F811
    enter: Enter,
    trouble: Trouble,
) -> None:
    user = await enter(greek(kept).people[who])
    user.navigate.to = lambda *_, **__: None  # stay on the page
    told_in_all, unknown = 0, set()
    for pages in addresses(greek(kept)).values():
        for path, admitted in pages:
            if admitted == who:
                trouble.page = path
                client = await user.open(path)
                await settled(set())
                listeners = await nonsense_everywhere(client)
                told_in_all += len(listeners)
                unknown |= {
                    f'{path}: {each.type} of {element}'
                    for element, each in listeners
                    if not told.is_known(element, each)
                }
                assert client.has_socket_connection
                client.delete()

    assert unknown == set()
    assert not trouble.found, '\n'.join(trouble.found)
    assert told_in_all > FEWEST_TOLD[who]


async def nonsense_everywhere(client: Client) -> list[tuple[ui.element, EventListener]]:
    """Send nonsense to all that listens, then press what can be pressed, also what appears then."""
    seen: set[int] = set()
    listeners: list[tuple[ui.element, EventListener]] = []
    alike: Counter[tuple[str, str, str]] = Counter()
    while len(seen) < MOST_ELEMENTS:
        fresh = [each for each in client.elements.values() if each.id not in seen and each._event_listeners]
        if not fresh:
            break
        element = min(fresh, key=lambda each: (can_be_pressed(each), each.id))
        seen.add(element.id)
        running = set(background_tasks.running_tasks)
        for listener in list(element._event_listeners.values()):
            is_pressed = listener.type != 'click' or can_be_pressed(element)
            alike[kind := (element.tag, listener.type, name_of(listener.handler))] += 1
            if listener.handler and is_pressed and alike[kind] <= MOST_ALIKE:
                listeners.append((element, listener))
                for arguments in what_to_send(listener):
                    send(client, element, listener, arguments)
                await asyncio.sleep(0)
        await settled(running)
    return listeners


def name_of(handler: object) -> str:
    """Return the name of the function behind a handler."""
    while isinstance(handler, partial):
        handler = handler.func
    return getattr(inspect.unwrap(handler), '__qualname__', '') if callable(handler) else ''


def what_to_send(listener: EventListener) -> Iterator[object]:
    """Yield all that is nonsense; what only counts as having happened happens twice."""
    if listener.type == 'click' or listener.args in ([[]], []):
        yield from (MISSHAPEN[-1], [NONSENSE[-1]])
    else:
        yield from MISSHAPEN
        yield from ([argument] for argument in NONSENSE)


def send(client: Client, element: ui.element, listener: EventListener, arguments: object) -> None:
    """Send an event as it comes from the socket of the page."""
    message = {'client_id': client.id, 'id': element.id, 'listener_id': listener.id, 'args': arguments}
    core.sio.handlers['/']['event']('test', message)
