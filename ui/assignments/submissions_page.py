"""`/courses/{course_id}/assignments/{checkpoint_id}`: who has handed in what, who is missing, and the settings."""

from collections.abc import Sequence
from html import escape

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.assignments import desk, grading
from services.assignments import rules as assignment_rules
from services.assignments.desk import Line
from services.assignments.rules import Agreed, Shown
from services.core import audience, database
from services.core.errors import NotFound
from services.core.events import CourseChanged, Event, Recorded, WorkMarked
from services.core.transaction import Transaction
from services.enums import SubmissionState, Verb
from services.live import course_head
from ui.assignments.late_words import late_words
from ui.assignments.later_dates import LaterDates
from ui.assignments.rules_form import RulesForm
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext
from ui.kit.raw_element import Piece
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, hint, title
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit

Found = tuple[Shown, tuple[Line, ...], int | None]
"""the last one is a work that waits"""


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/assignments/{checkpoint_id:id}', title='Assignment')
    async def submitted(visit: Visit, course_id: int, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        found = await database.read(_read, actor, checkpoint_id)
        shown = found[0]
        if shown.course_id != course_id:
            raise NotFound('This step is gone. Somebody may have deleted it.')
        dates = await database.read(assignment_rules.agreed_dates, actor, checkpoint_id)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.CHECKPOINTS, title=shown.title):
            way_back(_('Steps'), f'/courses/{course_id}')
            SubmissionList(actor, found, dates)
        return None


class SubmissionList:
    """The learners of an assignment, each with how far their work is."""

    def __init__(self, actor: Actor, found: Found, dates: tuple[Agreed, ...]) -> None:
        self._actor = actor
        self._shown = shown = found[0]
        checkpoint_id = shown.checkpoint_id
        title(shown.title)
        if shown.due_at:
            hint(_('Due on {moment}', moment=time_format.exact(shown.due_at)))
        self._counts = Text('p').props('role=status')
        with ui.element('div').classes('line'):
            self._next = ui.link(_('Grade the next one'), '').classes('button-primary')
            self._give_back = ui.button(_('Return all that are graded'), on_click=gesture(self._return_all))
            self._give_back.props('flat no-caps').classes('button-quiet')
        self._table = Piece('div')
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Settings'))
            RulesForm(actor, checkpoint_id, shown.rules)
        if shown.due_at:
            LaterDates(actor, checkpoint_id, dates)
        self.show(found)
        self._refreshing = Refreshing(self._read, self.show)
        self._refreshing.follow(audience.of_staff(shown.course_id), self._concerns)

    def show(self, found: Found) -> None:
        """Show the list as it is now."""
        shown, lines, first = found
        self._counts.set_text(_counts(lines))
        self._next.visible = first is not None
        if first is not None:
            self._next.props['href'] = _address(shown, first)
        self._give_back.visible = any(line.state is SubmissionState.GRADED for line in lines)
        self._table.draw_html(_table_html(shown, lines))

    async def _read(self) -> Found:
        return await database.read(_read, self._actor, self._shown.checkpoint_id)

    async def _return_all(self) -> None:
        count = await database.write(grading.give_back, self._actor, self._shown.checkpoint_id)
        tell(ngettext('{count} returned', '{count} returned', count))
        await self._refreshing.look_again()

    def _concerns(self, event: Event) -> bool:
        verbs = {Verb.ASSIGNMENT_SUBMITTED, Verb.RETURNED, Verb.GRADED}
        if isinstance(event, Recorded):
            return event.checkpoint_id == self._shown.checkpoint_id and event.verb in verbs
        return isinstance(event, CourseChanged | WorkMarked)


def state_words(line: Line) -> str:
    """Return how far the work of a learner is."""
    if line.state is SubmissionState.SUBMITTED:
        return _('waits for you')
    if line.state is SubmissionState.GRADED:
        return _('graded, not returned yet')
    if line.state is SubmissionState.RETURNED:
        return _('returned')
    if line.is_overdue:
        return _('missing')
    if line.was_before:
        return _('due before joining')
    return _('a draft') if line.state is SubmissionState.DRAFT else _('nothing yet')


def _read(tx: Transaction, actor: Actor, checkpoint_id: int) -> Found:
    lines = desk.of_assignment(tx, actor, checkpoint_id)
    first = desk.first_waiting(tx, actor, checkpoint_id)
    return assignment_rules.of_checkpoint(tx, actor, checkpoint_id), lines, first


def _counts(lines: Sequence[Line]) -> str:
    handed = sum(line.state not in {None, SubmissionState.DRAFT} for line in lines)
    waiting = sum(line.state is SubmissionState.SUBMITTED for line in lines)
    missing = sum(line.is_overdue for line in lines)
    return _(
        '{handed} of {all} handed in · {waiting} to grade · {missing} missing',
        handed=handed,
        all=len(lines),
        waiting=waiting,
        missing=missing,
    )


def _table_html(shown: Shown, lines: Sequence[Line]) -> str:
    if not lines:
        return f'<p class="hint">{escape(_("Nobody learns in this course yet."))}</p>'
    heads = [_('Name'), _('Work'), _('Handed in'), *([_('Grade')] if shown.rules.is_graded else [])]
    row = ''.join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = ''.join(_row_html(shown, line) for line in lines)
    return f'<table class="code-table assignment-table"><thead><tr>{row}</tr></thead><tbody>{rows}</tbody></table>'


def _row_html(shown: Shown, line: Line) -> str:
    name = f'<bdi translate="no">{escape(line.name)}</bdi>'
    if line.submission_id and line.state is not SubmissionState.DRAFT:
        name = f'<a class="link" href="{_address(shown, line.submission_id)}">{name}</a>'
    handed = time_format.short(line.submitted_at) if line.submitted_at else ''
    late = ''
    if line.late:
        late = f' <span class="assignment-late">{escape(late_words(line.late))}</span>'
    grade = '' if line.grade is None else str(line.grade)
    graded = f'<td class="number">{grade}</td>' if shown.rules.is_graded else ''
    return (
        f'<tr><th scope="row">{name}</th><td>{escape(state_words(line))}</td>'
        f'<td>{escape(handed)}{late}</td>{graded}</tr>'
    )


def _address(shown: Shown, submission_id: int) -> str:
    return f'/courses/{shown.course_id}/assignments/{shown.checkpoint_id}/{submission_id}'
