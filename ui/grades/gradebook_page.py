"""`/courses/{course_id}/gradebook`: where everybody stands, and why, for those who teach a course."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from fastapi.responses import Response
from nicegui import ui
from nicegui.events import KeyEventArguments

from services.access import Actor
from services.core import audience, database
from services.core.errors import DomainError
from services.core.events import CourseChanged, Event, ExtraTimeGiven, GradingChanged, LearnerGrouped, Recorded
from services.enums import Verb
from services.grades import entering, gradebook, overrides
from services.grades.book import Gradebook, Row
from services.grades.overrides import HIGHEST, LONGEST_REASON
from services.live import course_head
from services.quizzes import skills
from ui.grades.grade_grid import GradeGrid, Seen
from ui.grades.grade_words import seen
from ui.grades.how_graded import HowGradedDialog
from ui.grades.reason_dialog import ask_reason
from ui.grades.which_dialog import ask_which
from ui.grades.why import show_why
from ui.kit.group_filter import GroupFilter, chosen_group, in_group
from ui.kit.handlers import gesture
from ui.kit.keys import on_key
from ui.kit.language import _
from ui.kit.menu import Choice, opens_menu
from ui.kit.refreshing import Refreshing
from ui.kit.snackbar import Snackbar
from ui.kit.text import Text, hint, title
from ui.shell.course_frame import Tab, course_frame
from ui.shell.page import page
from ui.shell.request import Visit

MOVES = {Verb.QUIZ_SUBMITTED, Verb.GRADED, Verb.REGRADED, Verb.GRADE_SET, Verb.ENROLLED, Verb.MERGED, Verb.UNMERGED}
PAUSE = 0.3
"""seconds in which all that happens is one look at the whole gradebook, behind the line that was just typed into"""
ROUNDS_TO_SEND = 2
"""Of the event loop: NiceGUI tells a grid something in the next one, and sends it in the one after. Whatever else
changes by then goes first, and the browser draws the whole page for it before it looks at the line."""


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/gradebook', title='Gradebook')
    async def grades(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        book = await database.read(gradebook.of_course, actor, course_id)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.GRADEBOOK, wide=True):
            GradebookPage(visit, actor, course_id, book).follow()
        return None


class GradebookPage:
    """The grid with its filters, and what keeps it true."""

    def __init__(self, visit: Visit, actor: Actor, course_id: int, book: Gradebook) -> None:
        self._actor = actor
        self._course_id = course_id
        self._book = book
        self._refreshing = Refreshing(self._read, self._show)
        self._group = chosen_group(visit.request, book.groups)
        with ui.element('div').classes('stack grade-page'):
            self._draw_top()
            self._empty = self._draw_empty()
            with ui.element('div').classes('stack grade-book') as self._whole:
                self._draw_tools(course_id, book)
                self._grid = GradeGrid(self._of_group(book), on_type=gesture(self._typed), on_why=gesture(self._why))
        self._snackbar = Snackbar()
        on_key(self._pressed)
        self._switch()

    def follow(self) -> None:
        """Show what others grade while the page is open."""
        self._refreshing.follow(audience.of_staff(self._course_id), _is_shown, pause=PAUSE)

    def _draw_top(self) -> None:
        with ui.element('div').classes('spread'):
            title(_('Gradebook'))
            with ui.element('div').classes('line'):
                files = ui.button(_('Files')).props('flat no-caps aria-haspopup=menu').classes('button-quiet')
                opens_menu(files, self._files)
                how = ui.button(_('Weights and letters'), on_click=gesture(self._open_how)).props('flat no-caps')
                how.classes('button-quiet')

    def _files(self) -> list[Choice]:
        book = f'/courses/{self._course_id}/gradebook'

        def go(address: str) -> Callable[[], None]:
            return lambda: ui.navigate.to(address)

        return [
            (_('Download as XLSX'), go(in_group(f'{book}.xlsx', self._group))),
            (_('Download as CSV'), go(in_group(f'{book}.csv', self._group))),
            (_('Import grades'), go(f'{book}/import')),
        ]

    def _draw_empty(self) -> ui.element:
        with ui.element('div').classes('empty') as empty:
            Text('h2', _('Nothing is graded yet')).classes('heading')
            Text('p', _('Publish a quiz: it becomes a column here, with a line for each learner.'))
            ui.link(_('To the steps'), f'/courses/{self._course_id}')
        return empty

    def _draw_tools(self, course_id: int, book: Gradebook) -> None:
        with ui.element('div').classes('line grade-tools'):
            search = ui.input(placeholder=_('Find by name')).props('outlined dense clearable debounce=150 dir=auto')
            search.props['aria-label'] = _('Find by name')
            search.on_value_change(lambda event: self._grid.search(event.value or ''))
            self._groups = GroupFilter(
                f'/courses/{course_id}/gradebook', book.groups, self._group, on_change=self._choose_group
            )
            self._reason = ui.input(placeholder=_('Reason for the grades that I type')).classes('grow grade-reason')
            self._reason.props(f'outlined dense clearable dir=auto maxlength={LONGEST_REASON}')
            self._reason.props['aria-label'] = _('Reason for the grades that I type')
        with ui.element('div').classes('line only-screen'):
            hint(
                _(
                    'Type a grade from 0 to 100, or up to {most} with extra credit; “x” is for excused, and an empty '
                    'cell takes back what was set. A total says how it comes about.',
                    most=HIGHEST,
                )
            )
            hint(_('Go on with Enter or Tab; Ctrl+Z takes back the last change.')).classes('keys-hint')

    async def _typed(self, user_id: int, checkpoint_id: int, typed: str, before: Seen) -> None:
        try:
            await self._enter(user_id, checkpoint_id, typed, before, self._reason.value or '')
        except DomainError as refusal:
            self._grid.put_back(user_id)
            if refusal.field == 'seen':
                await self._ask_again(user_id, checkpoint_id, typed, refusal)
                return
            if refusal.field != 'reason':
                raise
            keep = partial(self._enter, user_id, checkpoint_id, typed, before)
            with self._whole:
                ask_reason(refusal, keep, self._grid.focus_again)

    async def _ask_again(self, user_id: int, checkpoint_id: int, typed: str, refusal: DomainError) -> None:
        """Show the grade that is there now, and ask whether what was typed takes its place."""
        row = await self._show_row(user_id)
        if row is None:
            raise refusal
        cells = {thing.checkpoint_id: cell for thing, cell in zip(self._book.things, row.cells, strict=True)}
        now = seen(cells[checkpoint_id]) if checkpoint_id in cells else None
        with self._whole:
            again = partial(self._typed, user_id, checkpoint_id, typed, now)
            ask_which(refusal, row.name, typed, again, self._grid.focus_again)

    async def _enter(self, user_id: int, checkpoint_id: int, typed: str, before: Seen, reason: str) -> None:
        entered = await database.write(
            entering.enter, self._actor, checkpoint_id, user_id=user_id, typed=typed, reason=reason, seen=before
        )
        row = await self._show_row(user_id)

        async def undo() -> None:
            ids = self._actor, checkpoint_id
            await database.write(overrides.put_back, *ids, user_id=user_id, before=entered.before, after=entered.after)
            await self._show_row(user_id)
            self._grid.focus_again()

        if row is not None:
            self._snackbar.show(_('Grade of {name} changed.', name=row.name), undo)

    async def _show_row(self, user_id: int) -> Row | None:
        """Show the line of a learner at once; the whole gradebook is read again after the event."""
        row = await database.read(gradebook.row_of, self._actor, self._course_id, user_id=user_id)
        if row is not None:
            self._book = self._book.with_row(row)
            self._grid.show_row(row)
            for _round in range(ROUNDS_TO_SEND):
                await asyncio.sleep(0)
        return row

    def _pressed(self, event: KeyEventArguments) -> Awaitable[None] | None:
        if event.key.name == 'z' and (event.modifiers.ctrl or event.modifiers.meta) and not event.modifiers.shift:
            return gesture(self._snackbar.undo)()
        return None

    async def _why(self, user_id: int) -> None:
        found = await database.read(gradebook.of_learner, self._actor, self._course_id, user_id=user_id, again=True)
        show_why(found, await database.read(skills.of_learner, self._actor, self._course_id, user_id))

    async def _open_how(self) -> None:
        book = await self._read()
        HowGradedDialog(self._actor, self._course_id, book, self._read)

    async def _read(self) -> Gradebook:
        return await database.read(gradebook.of_course, self._actor, self._course_id, again=True)

    def _show(self, book: Gradebook) -> None:
        self._book = book
        self._groups.offer(book.groups)
        self._grid.show(self._of_group(book))
        self._switch()

    def _switch(self) -> None:
        has_some = bool(self._book.things)
        self._empty.set_visibility(not has_some)
        self._whole.set_visibility(has_some)

    def _choose_group(self, group: str) -> None:
        self._group = group
        self._grid.show(self._of_group(self._book))

    def _of_group(self, book: Gradebook) -> Gradebook:
        return book.of_group(self._group)


def _is_shown(event: Event) -> bool:
    if isinstance(event, Recorded):
        return event.verb in MOVES
    return isinstance(event, CourseChanged | ExtraTimeGiven | GradingChanged | LearnerGrouped)
