"""One file of a checkpoint: what it is, and how it is given, replaced and taken away."""

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui
from nicegui.events import GenericEventArguments

from services.content.uploads import attaching
from services.content.uploads.attaching import Attached
from services.content.uploads.slots import MEDIA_TYPES, Part, most_megabytes
from ui.content import files
from ui.courses.editor_context import Desk
from ui.kit.file_picker import taken_here, why_not_sent
from ui.kit.handlers import gesture
from ui.kit.language import Spoken, _, ngettext
from ui.kit.text import Text, hint, named
from ui.shell.request import csrf_token

LABELS: Mapping[Part, str] = Spoken(
    {
        Part.VIDEO: lambda: _('Video (MP4 or WebM)'),
        Part.CAPTIONS: lambda: _('Captions (WebVTT)'),
        Part.FILE: lambda: _('PDF'),
    }
)
CHOOSE: Mapping[Part, str] = Spoken(
    {
        Part.VIDEO: lambda: _('Choose the video'),
        Part.CAPTIONS: lambda: _('Choose the captions'),
        Part.FILE: lambda: _('Choose the PDF'),
    }
)
REPLACE: Mapping[Part, str] = Spoken(
    {
        Part.VIDEO: lambda: _('Replace the video'),
        Part.CAPTIONS: lambda: _('Replace the captions'),
        Part.FILE: lambda: _('Replace the PDF'),
    }
)
REMOVE: Mapping[Part, str] = Spoken(
    {
        Part.VIDEO: lambda: _('Remove the video'),
        Part.CAPTIONS: lambda: _('Remove the captions'),
        Part.FILE: lambda: _('Remove the PDF'),
    }
)


class FileField:
    """Takes one file. It is stored as soon as it has arrived, and `on_change` is called."""

    def __init__(self, desk: Desk, checkpoint_id: int, part: Part, on_change: Callable[[], Awaitable[None]]) -> None:
        self._desk = desk
        self._checkpoint_id = checkpoint_id
        self._part = part
        self._most = most_megabytes(part) * 1024 * 1024
        self._on_change = on_change
        self.is_busy = False
        self._is_given_up = False
        with ui.element('section').classes('stack-tight') as self.element:
            self.element.props['aria-label'] = LABELS[part]
            with ui.element('div').classes('file-there') as self._there:
                self._name = Text('div').classes('file-name')
                self._facts = Text('div').classes('hint')
            self._uploader = self._draw_uploader()
            with ui.element('div').classes('line') as self._choices:
                # the uploader's own button has no name and cannot be reached by keyboard
                self._choose = ui.button(on_click=lambda: self._uploader.run_method('pickFiles'))
                self._choose.props('flat no-caps').classes('button-quiet')
                self._remove_it = ui.button(_('Remove'), on_click=gesture(self._remove)).props('flat no-caps')
                named(self._remove_it.classes('button-quiet button-bare'), REMOVE[part])
            self._stop = ui.button(_('Stop'), on_click=self._give_up)
            self._stop.props('flat no-caps').classes('button-quiet').visible = False
            self._hint = hint(taken_here(LABELS[part], self._most))
            self._problem = ui.element('div').props('role=alert')
        self.show(None)

    def show(self, attached: Attached | None) -> None:
        """Show what belongs to the checkpoint now."""
        self._there.visible = attached is not None
        self._name.set_text(attached.name if attached else '')
        self._facts.set_text(facts_of(attached) if attached else '')
        self._choose.set_text((REPLACE if attached else CHOOSE)[self._part])
        self._remove_it.visible = attached is not None

    def _draw_uploader(self) -> ui.element:
        """Draw what sends the file to an address of our own, which NiceGUI's element cannot."""
        uploader = ui.element('q-uploader').classes('upload upload-hidden').props('flat bordered auto-upload')
        uploader.props['label'] = _('On its way')
        uploader.props['url'] = f'/content/{self._checkpoint_id}/{self._part}'
        uploader.props['headers'] = [{'name': files.CSRF_HEADER, 'value': csrf_token(self._desk.request)}]
        uploader.props['accept'] = ','.join(MEDIA_TYPES[self._part].values())
        uploader.props['max-file-size'] = self._most
        uploader.on('uploading', self._begin, args=[[]])
        uploader.on('uploaded', gesture(self._arrived), args=[[]])
        uploader.on('failed', self._failed, args=[[]])
        uploader.on('rejected', self._rejected)
        return uploader

    def _begin(self) -> None:
        self._is_given_up = False
        self._show_progress(True)
        self._problem.clear()

    def _show_progress(self, is_busy: bool) -> None:
        """Show how far the file is while it is on its way."""
        self.is_busy = is_busy
        self._choices.visible = self._hint.visible = not is_busy
        self._stop.visible = is_busy
        if is_busy:
            self._uploader.classes('upload-busy')
            self._desk.say(_('The file is on its way'))
        else:
            self._uploader.classes(remove='upload-busy')
            self._uploader.run_method('reset')

    async def _arrived(self) -> None:
        self._show_progress(False)
        self._desk.say(_('Saved'))
        await self._on_change()

    def _give_up(self) -> None:
        self._is_given_up = True
        self._uploader.run_method('abort')

    def _failed(self) -> None:
        self._show_progress(False)
        sentence = files.why_refused(self._desk.actor, self._checkpoint_id, self._part)
        if self._is_given_up:
            self._desk.say(_('Stopped, nothing is kept'))
        else:
            self._complain(sentence)

    def _rejected(self, event: GenericEventArguments) -> None:
        self._complain(why_not_sent(event.args, LABELS[self._part], self._most))

    async def _remove(self) -> None:
        await self._desk.change(attaching.detach, self._checkpoint_id, self._part)
        await self._on_change()

    def _complain(self, sentence: str) -> None:
        self._problem.clear()
        with self._problem, ui.element('p').classes('notice-problem'):
            Text('span', sentence)


def facts_of(attached: Attached) -> str:
    """Return length, pages and size in words."""
    minutes, seconds = divmod(round(attached.seconds or 0), 60)
    time = f'{minutes}:{seconds:02}'
    length = _('{time} min', time=time) if attached.seconds else ''
    pages = ngettext('{count} page', '{count} pages', attached.pages) if attached.pages else ''
    return ' · '.join(part for part in (length, pages, size_words(attached.size)) if part)


def size_words(size: int) -> str:
    """Return the size of a file in words."""
    if size < 1024**2:
        return _('{size} kB', size=size // 1024 + 1)
    megabytes = f'{size / 1024**2:.1f}'
    return _('{size} MB', size=megabytes)
