"""The application that is served under `/api`."""

from fastapi import FastAPI

from api import errors
from api.front import Front
from api.limits import Limits
from api.routes import auth, courses
from settings import settings

AT_ONCE = 5
"""How many seconds' worth of requests one may send all at once."""


def build() -> FastAPI:
    """Put the application together."""
    app = FastAPI(
        title='Waymark',
        version='1',
        description='Everything that a page can do, a program can do.',
        docs_url=None,
        redoc_url=None,
        responses=errors.RESPONSES,
        redirect_slashes=False,
    )
    errors.install(app)
    for router in (auth.router, courses.router):
        app.include_router(router)
    per_second = settings().api_requests_per_second
    app.add_middleware(Front, limits=Limits(per_second=per_second, at_once=per_second * AT_ONCE))
    return app
