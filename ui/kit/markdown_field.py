"""A text in Markdown: written, or seen as learners read it."""

from nicegui import ui

from ui.kit.language import _
from ui.kit.markdown import prose

WRITE, READ = 'write', 'read'


class MarkdownField:
    """A field for a longer text; `field` is what is typed into."""

    def __init__(self, label: str, value: str) -> None:
        with ui.element('div').classes('stack-tight') as self.element:
            self.field = ui.textarea(label, value=value).props('outlined autogrow dir=auto')
            self._read = ui.element('div').classes('panel')
            self._read.visible = False
            choice = ui.toggle(
                {WRITE: _('Write'), READ: _('Read')}, value=WRITE, on_change=lambda event: self._show_as(event.value)
            )
            choice.classes('choice').props('flat no-caps')
            choice.props['aria-label'] = _('Write or read: {field}', field=label)

    @property
    def text(self) -> str:
        """What is typed."""
        return self.field.value or ''

    def _show_as(self, way: str) -> None:
        self.field.visible = way == WRITE
        self._read.visible = way == READ
        self._read.clear()
        with self._read:
            prose(self.text or _('*Nothing yet.*'))
