"""Brings in a course from a file, or says line by line why it cannot."""

import asyncio

from nicegui import ui
from nicegui.events import UploadEventArguments

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.courses import export_file
from services.courses.import_file import LONGEST_FILE, read
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.text import Text, named


class CourseUpload:
    """A field that takes one course file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Import a course from a file'))
            self._upload = (
                ui.upload(
                    label=_('A course file (.waymark.yaml)'),
                    auto_upload=True,
                    max_files=1,
                    max_file_size=LONGEST_FILE,
                    on_upload=gesture(self._take),
                    on_rejected=self._too_large,
                )
                .classes('upload')
                .props('flat bordered accept=".yaml,.yml"')
            )
            named(self._upload, _('A course file'))
            self._problems = ui.element('div').classes('upload-problems').props('role=alert')

    async def _take(self, event: UploadEventArguments) -> None:
        content = await event.file.read()
        self._upload.reset()
        self._problems.clear()
        try:
            draft = await asyncio.to_thread(read, content)
            course_id = await database.write(export_file.import_course, self._actor, draft)
        except Invalid as refusal:
            self._say(say(refusal))
        else:
            ui.navigate.to(f'/courses/{course_id}')

    def _too_large(self) -> None:
        self._problems.clear()
        self._say(_('The file is larger than 5 MB, or no course file (.waymark.yaml).'))

    def _say(self, sentences: str) -> None:
        with self._problems, ui.element('div').classes('notice'), ui.element('div').classes('stack-tight'):
            Text('p', _('Nothing was imported. Mend this in the file and try again:'))
            with ui.element('ul'):
                for sentence in sentences.splitlines():
                    Text('li', sentence)
