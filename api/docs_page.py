"""The document, and the page that shows it. All that it loads comes from here, with the package of Swagger UI."""

import asyncio
from importlib.resources import files
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from services.core import threads
from web.sub_path import outward

FOR_A_DAY = 'public, max-age=86400'


class Assets(StaticFiles):
    """Files that browsers may keep for a while."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file."""
        response = super().file_response(*args, **kwargs)
        response.headers['cache-control'] = FOR_A_DAY
        return response


def install(app: FastAPI) -> None:
    """Send the document of an application at `/openapi.json` and show it at `/docs`.

    It is made when it is first asked for, beside the event loop: that takes a second, and few ask.
    """
    one_at_a_time = asyncio.Lock()
    made = b''

    @app.get('/openapi.json', include_in_schema=False)
    async def send() -> Response:
        nonlocal made
        async with one_at_a_time:
            made = made or await threads.shared.run(lambda: orjson.dumps(app.openapi()))
        return Response(made, media_type='application/json')

    app.mount('/docs/assets', Assets(directory=str(files('fastapi_offline') / 'static')))

    @app.get('/docs', include_in_schema=False)
    async def show() -> HTMLResponse:
        return get_swagger_ui_html(
            title='Waymark for programs',
            openapi_url='openapi.json',
            swagger_js_url='docs/assets/swagger-ui-bundle.js',
            swagger_css_url='docs/assets/swagger-ui.css',
            swagger_favicon_url=outward('/favicon.ico'),
            # two hundred addresses at once take a browser seconds to draw; by subject they are found as well
            swagger_ui_parameters={'validatorUrl': 'none', 'defaultModelsExpandDepth': -1, 'docExpansion': 'none'},
        )
