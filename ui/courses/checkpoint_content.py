"""What there is to do, to watch or to read at a checkpoint: its kind, and what belongs to that."""

from nicegui import ui

from services.checkpoint_kinds import KINDS
from services.content.uploads import attaching
from services.content.uploads.attaching import Attached
from services.content.uploads.slots import Part
from services.core import database
from services.courses.checkpoints import PlacedCheckpoint
from services.enums import CheckpointKind
from ui.courses.editor_context import Desk, quiz_address
from ui.courses.file_field import FileField
from ui.kit.checkpoint_words import CHOICES
from ui.kit.language import _
from ui.kit.markdown_field import MarkdownField
from ui.kit.text import Text, hint, named


class CheckpointContent:
    """The part of the dialog about the content; files are stored at once, kind and text with the rest."""

    def __init__(self, desk: Desk, checkpoint: PlacedCheckpoint) -> None:
        self._desk = desk
        self._checkpoint_id = checkpoint.checkpoint_id
        self._stored = checkpoint.details.kind
        self._attached: dict[Part, Attached] = {}
        with ui.element('div').classes('stack-tight'):
            Text('div', _('What learners do here')).classes('small')
            self._kind = ui.toggle(dict(CHOICES), value=self._stored if self._stored in CHOICES else None)
            named(self._kind.classes('choice').props('flat no-caps'), _('What learners do here'))
            self._kind.on_value_change(self.refresh)
            self._kind.visible = self._stored in CHOICES
            self._fields = {part: FileField(desk, checkpoint.checkpoint_id, part, self.load) for part in Part}
            self._link = ui.input(_('Or the address of a video'), value=checkpoint.details.link)
            self._link.props('outlined type=url dir=ltr')
            self._link.props['hint'] = _('Such as https://youtu.be/…. It opens in a new window.')
            self._body = MarkdownField(_('What to read'), checkpoint.details.body)
            self._quiz = ui.link(_('Questions and rules'), quiz_address(desk.course_id, checkpoint.checkpoint_id))
            self._quiz.classes('button-quiet')
            self._hint = hint('')
        self.refresh()

    @property
    def kind(self) -> CheckpointKind:
        """The kind that is chosen."""
        return CheckpointKind(self._kind.value) if self._kind.value else self._stored

    @property
    def body(self) -> MarkdownField:
        """The text of a document."""
        return self._body

    @property
    def link(self) -> ui.input:
        """The address of a video elsewhere."""
        return self._link

    @property
    def is_busy(self) -> bool:
        """Whether a file is on its way."""
        return any(field.is_busy for field in self._fields.values())

    async def load(self) -> None:
        """Ask which files belong to the checkpoint now."""
        self._attached = await database.read(attaching.attached, self._desk.actor, self._checkpoint_id)
        self._stored = next((kind for kind in KINDS if _main_part(kind) in self._attached), self._stored)
        self.refresh()

    def refresh(self) -> None:
        """Show what goes with the kind that is chosen."""
        traits, main = KINDS[self.kind], _main_part(self.kind)
        for part, field in self._fields.items():
            field.show(self._attached.get(part))
            field.element.visible = part in traits.files and (part is main or main in self._attached)
        self._link.visible = traits.has_link and main not in self._attached
        self._body.element.visible = traits.has_text and main not in self._attached
        self._quiz.visible = self.kind is self._stored is CheckpointKind.QUIZ
        self._say(self._warning())

    def _warning(self) -> str:
        """Return what would be lost by saving, or where the text has gone."""
        if self.kind is not self._stored and self._attached:
            return _lost(*(attached.name for attached in self._attached.values()))
        if self.kind is CheckpointKind.QUIZ is not self._stored:
            return _('Save it; then you can add its questions.')
        if Part.FILE in self._attached and self._body.text:
            return _('Learners read the PDF. The text that was here comes back when you remove it.')
        return ''

    def _say(self, sentence: str) -> None:
        self._hint.set_text(sentence)
        self._hint.visible = bool(sentence)


def _lost(first: str, second: str = '') -> str:
    """Say which files a checkpoint would lose; it has at most a video with captions."""
    if second:
        return _(
            'When you save this, or upload something else, “{first}” and “{second}” will be gone.',
            first=first,
            second=second,
        )
    return _('When you save this, or upload something else, “{file}” will be gone.', file=first)


def _main_part(kind: CheckpointKind) -> Part | None:
    """Return the file that makes a checkpoint one of this kind."""
    files = KINDS[kind].files
    return Part(files[0]) if files else None
