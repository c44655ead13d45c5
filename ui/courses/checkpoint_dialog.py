"""Everything that can be said about one checkpoint, in one dialog."""

from nicegui import ui

from services.core.errors import Invalid
from services.courses import checkpoints
from services.courses.checkpoints import Details, PlacedCheckpoint
from ui.courses.checkpoint_content import CheckpointContent
from ui.courses.editor_context import Desk
from ui.kit import time_format
from ui.kit.copy_link import copy_link
from ui.kit.handlers import gesture, tell_problem
from ui.kit.language import _, say
from ui.kit.markdown_field import MarkdownField
from ui.kit.text import Text, hint, named
from ui.shell.address import public_address


class CheckpointDialog:
    """One dialog for all checkpoints; `open` fills it afresh."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checkpoint: PlacedCheckpoint | None = None
        with named(ui.dialog().props('no-backdrop-dismiss'), _('Edit the step')) as self._dialog:
            self._card = ui.card().classes('dialog-wide')

    async def open(self, checkpoint: PlacedCheckpoint) -> None:
        """Open a checkpoint."""
        self._checkpoint = checkpoint
        details = checkpoint.details
        self._card.clear()
        with self._card:
            Text('h2', _('Step')).classes('heading')
            self._title = ui.input(_('Title'), value=details.title).props('outlined autofocus dir=auto')
            self._content = CheckpointContent(self._desk, checkpoint)
            self._description = MarkdownField(_('What to do'), details.description)
            with ui.element('div').classes('field-row'):
                self._minutes = ui.number(_('Minutes'), value=details.estimated_minutes, min=1, precision=0)
                self._minutes.props('outlined inputmode=numeric')
                self._due = ui.input(_('Due'), value=time_format.typed(details.due_at))
                self._due.props('outlined stack-label clearable type=datetime-local')
                if zone := time_format.foreign():
                    self._due.props['hint'] = _('in the time of {zone}', zone=zone)
            self._tags = ui.input(_('Tags'), value=', '.join(details.tags)).props('outlined dir=auto')
            self._tags.props['hint'] = _('Words for what is learnt here, with commas between them.')
            self._draw_preview(checkpoint)
            with ui.element('div').classes('dialog-actions'):
                ui.button(_('Save'), on_click=gesture(self._save)).props('flat no-caps').classes('button-primary')
                cancel = ui.button(_('Cancel'), on_click=self._dialog.close).props('flat no-caps')
                cancel.classes('button-quiet button-bare')
        await self._content.load()
        self._dialog.open()

    def _draw_preview(self, checkpoint: PlacedCheckpoint) -> None:
        with ui.element('div').classes('stack-tight'):
            self._is_preview = ui.switch(_('Open to anyone with the link'), value=checkpoint.details.is_preview)
            hint(_('A preview: it is read without joining, and never marked or counted.'))
            with ui.element('div').classes('stack-tight') as shown:
                request = self._desk.request
                copy_link(request, f'{public_address(request)}/preview/{checkpoint.checkpoint_id}')
            shown.bind_visibility_from(self._is_preview, 'value')

    async def _save(self) -> None:
        if self._checkpoint is None:
            return
        for field in self._fields().values():
            field.error = None
        if self._content.is_busy:
            tell_problem(_('A file is still on its way. Wait until it is here, or stop it first.'))
            return
        try:
            await self._desk.change(checkpoints.edit, self._checkpoint.checkpoint_id, self._typed())
        except Invalid as refusal:
            self._complain(refusal)
        else:
            self._dialog.close()
            self._desk.say(_('Saved'))

    def _typed(self) -> Details:
        minutes = self._minutes.value
        return Details(
            title=self._title.value or '',
            kind=self._content.kind,
            description=self._description.text,
            body=self._content.body.text,
            link=self._content.link.value or '',
            estimated_minutes=None if minutes is None else int(minutes),
            due_at=time_format.read_typed(self._due.value),
            tags=tuple((self._tags.value or '').split(',')),
            is_preview=bool(self._is_preview.value),
        )

    def _complain(self, refusal: Invalid) -> None:
        field = self._fields().get(refusal.field) or self._title
        field.error = say(refusal)
        field.run_method('focus')

    def _fields(self) -> dict[str, ui.input | ui.number]:
        """Return the fields by what a refusal calls them."""
        return {
            'title': self._title,
            'description': self._description.field,
            'body': self._content.body.field,
            'link': self._content.link,
            'estimated_minutes': self._minutes,
            'due_at': self._due,
            'tags': self._tags,
        }
