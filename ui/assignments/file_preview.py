"""Handed-in files beside their grade: a picture, a PDF page by page, a plain text; others can be saved."""

from collections.abc import Sequence
from functools import partial
from html import escape

from nicegui import ui

from services.access import Actor
from services.assignments.submissions import HandedFile
from services.content.uploads import handed_in
from services.enums import FileKind
from ui.content.pdf import PdfPages, Source
from ui.courses.file_field import size_words
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.raw_element import Piece
from ui.kit.text import Text, hint, named


class FilePreview:
    """The files of one work, one of which is shown."""

    def __init__(self, actor: Actor, files: Sequence[HandedFile], *, shows_names: bool) -> None:
        self._actor = actor
        self._files = files
        self._shows_names = shows_names
        with named(ui.element('section').classes('stack'), _('Files')):
            self._choice = ui.element('div').classes('line') if len(files) > 1 else None
            self._shown = ui.element('div').classes('stack-tight')

    async def open(self, place: int = 0) -> None:
        """Show one of the files."""
        if not self._files:
            return
        self._draw_choice(place)
        file = self._files[place]
        text = await handed_in.beginning(self._actor, file.file_id) if file.kind is FileKind.TEXT else ''
        self._shown.clear()
        with self._shown:
            self._draw(file, self._name(place), text)

    def _draw_choice(self, place: int) -> None:
        if self._choice is None:
            return
        self._choice.clear()
        with self._choice:
            for other in range(len(self._files)):
                button = ui.button(self._name(other), on_click=partial(gesture(self.open), other))
                button.props('flat no-caps translate=no').classes('button-quiet')
                button.props['aria-pressed'] = 'true' if other == place else 'false'

    def _draw(self, file: HandedFile, name: str, text: str) -> None:
        address = f'/assignments/files/{file.file_id}'
        if file.kind is FileKind.PDF and file.pages:
            words = partial(handed_in.words, self._actor, file.file_id)
            source = Source(
                file_id=file.file_id,
                name=name,
                pages=file.pages,
                address=address,
                pictures=f'{address}/pages',
                words=words,
            )
            PdfPages(source).open(0.0)
            return
        if file.kind is FileKind.PICTURE:
            with Piece('a') as link:
                Piece('img').draw({'src': address, 'alt': name}, classes='assignment-picture')
            link.draw({'href': address, 'target': '_blank'})
        elif file.kind is FileKind.TEXT:
            Text('pre', text).classes('assignment-plain').props('tabindex=0 translate=no')
        else:
            hint(_('A file like this cannot be shown here. Save it, and open it.'))
        said = escape(_('Save {name}', name=name))
        size = escape(size_words(file.size))
        html = f'<a class="link file-name" href="{address}" download>{said}</a> <span class="hint">{size}</span>'
        Piece('p').draw_html(html)

    def _name(self, place: int) -> str:
        """Return what a file is called here: names of files can say whose they are."""
        if self._shows_names:
            return self._files[place].name
        return _('File {number}', number=place + 1)
