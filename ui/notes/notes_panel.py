"""The learner's own notes and bookmarks at a checkpoint, below its content."""

from functools import partial

from nicegui import ui

from services.checkpoint_kinds import unit_of
from services.content.prose import prepare
from services.core import database
from services.notes import editing
from services.notes.editing import OwnNote, name_of, spell_position
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.markdown import prose
from ui.kit.menu import Choice, more_button, opens_menu
from ui.kit.snackbar import Snackbar
from ui.kit.text import Text
from ui.notes.note_editor import NoteEditor


class NotesPanel:
    """Buttons to write a note and to set a bookmark at the current position, and a list of both."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        file = lesson.checkpoint.file
        self._unit = unit_of(lesson.checkpoint.kind, file.upload_id if file else None)
        self._notes: tuple[OwnNote, ...] | None = None
        self._snackbar = Snackbar()
        with ui.element('section').classes('notes') as section:
            section.props['aria-label'] = _('Your notes')
            with ui.element('div').classes('spread'):
                Text('h2', _('Your notes')).classes('heading')
                with ui.element('div').classes('line'):
                    self._button(_('Write a note'), self._start)
                    self._button(_('Bookmark'), self._bookmark)
                    ui.link(_('All your notes'), '/notes').classes('button-quiet button-bare')
            self._editing = ui.element('div')
            self._list = ui.element('ul').classes('list')
            self._empty = Text('p', _('Only you see what you write here.')).classes('hint')
        ui.context.client.on_connect(gesture(self.look_again))

    async def look_again(self) -> None:
        """Read the notes and show them."""
        notes = await database.read(editing.at_checkpoint, self._lesson.actor, self._lesson.checkpoint.checkpoint_id)
        if notes != self._notes:
            await prepare(*(note.text for note in notes), keep_lines=True)
            self._notes = notes
            self.refresh()

    def refresh(self) -> None:
        """Show the notes as they are."""
        notes = self._notes or ()
        self._empty.visible = not notes
        self._list.visible = bool(notes)
        self._list.clear()
        with self._list:
            for note in notes:
                self._row(note)

    def _row(self, note: OwnNote) -> None:
        with ui.element('li').classes('note'):
            with ui.element('div').classes('note-head'):
                self._place(note)
                for tag in note.tags:
                    Text('span', f'#{tag}').classes('chip')
                more = more_button()
                more.props['aria-label'] = _('More for this bookmark') if note.is_bookmark else _('More for this note')
                opens_menu(more, lambda: self._choices(note))
            if note.text:
                prose(note.text, keep_lines=True)

    def _place(self, note: OwnNote) -> None:
        said = spell_position(note.position, self._unit)
        name = say(name_of(said, is_bookmark=note.is_bookmark))
        if said and self._lesson.go_to:
            to_bookmark = _('Go to the bookmark at {place}', place=said)
            to_note = _('Go to the note at {place}', place=said)
            there = ui.button(name, on_click=partial(self._go_to, note.position or 0.0)).props('flat no-caps')
            there.classes('button-quiet button-bare note-place')
            there.props['aria-label'] = to_bookmark if note.is_bookmark else to_note
        else:
            Text('span', name).classes('hint note-place')

    def _choices(self, note: OwnNote) -> list[Choice]:
        return [(_('Edit'), partial(self._edit, note)), (_('Delete'), partial(gesture(self._delete), note))]

    def _button(self, word: str, do: object) -> None:
        assert callable(do)
        ui.button(word, on_click=gesture(do)).props('flat no-caps').classes('button-quiet')

    def _position(self) -> float | None:
        return self._lesson.position() if self._lesson.position else None

    async def _start(self) -> None:
        position = self._position()
        label = name_of(spell_position(position, self._unit), is_bookmark=False)
        self._open(None, say(label), position)

    def _edit(self, note: OwnNote) -> None:
        self._open(note, _('Remark of the bookmark') if note.is_bookmark else _('Note'), note.position)

    def _open(self, note: OwnNote | None, label: str, position: float | None) -> None:
        self._lesson.touch()
        if list(self._editing):
            self._lesson.say(_('You are already writing a note. Close it first.'))
            return
        with self._editing:
            NoteEditor(self._lesson, label=label, note=note, position=position, done=self.look_again)

    async def _bookmark(self) -> None:
        self._lesson.touch()
        position = self._position()
        checkpoint = self._lesson.checkpoint.checkpoint_id
        await database.write(editing.write, self._lesson.actor, checkpoint, is_bookmark=True, position=position)
        said = spell_position(position, self._unit)
        self._lesson.say(_('Bookmarked: {place}', place=said) if said else _('Bookmarked'))
        await self.look_again()

    async def _delete(self, note: OwnNote) -> None:
        deleted = await database.write(editing.delete, self._lesson.actor, note.note_id)
        self._snackbar.show(_('Deleted'), partial(self._restore, deleted))
        await self.look_again()

    async def _restore(self, deleted: OwnNote) -> None:
        await database.write(editing.restore, self._lesson.actor, deleted=deleted)
        await self.look_again()

    def _go_to(self, position: float) -> None:
        self._lesson.touch()
        if self._lesson.go_to:
            self._lesson.go_to(position)
