"""The address under which others reach this server."""

from fastapi import Request

from services.core.server_address import LOCAL, own_address, public_url
from settings import settings


def public_address(request: Request) -> str:
    """Return the address that phones in the room can open, without a slash at the end.

    What the settings or an admin say; else what the instructor's browser used; and if that was "localhost", which no
    phone can reach, the address of this machine in its network.
    """
    if known := public_url():
        return known
    url = request.url
    host = url.hostname or 'localhost'
    if host in LOCAL and settings().host in {'0.0.0.0', '::'} and (own := own_address()):  # noqa: S104
        host = own
    host = f'[{host}]' if ':' in host else host
    return f'{url.scheme}://{host}' + (f':{url.port}' if url.port else '')
