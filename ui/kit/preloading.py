"""What a page needs is loaded beside the page itself, not only once a script that has arrived asks for it."""

from nicegui import __version__, dependencies, ui

from web.sub_path import outward_html

OF_ALL_PAGES = 'static/dompurify.mjs'
OF_COMPONENTS = 'static/utils/dynamic_properties.js'
"""what the elements of charts and of grids are made with"""


def register() -> None:
    """Let browsers load what NiceGUI's own script of each page asks for."""
    ui.add_head_html(_preload(OF_ALL_PAGES), shared=True)


def begin_loading(library: str) -> None:
    """Let the browser load a library of NiceGUI's elements now, by its name in the import map."""
    keys = [key for key, module in dependencies.esm_modules.items() if module.name == library]
    client = ui.context.client
    if not keys or client.has_socket_connection:
        return
    for path in *(f'esm/{key}/index.js' for key in keys), OF_COMPONENTS:
        link = _preload(path)
        if link not in client.head_html:
            ui.add_head_html(link)


def _preload(path: str) -> str:
    return outward_html(f'<link rel="modulepreload" href="/_nicegui/{__version__}/{path}">')
