"""The files of a draft, or those that come back with a work: what is there, one more, and one fewer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from fastapi import Request
from nicegui import ui
from nicegui.events import GenericEventArguments

from services.access import Actor
from services.assignments import file_types
from services.assignments.rules import Rules
from services.assignments.submissions import HandedFile
from services.content.uploads import files_back, handed_in
from services.content.uploads.files_back import MOST_BACK
from services.core import database
from services.enums import FileKind
from ui.assignments.handed_files import BACK, HANDED
from ui.assignments.rules_form import KINDS
from ui.content.files import CSRF_HEADER, why_refused
from ui.courses.file_field import size_words
from ui.kit.file_picker import why_not_sent
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext
from ui.kit.text import Text, hint, named
from ui.shell.request import csrf_token


def files_html(handed: tuple[HandedFile, ...]) -> str:
    """Return links to files that can only be read."""
    items = ''.join(
        f'<li><a class="link file-name" href="/assignments/files/{each.file_id}" download translate="no">'
        f'<bdi>{escape(each.name)}</bdi></a><span class="hint">{escape(size_words(each.size))}</span></li>'
        for each in handed
    )
    return f'<ul class="list">{items}</ul>' if items else ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Whose files are taken, and how."""

    title: str
    address: str
    """to which they are sent"""
    about: int
    """the id of what they belong to, by which a refusal is asked for"""
    word: str
    """what such uploads are called among the refusals"""
    most: int
    kinds: frozenset[FileKind]
    remove: Callable[[int], Awaitable[object]]


def of_learner(actor: Actor, checkpoint_id: int, rules: Rules) -> Taking:
    """Return how files are taken that a learner hands in."""
    return Taking(
        title=_('Your files'),
        address=f'/assignments/{checkpoint_id}/files',
        about=checkpoint_id,
        word=HANDED,
        most=rules.most_files,
        kinds=rules.file_kinds,
        remove=lambda file_id: database.write(handed_in.drop, actor, checkpoint_id, file_id),
    )


def of_teacher(actor: Actor, submission_id: int) -> Taking:
    """Return how files are taken that come back with a work."""
    return Taking(
        title=_('Files that come back'),
        address=f'/assignments/work/{submission_id}/files',
        about=submission_id,
        word=BACK,
        most=MOST_BACK,
        kinds=frozenset(FileKind),
        remove=lambda file_id: database.write(files_back.drop, actor, submission_id, file_id),
    )


class FileList:
    """Takes files one after the other; each is stored as soon as it has arrived, and `on_change` is called."""

    def __init__(
        self, request: Request, actor: Actor, taking: Taking, on_change: Callable[[], Awaitable[None]]
    ) -> None:
        self._actor = actor
        self._taking = taking
        self._on_change = on_change
        self._kinds = ', '.join(KINDS[kind] for kind in FileKind if kind in taking.kinds)
        self.is_busy = False
        with named(ui.element('section').classes('stack-tight'), taking.title):
            Text('h2', taking.title).classes('heading')
            self._list = ui.element('ul').classes('list')
            self._uploader = self._draw_uploader(request)
            self._choose = ui.button(_('Add a file'), on_click=lambda: self._uploader.run_method('pickFiles'))
            self._choose.props('flat no-caps').classes('button-quiet assignment-add')
            size = file_types.most_megabytes()
            hint(
                ngettext(
                    '{count} file, up to {size} MB: {kinds}',
                    'Up to {count} files, each up to {size} MB: {kinds}',
                    taking.most,
                    size=size,
                    kinds=self._kinds,
                )
            )
            self._problem = ui.element('div').props('role=alert')

    def show(self, handed: tuple[HandedFile, ...]) -> None:
        """Show the files as they are now."""
        self._list.clear()
        self._list.visible = bool(handed)
        self._choose.visible = len(handed) < self._taking.most and not self.is_busy
        with self._list:
            for each in handed:
                with ui.element('li'):
                    link = ui.link(each.name, f'/assignments/files/{each.file_id}').classes('link file-name')
                    link.props('download dir=auto translate=no')
                    Text('span', size_words(each.size)).classes('hint')
                    remove = ui.button(_('Remove'), on_click=partial(gesture(self._remove), each.file_id))
                    remove.props('flat no-caps').classes('button-quiet button-bare')
                    named(remove, _('Remove {name}', name=each.name))

    def _draw_uploader(self, request: Request) -> ui.element:
        """Draw what sends the file to an address of our own, which NiceGUI's element cannot."""
        uploader = ui.element('q-uploader').classes('upload upload-hidden').props('flat bordered auto-upload')
        uploader.props['label'] = _('On its way')
        uploader.props['url'] = self._taking.address
        uploader.props['headers'] = [{'name': CSRF_HEADER, 'value': csrf_token(request)}]
        uploader.props['accept'] = ','.join(file_types.endings(self._taking.kinds))
        uploader.props['max-file-size'] = file_types.most_megabytes() * 1024 * 1024
        uploader.on('uploading', partial(self._show_progress, True), args=[[]])
        uploader.on('uploaded', gesture(self._arrived), args=[[]])
        uploader.on('failed', self._failed, args=[[]])
        uploader.on('rejected', self._rejected)
        return uploader

    def _show_progress(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self._choose.visible = not is_busy
        if is_busy:
            self._problem.clear()
            self._uploader.classes('upload-busy')
        else:
            self._uploader.classes(remove='upload-busy')
            self._uploader.run_method('reset')

    async def _arrived(self) -> None:
        self._show_progress(False)
        tell(_('Saved'))
        await self._on_change()

    def _failed(self) -> None:
        self._show_progress(False)
        self._complain(why_refused(self._actor, self._taking.about, self._taking.word))

    def _rejected(self, event: GenericEventArguments) -> None:
        self._complain(why_not_sent(event.args, self._kinds, file_types.most_megabytes() * 1024 * 1024))

    def _complain(self, sentence: str) -> None:
        self._problem.clear()
        with self._problem, ui.element('p').classes('notice-problem'):
            Text('span', sentence)

    async def _remove(self, file_id: int) -> None:
        await self._taking.remove(file_id)
        await self._on_change()
