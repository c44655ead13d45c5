"""Longer texts, written as Markdown by people and cleaned here before a browser sees them."""

import nh3
from nicegui import ui


def prose(markdown: str) -> ui.markdown:
    """Draw Markdown; whatever could do something instead of being read is taken out."""
    return ui.markdown(markdown, sanitize=nh3.clean).classes('prose').props('dir=auto')
