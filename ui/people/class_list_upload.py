"""Brings in a class list: first what would become of each line, and only then, if it is wanted, the people."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from nicegui import ui
from nicegui.events import UploadEventArguments

from services.core import database
from services.core.errors import Invalid
from services.core.secrets import spell_code
from services.people import class_lists
from services.people.class_lists import LONGEST_LIST, Fate, Person
from ui.courses.editor_context import Desk
from ui.kit.handlers import gesture
from ui.kit.text import Text, hint

WORDS = {
    Fate.NEW: 'new, gets an own code',
    Fate.ENROLLED: 'has an account, is added',
    Fate.HERE: 'is here already',
    Fate.OUT: 'was taken out, stays out',
    Fate.ASKED: 'may be somebody who is here: add an address or number that tells',
}


class ClassListUpload:
    """A field that takes one class list."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._content = b''
        with ui.element('details').classes('quiet-details'):
            Text('summary', 'Bring in a class list')
            hint('A CSV file with a column “name”, and perhaps “e-mail” and “group”. You see first what would happen.')
            self._upload = (
                ui.upload(
                    label='A class list (.csv)',
                    auto_upload=True,
                    max_files=1,
                    max_file_size=LONGEST_LIST,
                    on_upload=gesture(self._try),
                    on_rejected=self._too_large,
                )
                .classes('upload')
                .props('flat bordered accept=".csv,.txt" aria-label="A class list"')
            )
            self._found = ui.element('div').classes('stack').props('role=status')

    async def _try(self, event: UploadEventArguments) -> None:
        self._content = await event.file.read()
        self._upload.reset()
        try:
            people = await database.read(class_lists.plan, self._desk.actor, self._desk.course_id, self._content)
        except Invalid as refusal:
            self._complain(str(refusal))
        else:
            self._show(people)

    async def _bring_in(self) -> None:
        people = await self._desk.change(class_lists.bring_in, self._desk.course_id, self._content)
        new = [person for person in people if person.code]
        self._found.clear()
        with self._found:
            Text('p', f'{_count(len(people))} brought in.').classes('notice-done')
            if new:
                hint('With these codes they come in, on the start page, from any device:')
                _table(('Name', 'Code'), [(person.name, spell_code(person.code)) for person in new])

    def _show(self, people: Sequence[Person]) -> None:
        fates = Counter(person.fate for person in people)
        self._found.clear()
        with self._found:
            told = ', '.join(f'{fates[fate]} {WORDS[fate]}' for fate in Fate if fates[fate])
            Text('p', f'Nothing has happened yet. Of {_count(len(people))}: {told}.').classes('notice')
            rows = [(str(person.line), person.name, person.group, WORDS[person.fate]) for person in people]
            _table(('Line', 'Name', 'Group', 'What would happen'), rows)
            with ui.element('div').classes('line'):
                bring = ui.button('Bring them in', on_click=gesture(self._bring_in)).props('flat no-caps')
                bring.classes('button-primary')
                leave = ui.button('Leave it', on_click=self._found.clear).props('flat no-caps')
                leave.classes('button-quiet button-bare')

    def _too_large(self) -> None:
        self._complain('The file is larger than 256 kB, or no table (.csv).')

    def _complain(self, sentences: str) -> None:
        self._found.clear()
        with self._found, ui.element('div').classes('notice'), ui.element('div').classes('stack-tight'):
            Text('p', 'Nobody was brought in. Mend this in the file and try again:')
            with ui.element('ul'):
                for sentence in sentences.splitlines():
                    Text('li', sentence)


def _count(people: int) -> str:
    return '1 person' if people == 1 else f'{people} people'


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Draw a table as one element: a list may have a thousand lines."""
    heads = ''.join(f'<th scope="col">{title}</th>' for title in titles)
    body = ''.join(f'<tr>{"".join(f"<td dir=auto>{escape(cell)}</td>" for cell in row)}</tr>' for row in rows)
    table = f'<table class="roll-table"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    ui.html(table, sanitize=False).classes('roll').props('tabindex=0 role=region aria-label="The class list"')
