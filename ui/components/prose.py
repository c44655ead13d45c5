"""Longer texts, written as Markdown by people and cleaned here before a browser sees them."""

from functools import lru_cache

import nh3
from markdown2 import markdown
from nicegui import ui


def prose(text: str) -> ui.html:
    """Draw Markdown."""
    return ui.html(prose_html(text), sanitize=False).classes('prose').props('dir=auto')


@lru_cache(maxsize=1000)
def prose_html(text: str) -> str:
    """Return Markdown as HTML; whatever could do something instead of being read is taken out."""
    return nh3.clean(markdown(text, extras=['break-on-newline', 'cuddled-lists', 'fenced-code-blocks', 'tables']))
