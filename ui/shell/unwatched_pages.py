"""Pages whose socket never came are not kept in any number.

A page is built when its address is asked for, and kept for a minute, in case its browser opens the socket. A client
that only asks fills the memory with pages, and the collector has to walk through all of them. So of each device and of
each address only some wait for their socket, and the oldest of more than that go at once. A browser that comes for such
a page is told to load it anew, as after a pause of the network.
"""

import time
from collections import OrderedDict, defaultdict
from functools import partial

from nicegui import Client

from services.access import Actor
from ui.shell.request import address_of

MOST_OF_A_DEVICE = 30
"""pages of one device that is signed in; a browser that opens all its tabs again opens their sockets at once, too"""
MOST_OF_AN_ADDRESS = 300
"""pages of nobody from one address, which may be a whole school"""
SOON = 10.0
"""Seconds in which pages are built, and a school that arrives at once opens its sockets; younger pages stay."""

_waiting: defaultdict[str, OrderedDict[str, tuple[Client, float]]] = defaultdict(OrderedDict)


def wait_for_socket(client: Client, actor: Actor | None) -> None:
    """Keep a new page, and delete the oldest of those for whose sockets its device or address has let us wait."""
    key = f'device {actor.sign_in_id}' if actor else f'address {address_of(client.request)}'
    most = MOST_OF_A_DEVICE if actor else MOST_OF_AN_ADDRESS
    waiting, now = _waiting[key], time.monotonic()
    waiting[client.id] = client, now
    forget = partial(_forget, key, client.id)
    client.on_connect(forget)
    client.on_delete(forget)
    while len(waiting) > most:
        oldest, since = next(iter(waiting.values()))
        if now - since < SOON:
            break
        _forget(key, oldest.id)
        if oldest.id in Client.instances:
            oldest.delete()


def _forget(key: str, client_id: str) -> None:
    waiting = _waiting.get(key, OrderedDict())
    waiting.pop(client_id, None)
    if not waiting:
        _waiting.pop(key, None)
