"""The look of Waymark: our style sheet on every page, and its colours by meaning for charts and Quasar."""

from hashlib import sha256
from pathlib import Path

from nicegui import app, ui

STYLE_SHEET = Path(__file__).with_suffix('.css')
ONE_YEAR = 365 * 24 * 60 * 60


def register() -> None:
    """Put our style sheet on every page and tell Quasar our colours.

    The address carries a hash of the content, so that a browser loads the sheet once and never an old one.
    """
    digest = sha256(STYLE_SHEET.read_bytes()).hexdigest()[:12]
    url = app.add_static_file(local_file=STYLE_SHEET, url_path=f'/look/{digest}.css', max_cache_age=ONE_YEAR)
    ui.add_head_html(f'<link rel="stylesheet" href="{url}">', shared=True)


def filled(percent: int) -> str:
    """Classes that fill a ring, a bar or a share to `percent` (0–100)."""
    return f'tens-{percent // 10} units-{percent % 10}'


FAVICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><circle cx='12' cy='12' r='12' fill='#00795b'/>"
    "<path d='M6 12.5l4 4 8-9' fill='none' stroke='white' stroke-width='3' stroke-linecap='round'/></svg>"
)
