"""One module of an outline: its title, its checkpoints, and where new checkpoints are typed."""

from nicegui import ui
from nicegui.element import Element

from services.courses import checkpoints, modules
from services.courses.outline import Section
from ui.courses.editor_context import Desk
from ui.courses.paste_box import PasteBox
from ui.kit.editable import Editable
from ui.kit.language import _, ngettext
from ui.kit.menu import CheckpointList, CheckpointRow, more_button


class OutlineModule:
    """One module; the outline that it belongs to keeps its rows in order."""

    def __init__(self, section: Section, desk: Desk, place: Element) -> None:
        self.section = section
        self._desk = desk
        self._box: PasteBox | None = None
        with place, ui.element('section').classes('outline-module') as self.element:
            with ui.element('div').classes('outline-head'):
                self.title = Editable(_('Title of the module'), section.title, self._rename, look='editable-heading')
                self.more = more_button()
            self.description = Editable(
                _('Description of {module}', module=section.title),
                section.description,
                self._describe,
                placeholder=_('Add a description'),
                lines=True,
            )
            self.checkpoints = CheckpointList()
            self._place = ui.element('div')
            self._adding = ui.button(_('Add steps'), on_click=lambda: self.open_box()).props('flat no-caps')
            self._adding.classes('button-quiet button-bare outline-add')
        self.show(section)

    def show(self, section: Section) -> None:
        """Show the module as it is now, apart from its checkpoints."""
        self.section = section
        self.title.show(section.title)
        self.description.show(section.description)
        self.description.field.props['aria-label'] = _('Description of {module}', module=section.title)
        self.element.props['aria-label'] = section.title
        self.more.props['aria-label'] = _('More for {title}', title=section.title)
        self._adding.props['aria-label'] = _('Add steps to {module}', module=section.title)

    def put(self, row: CheckpointRow, index: int) -> None:
        """Put a row in its place."""
        children = self.checkpoints.default_slot.children
        if index >= len(children) or children[index] is not row.element:
            row.element.move(self.checkpoints, index)

    def place_of(self, row: CheckpointRow) -> int:
        """Return where a row stands, counted from 0."""
        return [checkpoint.checkpoint_id for checkpoint in self.section.checkpoints].index(row.checkpoint.checkpoint_id)

    def open_box(self, *, first: bool = False) -> None:
        """Open the box into which checkpoints are pasted, with the cursor in it."""
        if self._box and self._box.is_open:
            self._box.focus()
        else:
            self._box = PasteBox(self._place, self.section.title, self._add, first=first)

    async def _add(self, lines: str) -> None:
        added = await self._desk.change(checkpoints.add, self.section.module_id, lines=lines)
        self._desk.say(ngettext('{count} step added', '{count} steps added', len(added)))

    async def _rename(self, title: str) -> None:
        await self._desk.change(modules.edit, self.section.module_id, title=title)
        self._desk.say(_('Saved'))

    async def _describe(self, description: str) -> None:
        await self._desk.change(modules.edit, self.section.module_id, description=description)
        self._desk.say(_('Saved'))
