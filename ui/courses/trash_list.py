"""What was deleted lately, and the way back: beside the outline of a course, and on the page of all courses."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from services.courses.trash import Deleted, Trashed
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.text import Text, hint
from ui.kit.time_format import ago

Restore = Callable[[Trashed], Awaitable[None]]


class TrashList:
    """A closed list; there is none where nothing was deleted."""

    def __init__(self, title: str, restore: Restore) -> None:
        self._restore = restore
        with ui.element('details').classes('quiet-details') as self._element:
            self._title = title
            self._summary = Text('summary')
            hint(_('Listed for 30 days.'))
            self._list = ui.element('ul').classes('list')
        self._element.visible = False

    def show(self, trashed: Sequence[Trashed]) -> None:
        """Show what can be restored now."""
        self._element.visible = bool(trashed)
        self._summary.set_text(f'{self._title} ({len(trashed)})')
        self._list.clear()
        with self._list:
            for each in trashed:
                self._row(each)

    def _row(self, each: Trashed) -> None:
        with ui.element('li').classes('spread'):
            with ui.element('div'):
                Text('span', each.title).classes('name')
                with ui.element('div').classes('line hint'):
                    Text('span', _described(each))
                    ago(each.deleted_at)
            button = ui.button(_('Restore'), on_click=gesture(partial(self._restore, each))).props('flat no-caps')
            button.classes('button-quiet')
            button.props['aria-label'] = _('Restore: {title}', title=each.title)


def _described(each: Trashed) -> str:
    if each.what is Deleted.CHECKPOINT:
        return _('Step')
    checkpoints = ngettext('{count} step', '{count} steps', each.checkpoints)
    return _('Module with {steps}', steps=checkpoints) if each.what is Deleted.MODULE else checkpoints
