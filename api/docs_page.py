"""The page that shows the document. All that it loads comes from here, with the package that brings Swagger UI."""

from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

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
    """Show the document of an application at `/docs`."""
    app.mount('/docs/assets', Assets(directory=str(files('fastapi_offline') / 'static')))

    @app.get('/docs', include_in_schema=False)
    async def show() -> HTMLResponse:
        return get_swagger_ui_html(
            title='Waymark for programs',
            openapi_url='openapi.json',
            swagger_js_url='docs/assets/swagger-ui-bundle.js',
            swagger_css_url='docs/assets/swagger-ui.css',
            swagger_favicon_url=outward('/favicon.ico'),
            swagger_ui_parameters={'validatorUrl': 'none', 'defaultModelsExpandDepth': -1},
        )
