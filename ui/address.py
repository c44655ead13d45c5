"""The address under which others reach this server."""

import socket
from functools import cache

from fastapi import Request

from settings import settings

LOCAL = {'localhost', '127.0.0.1', '::1', '0.0.0.0'}  # noqa: S104 - only compared with


def public_address(request: Request) -> str:
    """Return the address that phones in the room can open, without a slash at the end.

    What the settings say; else what the instructor's browser used; and if that was "localhost", which no
    phone can reach, the address of this machine in its network.
    """
    if settings().public_url:
        return settings().public_url
    url = request.url
    host = url.hostname or 'localhost'
    if host in LOCAL and settings().host in {'0.0.0.0', '::'} and (own := _own_address()):  # noqa: S104
        host = own
    host = f'[{host}]' if ':' in host else host
    return f'{url.scheme}://{host}' + (f':{url.port}' if url.port else '')


@cache
def _own_address() -> str | None:
    """Return this machine's address in its network; choosing a route for it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(('192.0.2.1', 9))  # an address that is reserved for documentation
            own = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if own in LOCAL else own
