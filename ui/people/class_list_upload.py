"""Brings in a class list: first what would become of each line, and only when the teacher confirms it, the people."""

from collections.abc import Mapping
from dataclasses import replace

from nicegui import ui

from services.core import database, threads
from services.core.errors import Invalid
from services.core.secrets import spell_code
from services.courses.import_file import BrokenFile
from services.people import class_lists, column_maps, list_entering, list_pasted, list_reading
from services.people.list_columns import Table, samples
from services.people.list_reading import Choices, Fact, Fate, Reading
from services.people.list_workbooks import LARGEST_WORKBOOK
from ui.courses.editor_context import Desk
from ui.kit.file_picker import FilePicker
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint
from ui.people.class_list_columns import choose_columns
from ui.people.class_list_preview import Preview, draw_table


class ClassListUpload:
    """Takes one class list, as a file or as pasted names."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._content: bytes | str = b''
        self._choices = Choices()
        self._asked_for: dict[str, Fact] = {}
        """what the teacher has chosen for columns of this list, to be remembered"""
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Bring in a class list'))
            with ui.element('div').classes('stack-tight'):
                hint(_('You see first what would happen; nothing happens before you confirm it.'))
                FilePicker(
                    choose=_('Choose the class list'),
                    kinds=_('A table (.xlsx, .ods, .csv or .txt) with names, and perhaps e-mail addresses and groups'),
                    accept='.xlsx,.xlsm,.ods,.csv,.txt,.tsv,.xls,.htm,.html',
                    most=LARGEST_WORKBOOK,
                    take=self._try_file,
                )
                self._names = ui.textarea(_('Or type or paste names, one per line')).props('outlined autogrow dir=auto')
                self._names.props['input-class'] = 'paste-text'
                look = ui.button(_('See what would happen'), on_click=gesture(self._try_names)).props('flat no-caps')
                look.classes('button-quiet')
                self._found = ui.element('div').classes('stack').props('role=status')

    async def _try_file(self, content: bytes) -> None:
        await self._try_what_is_new(content)

    async def _try_names(self) -> None:
        await self._try_what_is_new(list_pasted.content_of(self._names.value or ''))

    async def _try_what_is_new(self, content: bytes | str) -> None:
        known = await database.read(column_maps.remembered, self._desk.actor)
        self._content, self._choices, self._asked_for = content, Choices(columns=known), {}
        await self._try()

    async def _choose(self, choices: Choices) -> None:
        """Try again with what was decided in the preview."""
        self._choices = choices
        await self._try()

    async def _choose_columns(self, columns: Mapping[str, Fact], *, has_headings: bool) -> None:
        if has_headings:
            self._asked_for |= columns
        choices = replace(self._choices, columns={**self._choices.columns, **columns}, has_headings=has_headings)
        await self._choose(choices)

    async def _try(self) -> None:
        """Read the list in a thread, plan it, and show the plan; nothing is changed."""
        table = None
        try:
            if isinstance(self._content, bytes):
                table = await threads.shared.run(list_reading.table, self._content, self._choices)
            if table and not table.has_names:
                self._ask_for_columns(table)
                return
            found = await threads.shared.run(list_reading.reading, self._content, self._choices)
            await self._show(found)
        except BrokenFile as refusal:
            self._complain(say(refusal).splitlines())
            self._offer_columns(table)
        except Invalid as refusal:
            self._complain([say(refusal)])

    async def _show(self, found: Reading) -> None:
        ids = self._desk.actor, self._desk.course_id
        people = await database.read(class_lists.plan, *ids, found.people, self._choices)
        self._found.clear()
        with self._found:
            Preview(found, people, self._choices, self._choose, self._bring_in, self._found.clear)
        self._offer_columns(found.table)

    def _offer_columns(self, table: Table | None) -> None:
        if table is None:
            return
        with self._found, ui.element('details').classes('quiet-details'):
            Text('summary', _('What the columns mean'))
            choose_columns(samples(table), self._choices.has_headings, self._choose_columns)

    def _ask_for_columns(self, table: Table) -> None:
        self._found.clear()
        with self._found:
            Text('p', _('Nothing has happened yet. Say which column has the names.')).classes('notice')
            choose_columns(samples(table), self._choices.has_headings, self._choose_columns)

    async def _bring_in(self) -> None:
        desk = self._desk
        choices = replace(self._choices, skip_bad_lines=True)
        found = await threads.shared.run(list_reading.read, self._content, choices)
        desk.changing += 1
        try:
            people = await list_entering.bring_in(desk.actor, desk.course_id, found, choices)
            if self._asked_for:
                await database.write(column_maps.remember, desk.actor, self._asked_for)
        finally:
            desk.changing -= 1
            await desk.look_again()
        new = [(person.name, spell_code(person.code)) for person in people if person.code]
        self._names.set_value('')
        self._found.clear()
        with self._found:
            count = sum(person.fate not in {Fate.LEFT, Fate.OUT} for person in people)
            said = ngettext('{count} person brought in.', '{count} people brought in.', count)
            Text('p', said).classes('notice-done')
            if new:
                hint(_('With these codes they come in, on the start page, from any device:'))
                draw_table([_('Name'), _('Code')], new, are_names=True)

    def _complain(self, sentences: list[str]) -> None:
        self._found.clear()
        with self._found, ui.element('div').classes('notice'), ui.element('div').classes('stack-tight'):
            Text('p', _('Nobody was brought in. Correct this in the list and try again:'))
            with ui.element('ul'):
                for sentence in sentences:
                    Text('li', sentence)
