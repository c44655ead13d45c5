"""What can be done to the checkpoints and modules of an outline: moved, deleted, brought back.

Whatever moves keeps the focus, so that a keyboard can go on where it was.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from nicegui import ui
from nicegui.events import SortableEventArguments

from services.core.errors import NotFound
from services.courses import checkpoints, modules
from services.enums import CheckpointKind
from ui.courses.checkpoint_dialog import CheckpointDialog
from ui.courses.editor_context import Desk, quiz_address
from ui.courses.outline_module import OutlineModule
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.menu import CheckpointRow, Choice, focus


@dataclass(slots=True)
class Drawn:
    """What of an outline is on the screen, modules in their order."""

    modules: dict[int, OutlineModule] = field(default_factory=dict)
    rows: dict[int, CheckpointRow] = field(default_factory=dict)

    def module_of(self, row: CheckpointRow) -> OutlineModule:
        """Return where a checkpoint is; raises `NotFound` if somebody has deleted it meanwhile."""
        if self.rows.get(row.checkpoint.checkpoint_id) is not row:
            raise NotFound('This step is gone. Somebody may have deleted it.')
        return self.modules[row.checkpoint.module_id]

    def focus_checkpoint(self, checkpoint_id: int) -> None:
        """Put the focus on a checkpoint, if it is there."""
        if row := self.rows.get(checkpoint_id):
            focus(row.title)

    def focus_module(self, module_id: int) -> None:
        """Put the focus on what can be done with a module, if it is there."""
        if module := self.modules.get(module_id):
            focus(module.more)


class CheckpointGestures:
    """What can be done to a checkpoint."""

    def __init__(self, desk: Desk, drawn: Drawn) -> None:
        self._desk = desk
        self._drawn = drawn
        self._dialog = CheckpointDialog(desk)
        self._one_at_a_time = asyncio.Lock()

    async def open(self, row: CheckpointRow) -> None:
        """Open a checkpoint to edit it."""
        await self._dialog.open(row.checkpoint)

    def choices(self, row: CheckpointRow) -> list[Choice]:
        """Return what the menu of a checkpoint offers."""

        others = [module for key, module in self._drawn.modules.items() if key != row.checkpoint.module_id]
        return [
            (_('Edit'), partial(gesture(self.open), row)),
            *self._of_kind(row),
            (_('Move up'), partial(gesture(self.shift), row, -1)),
            (_('Move down'), partial(gesture(self.shift), row, 1)),
            *(
                (_('Move to {module}', module=other.section.title), partial(gesture(self._put_last), row, other))
                for other in others
            ),
            (_('Delete'), partial(gesture(self.delete), row)),
        ]

    def _of_kind(self, row: CheckpointRow) -> list[Choice]:
        """Return where a quiz or an assignment leads to, beside its settings."""
        course_id, checkpoint_id = self._desk.course_id, row.checkpoint.checkpoint_id
        if row.checkpoint.details.kind is CheckpointKind.ASSIGNMENT:
            address = f'/courses/{course_id}/assignments/{checkpoint_id}'
            return [(_('What was handed in'), partial(ui.navigate.to, address))]
        if row.checkpoint.details.kind is CheckpointKind.QUIZ:
            address = quiz_address(course_id, checkpoint_id)
            return [
                (_('Questions and rules'), partial(ui.navigate.to, address)),
                (_('Results'), partial(ui.navigate.to, f'{address}/results')),
            ]
        return []

    async def shift(self, row: CheckpointRow, by: int) -> None:
        """Move a checkpoint up or down by one, at the edge of its module into the next; a key held down moves it on."""
        async with self._one_at_a_time:
            await self._shift(row, by)

    async def _shift(self, row: CheckpointRow, by: int) -> None:
        modules = list(self._drawn.modules.values())
        module = self._drawn.module_of(row)
        index = module.place_of(row) + by
        if 0 <= index < len(module.section.checkpoints):
            await self._move(row, module, index)
            return
        neighbour = modules.index(module) + by
        if 0 <= neighbour < len(modules):
            await self._move(row, modules[neighbour], len(modules[neighbour].section.checkpoints) if by < 0 else 0)
        else:
            self._desk.say(_('This is the first step already') if by < 0 else _('This is the last step already'))

    async def dropped(self, event: SortableEventArguments) -> None:
        """Keep what was moved by dragging."""
        rows = [row for row in self._drawn.rows.values() if row.element is event.item]
        modules = [module for module in self._drawn.modules.values() if module.checkpoints is event.target]
        if rows and modules:
            await self._move(rows[0], modules[0], event.new_index)

    async def _put_last(self, row: CheckpointRow, module: OutlineModule) -> None:
        await self._move(row, module, len(module.section.checkpoints))

    async def _move(self, row: CheckpointRow, module: OutlineModule, index: int) -> None:
        target = module.section.module_id
        await self._desk.change(checkpoints.move, row.checkpoint.checkpoint_id, module_id=target, index=index)
        module = self._drawn.module_of(row)
        self._desk.say(
            _(
                'Moved “{step}”: now {place} of {count} in {module}',
                step=row.checkpoint.details.title,
                place=module.place_of(row) + 1,
                count=len(module.section.checkpoints),
                module=module.section.title,
            )
        )
        focus(row.title)

    async def delete(self, row: CheckpointRow) -> None:
        """Delete a checkpoint; the bar at the bottom brings it back."""
        checkpoint_id, module = row.checkpoint.checkpoint_id, self._drawn.module_of(row)

        async def undo() -> None:
            await self._desk.change(checkpoints.restore, checkpoint_id)
            self._drawn.focus_checkpoint(checkpoint_id)

        index = module.place_of(row)
        await self._desk.change(checkpoints.delete, checkpoint_id)
        self._desk.snackbar.show(_('“{title}” is deleted.', title=row.checkpoint.details.title), undo)
        if left := module.section.checkpoints:
            self._drawn.focus_checkpoint(left[min(index, len(left) - 1)].checkpoint_id)
        else:
            self._drawn.focus_module(module.section.module_id)


class ModuleGestures:
    """What can be done to a module."""

    def __init__(self, desk: Desk, drawn: Drawn) -> None:
        self._desk = desk
        self._drawn = drawn

    def choices(self, module: OutlineModule) -> list[Choice]:
        """Return what the menu of a module offers."""
        index, last = list(self._drawn.modules.values()).index(module), len(self._drawn.modules) - 1
        up = (_('Move up'), partial(gesture(self._move), module, index - 1))
        down = (_('Move down'), partial(gesture(self._move), module, index + 1))
        delete = (_('Delete module'), partial(gesture(self._delete), module))
        return [*([up] if index > 0 else []), *([down] if index < last else []), delete]

    async def add(self) -> None:
        """Add a module at the end, with the cursor in its title."""
        title = _('Module {number}', number=len(self._drawn.modules) + 1)
        added = await self._desk.change(modules.add, self._desk.course_id, title=title)
        if module := self._drawn.modules.get(added):
            module.title.field.run_method('select')

    async def _move(self, module: OutlineModule, index: int) -> None:
        await self._desk.change(modules.move, module.section.module_id, index=index)
        self._desk.say(_('Moved “{title}”', title=module.section.title))
        self._drawn.focus_module(module.section.module_id)

    async def _delete(self, module: OutlineModule) -> None:
        async def undo() -> None:
            await self._desk.change(modules.restore, module.section.module_id)
            self._drawn.focus_module(module.section.module_id)

        await self._desk.change(modules.delete, module.section.module_id)
        self._desk.snackbar.show(_deleted(module.section.title, len(module.section.checkpoints)), undo)


def _deleted(title: str, checkpoints: int) -> str:
    """Say that a module is deleted, and how many checkpoints with it."""
    if not checkpoints:
        return _('“{title}” is deleted.', title=title)
    return ngettext(
        '“{title}” is deleted with its step.', '“{title}” is deleted with its {count} steps.', checkpoints, title=title
    )
