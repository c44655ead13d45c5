"""Longer texts, written as Markdown by people."""

from nicegui import background_tasks, ui

from services.content.prose import is_ready, prepare, prose_html


def prose(text: str, *, keep_lines: bool = False) -> ui.html:
    """Draw Markdown. A long text that the page has not prepared is drawn as it was written until it is laid out."""
    drawn = ui.html(prose_html(text, keep_lines=keep_lines), sanitize=False).classes('prose').props('dir=auto')
    if not is_ready(text, keep_lines=keep_lines):
        background_tasks.create(_lay_out(drawn, text, keep_lines=keep_lines))
    return drawn


async def _lay_out(drawn: ui.html, text: str, *, keep_lines: bool) -> None:
    await prepare(text, keep_lines=keep_lines)
    if not drawn.is_deleted:
        drawn.set_content(prose_html(text, keep_lines=keep_lines))
