"""Brings in a course from a file, or says line by line why it cannot."""

import secrets

from fastapi import Request
from nicegui import ui
from nicegui.events import GenericEventArguments

from services.access import Actor
from settings import settings
from ui.content.files import CSRF_HEADER
from ui.courses import course_files
from ui.courses.course_files import IMPORT_ADDRESS, PAGE_HEADER
from ui.kit.file_picker import broken_off, taken_here, why_not_sent
from ui.kit.language import _
from ui.kit.text import Text, hint
from ui.shell.request import csrf_token


class CourseUpload:
    """A field that takes one course file. It is sent to an address of our own, which NiceGUI's element cannot."""

    def __init__(self, request: Request, actor: Actor) -> None:
        self._actor = actor
        self._page = secrets.token_urlsafe(12)
        self._is_given_up = False
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Import a course from a file'))
            with ui.element('div').classes('stack-tight'):
                self._upload = self._draw_uploader(request)
                # the uploader's own button has no name and cannot be reached by keyboard
                self._choose = ui.button(_('Choose a course file'), on_click=self._pick).props('flat no-caps')
                self._choose.classes('button-quiet')
                self._stop = ui.button(_('Stop'), on_click=self._give_up).props('flat no-caps').classes('button-quiet')
                self._stop.visible = False
                self._kinds = _('a course that was exported (.waymark.zip, or .yaml without its videos)')
                self._what = taken_here(self._kinds, _most())
                self._about = hint(self._what)
                self._about.props('role=status')
                self._problems = ui.element('div').classes('upload-problems').props('role=alert')

    def _draw_uploader(self, request: Request) -> ui.element:
        uploader = ui.element('q-uploader').classes('upload upload-hidden').props('flat bordered auto-upload')
        uploader.props['label'] = _('On its way')
        uploader.props['url'] = IMPORT_ADDRESS
        uploader.props['headers'] = [
            {'name': CSRF_HEADER, 'value': csrf_token(request)},
            {'name': PAGE_HEADER, 'value': self._page},
        ]
        uploader.props['accept'] = '.zip,.yaml,.yml'
        uploader.props['max-file-size'] = _most()
        uploader.on('uploading', self._begin, args=[[]])
        uploader.on('uploaded', self._arrived, args=[[]])
        uploader.on('failed', self._arrived, args=[[]])
        uploader.on('rejected', self._rejected)
        return uploader

    def _pick(self) -> None:
        self._upload.run_method('pickFiles')

    def _begin(self) -> None:
        self._is_given_up = False
        self._problems.clear()
        self._show_progress(True)
        self._about.set_text(_('The file is on its way. Then every video in it is looked into, which takes a while.'))

    def _arrived(self) -> None:
        self._show_progress(False)
        said = course_files.outcome(self._actor, self._page)
        if isinstance(said, int):
            ui.navigate.to(f'/courses/{said}')
        elif self._is_given_up:
            self._about.set_text(_('Stopped, nothing is kept'))
        else:
            self._say(said or broken_off())

    def _give_up(self) -> None:
        self._is_given_up = True
        self._upload.run_method('abort')

    def _rejected(self, event: GenericEventArguments) -> None:
        self._problems.clear()
        self._say(why_not_sent(event.args, self._kinds, _most()))

    def _show_progress(self, is_busy: bool) -> None:
        self._choose.visible = not is_busy
        self._stop.visible = is_busy
        self._about.set_text(self._what)
        if is_busy:
            self._upload.classes('upload-busy')
        else:
            self._upload.classes(remove='upload-busy')
            self._upload.run_method('reset')

    def _say(self, sentences: str) -> None:
        with self._problems, ui.element('div').classes('notice'), ui.element('div').classes('stack-tight'):
            Text('p', _('Nothing was imported:'))
            with ui.element('ul'):
                for sentence in sentences.splitlines():
                    Text('li', sentence)


def _most() -> int:
    """Return how many bytes a course file may have."""
    return settings().max_course_mb * 1024 * 1024
