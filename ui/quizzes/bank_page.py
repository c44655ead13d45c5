"""`/courses/{course_id}/questions`: the questions of a course, found by words and tags."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.live import course_head
from services.quizzes import bank
from services.quizzes.bank import Bank, InBank
from services.quizzes.question import QuestionKind
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.menu import opens_menu
from ui.kit.refreshing import Refreshing
from ui.kit.snackbar import Snackbar
from ui.kit.text import Text, hint, named, title
from ui.kit.time_format import ago
from ui.quizzes.new_question import kinds_to_write
from ui.quizzes.question_words import KINDS, points_words, tag_words
from ui.shell.course_frame import Tab, course_frame
from ui.shell.page import page
from ui.shell.request import Visit

ANY_TAG = ANY_KIND = ''
MOST_SHOWN = 200


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/questions', title='Questions')
    async def questions(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        head = await database.read(course_head.of_course, actor, course_id)
        found = await database.read(bank.of_course, actor, course_id)
        with course_frame(visit, head, Tab.QUESTIONS):
            BankPage(actor, course_id, found)
        return None


class BankPage:
    """What can be added, a search, and the questions that match."""

    def __init__(self, actor: Actor, course_id: int, found: Bank) -> None:
        self._actor = actor
        self._course_id = course_id
        self._undo = Snackbar()
        self._refreshing = Refreshing(self._read, self.refresh)
        with ui.element('div').classes('spread'):
            title(_('Questions'))
            self._draw_new()
        hint(_('Quizzes are made of them: of some that everybody gets, or of some that are drawn.'))
        self._nothing = _nothing_yet(course_id)
        with ui.element('div').classes('bank-filters') as self._filters:
            self._search = ui.input(_('Search'), on_change=gesture(self._look))
            self._search.props('outlined debounce=250 type=search clearable maxlength=200')
            self._tag = ui.select(_tags(found), value=ANY_TAG, label=_('Tag'), on_change=gesture(self._look))
            self._tag.props('outlined')
            kinds = {ANY_KIND: _('All kinds')} | {kind.value: KINDS[kind] for kind in QuestionKind}
            self._kind = ui.select(kinds, value=ANY_KIND, label=_('Kind'), on_change=gesture(self._look))
            self._kind.props('outlined')
        self._count = Text('p').classes('hint').props('role=status')
        self._list = ui.element('ul').classes('list')
        self._take_away = _draw_files(course_id)
        self.refresh(found)

    def refresh(self, found: Bank) -> None:
        """Show the questions that match."""
        self._filters.visible = found.in_all > 0
        self._nothing.visible = found.in_all == 0
        self._take_away.visible = found.in_all > 0
        self._tag.set_options(_tags(found), value=self._tag.value if self._tag.value in _tags(found) else ANY_TAG)
        number = len(found.questions)
        self._count.set_text(ngettext('{count} question', '{count} questions', number) if found.in_all else '')
        self._list.visible = bool(number)
        self._list.clear()
        with self._list:
            for each in found.questions[:MOST_SHOWN]:
                self._row(each)
            if number > MOST_SHOWN:
                with ui.element('li'):
                    hint(_('Only the first {most} are shown. Search for the others.', most=MOST_SHOWN))

    def _draw_new(self) -> None:
        address = f'/courses/{self._course_id}/questions'
        with ui.element('div').classes('line'):
            ui.link(_('Import'), f'{address}/import').classes('button-quiet')
            new = ui.button(_('New question')).props('flat no-caps aria-haspopup=menu').classes('button-primary')
            opens_menu(new, lambda: kinds_to_write(f'{address}/new'))

    def _row(self, each: InBank) -> None:
        with ui.element('li').classes('question-row'):
            with ui.element('div').classes('question-what'):
                ui.link(each.title, f'/questions/{each.question_id}').props('dir=auto').classes('question-title')
                with ui.element('div').classes('question-facts'):
                    Text('span', KINDS[QuestionKind(each.kind)]).classes('hint')
                    Text('span', points_words(each.points)).classes('hint')
                    if each.quizzes:
                        Text('span', ngettext('in {count} quiz', 'in {count} quizzes', each.quizzes)).classes('hint')
                    ago(each.updated_at).classes('hint')
                    for tag in each.tags:
                        Text('span', f'#{tag_words(tag)}').classes('chip')
            with ui.element('div').classes('row-icons'):
                name = _('Duplicate “{question}”', question=each.title)
                _icon('content_copy', name, partial(self._duplicate, each))
                _icon('delete_outline', _('Delete “{question}”', question=each.title), partial(self._delete, each))

    async def _duplicate(self, each: InBank) -> None:
        question_id = await database.write(bank.duplicate, self._actor, each.question_id)
        ui.navigate.to(f'/questions/{question_id}')

    async def _delete(self, each: InBank) -> None:
        await database.write(bank.delete, self._actor, each.question_id)
        await self._look()

        async def undo() -> None:
            await database.write(bank.restore, self._actor, each.question_id)
            await self._look()

        self._undo.show(_('“{question}” is deleted.', question=each.title), undo)

    async def _look(self) -> None:
        await self._refreshing.look_again()

    async def _read(self) -> Bank:
        wanted = {
            'words': self._search.value or '',
            'tag': self._tag.value or '',
            'kind': self._kind.value or '',
        }
        return await database.read(bank.of_course, self._actor, self._course_id, **wanted)


def _icon(icon: str, name: str, pressed: Callable[[], Awaitable[None]]) -> None:
    named(ui.button(icon=icon, on_click=gesture(pressed)).props('flat round').classes('button-icon'), name)


def _draw_files(course_id: int) -> ui.element:
    """Draw the bank as files for other systems."""
    with ui.element('details').classes('quiet-details') as shown:
        Text('summary', _('Take all questions away as a file'))
        with ui.element('div').classes('line'):
            for name, ending in (('GIFT', 'gift'), ('Moodle XML', 'xml'), ('QTI 3.0', 'zip')):
                link = ui.link(name, f'/courses/{course_id}/questions.{ending}').classes('button-quiet')
                link.props('download translate=no')
    return shown


def _tags(found: Bank) -> dict[str, str]:
    return {ANY_TAG: _('All tags')} | {tag: f'#{tag_words(tag)} ({count})' for tag, count in found.tags}


def _nothing_yet(course_id: int) -> ui.element:
    with ui.element('div').classes('empty') as shown:
        Text('h2', _('There are none yet')).classes('heading')
        Text('p', _('Write the first one, paste many at once, or bring in those that you have in Moodle or Canvas.'))
        ui.link(_('Import'), f'/courses/{course_id}/questions/import').classes('button-quiet')
    return shown
