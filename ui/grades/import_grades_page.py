"""`/courses/{course_id}/gradebook/import`: grades from a file, seen before anything changes."""

from collections.abc import Sequence
from html import escape

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import DomainError
from services.grades import grade_file, importing
from services.grades.book import Cell, Mark
from services.grades.grade_file import LARGEST, Sheet
from services.grades.importing import MOST_SAID, Change, Plan
from services.grades.overrides import LONGEST_REASON
from services.live import course_head
from ui.grades.grade_words import grade
from ui.kit.file_picker import FilePicker
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.text import Text, hint, named, title
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit
from ui.shell.sentence_list import draw_sentences

MOST_SHOWN = 100
"""changes that are listed"""


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/gradebook/import', title='Import grades')
    async def import_grades(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.GRADEBOOK, title=_('Import grades')):
            way_back(_('Gradebook'), f'/courses/{course_id}/gradebook')
            title(_('Import grades'))
            hint(
                _(
                    'Download the gradebook, change grades in it, and choose it here. You see first what would change; '
                    'nothing changes before you confirm it. An empty cell changes nothing, and “x” is for excused.'
                )
            )
            GradeImport(actor, course_id)
        return None


class GradeImport:
    """A file, what it would change, and the button that changes it."""

    def __init__(self, actor: Actor, course_id: int) -> None:
        self._actor = actor
        self._course_id = course_id
        FilePicker(
            choose=_('Choose a file'),
            kinds=_('The file of the gradebook, or one of Canvas, Moodle or Google Classroom (XLSX, CSV)'),
            accept='.xlsx,.csv,.tsv,.txt',
            most=LARGEST,
            take=self._try,
        )
        self._found = ui.element('div').classes('stack').props('role=status')

    async def _try(self, content: bytes) -> None:
        """Read the file beside the event loop, and show what would change; nothing does."""
        self._found.clear()
        try:
            sheet = await grade_file.read(content)
            plan = await database.read(importing.plan, self._actor, self._course_id, sheet)
        except DomainError as refusal:
            self._complain(say(refusal))
            return
        with self._found:
            self._draw(sheet, plan)

    def _complain(self, sentence: str) -> None:
        self._found.clear()
        with self._found:
            Text('p', sentence).classes('notice-problem').props('role=alert')

    def _draw(self, sheet: Sheet, plan: Plan) -> None:
        if plan.problems:
            draw_sentences(
                _('Nothing can change yet. Correct this and choose the file again:'), plan.problems, 'notice-problem'
            )
        else:
            self._draw_way_on(sheet, plan)
        if plan.nobody:
            words = ngettext(
                '{count} row is about nobody in this course, or about several people; it is left out:',
                '{count} rows are about nobody in this course, or about several people; they are left out:',
                len(plan.nobody),
            )
            draw_sentences(words, plan.nobody[:MOST_SAID], 'notice')
        draw_sentences(_('Look at this:'), plan.warnings, 'notice')
        if plan.left_out:
            hint(_('These columns are not graded here: {columns}', columns=', '.join(plan.left_out[:MOST_SAID])))
        _draw_changes(plan.changes)

    def _draw_way_on(self, sheet: Sheet, plan: Plan) -> None:
        if not plan.changes:
            Text('p', _('No grade would change; all that is in the file is there already.')).classes('notice')
            return
        words = ngettext('{count} grade would change.', '{count} grades would change.', len(plan.changes))
        Text('p', words).classes('heading')
        if plan.replaced:
            hint(
                ngettext(
                    '{count} of them replaces what a learner has reached; it needs a reason, which the learner sees.',
                    '{count} of them replace what learners have reached; they need a reason, which the learners see.',
                    plan.replaced,
                )
            )
        reason = ui.input(_('Reason')).props(f'outlined dense dir=auto maxlength={LONGEST_REASON}')

        async def change() -> None:
            await self._change(sheet, plan, reason.value or '')

        words = ngettext('Change {count} grade', 'Change {count} grades', len(plan.changes))
        with ui.element('div').classes('line'):
            ui.button(words, on_click=gesture(change)).props('flat no-caps').classes('button-primary')

    async def _change(self, sheet: Sheet, plan: Plan, reason: str) -> None:
        count = await database.write(importing.bring_in, self._actor, self._course_id, sheet, seen=plan, reason=reason)
        self._found.clear()
        with self._found, ui.element('div').classes('notice-done'):
            Text('p', ngettext('{count} grade has changed.', '{count} grades have changed.', count))
            ui.link(_('Gradebook'), f'/courses/{self._course_id}/gradebook')


def _draw_changes(changes: Sequence[Change]) -> None:
    if not changes:
        return
    heads = _('Name'), _('Graded'), _('Now'), _('From the file')
    top = ''.join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = ''.join(_change(each) for each in changes[:MOST_SHOWN])
    table = f'<table class="result-table"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'
    named(ui.html(table, sanitize=False).classes('results grade-changes'), _('What would change')).props(
        'role=region tabindex=0'
    )
    if len(changes) > MOST_SHOWN:
        more = len(changes) - MOST_SHOWN
        hint(ngettext('and {count} more', 'and {count} more', more))


def _change(change: Change) -> str:
    after = Cell(change.score, Mark.EXCUSED) if change.score is None else Cell(change.score, Mark.GRADED)
    return (
        f'<tr><th scope="row" dir="auto" translate="no">{escape(change.name)}</th>'
        f'<td dir="auto" translate="no">{escape(change.title)}</td>'
        f'<td class="number">{escape(grade(change.before))}</td><td class="number">{escape(grade(after))}</td></tr>'
    )
