"""What we change of other people's code at run time: all of it is applied in this one file.

`PATCHES` says of each patch what it changes, why, since which version, and what would make it unnecessary. A test
compares the source of everything that a patch relies on with what it was when the patch was written; when it fails
after an update, `check` says what to look at before the new source is accepted.
"""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from types import FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any, TypeVar
from weakref import ref

import nicegui.client
import nicegui.events
import nicegui.nicegui
import nicegui.outbox
from engineio.async_drivers import asgi as asgi_driver  # type: ignore[import-untyped]
from engineio.async_server import AsyncServer  # type: ignore[import-untyped]
from engineio.async_socket import AsyncSocket  # type: ignore[import-untyped]
from fastapi import Request
from fastapi.dependencies.utils import get_typed_signature
from nicegui import app, core, helpers, json, ui
from nicegui.app import App
from nicegui.classes import Classes
from nicegui.client import Client
from nicegui.element import Element
from nicegui.elements.choice_element import ChoiceElement
from nicegui.elements.mixins.value_element import ValueElement
from nicegui.elements.number import Number
from nicegui.elements.select import Select
from nicegui.event_listener import EventListener
from nicegui.middlewares import RedirectWithPrefixMiddleware, SetCacheControlMiddleware
from nicegui.observables import ObservableCollection, ObservableDict, ObservableList
from nicegui.outbox import Outbox, deleted
from nicegui.props import Props
from nicegui.slot import Slot
from nicegui.storage import Storage
from nicegui.sub_pages_router import SubPagesRouter
from socketio import AsyncServer as SocketServer  # type: ignore[import-untyped]
from socketio.async_manager import AsyncManager  # type: ignore[import-untyped]
from socketio.packet import BINARY_ACK, BINARY_EVENT, Packet  # type: ignore[import-untyped]

from ui.kit import page_sockets, socket_requests, told
from ui.kit.raw_element import Piece
from web.origins import may_open_socket

PING_INTERVAL = 8
PING_TIMEOUT = 6
"""A dead connection is noticed after fourteen seconds at most (browsers that know that they are offline notice at
once); a loop that stands still for five loses nobody."""

HEARD = {'connect', 'disconnect', 'handshake', 'event', 'javascript_response', 'ack'}
"""All that NiceGUI listens to. Its `log` is not among them: with it, anybody would write into the server log."""

RESERVED = {'connect', 'connect_error', 'disconnect', 'disconnecting', '*'}
"""names of the protocol itself, which as events of a browser would reach the handlers that admit and dismiss it"""

deleted_elements: list[ref[Element]] = []
"""What was deleted since somebody looked at this list, and emptied it: what is alive then is held by something."""

T = TypeVar('T')
F = TypeVar('F', bound=Callable[..., object])

_prune_as_shipped = inspect.unwrap(vars(Client)['prune_instances'].__func__)
_enqueue_as_shipped = inspect.unwrap(Outbox.enqueue_update)
_rewind_as_shipped = inspect.unwrap(Outbox.try_rewind)  # this module may be loaded again
_handle_event_as_shipped = inspect.unwrap(Element._handle_event)
_handle_delete_as_shipped = inspect.unwrap(Element._handle_delete)
_delete_page_as_shipped = inspect.unwrap(Client.delete)
_create_tab_as_shipped = inspect.unwrap(Storage._create_tab_storage)
_expects_as_shipped = inspect.unwrap(helpers.expects_arguments)
_as_shipped = {
    'service_task': AsyncServer._service_task,
    'receive': inspect.unwrap(AsyncSocket.receive),
    'schedule_ping': AsyncSocket.schedule_ping,
    'check_ping_timeout': AsyncSocket.check_ping_timeout,
    'websocket_handler': AsyncSocket._websocket_handler,
    'emit': AsyncManager.emit,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One change of other people's code."""

    what: str
    why: str
    since: str
    """the version for which it was written"""
    unnecessary_when: str
    relies_on: tuple[object, ...]
    """the functions and classes whose source a test compares"""
    check: str
    """what to look at when their source has changed"""


def apply() -> None:
    """Apply the patches that concern the server as a whole; called before the first page is opened."""
    _ping_sooner()
    _guard_origins()
    _send_updates_quickly()
    _listen_less()
    _take_what_pages_tell()
    _keep_no_tabs()
    _read_in_turn()
    _read_requests_without_classes()
    _replay_what_is_true()
    _let_idle_pages_sleep()
    _look_after_sockets_together()
    _emit_without_tasks()
    _handle_events_where_they_are_read()
    _look_at_handlers_quickly()
    _escape_quickly()
    _let_go_of_what_is_deleted()
    _queue_once_sent()
    _have_no_sub_pages()
    _frame_pages_with_pieces()


def drop_middlewares() -> None:
    """Remove two middlewares of NiceGUI that cost a class that arrives more than the page they wrap."""
    dropped: tuple[object, ...] = RedirectWithPrefixMiddleware, SetCacheControlMiddleware
    core.app.user_middleware[:] = [kept for kept in core.app.user_middleware if kept.cls not in dropped]


def hide_loading_bar() -> None:
    """Keep the loading bar from following requests; with long polling it would never end."""
    app.config.quasar_config['loadingBar']['skipHijack'] = True


def prune_in_turn() -> None:
    """Let pages that never came to life go one after another; called before NiceGUI starts the timer for it."""
    Client.prune_instances = classmethod(_prune)  # type: ignore[arg-type, assignment, method-assign]


_KEPT = (
    *('type', 'method', 'scheme', 'server', 'client', 'root_path', 'path', 'query_string', 'headers'),
    *('http_version', 'path_params', 'state'),
)


def keep_request(client: Client) -> Request:
    """Have a page keep what was asked for alone, without the connection and the layers through which it came."""
    client._request = Request({name: client.request.scope[name] for name in _KEPT if name in client.request.scope})
    return client.request


def route(served: F, parameters: Iterable[inspect.Parameter] = ()) -> F:
    """Show FastAPI a wrapper as it is served: with the request and these parameters, whatever it wraps."""
    request = inspect.Parameter('request', inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
    served.__signature__ = inspect.Signature([request, *parameters])  # type: ignore[attr-defined]
    return served


class QuickPacket(Packet):  # type: ignore[misc]
    """A message in which binary parts are looked for only where NiceGUI has any: looking at every value takes long."""

    @classmethod
    def data_is_binary(cls, data: object) -> bool:
        """Tell whether a message has binary parts; what changes elements never has."""
        is_update = isinstance(data, list) and data[:1] == ['update']
        return not is_update and bool(super().data_is_binary(data))

    def decode(self, encoded_packet: object) -> int:
        """Read a message; an event with a reserved name becomes one without a name, to which nobody listens.

        Pages send no binary parts, which would be collected without end before anybody could look at them.
        """
        attachments: int = super().decode(encoded_packet)
        if self.packet_type in {BINARY_EVENT, BINARY_ACK} or attachments:
            raise ValueError('binary')
        if isinstance(self.data, list) and self.data and self.data[0] in RESERVED:
            self.data[0] = ''
        return attachments


def _ping_sooner() -> None:
    core.sio.eio.ping_interval = PING_INTERVAL
    core.sio.eio.ping_timeout = PING_TIMEOUT


def _guard_origins() -> None:
    core.sio.eio.cors_allowed_origins = may_open_socket


def _send_updates_quickly() -> None:
    QuickPacket.json = core.sio.packet_class.json
    core.sio.packet_class = QuickPacket


def _listen_less() -> None:
    """Drop the handlers that no page needs, and ignore messages whose shape no page sends."""
    handlers = core.sio.handlers['/']
    for name in set(handlers) - HEARD:
        del handlers[name]
    core.sio.on('handshake', _well_formed(inspect.unwrap(handlers['handshake'])))
    for name in ('event', 'javascript_response', 'ack'):
        core.sio.on(name, _well_formed(_of_own_page(inspect.unwrap(handlers[name]))))
    core.sio.eio.logger = _silent


def _of_own_page(handler: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """Let a handler take only what comes from a socket of the very page that it is about, and is not endless."""

    @wraps(handler)
    def handle(sid: str, message: Any) -> Any:
        client = Client.instances.get(message['client_id'])
        if client is None or sid not in client._socket_to_document_id:
            return None
        told.check_arguments(message.get('args', []))
        return handler(sid, message)

    return handle


def _well_formed(handler: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """Let a handler ignore what it cannot read: for each such message a trace would go into the server log."""
    if asyncio.iscoroutinefunction(handler):

        @wraps(handler)
        async def handle_soon(sid: str, message: Any = None, *_: object) -> Any:
            with _reported():
                return await handler(sid, message)

        return handle_soon

    @wraps(handler)
    def handle(sid: str, message: Any = None, *_: object) -> Any:
        with _reported():
            return handler(sid, message)

    return handle


@contextmanager
def _reported() -> Iterator[None]:
    """Ignore what cannot be read, and report what else goes wrong, which nobody else would see."""
    try:
        yield
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError, told.Nonsense):
        pass  # NiceGUI has reported what goes wrong in our own code before it comes to this
    except Exception as error:  # noqa: BLE001 - whatever it is, the next event is read
        core.app.handle_exception(error)


def _take_what_pages_tell() -> None:
    Element._handle_event = _handle_if_told  # type: ignore[assignment, method-assign]


@wraps(_handle_event_as_shipped)
def _handle_if_told(element: Element, message: dict[str, Any]) -> None:
    """Hand an event to its handler, if it has the shape that our pages send; else nothing happens."""
    listener = element._event_listeners[message['listener_id']]
    with suppress(told.Nonsense):
        _handle_event_as_shipped(element, {**message, 'args': told.read(element, listener, message['args'])})


def _keep_no_tabs() -> None:
    Storage._create_tab_storage = _create_no_tab_storage  # type: ignore[assignment, method-assign]


@wraps(_create_tab_as_shipped)
async def _create_no_tab_storage(_: Storage, tab_id: object, old_tab_id: object = None) -> None:
    """Keep nothing of a tab: a browser may name as many as it likes, and each would be kept for a month."""


def _replay_what_is_true() -> None:
    Outbox.try_rewind = _rewind  # type: ignore[assignment]


@wraps(_rewind_as_shipped)
def _rewind(outbox: Outbox, target_message_id: int) -> None:
    """Send a page that is back what it missed, each element as it is now."""
    _rewind_as_shipped(outbox, target_message_id)
    missed = [data for _, kind, data in outbox.messages if kind == 'update']
    for element_id in {id_ for data in missed for id_ in data if id_ != '_id'}:
        outbox.updates[element_id] = outbox.client.elements.get(element_id, deleted)
    if any(kind == 'load_js_components' for _, kind, _ in outbox.messages):
        outbox._loaded_components.clear()  # so that they come before the elements that are made of them
    others = [message for message in outbox.messages if message[1] not in {'update', 'load_js_components'}]
    outbox.messages.clear()
    outbox.messages.extend(others)


def _let_idle_pages_sleep() -> None:
    vars(nicegui.outbox)['asyncio'] = _asyncio_with(_wait_until_set)


def _look_after_sockets_together() -> None:
    AsyncServer._service_task = page_sockets.look_after_all
    AsyncSocket.schedule_ping = page_sockets.schedule_ping
    AsyncSocket.check_ping_timeout = page_sockets.check_ping_timeout
    AsyncSocket._websocket_handler = page_sockets.handle


def _read_in_turn() -> None:
    AsyncSocket.receive = page_sockets.receive
    core.sio.eio.is_of_pages = True


def _read_requests_without_classes() -> None:
    asgi_driver._async['translate_request'] = socket_requests.translate


def _emit_without_tasks() -> None:
    AsyncManager.emit = page_sockets.emit


def _handle_events_where_they_are_read() -> None:
    core.sio.async_handlers = False


def _look_at_handlers_quickly() -> None:
    vars(helpers)['expects_arguments'] = expects_arguments


@wraps(_expects_as_shipped)
def expects_arguments(func: Callable[..., object]) -> bool:
    """Tell whether a handler must be given the event; counted from its code, without a signature."""
    own: object = func
    while isinstance(own, FunctionType) and hasattr(own, '__wrapped__') and not hasattr(own, '__signature__'):
        own = own.__wrapped__
    is_bound = isinstance(own, MethodType)
    own = own.__func__ if isinstance(own, MethodType) else own
    if not isinstance(own, FunctionType) or {'__wrapped__', '__signature__'} & vars(own).keys():
        return bool(_expects_as_shipped(func))
    code = own.__code__
    given = len(own.__defaults__ or ()) + is_bound
    return code.co_argcount > given or code.co_kwonlyargcount > len(own.__kwdefaults__ or ())


class PageText(str):
    """JSON that stands in a page: signs of HTML are replaced one after another, which takes no time."""

    __slots__ = ()

    def translate(self, table: Mapping[int, str], /) -> str:  # type: ignore[override]
        """Return the text with what a table of single signs says; `&` goes first, because the others bring it in."""
        text = str(self)
        for sign in sorted(table, key=lambda each: each != ord('&')):
            text = text.replace(chr(sign), table[sign])
        return text


def _escape_quickly() -> None:
    quick = SimpleNamespace(dumps=lambda value: PageText(json.dumps(value)), loads=json.loads)
    setattr(nicegui.client, 'json', quick)  # noqa: B010 - the module does not say that it has one


@wraps(_prune_as_shipped)
async def _prune(cls: type[Client], **how: float) -> None:
    """Delete pages that never came to life, one in each round of the loop."""
    for client in tuple(cls.instances.values()):
        if client.id not in cls.instances:  # deleted by somebody else, while the loop looked after others
            continue
        _prune_as_shipped(SimpleNamespace(instances={client.id: client}), **how)
        if client.is_deleted:
            await asyncio.sleep(0)


def _let_go_of_what_is_deleted() -> None:
    Element._handle_delete = _let_go  # type: ignore[assignment, method-assign]
    Client.delete = _delete_page  # type: ignore[assignment, method-assign]


@wraps(_handle_delete_as_shipped)
def _let_go(element: Element) -> None:
    """Delete an element, and let nothing that it has lead back to it, so that it is freed at once."""
    _handle_delete_as_shipped(element)
    deleted_elements.append(ref(element))
    for kept in (element._classes, element._style, element._props, element):
        handlers = vars(kept).get('_change_handlers')
        if isinstance(handlers, list):
            handlers.clear()


@wraps(_delete_page_as_shipped)
def _delete_page(client: Client) -> None:
    """Delete a page, and forget what was to happen with it, which leads back to the page."""
    _delete_page_as_shipped(client)
    for handlers in (client.connect_handlers, client.disconnect_handlers, client.delete_handlers):
        handlers.clear()


def _queue_once_sent() -> None:
    Outbox.enqueue_update = _enqueue_update  # type: ignore[assignment]


@wraps(_enqueue_as_shipped)
def _enqueue_update(outbox: Outbox, element: Element) -> None:
    """Put an element in line, unless the page itself is yet to be sent, with all elements as they are then."""
    client = outbox.client
    client.check_existence()
    if vars(client).get('_response_built'):
        outbox.updates[element.id] = element
        outbox._set_enqueue_event()


class _NoSubPages:
    """Stands where NiceGUI keeps what leads to parts of a page."""

    async def _can_resolve_full_path(self, _: Client) -> bool:
        return True


def _have_no_sub_pages() -> None:
    none = _NoSubPages()
    vars(nicegui.client)['SubPagesRouter'] = lambda _: none


def _frame_pages_with_pieces() -> None:
    vars(nicegui.client)['Element'] = Piece


def _asyncio_with(wait_for: Callable[[Awaitable[T], float | None], Awaitable[T]]) -> ModuleType:
    """Return a copy of asyncio for one module, with another `wait_for`; everybody else keeps Python's own."""
    copy = ModuleType('asyncio')
    vars(copy).update({**vars(asyncio), 'wait_for': wait_for})
    return copy


async def _wait_until_set(awaited: Awaitable[T], timeout: float | None) -> T:  # noqa: ASYNC109 - as Python names it
    return await awaited


_silent = logging.getLogger('waymark.page_sockets')
_silent.setLevel(logging.CRITICAL + 1)  # a browser that sends nonsense would fill the server log with it

PATCHES = (
    Patch(
        what='The socket of pages pings every 8 seconds and waits 6 for the answer (`_ping_sooner`).',
        why='NiceGUI derives both from how long it keeps a page; a lost network should be noticed much sooner.',
        since='NiceGUI 3.18',
        unnecessary_when='`ui.run_with` takes the ping interval and the ping timeout.',
        relies_on=(nicegui.nicegui._startup,),
        check='whether NiceGUI still sets both on `sio.eio` when it starts, before our application does.',
    ),
    Patch(
        what='The socket of pages asks `may_open_socket` which web pages may open it (`_guard_origins`).',
        why='NiceGUI accepts every origin: a page elsewhere could act with the cookie of a visitor.',
        since='NiceGUI 3.18, python-engineio 4.15',
        unnecessary_when='`ui.run_with` takes the allowed origins.',
        relies_on=(type(core.sio.eio)._cors_allowed_origins,),
        check='whether a function in `cors_allowed_origins` is still called with the origin and the request.',
    ),
    Patch(
        what='Messages that update elements are not searched for binary parts (`QuickPacket`).',
        why='The search walks through every value of every update; updates of elements are JSON.',
        since='python-socketio 5.18',
        unnecessary_when='NiceGUI emits updates as text, or Socket.IO lets the sender say that there are none.',
        relies_on=(Packet.data_is_binary, Outbox._emit),
        check='whether an update can hold bytes now, and whether the packet class is still asked.',
    ),
    Patch(
        what='Only the events that pages need are heard, and unreadable ones are dropped (`_listen_less`).',
        why="NiceGUI's `log` event lets anybody write into the server log, and a malformed one leaves a trace each.",
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI lets an application choose its events, and checks what it reads.',
        relies_on=(nicegui.nicegui._on_handshake, nicegui.nicegui._on_event),
        check='whether there are new events that pages need, and whether handlers still take an id and one message.',
    ),
    Patch(
        what='Events of elements are handled only in the shape that our pages send (`_take_what_pages_tell`).',
        why='NiceGUI hands whatever a browser sends to fields and handlers, where it fails, or fails later.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI checks the value of each kind of field, and lets handlers say what they take.',
        relies_on=(_handle_event_as_shipped, Client.handle_event, ValueElement, ChoiceElement, Select, Number),
        check='whether each field still takes what `ui/kit/told.py` lets through, and nothing else.',
    ),
    Patch(
        what='Events, answers and receipts are taken from a socket of the very page alone (`_of_own_page`).',
        why='NiceGUI looks only at which page is named: who knows its id would act on it; and reads lists without end.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI compares the socket with those of the page, and limits what it reads of an event.',
        relies_on=(nicegui.nicegui._on_event, Client.handle_event, Client.handle_handshake),
        check='whether sockets of a page still are the keys of `_socket_to_document_id`.',
    ),
    Patch(
        what='Nothing is kept for a tab (`_create_no_tab_storage`).',
        why='NiceGUI keeps a storage for each name of a tab for a month, and a browser names as many as it likes.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI keeps the storage of a tab only where a page uses it.',
        relies_on=(_create_tab_as_shipped, Client.handle_handshake),
        check='whether no page of ours uses `app.storage.tab`, and the storage is still made in this one place.',
    ),
    Patch(
        what='What one page sends is read at most so fast, and others have a turn in between (`page_sockets.receive`).',
        why='Engine.IO reads all that has arrived: ten thousand events at once hold up everybody else.',
        since='python-engineio 4.15',
        unnecessary_when='Engine.IO limits how fast one socket is read.',
        relies_on=(_as_shipped['receive'], _as_shipped['websocket_handler']),
        check='whether every message of a socket still goes through `receive`, one after the other.',
    ),
    Patch(
        what='A request to any socket is read without a class of its own (`socket_requests.translate`).',
        why='Engine.IO makes one for each, which only the collector frees: 8 KB for each request of a long poll.',
        since='python-engineio 4.15',
        unnecessary_when='`engineio.async_drivers.asgi.translate_request` makes no class.',
        relies_on=(
            asgi_driver.translate_request,
            AsyncSocket.handle_get_request,
            AsyncSocket.handle_post_request,
            AsyncServer.handle_request,
        ),
        check='whether more of the environment is read than `translate` puts into it.',
    ),
    Patch(
        what='An event with a name of the protocol itself loses its name; none is binary (`QuickPacket.decode`).',
        why='Socket.IO hands an event called `connect` to the handler that admits connections.',
        since='python-socketio 5.18',
        unnecessary_when='Socket.IO refuses reserved names of events.',
        relies_on=(Packet.decode,),
        check='whether the data of an event is still a list that begins with its name.',
    ),
    Patch(
        what='A page that is back is sent the elements that it missed as they are now (`_rewind`).',
        why='NiceGUI sends them as they were then, after what has changed since: a button that is gone would stay.',
        since='NiceGUI 3.18',
        unnecessary_when='`Outbox.try_rewind` replays elements by their id and not by their old content.',
        relies_on=(_rewind_as_shipped, Outbox.loop),
        check='whether missed messages are still put back into `messages`, and components into `_loaded_components`.',
    ),
    Patch(
        what='The outbox of a page waits without a time limit (`_let_idle_pages_sleep`).',
        why='NiceGUI wakes each outbox every second to find nothing: a thousand idle pages cost a seventh of a core.',
        since='NiceGUI 3.18',
        unnecessary_when='`Outbox.loop` waits for its event alone.',
        relies_on=(Outbox.loop, Outbox.stop, Outbox._set_enqueue_event),
        check='whether `wait_for` is still used only for the event, which `stop` and everything that is sent set.',
    ),
    Patch(
        what='Engine.IO looks at all sockets together, and waits without tasks and timers (`page_sockets`).',
        why='It wakes up for each socket in turn, with a task for each ping and each message: half of an idle class.',
        since='python-engineio 4.15',
        unnecessary_when='Engine.IO pings by one timer, and reads and writes WebSockets without `wait_for`.',
        relies_on=(
            _as_shipped['service_task'],
            _as_shipped['schedule_ping'],
            _as_shipped['check_ping_timeout'],
            _as_shipped['websocket_handler'],
            AsyncServer._handle_connect,
            AsyncSocket.close,
            _as_shipped['receive'],
            AsyncSocket.send,
        ),
        check='whether sockets still end by `closed` and None in their queue, and `last_ping` still is the open ping.',
    ),
    Patch(
        what='Socket.IO puts an event in line for each socket without a task for each (`page_sockets.emit`).',
        why='The task and the wait for it cost three times what there is to do; each tap moves a page twice.',
        since='python-socketio 5.18',
        unnecessary_when='Socket.IO awaits what it sends where nothing is waited for.',
        relies_on=(_as_shipped['emit'], SocketServer._send_eio_packet, AsyncServer.send_packet, AsyncSocket.send),
        check='whether sending still only puts a packet into the queue of the socket.',
    ),
    Patch(
        what='An event of a page is handled by the task that has read it (`_handle_events_where_they_are_read`).',
        why='Socket.IO makes a task for each event; what takes long, NiceGUI puts into a task of its own already.',
        since='python-socketio 5.18, NiceGUI 3.18',
        unnecessary_when='NiceGUI makes its server without `async_handlers`.',
        relies_on=(
            SocketServer._handle_event,
            SocketServer._handle_event_internal,
            nicegui.nicegui._on_event,
            Client.handle_handshake,
            nicegui.events.handle_event,
        ),
        check='whether no handler of the socket waits for another message of the same page.',
    ),
    Patch(
        what='Whether a handler takes the event is read from its code (`expects_arguments`).',
        why='`inspect.signature` is made anew for each event of a page, which takes as long as a small statement.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI looks at a handler once, when it is given.',
        relies_on=(_expects_as_shipped, nicegui.events.handle_event),
        check='whether it still means parameters that have neither a default nor a star.',
    ),
    Patch(
        what='The JSON of a page is escaped by replacing whole texts (`PageText`).',
        why='`str.translate` looks at each sign where one is not ASCII: 50 ms for a gradebook of 30,000 grades.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI escapes with `replace`, or sends elements by their socket.',
        relies_on=(Client.build_response,),
        check='whether `elements` is still what `json.dumps` gives, and its only change is `translate`.',
    ),
    Patch(
        what='Pages that nobody came back to are deleted one in each round of the loop (`prune_in_turn`).',
        why='NiceGUI deletes all of them in one: what loads pages without a socket would stop everybody else.',
        since='NiceGUI 3.18',
        unnecessary_when='`Client.prune_instances` lets the loop go on between two pages.',
        relies_on=(_prune_as_shipped, Client.delete, App.start),
        check='whether only `instances` of the class is used, and the timer that calls it awaits its result.',
    ),
    Patch(
        what='What is deleted forgets its change handlers, and a page its own (`_let_go_of_what_is_deleted`).',
        why='They lead back to it: each page left 3,600 objects to the collector, which stopped for half a minute.',
        since='NiceGUI 3.18',
        unnecessary_when='classes, style and properties hold what they announce to weakly, and `Client.delete` clears.',
        relies_on=(_handle_delete_as_shipped, _delete_page_as_shipped, ObservableList.__init__, ValueElement.__init__),
        check='whether handlers of a deleted element or page are still in lists of these names, and nobody calls them.',
    ),
    Patch(
        what='Elements are put in line to be sent from the moment on when their page is (`_queue_once_sent`).',
        why='A page sends its elements whole and empties the line; until then each of 130 changes was put into it.',
        since='NiceGUI 3.18',
        unnecessary_when='`Outbox.enqueue_update` waits for the first response.',
        relies_on=(_enqueue_as_shipped, Client.build_response, Client.__init__),
        check='whether a response still sends all elements, and sets `_response_built` before it empties the line.',
    ),
    Patch(
        what='Pages have nothing that leads to parts of them (`_NoSubPages`).',
        why='NiceGUI listens for it on each page, and walks through all elements twice to find parts that none has.',
        since='NiceGUI 3.18',
        unnecessary_when='`Client` makes its `SubPagesRouter` for the first `ui.sub_pages` of a page.',
        relies_on=(SubPagesRouter, Client.__init__, ui.page._wrap, type(ui.navigate).to),
        check='whether a page without `ui.sub_pages` asks its router for more than whether its path can be resolved.',
    ),
    Patch(
        what='The middlewares for a path prefix and for caching are removed (`drop_middlewares`).',
        why='Each costs a class that arrives more than the page it wraps; `Guard` sets the caching header.',
        since='NiceGUI 3.18',
        unnecessary_when='`ui.run_with` lets an application choose the middlewares.',
        relies_on=(RedirectWithPrefixMiddleware, SetCacheControlMiddleware, ui.run_with),
        check='whether either does something new that we need (docs/decisions/0007-two-middlewares-out.md).',
    ),
    Patch(
        what='Below a path, addresses of elements are led below it when they are sent (`ui/kit/sub_path.py`).',
        why='NiceGUI leads its own components and scripts below a path, and neither native elements nor HTML.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI leads `href` and `src` of native elements and links in HTML below the path.',
        relies_on=(ui.element._to_dict, Client.build_response),
        check='whether all that is sent of an element goes through `_to_dict`, and which components lead themselves.',
    ),
    Patch(
        what='The loading bar of Quasar does not follow requests (`hide_loading_bar`).',
        why='A long poll is always open, so that the bar would never end.',
        since='NiceGUI 3.18',
        unnecessary_when='`ui.run_with` takes the configuration of Quasar.',
        relies_on=(type(app.config),),
        check='whether `quasar_config` still has the loading bar.',
    ),
    Patch(
        what='Properties and classes of a `Piece` change without being announced one by one (`Piece.draw`).',
        why='A thousand pages are open at once; NiceGUI announces each change, which costs more than the change.',
        since='NiceGUI 3.18',
        unnecessary_when='`ui.element` has a way to replace all properties at once.',
        relies_on=(ObservableDict, ObservableList, ui.element._to_dict, ui.element._displayed_contents),
        check='whether properties are still a dict and classes a list, from which elements are sent.',
    ),
    Patch(
        what='A `Piece` has only what is its own, and shares the rest with all others; so has the frame of each page.',
        why='A thousand pages with some thirty elements each are open at once; most of an element is never used.',
        since='NiceGUI 3.18',
        unnecessary_when='`ui.element` makes style, slots, listeners and handlers when they are asked for.',
        relies_on=(
            ui.element.__init__,
            ui.element.add_slot,
            ui.element.on,
            ObservableCollection,
            ObservableDict.__init__,
            Classes,
            Props,
            Slot,
            EventListener,
            Client.__init__,
        ),
        check='whether `Piece` still gives an element all that NiceGUI gives it, or a default for it.',
    ),
    Patch(
        what='A page keeps what its request has asked for, and not the request itself (`keep_request`).',
        why='The request leads to its connection, the answer and all layers in between, while the page is open.',
        since='NiceGUI 3.18',
        unnecessary_when='NiceGUI keeps only what it reads of a request.',
        relies_on=(Client.__init__, SubPagesRouter.__init__, ui.page._wrap),
        check='whether NiceGUI reads more of the request of an open page than `_KEPT` names, or keeps it elsewhere.',
    ),
    Patch(
        what='FastAPI is shown the signature of a wrapper, not of what it wraps (`route`).',
        why='A page takes a visit and a form handler takes fields, neither of which FastAPI could provide.',
        since='FastAPI 0.165, NiceGUI 3.18',
        unnecessary_when='FastAPI takes the parameters of a route as an argument.',
        relies_on=(get_typed_signature, ui.page.__call__),
        check='whether both still read `__signature__`.',
    ),
)
