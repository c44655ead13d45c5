"""The address of this server, for what is made without anybody's request."""

import ipaddress
import socket
from functools import cache

from services.core import school
from settings import settings

LOCAL = {'localhost', '127.0.0.1', '::1', '0.0.0.0'}  # noqa: S104 - only compared with


def public_url() -> str:
    """Return the address that the settings or an admin have said; empty where nobody has."""
    return school.current().public_url


def standing_address() -> str:
    """Return the address under which this server stays: what is known of it, else this machine in its network."""
    return public_url() or f'http://{own_address() or "localhost"}:{settings().port}'


@cache
def own_address() -> str | None:
    """Return this machine's address in its network; choosing a route for it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(('192.0.2.1', 9))  # an address that is reserved for documentation
            own = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if own in LOCAL else own


def network_of(address: str) -> str:
    """Return what stands for one place in the network: an IPv4 address, or the /64 that an IPv6 host owns in full."""
    try:
        parsed = ipaddress.ip_address(address.partition('%')[0])
    except ValueError:
        return address[:45]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
