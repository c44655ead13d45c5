"""Sockets of pages that poll: only some of each device and address are kept.

A WebSocket holds a connection, and of those there is a limit. A socket by long polling holds nothing but memory between
two requests, so a client could open as many as it likes. Of more than a page, a device, or strangers at one address may
have, the oldest is closed; a browser whose socket was closed comes back by itself.
"""

from collections import OrderedDict, defaultdict
from typing import Any
from urllib.parse import parse_qs

from engineio.async_socket import AsyncSocket  # type: ignore[import-untyped]
from nicegui import Client, core

from ui.kit import page_sockets
from ui.shell import open_pages

MOST_OF_A_PAGE = 3
"""a browser that is cut off comes back before its last socket is missed"""
MOST_OF_A_DEVICE = 30
"""as many pages as may wait for their socket (`unwatched_pages`)"""
MOST_OF_AN_ADDRESS = 500
"""of nobody, from an address that may be a whole school: after a restart all of it comes back at once"""

_open: defaultdict[str, OrderedDict[str, AsyncSocket]] = defaultdict(OrderedDict)


def start() -> None:
    """Count the sockets of the server that runs from now on."""
    _open.clear()
    core.sio.eio.on('connect', _connect)
    core.sio.eio.on('disconnect', _disconnect)


async def _connect(sid: str, environ: dict[str, Any]) -> object:
    """Take a new socket; it is not known yet whether a poll becomes a WebSocket."""
    socket = core.sio.eio.sockets[sid]
    query = parse_qs(environ.get('QUERY_STRING', ''))
    if query.get('transport') != ['websocket']:
        socket.counted_as = _owners(environ, query.get('client_id', [''])[0])
        for owner, most in socket.counted_as.items():
            await _keep(owner, most, socket)
    return await core.sio._handle_eio_connect(sid, environ)


async def _disconnect(sid: str, reason: str) -> None:
    socket = core.sio.eio.sockets.get(sid)
    for owner in getattr(socket, 'counted_as', ()):
        _let_go(owner, sid)
    await core.sio._handle_eio_disconnect(sid, reason)


def _owners(environ: dict[str, Any], client_id: str) -> dict[str, int]:
    """Return whose socket this is, and how many each of them may have."""
    address = (environ['asgi.scope'].get('client') or ('',))[0]
    device = open_pages.device_of(client_id)
    owners = {f'device {device}': MOST_OF_A_DEVICE} if device else {f'address {address}': MOST_OF_AN_ADDRESS}
    return owners | ({f'page {client_id}': MOST_OF_A_PAGE} if client_id in Client.instances else {})


async def _keep(owner: str, most: int, socket: AsyncSocket) -> None:
    _open[owner][socket.sid] = socket
    while len(_open[owner]) > most:
        oldest = next(iter(_open[owner].values()))
        _let_go(owner, oldest.sid)
        if not oldest.upgraded:  # a WebSocket by now, which counts elsewhere
            await page_sockets.cut_off(oldest)


def _let_go(owner: str, sid: str) -> None:
    _open[owner].pop(sid, None)
    if not _open[owner]:
        _open.pop(owner)
