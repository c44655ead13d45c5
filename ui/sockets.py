"""How pages are kept in touch: who may open a socket, what it may say, when a lost one is noticed, what it costs."""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar

from nicegui import core
from nicegui.outbox import Outbox, deleted
from socketio.packet import Packet  # type: ignore[import-untyped]

from ui.security import may_open_socket

PING_INTERVAL = 8
PING_TIMEOUT = 6
"""A dead connection is noticed after fourteen seconds at most (browsers that know that they are offline notice at
once); a loop that stands still for five loses nobody."""

HEARD = {'connect', 'disconnect', 'handshake', 'event', 'javascript_response', 'ack'}
"""All that NiceGUI listens to. Its `log` is not among them: with it, anybody would write into the server log."""

RESERVED = {'connect', 'connect_error', 'disconnect', 'disconnecting', '*'}
"""names of the protocol itself, which as events of a browser would reach the handlers that admit and dismiss it"""

T = TypeVar('T')

_python_wait_for = asyncio.wait_for
_tell_again = Outbox.try_rewind


class QuickPacket(Packet):  # type: ignore[misc]
    """A message in which binary parts are looked for only where NiceGUI has any: looking at every value takes long."""

    @classmethod
    def data_is_binary(cls, data: object) -> bool:
        """Tell whether a message has binary parts; what changes elements never has."""
        is_update = isinstance(data, list) and data[:1] == ['update']
        return not is_update and bool(super().data_is_binary(data))

    def decode(self, encoded_packet: object) -> int:
        """Read a message; an event with a reserved name becomes one without a name, to which nobody listens."""
        attachments: int = super().decode(encoded_packet)
        if isinstance(self.data, list) and self.data and self.data[0] in RESERVED:
            self.data[0] = ''
        return attachments


def tune() -> None:
    """Set what NiceGUI offers no option for; to be called before the first page is opened."""
    # NiceGUI derives its pings from how long it keeps a page; a lost network should be noticed much sooner
    core.sio.eio.ping_interval = PING_INTERVAL
    core.sio.eio.ping_timeout = PING_TIMEOUT
    core.sio.eio.cors_allowed_origins = may_open_socket
    QuickPacket.json = core.sio.packet_class.json
    core.sio.packet_class = QuickPacket
    _listen_less()
    Outbox.try_rewind = _tell_what_is_true  # type: ignore[assignment]
    if sys.version_info < (3, 12):
        asyncio.wait_for = _wait_for  # type: ignore[assignment]


def _listen_less() -> None:
    """Drop the handlers that no page needs, and ignore messages whose shape no page sends."""
    handlers = core.sio.handlers['/']
    for name in set(handlers) - HEARD:
        del handlers[name]
    for name in ('handshake', 'event', 'javascript_response', 'ack'):
        core.sio.on(name, _well_formed(handlers[name]))
    core.sio.eio.logger = _silent


def _well_formed(handler: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """Let a handler ignore what it cannot read: for each such message a trace would go into the server log."""
    # NiceGUI reports what goes wrong in our own code before it comes to this
    unreadable = AttributeError, KeyError, TypeError, ValueError

    if asyncio.iscoroutinefunction(handler):

        @wraps(handler)
        async def handle_soon(sid: str, message: Any = None, *_: object) -> Any:
            with suppress(*unreadable):
                return await handler(sid, message)

        return handle_soon

    @wraps(handler)
    def handle(sid: str, message: Any = None, *_: object) -> Any:
        with suppress(*unreadable):
            return handler(sid, message)

    return handle


_silent = logging.getLogger('waymark.page_sockets')
_silent.setLevel(logging.CRITICAL + 1)  # a browser that sends nonsense would fill the server log with it


def _tell_what_is_true(outbox: Outbox, target_message_id: int) -> None:
    """Tell a page that is back what it missed, each element as it is now.

    NiceGUI would tell it as it was then, and only after what has changed since: the old would cover the new, and leave
    a learner with a button that is gone.
    """
    _tell_again(outbox, target_message_id)
    missed = [data for _, kind, data in outbox.messages if kind == 'update']
    for element_id in {id_ for data in missed for id_ in data if id_ != '_id'}:
        outbox.updates[element_id] = outbox.client.elements.get(element_id, deleted)
    if any(kind == 'load_js_components' for _, kind, _ in outbox.messages):
        outbox._loaded_components.clear()  # so that they come before the elements that are made of them
    others = [message for message in outbox.messages if message[1] not in {'update', 'load_js_components'}]
    outbox.messages.clear()
    outbox.messages.extend(others)


async def _wait_for(awaited: Awaitable[T], timeout: float | None) -> T:  # noqa: ASYNC109 - as Python names it
    """Wait as Python 3.12 does, without a task for each wait: every page has two waits open at any time."""
    if timeout is not None and timeout <= 0:
        return await _python_wait_for(awaited, timeout)
    async with asyncio.timeout(timeout):
        return await awaited
