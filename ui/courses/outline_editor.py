"""The outline of a course, built and rearranged by hand and by keyboard.

Every gesture is one verb, after which the outline is read again: what is on the screen is what is stored,
however many people and tabs are at work on it.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from nicegui import ui
from nicegui.events import GenericEventArguments

from services.courses.checkpoints import PlacedCheckpoint
from services.courses.outline import Section
from ui.courses.editor_context import Desk
from ui.courses.outline_handlers import CheckpointGestures, Drawn, ModuleGestures
from ui.courses.outline_module import OutlineModule
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.menu import CheckpointRow, opens_menu

AT_A_TIME = 20
"""New rows that are drawn before the loop looks after others; a course may have hundreds."""


class OutlineEditor:
    """Modules with their checkpoints."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._drawn = Drawn()
        self._of_checkpoints = CheckpointGestures(desk, self._drawn)
        self._of_modules = ModuleGestures(desk, self._drawn)
        self._element = ui.element('div').classes('outline')
        adding = ui.button(_('Add a module'), on_click=gesture(self._of_modules.add)).props('flat no-caps')
        adding.classes('button-quiet outline-add-module')

    def invite(self) -> None:
        """Where there are no checkpoints yet, open the box for them, with the cursor in it."""
        if self._drawn.modules and not self._drawn.rows:
            next(iter(self._drawn.modules.values())).open_box(first=True)

    def focus_checkpoint(self, checkpoint_id: int) -> None:
        """Put the focus on a checkpoint, if it is there; it comes into view by that."""
        self._drawn.focus_checkpoint(checkpoint_id)

    async def show(self, sections: Sequence[Section]) -> None:
        """Show the outline as it is now, a part at a time; what has not changed is left alone."""
        rows, modules = self._drawn.rows, self._drawn.modules
        for checkpoint_id in rows.keys() - {
            checkpoint.checkpoint_id for section in sections for checkpoint in section.checkpoints
        }:
            rows.pop(checkpoint_id).element.delete()
        for place, section in enumerate(sections):
            module = self._show_module(section, place)
            for index, checkpoint in enumerate(section.checkpoints):
                is_new = checkpoint.checkpoint_id not in rows
                module.put(self._show_checkpoint(checkpoint, module), index)
                if is_new and len(rows) % AT_A_TIME == 0:
                    await asyncio.sleep(0)
                    if self._element.is_deleted:  # the page was closed meanwhile
                        return
        for module_id in modules.keys() - {section.module_id for section in sections}:
            modules.pop(module_id).element.delete()
        for section in sections:
            modules[section.module_id] = modules.pop(section.module_id)  # in their order

    def _show_module(self, section: Section, place: int) -> OutlineModule:
        module = self._drawn.modules.get(section.module_id)
        if module:
            module.show(section)
        else:
            module = self._drawn.modules[section.module_id] = OutlineModule(section, self._desk, self._element)
            self._listen_to_module(module)
        if self._element.default_slot.children[place] is not module.element:
            module.element.move(self._element, place)
        return module

    def _show_checkpoint(self, checkpoint: PlacedCheckpoint, module: OutlineModule) -> CheckpointRow:
        row = self._drawn.rows.get(checkpoint.checkpoint_id)
        if row:
            row.show(checkpoint)
        else:
            with module.checkpoints:
                row = self._drawn.rows[checkpoint.checkpoint_id] = CheckpointRow(checkpoint)
            self._listen_to_checkpoint(row)
        return row

    def _listen_to_module(self, module: OutlineModule) -> None:
        opens_menu(module.more, lambda: self._of_modules.choices(module))
        dropped = gesture(self._of_checkpoints.dropped)
        module.checkpoints.make_sortable(handle='.grip', group='steps', ghost_class='outline-ghost', on_end=dropped)

    def _listen_to_checkpoint(self, row: CheckpointRow) -> None:
        async def pressed(event: GenericEventArguments) -> None:
            await self._of_checkpoints.shift(row, -1 if event.args['key'] == 'ArrowUp' else 1)

        row.title.on('click', partial(gesture(self._of_checkpoints.open), row), args=[[]])
        opens_menu(row.more, lambda: self._of_checkpoints.choices(row))
        row.element.on('keydown.alt.up.down.prevent', gesture(pressed), args=[['key']])
