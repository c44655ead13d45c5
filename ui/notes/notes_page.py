"""`/notes`: all notes and bookmarks of a learner, searched across courses, with a download."""

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.content.prose import prepare
from services.core import database
from services.notes import search
from services.notes.editing import name_of
from services.notes.search import PAGE, Found, FoundNote
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.markdown import prose
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, hint, title
from ui.kit.time_format import ago
from ui.shell.downloads import Download, hand_out
from ui.shell.frame import frame, way_back
from ui.shell.page import page
from ui.shell.request import Visit

router = APIRouter()
ANY_COURSE, ANY_TAG = 0, ''


def create() -> None:
    """Declare the page."""

    @page('/notes', title='Your notes')
    async def notes(visit: Visit) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(search.search, actor)
        await _prepare(found)
        with frame(visit):
            way_back(_('Your courses'), '/')
            title(_('Your notes'))
            hint(_('Only you can read them.'))
            if found.notes:
                NotesPage(actor, found)
            else:
                _nothing_yet()
        return None


@router.get('/notes.md')
async def notes_file(request: Request, course: str = '') -> Response:
    """Return the reader's own notes as a Markdown file, all of them or those of one course."""

    async def make(visit: Visit) -> Download:
        actor = visit.signed_in()
        course_id = int(course) if course.isascii() and course.isdecimal() and len(course) < 10 else None
        text = await database.read(search.export, actor, course_id=course_id, language=visit.language)
        name = 'notes.md' if course_id is None else f'notes-{course_id}.md'
        return Download(name=name, content=text, media_type='text/markdown; charset=utf-8')

    return await hand_out(request, make, page='/notes')


class NotesPage:
    """A search field, filters, and the notes that match."""

    def __init__(self, actor: Actor, found: Found) -> None:
        self._actor = actor
        self._limit = PAGE
        self._refreshing = Refreshing(self._read, self.refresh)
        self._search = ui.input(_('Search in your notes'), on_change=gesture(self._look)).props('outlined debounce=250')
        self._search.props('type=search clearable maxlength=200')
        with ui.element('div').classes('field-row'):
            courses = {ANY_COURSE: _('All courses')} | dict(found.courses)
            tags = {ANY_TAG: _('All tags')} | {tag: f'#{tag}' for tag in found.tags}
            self._course = ui.select(courses, value=ANY_COURSE, label=_('Course'), on_change=gesture(self._look))
            self._tag = ui.select(tags, value=ANY_TAG, label=_('Tag'), on_change=gesture(self._look))
            for choice in (self._course, self._tag):
                choice.props('outlined')
        with ui.element('div').classes('spread'):
            self._count = Text('p').classes('hint').props('role=status')
            self._file = ui.link(_('Download as Markdown'), '/notes.md').classes('button-quiet')
        self._list = ui.element('ul').classes('list')
        self._more = ui.button(_('Show more'), on_click=gesture(self._show_more)).props('flat no-caps')
        self._more.classes('button-quiet')
        self.refresh(found)

    def refresh(self, found: Found) -> None:
        """Show the notes that match."""
        number = len(found.notes)
        self._count.set_text(_count(number, has_more=found.has_more))
        course_id = self._course.value or ANY_COURSE
        self._file.props['href'] = f'/notes.md?course={course_id}' if course_id else '/notes.md'
        self._more.visible = found.has_more
        self._list.visible = bool(number)
        self._list.clear()
        with self._list:
            for each in found.notes:
                _row(each, is_searched=bool(self._search.value))

    async def _look(self) -> None:
        self._limit = PAGE
        await self._refreshing.look_again()

    async def _show_more(self) -> None:
        self._limit += PAGE
        await self._refreshing.look_again()

    async def _read(self) -> Found:
        wanted = {'typed': self._search.value or '', 'tag': self._tag.value or ''}
        course_id = self._course.value or None
        found = await database.read(search.search, self._actor, **wanted, course_id=course_id, limit=self._limit)
        await _prepare(found)
        return found


def _count(number: int, *, has_more: bool) -> str:
    if not number:
        return _('Nothing found')
    return _('{count} or more found', count=number) if has_more else ngettext('{count} found', '{count} found', number)


async def _prepare(found: Found) -> None:
    await prepare(*(each.note.text for each in found.notes), keep_lines=True)


def _row(each: FoundNote, *, is_searched: bool) -> None:
    note = each.note
    with ui.element('li').classes('note'):
        with ui.element('div').classes('note-head'):
            if each.is_open:
                ui.link(each.step_title, f'/courses/{note.course_id}/learn/{note.checkpoint_id}').props('dir=auto')
            else:
                Text('span', _('{step} (removed)', step=each.step_title))
            Text('span', each.course_title).classes('hint name')
            Text('span', say(name_of(each.place, is_bookmark=note.is_bookmark))).classes('hint')
            ago(note.updated_at).classes('hint')
            for tag in note.tags:
                Text('span', f'#{tag}').classes('chip')
        if is_searched:
            marked = ''.join(f'<mark>{escape(p.text)}</mark>' if p.is_hit else escape(p.text) for p in each.excerpt)
            ui.html(marked, sanitize=False, tag='p').classes('note-excerpt').props('dir=auto')
        elif note.text:
            prose(note.text, keep_lines=True)


def _nothing_yet() -> None:
    with ui.element('div').classes('empty'):
        Text('h2', _('There are none yet')).classes('heading')
        Text('p', _('Open a step of a course and choose “Write a note” or “Bookmark”. You find them all here.'))
        ui.link(_('To your courses'), '/').classes('button-primary')
