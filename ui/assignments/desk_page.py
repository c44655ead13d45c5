"""`/courses/{course_id}/assignments/{checkpoint_id}/{submission_id}`: one work beside its grade, and the next one."""

from functools import partial
from html import escape

from fastapi.responses import Response
from nicegui import ui
from nicegui.events import KeyEventArguments

from services.access import Actor
from services.assignments import desk
from services.assignments.desk import OnDesk
from services.content.prose import prepare, prose_html
from services.core import database
from services.core.errors import Invalid, NotFound
from services.enums import SubmissionState
from services.live import course_head
from ui.assignments.file_list import files_html
from ui.assignments.late_words import late_words
from ui.assignments.rubric_marks import RubricMarks
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.key_sheet import key_sheet
from ui.kit.keys import on_key
from ui.kit.language import _, say
from ui.kit.markdown_field import MarkdownField
from ui.kit.raw_element import Piece
from ui.kit.text import Text
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/assignments/{checkpoint_id:id}/{submission_id:id}', title='Grading')
    async def grading(visit: Visit, course_id: int, checkpoint_id: int, submission_id: int) -> Response | None:
        actor = visit.signed_in()
        work = await database.read(desk.on_desk, actor, submission_id)
        if (work.course_id, work.checkpoint_id) != (course_id, checkpoint_id):
            raise NotFound('There is no such work, or it is not yours.')
        await prepare(work.text)
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.STEPS, title=_('Grading'), wide=True):
            way_back(_('All that was handed in'), _list_of(work))
            with ui.element('div').classes('assignment-desk'):
                Piece('article').draw({'innerHTML': _work_html(work)}, classes='stack')
                Marking(actor, work)
        return None


class Marking:
    """Grade and feedback; Ctrl+Enter saves both and goes on with the next work."""

    def __init__(self, actor: Actor, work: OnDesk) -> None:
        self._actor = actor
        self._work = work
        self._seen = work.graded_at
        with ui.element('section').classes('assignment-marking stack panel') as within:
            Text('h2', _('Grade and feedback')).classes('heading')
            self._grade: ui.number | None = None
            self._rubric: RubricMarks | None = None
            if work.rules.rubric:
                self._rubric = RubricMarks(work.rules.rubric, work.choices)
            elif work.rules.is_graded:
                self._grade = ui.number(_('Grade, 0 to 100'), value=work.grade, min=0, max=100, precision=0)
                self._grade.props('outlined inputmode=numeric autofocus').classes('assignment-grade')
                self._grade.props['hint'] = _('Passed from {percent}', percent=work.rules.passing_percent)
            self._feedback = MarkdownField(_('Feedback'), work.feedback)
            with ui.element('div').classes('line'):
                self._button(_('Save and go on'), self._save_and_go_on, 'button-primary')
                if work.state is not SubmissionState.RETURNED:
                    self._button(_('Return'), self._return, 'button-quiet')
                if work.next_id:
                    self._button(_('Next'), self._go_on, 'button-quiet button-bare')
            key_sheet(partial(_keys, work))
        within.on('keydown.ctrl.enter', gesture(self._save_and_go_on), args=[[]])
        on_key(self._pressed)

    def _button(self, word: str, do: object, look: str) -> None:
        assert callable(do)
        ui.button(word, on_click=gesture(do)).props('flat no-caps').classes(look)

    async def _pressed(self, event: KeyEventArguments) -> None:
        if event.modifiers.ctrl or event.modifiers.meta or event.modifiers.alt:
            return
        if event.key == 'n':
            await gesture(self._go_on)()
        elif self._rubric and event.key.number is not None:
            self._rubric.press(event.key.number)

    async def _save_and_go_on(self) -> None:
        if await self._save(returns=False):
            await self._go_on()

    async def _return(self) -> None:
        if await self._save(returns=True):
            tell(_('Returned'))
            await self._go_on()

    async def _go_on(self) -> None:
        work = self._work
        address = _list_of(work)
        ui.navigate.to(f'{address}/{work.next_id}' if work.next_id else address)

    async def _save(self, *, returns: bool) -> bool:
        typed = self._grade.value if self._grade else None
        grade = None if typed is None else int(typed)
        if self._grade:
            self._grade.error = None
        try:
            await database.write(
                desk.grade,
                self._actor,
                self._work.submission_id,
                grade=grade,
                feedback=self._feedback.text,
                choices=self._rubric.choices if self._rubric else (),
                seen=self._seen,
                returns=returns,
            )
        except Invalid as refusal:
            if self._rubric and refusal.field == 'marks':
                self._rubric.complain(say(refusal))
                return False
            field = self._grade if self._grade and refusal.field == 'grade' else self._feedback.field
            field.error = say(refusal)
            field.run_method('focus')
            return False
        return True


def _keys(work: OnDesk) -> list[tuple[str, str]]:
    levels = [('1 … 9', _('Choose a level of the marked criterion'))] if work.rules.rubric else []
    keys = [('Ctrl Enter', _('Save and go on with the next one')), ('n', _('The next one, without saving'))]
    return levels + keys


def _list_of(work: OnDesk) -> str:
    return f'/courses/{work.course_id}/assignments/{work.checkpoint_id}'


def _work_html(work: OnDesk) -> str:
    parts = [f'<h1 class="title"><bdi translate="no">{escape(work.name)}</bdi></h1>']
    handed = _('Handed in on {moment}', moment=time_format.exact(work.submitted_at))
    parts.append(f'<p class="hint">{escape(handed)}</p>')
    if work.number > 1:
        again = _('Try {number}', number=work.number)
        parts.append(f'<p class="hint">{escape(again)}</p>')
    if work.late:
        parts.append(f'<p class="assignment-late">{escape(late_words(work.late))}</p>')
    if work.text:
        parts.append(f'<div class="prose" dir="auto">{prose_html(work.text)}</div>')
    parts.append(files_html(work.files))
    return ''.join(parts)
