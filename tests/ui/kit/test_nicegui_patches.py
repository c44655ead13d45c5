"""What we change of other people's code: noticed when that code changes, and felt by nobody else in the process."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request
from hypothesis import given, settings
from hypothesis import strategies as st
from nicegui import core, json, ui
from nicegui.client import HTML_ESCAPE_TABLE, Client
from nicegui.observables import ObservableList
from nicegui.page import page
from starlette.types import Message

from tests.support.sources import fingerprints
from ui.kit import nicegui_patches
from ui.kit.handlers import gesture
from ui.kit.nicegui_patches import PATCHES, Patch
from ui.kit.raw_element import NOTHING, Piece

pytestmark = pytest.mark.req('O8')

KNOWN = {
    'engineio.async_drivers.asgi.translate_request': '39e74733',
    'engineio.async_server.AsyncServer._handle_connect': '5bd7edc1',
    'engineio.async_server.AsyncServer._service_task': 'b6358bda',
    'engineio.async_server.AsyncServer.handle_request': '1a8c878e',
    'engineio.async_server.AsyncServer.send_packet': 'c5431744',
    'engineio.async_socket.AsyncSocket._websocket_handler': '27f120df',
    'engineio.async_socket.AsyncSocket.check_ping_timeout': '77616d5c',
    'engineio.async_socket.AsyncSocket.close': 'faa2e939',
    'engineio.async_socket.AsyncSocket.handle_get_request': '05eaae9f',
    'engineio.async_socket.AsyncSocket.handle_post_request': '82dca119',
    'engineio.async_socket.AsyncSocket.receive': 'a91ae36e',
    'engineio.async_socket.AsyncSocket.schedule_ping': 'fe316639',
    'engineio.async_socket.AsyncSocket.send': '0437276c',
    'engineio.base_server.BaseServer._cors_allowed_origins': 'd0cad0c6',
    'fastapi.dependencies.utils.get_typed_signature': 'ca583029',
    'nicegui.app.app.App.start': 'e770e4fd',
    'nicegui.app.app_config.AppConfig': '094b499a',
    'nicegui.classes.Classes': 'e5336510',
    'nicegui.client.Client.__init__': '02f87bea',
    'nicegui.client.Client.build_response': 'bc00a02a',
    'nicegui.client.Client.delete': 'aa5e09ec',
    'nicegui.client.Client.handle_event': 'c7a6810d',
    'nicegui.client.Client.handle_handshake': '12cd17eb',
    'nicegui.client.Client.prune_instances': '99265caf',
    'nicegui.element.Element.__init__': '195119f5',
    'nicegui.element.Element._displayed_contents': '635fae85',
    'nicegui.element.Element._handle_delete': '1f2379fb',
    'nicegui.element.Element._handle_event': '90ce9f52',
    'nicegui.element.Element._to_dict': '92a5a5c4',
    'nicegui.element.Element.add_slot': 'aab2ede0',
    'nicegui.element.Element.on': '7b584293',
    'nicegui.elements.choice_element.ChoiceElement': '0506164f',
    'nicegui.elements.mixins.value_element.ValueElement': '1151322a',
    'nicegui.elements.mixins.value_element.ValueElement.__init__': '2d79aeb9',
    'nicegui.elements.number.Number': 'eb758304',
    'nicegui.elements.select.Select': 'bafb65a4',
    'nicegui.event_listener.EventListener': '9892e758',
    'nicegui.events.handle_event': '07c7c07e',
    'nicegui.functions.navigate.Navigate.to': '7241400c',
    'nicegui.helpers.functions.expects_arguments': '949f5c62',
    'nicegui.middlewares.RedirectWithPrefixMiddleware': 'f71b1b44',
    'nicegui.middlewares.SetCacheControlMiddleware': 'da37a070',
    'nicegui.nicegui._on_event': 'ccc27fcc',
    'nicegui.nicegui._on_handshake': 'ebde1009',
    'nicegui.nicegui._startup': 'c54d3f3d',
    'nicegui.observables.ObservableCollection': '7eb95e08',
    'nicegui.observables.ObservableDict': '115b2fd9',
    'nicegui.observables.ObservableDict.__init__': 'dfe55408',
    'nicegui.observables.ObservableList': '0fe186ab',
    'nicegui.observables.ObservableList.__init__': '4ce79d91',
    'nicegui.outbox.Outbox._emit': '2cf8dde1',
    'nicegui.outbox.Outbox._set_enqueue_event': '2b4e857d',
    'nicegui.outbox.Outbox.enqueue_update': '8e4624ea',
    'nicegui.outbox.Outbox.loop': 'efb7d893',
    'nicegui.outbox.Outbox.stop': 'bb334e38',
    'nicegui.outbox.Outbox.try_rewind': 'f4ac2921',
    'nicegui.page.page.__call__': '3d7c1280',
    'nicegui.page.page._wrap': 'd440224e',
    'nicegui.props.Props': '845b30d9',
    'nicegui.slot.Slot': '631aa08f',
    'nicegui.storage.Storage._create_tab_storage': 'ad602e8b',
    'nicegui.sub_pages_router.SubPagesRouter': '28ed6aee',
    'nicegui.sub_pages_router.SubPagesRouter.__init__': '77489d72',
    'nicegui.ui_run_with.run_with': 'c1b276c5',
    'socketio.async_manager.AsyncManager.emit': '01ccd5b8',
    'socketio.async_server.AsyncServer._handle_event': '65178105',
    'socketio.async_server.AsyncServer._handle_event_internal': '472e8b72',
    'socketio.async_server.AsyncServer._send_eio_packet': '64cf72a2',
    'socketio.packet.Packet.data_is_binary': '464dded7',
    'socketio.packet.Packet.decode': '61ad7904',
}


@pytest.mark.parametrize('patch', PATCHES, ids=[patch.what[:40] for patch in PATCHES])
def test_what_a_patch_relies_on_is_as_it_was(patch: Patch) -> None:
    now = fingerprints(patch.relies_on)
    changed = {name: hash_ for name, hash_ in now.items() if KNOWN.get(name) != hash_}
    assert not changed, f'{", ".join(changed)} changed. {patch.what} Check {patch.check} Then write {changed} here.'


def test_every_patch_says_why_it_is_there() -> None:
    for patch in PATCHES:
        assert patch.relies_on
        assert all(getattr(patch, field.name) for field in fields(Patch))


def test_the_process_keeps_its_own_asyncio() -> None:
    own = asyncio.wait_for

    nicegui_patches.apply()

    assert asyncio.wait_for is own


@pytest.mark.req('O7')
def test_an_event_is_taken_from_a_socket_of_its_page_alone_and_only_where_it_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nicegui_patches.apply()
    hear, heard = core.sio.handlers['/']['event'], list[Any]()
    page = SimpleNamespace(_socket_to_document_id={'own': 'x'}, has_socket_connection=True, handle_event=heard.append)
    monkeypatch.setitem(Client.instances, 'a page', page)  # type: ignore[arg-type]
    for args in ([], [None, '{}'], ['"' + 'x' * 500_000 + '"']):
        heard.clear()
        hear('own', {'client_id': 'a page', 'args': args})
        assert len(heard) == 1
        hear('foreign', {'client_id': 'a page', 'args': args})
        assert len(heard) == 1
    heard.clear()
    for endless in ('1' * 900_000, ['1'] * 100_000, ['[' + '[],' * 300_000 + '[]]'], {'a': 1}, [[]]):
        hear('own', {'client_id': 'a page', 'args': endless})
    for strange in (None, 'x', [], {'client_id': []}, {'client_id': 'nobody'}):
        hear('own', strange)
    assert heard == []


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    'message', ['51-["event",{"_placeholder":true,"num":0}]', '21-["event"]', '59999999999-["event"]']
)
def test_binary_parts_are_not_waited_for(message: str) -> None:
    with pytest.raises(ValueError, match=r'binary|attachments'):
        nicegui_patches.QuickPacket(encoded_packet=message)


@given(st.text(alphabet='&<>`$;é"·a'))
@settings(max_examples=30)
def test_a_page_is_escaped_as_it_was(text: str) -> None:
    assert nicegui_patches.PageText(text).translate(HTML_ESCAPE_TABLE) == text.translate(HTML_ESCAPE_TABLE)


async def _later(_: object) -> None:
    return None


class Handlers:
    """Handlers of every shape."""

    def bare(self) -> None:
        return None

    def told(self, _: object) -> None:
        return None

    @classmethod
    def of_all(cls, _: object = None) -> None:
        return None

    def __call__(self, _: object) -> None:
        return None


@pytest.mark.parametrize(
    'handler',
    [
        lambda: None,
        lambda event: None,
        lambda event=None, *rest, **named: None,
        lambda *, event: None,
        lambda *, event=None: None,
        gesture(_later),
        gesture(Handlers().bare),  # type: ignore[arg-type]
        gesture(Handlers().told),  # type: ignore[arg-type]
        Handlers().bare,
        Handlers().told,
        Handlers.of_all,
        Handlers(),
        partial(Handlers().told, None),
        partial(_later),
        print,
    ],
)
def test_a_handler_is_given_what_it_was_given(handler: Callable[..., object]) -> None:
    assert nicegui_patches.expects_arguments(handler) == nicegui_patches._expects_as_shipped(handler)


def sent(written: dict[str, Any]) -> Any:
    """Return what a browser is told of an element."""
    return json.loads(json.dumps(written))


async def test_a_piece_is_sent_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    with Client(page(''), request=None):
        bare, full, slotted = Piece('hr'), Piece('div', 'wide moved'), Piece('div')
        full.on('change', lambda: None, args=[[]])
        slotted.add_slot('top')
        for piece in (bare, full, slotted):
            assert sent(piece._to_dict()) == sent(ui.element._to_dict(piece))
        full.draw({'role': 'status', 'disabled': False}, classes='moved')
        full.on('keydown.stop.enter', lambda: None, ['key'], throttle=0.5, trailing_events=False)
        full.on('keydown.stop.enter', lambda: None, ['key'], throttle=0.1, trailing_events=False)
        full.on('keydown.stop.enter', lambda: None)
        with full:
            Piece('span')

        for piece in (bare, full, slotted):
            assert sent(piece._to_dict()) == sent(ui.element._to_dict(piece))


async def test_a_piece_is_what_an_element_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    with Client(page(''), request=None) as client, ui.element('main') as around:
        piece, element = Piece('p'), ui.element('p')
    for name, value in vars(element).items():
        assert hasattr(piece, name.removeprefix('___')), name
        if value is None or isinstance(value, bool | str):
            assert getattr(piece, name.removeprefix('___')) == value, name

    assert around.default_slot.children == [piece, element]
    assert piece.client is client
    assert piece.parent_slot is element.parent_slot
    with piece:
        inside = Piece('b').mark('one')
    assert list(piece.descendants()) == [inside]
    assert inside._markers == ['one']
    element.move(piece)
    piece.clear()
    assert inside.is_deleted
    assert element.is_deleted
    piece.delete()
    assert piece.id not in client.elements


async def test_pieces_share_what_all_of_them_have_and_still_tell_of_their_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    with Client(page(''), request=None) as client:
        piece, other = Piece('p'), Piece('p')
        vars(client)['_response_built'] = True
        for change in (
            lambda: piece.props.update({'resource_path': 'x'}),
            lambda: piece.classes('hint'),
            lambda: piece.props['options'].append(1),
            lambda: piece.on('click', lambda: None),
        ):
            dict.update(piece.props, options=ObservableList(_parent=piece.props))
            client.outbox.updates.clear()
            change()
            assert piece.id in client.outbox.updates

    assert sent(piece._to_dict()) == sent(ui.element._to_dict(piece))
    assert piece._style is other._style
    assert other.slots is other._event_listeners is NOTHING
    with pytest.raises(TypeError, match='shared'):
        other._event_listeners['x'] = piece._event_listeners.popitem()[1]
    assert not other.props | dict.fromkeys(other.classes)
    assert not NOTHING


async def test_a_piece_is_hidden_by_its_class_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    with Client(page(''), request=None):
        piece = Piece('p')

    assert piece.visible
    with pytest.raises(ValueError, match='class'):
        piece.set_visibility(False)


async def test_what_changes_is_put_in_line_once_the_page_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    nicegui_patches.apply()
    with Client(page(''), request=None) as client:
        first = Piece('p')
        first.draw_html('before')
    assert dict(client.outbox.updates) == {}

    client._response_built = True  # as the first thing that a response does
    first.draw_html('after')
    with client:
        second = Piece('p')

    assert set(client.outbox.updates) == {first.id, second.id, client.content.id}


async def test_events_make_no_tasks_and_what_goes_wrong_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    nicegui_patches.apply()
    reported: list[Exception] = []
    monkeypatch.setattr(core.app, 'handle_exception', reported.append)

    def fail(_: str, message: dict[str, str]) -> None:
        raise RuntimeError(message['id'])

    assert nicegui_patches._well_formed(fail)('sid', {'id': 'one'}) is None
    assert nicegui_patches._well_formed(fail)('sid', {}) is None

    assert [str(error) for error in reported] == ['one']
    assert not core.sio.async_handlers


async def test_pages_that_nobody_came_back_to_go_one_in_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    nicegui_patches.prune_in_turn()
    monkeypatch.setattr(Client, 'instances', {})
    loaded = [Client(page(''), request=None) for _ in range(3)]
    left = [len(loaded)]

    pruning = asyncio.ensure_future(Client.prune_instances(client_age_threshold=0))  # type: ignore[arg-type, func-returns-value]
    while not pruning.done():
        await asyncio.sleep(0)
        left.append(len([each for each in loaded if each.id in Client.instances]))

    assert left[:4] == [3, 2, 1, 0]


async def test_a_page_that_was_closed_while_others_went_is_deleted_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    nicegui_patches.prune_in_turn()
    monkeypatch.setattr(Client, 'instances', {})
    loaded = [Client(page(''), request=None) for _ in range(2)]
    deleted: list[str] = []
    for client in loaded:
        client.on_delete(partial(deleted.append, client.id))

    pruning = asyncio.ensure_future(Client.prune_instances(client_age_threshold=0))  # type: ignore[arg-type, func-returns-value]
    await asyncio.sleep(0)
    loaded[1].delete()
    await pruning

    assert deleted == [client.id for client in loaded]


def a_page_with_handlers() -> list[weakref.ref[Any]]:
    """Open a page whose handlers lead back to it, close it, and return all that should have gone."""
    client = Client(page(''), request=None)
    with client:
        field = ui.input('Name').classes('wide').props('outlined')
        row = ui.element('div').classes('line')
    field.on_value_change(lambda: field.set_enabled(row.visible))
    client.on_connect(lambda: field.update())
    client.on_delete(lambda: client.title)
    client.delete()
    return [weakref.ref(each) for each in (client, field, row, row.classes, row.props, field.style)]


async def test_a_page_that_has_gone_is_freed_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    nicegui_patches.apply()
    gc.disable()
    try:
        gone = a_page_with_handlers()
        await asyncio.sleep(0.01)
        assert [each() for each in gone] == [None] * len(gone)
    finally:
        gc.enable()


async def test_a_page_keeps_what_was_asked_for_and_nothing_of_the_way_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    scope = {
        'type': 'http',
        'method': 'GET',
        'scheme': 'http',
        'server': ('localhost', 80),
        'client': ('::1', 1),
        'root_path': '',
        'path': '/class/1',
        'query_string': b'a=b',
        'headers': [(b'cookie', b'c=d')],
        'state': {'browser': 'x'},
        'path_params': {'course_id': 1},
    }

    async def connection() -> Message:
        raise AssertionError('nothing is read of it any more')

    request = Request({**scope, 'app': connection, 'fastapi_inner_astack': connection}, connection)
    way = weakref.ref(connection)
    with Client(page(''), request=request) as client:
        kept = nicegui_patches.keep_request(client)

    assert client.request is kept
    assert (str(kept.url), kept.cookies, kept.state.browser) == ('http://localhost/class/1?a=b', {'c': 'd'}, 'x')
    request.state.touched = 'seen by both'
    assert kept.state.touched == 'seen by both'
    del request, connection
    assert way() is None


async def test_pages_listen_to_nothing_of_parts_that_they_do_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    nicegui_patches.apply()

    client = Client(page(''), request=None)

    assert not any(element._event_listeners for element in client.elements.values())
    assert await client.sub_pages_router._can_resolve_full_path(client)
    assert [sent(element._to_dict()) for element in client.elements.values()] == [
        {'tag': 'q-layout', 'class': ['nicegui-layout'], 'props': {'view': 'hhh lpr fff'}, 'children': [1]},
        {'tag': 'q-page-container', 'children': [2]},
        {'tag': 'q-page', 'children': [3]},
        {'tag': 'div', 'class': ['nicegui-content']},
    ]


async def test_an_idle_page_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    timers: list[object] = []
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, 'call_at', lambda when, *_, **__: timers.append(when))
    monkeypatch.setattr(loop, 'call_later', lambda delay, *_, **__: timers.append(delay))
    monkeypatch.setattr(core, 'loop', loop)
    nicegui_patches.apply()
    client = Client(page(''), request=None)
    monkeypatch.setattr(Client, 'has_socket_connection', property(lambda _: True))
    outbox = client.outbox
    waiting = loop.create_task(outbox.loop())
    for _ in range(5):
        await asyncio.sleep(0)

    assert not timers
    assert not waiting.done()

    outbox.stop()
    await waiting
    client.delete()
