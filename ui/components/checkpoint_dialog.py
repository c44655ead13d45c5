"""Everything that can be said about one step, in one dialog."""

from nicegui import ui

from services import checkpoints
from services.checkpoints import Details, Step
from services.core.errors import Invalid
from ui.address import public_address
from ui.components import moments
from ui.components.copy_link import copy_link
from ui.components.desk import Desk
from ui.components.prose import prose
from ui.components.text import Text, hint
from ui.gestures import gesture

WRITE, READ = 'Write', 'Read'


class CheckpointDialog:
    """One dialog for all steps; `open` fills it afresh."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._step: Step | None = None
        with ui.dialog().props('no-backdrop-dismiss aria-label="Edit the step"') as self._dialog:
            self._card = ui.card().classes('dialog-wide')

    def open(self, step: Step) -> None:
        """Open a step."""
        self._step = step
        details = step.details
        self._card.clear()
        with self._card:
            Text('h2', 'Step').classes('heading')
            self._title = ui.input('Title', value=details.title).props('outlined autofocus dir=auto')
            self._draw_description(details.description)
            with ui.element('div').classes('field-row'):
                self._minutes = ui.number('Minutes', value=details.estimated_minutes, min=1, precision=0)
                self._minutes.props('outlined inputmode=numeric')
                self._due = ui.input('Due', value=moments.typed(details.due_at))
                self._due.props(f'outlined stack-label clearable type=datetime-local hint="{moments.zone()} time"')
            self._tags = ui.input('Tags', value=', '.join(details.tags)).props('outlined dir=auto')
            self._tags.props['hint'] = 'Words for what is learnt here, with commas between them.'
            self._draw_preview(step)
            with ui.element('div').classes('dialog-actions'):
                ui.button('Save', on_click=gesture(self._save)).props('flat no-caps').classes('button-primary')
                cancel = ui.button('Cancel', on_click=self._dialog.close).props('flat no-caps')
                cancel.classes('button-quiet button-bare')
        self._dialog.open()

    def _draw_description(self, description: str) -> None:
        with ui.element('div').classes('stack-tight'):
            self._description = ui.textarea('What to do', value=description).props('outlined autogrow dir=auto')
            self._read = ui.element('div').classes('panel')
            self._read.visible = False
            choice = ui.toggle([WRITE, READ], value=WRITE, on_change=lambda event: self._show_as(event.value))
            choice.classes('choice').props('flat no-caps aria-label="Write or read the description"')

    def _show_as(self, way: str) -> None:
        """Show the description as Markdown to be written, or as learners read it."""
        self._description.visible = way == WRITE
        self._read.visible = way == READ
        self._read.clear()
        with self._read:
            prose(self._description.value or '*Nothing yet.*')

    def _draw_preview(self, step: Step) -> None:
        with ui.element('div').classes('stack-tight'):
            self._is_preview = ui.switch('Preview', value=step.details.is_preview)
            with ui.element('div').classes('stack-tight') as shown:
                hint('Anyone with this link may read the step, without joining. A preview is never marked or counted.')
                request = self._desk.request
                copy_link(request, f'{public_address(request)}/preview/{step.checkpoint_id}')
            shown.bind_visibility_from(self._is_preview, 'value')

    async def _save(self) -> None:
        if self._step is None:
            return
        for field in (self._title, self._description, self._minutes, self._tags):
            field.error = None
        try:
            await self._desk.change(checkpoints.edit, self._step.checkpoint_id, self._typed())
        except Invalid as refusal:
            self._complain(refusal)
        else:
            self._dialog.close()
            self._desk.say('Saved')

    def _typed(self) -> Details:
        minutes = self._minutes.value
        return Details(
            title=self._title.value or '',
            description=self._description.value or '',
            estimated_minutes=None if minutes is None else int(minutes),
            due_at=moments.read_typed(self._due.value),
            tags=tuple((self._tags.value or '').split(',')),
            is_preview=bool(self._is_preview.value),
        )

    def _complain(self, refusal: Invalid) -> None:
        about: dict[str, ui.input | ui.number] = {
            'description': self._description,
            'estimated_minutes': self._minutes,
            'tags': self._tags,
        }
        field = about.get(refusal.field) or self._title
        field.error = str(refusal)
        field.run_method('focus')
