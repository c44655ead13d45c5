"""The outline of a course, to be built and rearranged by hand and by keyboard.

Every gesture is one verb, after which the outline is read again: what is on the screen is what is stored,
however many people and tabs are at work on it.
"""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui
from nicegui.events import GenericEventArguments, SortableEventArguments

from services import checkpoints
from services.checkpoints import Section, Step
from services.core import database
from ui.components.checkpoint_dialog import CheckpointDialog
from ui.components.desk import Desk
from ui.components.outline_module import OutlineModule
from ui.components.outline_rows import StepRow, focus, open_menu
from ui.gestures import gesture

HINT = 'Drag a step by its handle, or press Alt with ↑ or ↓ while it has the focus.'


class OutlineEditor:
    """Modules with their steps."""

    def __init__(self, desk: Desk, sections: Sequence[Section]) -> None:
        self._desk = desk
        self._modules: dict[int, OutlineModule] = {}
        self._rows: dict[int, StepRow] = {}
        self._element = ui.element('div').classes('outline')
        adding = ui.button('Add a module', on_click=gesture(self._add_module)).props('flat no-caps')
        adding.classes('button-quiet outline-add-module')
        self.show(sections)

    async def invite(self) -> None:
        """Open the box for steps where there are none yet."""
        if self._modules and not self._rows:
            await next(iter(self._modules.values())).open_box(first=True)

    def show(self, sections: Sequence[Section]) -> None:
        """Show the outline as it is now; what has not changed is left alone."""
        steps = {step.checkpoint_id: step for section in sections for step in section.steps}
        for checkpoint_id in self._rows.keys() - steps.keys():
            self._rows.pop(checkpoint_id).element.delete()
        for place, section in enumerate(sections):
            module = self._show_module(section, place)
            for index, step in enumerate(section.steps):
                module.put(self._show_step(step, module), index)
        for module_id in self._modules.keys() - {section.module_id for section in sections}:
            self._modules.pop(module_id).element.delete()
        self._modules = {section.module_id: self._modules[section.module_id] for section in sections}

    def _show_module(self, section: Section, place: int) -> OutlineModule:
        if module := self._modules.get(section.module_id):
            module.show(section)
        else:
            module = self._modules[section.module_id] = OutlineModule(section, self._desk, self._element)
            module.more.on('click', gesture(self._for_module(module, self._module_menu)), args=[[]])
            module.steps.make_sortable(
                handle='.grip', group='steps', ghost_class='outline-ghost', on_end=gesture(self._dropped)
            )
        if self._element.default_slot.children[place] is not module.element:
            module.element.move(self._element, place)
        return module

    def _show_step(self, step: Step, module: OutlineModule) -> StepRow:
        if row := self._rows.get(step.checkpoint_id):
            row.show(step)
            return row
        with module.steps:
            row = self._rows[step.checkpoint_id] = StepRow(step)

        async def moved(event: GenericEventArguments) -> None:
            await self._shift(row, -1 if event.args['key'] == 'ArrowUp' else 1)

        row.title.on('click', lambda: CheckpointDialog(self._desk, row.step, on_delete=lambda: self._delete(row)), args=[[]])
        row.more.on('click', lambda: self._step_menu(row), args=[[]])
        row.element.on('keydown.alt.up.down.prevent', gesture(moved), args=[['key']])
        return row
