"""Waymark among the apps of a phone: a manifest with its name, and icons that a system may cut to its own shape."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256

import typst
from fastapi.responses import JSONResponse, Response
from nicegui import app, ui

from web.sub_path import outward, outward_html

MANIFEST = '/app.webmanifest'
SIZES = 180, 192, 512
"""px: Apple's own, and the two that others ask for"""
GREEN = '#00795b'
ICON = (
    f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><rect width='24' height='24' fill='{GREEN}'/>"
    "<path d='M7 12.4l3.4 3.4 6.6-7.4' fill='none' stroke='white' stroke-width='2.6' stroke-linecap='round'/></svg>"
)
"""The tick in the inner four fifths, because a system cuts corners and edges off."""
DRAWING = f'#set page(width: 72pt, height: 72pt, margin: 0pt)\n#image(bytes("{ICON}"), format: "svg", width: 100%)'


def register() -> None:
    """Offer the manifest and the icons on every page."""
    for size in SIZES:
        app.add_api_route(address(size), _icon(size), include_in_schema=False)
    app.add_api_route(MANIFEST, _manifest, include_in_schema=False)
    ui.add_head_html(
        outward_html(f'<link rel="manifest" href="{MANIFEST}"><link rel="apple-touch-icon" href="{address(180)}">'),
        shared=True,
    )


def address(size: int) -> str:
    """Return where the icon of so many pixels is; it changes with the picture."""
    return f'/look/{sha256(ICON.encode()).hexdigest()[:12]}-{size}.png'


@cache
def picture(size: int) -> bytes:
    """Return the icon as PNG, so many pixels wide and high."""
    return typst.compile(DRAWING.encode(), format='png', ppi=size)


def _icon(size: int) -> Callable[[], Response]:
    def icon() -> Response:
        return Response(picture(size), media_type='image/png')

    return icon


def _manifest() -> Response:
    return JSONResponse(
        {
            'name': 'Waymark',
            'short_name': 'Waymark',
            'start_url': outward('/'),
            'scope': outward('/'),
            'display': 'standalone',
            'background_color': '#ffffff',
            'theme_color': GREEN,
            'icons': [
                {'src': outward(address(size)), 'sizes': f'{size}x{size}', 'type': 'image/png', 'purpose': purpose}
                for size in SIZES[1:]
                for purpose in ('any', 'maskable')
            ],
        },
        media_type='application/manifest+json',
    )
