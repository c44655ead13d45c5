"""The application of the API, built once for all tests that change nothing in it: its routes take long."""

from functools import cache

from fastapi import FastAPI

from api import app
from settings import settings
from web.sub_path import outward


def shared_api() -> FastAPI:
    """Return the application that fits the settings; nobody has asked it for anything yet."""
    shared = _built(settings().api_requests_per_second, outward('/api'))
    for middleware in shared.user_middleware:
        middleware.kwargs['limits'].clear()
    return shared


@cache
def _built(_per_second: int, _address: str) -> FastAPI:
    return app.build()
