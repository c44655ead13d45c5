"""What watches the server asks for: whether it works, whether it takes people, and how it is doing."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator

from fastapi import Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from nicegui import Client
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services import gauges
from services.core import database, metrics
from services.core.errors import DomainError
from services.core.program import version
from settings import settings

MOST_WAITING = 5.0
"""seconds that a write may wait before no more people are sent here"""

is_ending: Callable[[], bool] = lambda: False  # noqa: E731 - replaced by the program that ends the server
"""whether this process was told to end"""


async def health(request: Request) -> JSONResponse:
    """Tell a watchdog whether the server works, database included; and `check` whether a proxy is believed."""
    if database.is_stuck():
        return JSONResponse({'status': 'writes are not answered'}, status_code=503)
    if await database.answers():
        return JSONResponse({'status': 'ok', 'version': version(), 'proxy': _proxy(request)})
    return JSONResponse({'status': 'the database does not answer'}, status_code=503)


def _proxy(request: Request) -> str:
    """Return whether a proxy says who asks, and whether that is believed: only of those in `TRUSTED_PROXIES`."""
    said = request.headers.get('x-forwarded-for', '')
    if not said:
        return 'none'
    address = request.client.host if request.client else ''
    return 'believed' if address in re.split(r'[\s,]+', said) else 'not believed'


async def ready(request: Request) -> JSONResponse:
    """Tell a proxy whether to send people here: not to a process that ends, and not where writes wait for seconds."""
    if is_ending():
        return JSONResponse({'status': 'ending'}, status_code=503)
    if database.waiting_for() > MOST_WAITING:
        return JSONResponse({'status': 'busy'}, status_code=503)
    return await health(request)


async def show_metrics(request: Request) -> Response:
    """Give Prometheus what this process has counted and what the database says; 404 without the token."""
    wanted = settings().metrics_token
    given = request.headers.get('authorization', '').removeprefix('Bearer ')
    if not wanted or not secrets.compare_digest(given.encode(), wanted.encode()):
        return PlainTextResponse('There is nothing here.', 404)
    read = CollectorRegistry()
    try:
        read.register(_Read([_pages(), *await database.read(gauges.of_database)]))
    except DomainError:  # what this process has counted says why the database does not answer
        read.register(_Read([_pages()]))
    return Response(generate_latest(metrics.registry) + generate_latest(read), media_type=CONTENT_TYPE_LATEST)


def _pages() -> GaugeMetricFamily:
    """Count the pages that are connected now, by their route."""
    pages = GaugeMetricFamily('waymark_connected_pages', 'Pages that are connected now.', labels=['page'])
    connected = (client.page.path for client in Client.instances.values() if client.has_socket_connection)
    for path, count in Counter(connected).items():
        pages.add_metric([path], count)
    return pages


class _Read(Collector):
    """Gauges that were read already."""

    def __init__(self, found: list[GaugeMetricFamily]) -> None:
        self._found = found

    def collect(self) -> Iterator[Metric]:
        """Return them."""
        yield from self._found
