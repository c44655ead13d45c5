"""The pages, declared once for all tests of a worker: their hundred routes take longer than most tests do with them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nicegui import Client, app
from starlette.routing import BaseRoute


@dataclass(slots=True)
class DeclaredPages:
    """The routes of all pages, and which function draws which; NiceGUI forgets both between two tests."""

    _routes: list[BaseRoute] = field(default_factory=list)
    _drawn: dict[Callable[..., Any], str] = field(default_factory=dict)

    def declare(self, register: Callable[[], None]) -> None:
        """Declare the pages with `register` the first time, and bring the same ones from then on."""
        if self._routes:
            app.router.routes += self._routes
            Client.page_routes.update(self._drawn)
            return
        others = {id(route) for route in app.router.routes}
        register()
        self._routes = [route for route in app.router.routes if id(route) not in others]
        self._drawn = dict(Client.page_routes)
