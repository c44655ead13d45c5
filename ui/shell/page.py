"""How a page is declared: one route, the visitor resolved once, and every refusal a page with a sentence."""

import inspect
import json
from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from nicegui import ui

from services.core import server_log
from services.core.errors import DomainError, NotSignedIn
from ui.kit import time_format
from ui.kit.language import _, reading, remember, say
from ui.kit.nicegui_patches import keep_request, route
from ui.shell import open_pages, unwatched_pages
from ui.shell.frame import error_page
from ui.shell.new_account import greet
from ui.shell.request import visit_of
from web.status import status_of

RECONNECT_TIMEOUT = 30.0
"""How long a page is kept for a browser whose connection is gone."""

RESPONSE_TIMEOUT = 30.0
"""A whole class arrives at once; nobody is sent away because they are the hundredth."""

Build = Callable[..., Awaitable[Response | None]]


def page(path: str, *, title: str) -> Callable[[Build], Build]:
    """Declare a page. Its function takes a `Visit` and the parameters of the path."""

    def declare(build: Build) -> Build:
        @wraps(build)
        async def visited(request: Request, **parameters: object) -> Response | None:
            server_log.begin_request()
            client = ui.context.client
            try:
                visit = await visit_of(keep_request(client), open_pages.of_what(parameters))
                time_format.read_by(visit.actor)
                remember(visit.language)
                unwatched_pages.wait_for_socket(client, visit.actor)
                open_pages.follow(client, visit.actor, visit.seat)
                with reading(visit.language):
                    ui.page_title(_named(_(title)))
                    ui.add_head_html(_offline_sentence())
                    response = await build(visit, **parameters)
                    greet(visit)
                if visit.problem:
                    ui.status_code(visit.problem.status)
                if response is not None:
                    client.delete()  # nobody sees this page
                return response
            except NotSignedIn:
                client.delete()
                return RedirectResponse(f'/sign-in?next={quote(request.url.path)}', status_code=303)
            except DomainError as error:
                error_page(status_of(error), say(error))
            except Exception as error:  # noqa: BLE001 - nobody sees a traceback
                server_log.write_problem('page failed', error, path=request.url.path)
                error_page(500, _('Something went wrong on our side. What was saved is safe; try again.'))
            return None

        _visit, *of_path = inspect.signature(build).parameters.values()
        ui.page(
            path,
            title=_named(title),
            reconnect_timeout=RECONNECT_TIMEOUT,
            response_timeout=RESPONSE_TIMEOUT,
        )(route(visited, of_path))
        return build

    return declare


def _named(title: str) -> str:
    return f'{title} · Waymark'


def _offline_sentence() -> str:
    """Return the sentence that the style sheet shows while there is no connection, in the reader's language."""
    sentence = json.dumps(_('The connection is gone. What says saved is safe; go on when it is back.'))
    return f'<style>body {{ --sentence-lost: {sentence} }}</style>'
