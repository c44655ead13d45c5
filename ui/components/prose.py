"""Longer texts, written as Markdown by people."""

from nicegui import ui

from services.content.prose import prose_html


def prose(text: str) -> ui.html:
    """Draw Markdown."""
    return ui.html(prose_html(text), sanitize=False).classes('prose').props('dir=auto')
