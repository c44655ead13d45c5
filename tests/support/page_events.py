"""What a stranger could send over the socket of an open page: to each element that listens, the worst of each kind."""

import asyncio
import json
import uuid
from collections.abc import Iterator, Sequence

import aiohttp

from bench.protocol import Element, NotAPage, Page
from tests.factories.texts import WORST
from tests.factories.worst_inputs import LINES, filled

LINE, TEXT = 20_000, 400_000
SHAPE = 60_000
"""signs of what is no text"""
_NONSENSE = (
    '[' * (SHAPE // 2) + ']' * (SHAPE // 2),
    '{"a":' * (SHAPE // 8) + '1' + '}' * (SHAPE // 8),
    '9' * SHAPE,
    '1e308',
    'nonsense',
    json.dumps({str(number): number for number in range(4_000)}),
    json.dumps({'value': '9' * 5_000, 'label': 'x' * 5_000}),
    json.dumps([0] * 20_000),
)
_DRAGGED = {'item_id': 0, 'from_id': 0, 'to_id': 0, 'old_index': 10**9 - 1, 'new_index': 10**9 - 1}


async def open_page(session: aiohttp.ClientSession, origin: str, path: str) -> Page | None:
    """Open a page as a browser does; None for what is no page."""
    page = Page(session)
    try:
        await page.load(origin, path)
    except (NotAPage, UnicodeDecodeError, aiohttp.ClientError):
        return None
    await page.connect()
    return page


def told(page: Page) -> Iterator[tuple[str, Sequence[dict[str, object]]]]:
    """Return, for each kind of element and event of a page, all that is told of it; two of a kind are enough."""
    many: dict[str, int] = {}
    for number, element in list(page.elements.items()):
        for listener in element.get('events', ()):
            kind = f'{element["tag"]} {listener["type"]}'
            many[kind] = many.get(kind, 0) + 1
            if many[kind] <= 2:
                about = {'id': number, 'client_id': page.client_id, 'listener_id': listener['listener_id']}
                wanted = _said(page, number, element, listener['type'])
                yield kind, [{**about, 'args': [each]} for each in wanted]


def _said(page: Page, number: int, element: Element, event: str) -> Iterator[str]:
    if event.partition('.')[0] in {'click', 'sortend'}:
        yield from ('{}',) if event == 'click' else ()
        yield from (
            json.dumps(_DRAGGED | {'from_id': number, 'item_id': each, 'to_id': number}) for each in (number, 0)
        )
    elif event == 'update:modelValue' and element['tag'].endswith('input'):
        is_long = element.get('props', {}).get('type') == 'textarea'
        if is_long:
            yield from (json.dumps(worst(TEXT // 4)) for worst in WORST.values())
        yield from (json.dumps(filled(unit, LINE)) for unit in LINES)
    yield from _NONSENSE


async def tell(page: Page, events: Sequence[dict[str, object]]) -> None:
    """Send events, and wait until all of them were read and what they began had a turn."""
    for each in events:
        await page._wire.emit('event', each)
    for _ in range(2):
        answered = asyncio.Event()
        again = {'client_id': page.client_id, 'tab_id': str(uuid.uuid4()), 'document_id': str(uuid.uuid4())}
        await page._wire.emit('handshake', again, acknowledged=answered.set)
        await asyncio.wait_for(answered.wait(), timeout=120)
