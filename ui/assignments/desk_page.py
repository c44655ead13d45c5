"""`/courses/{course_id}/assignments/{checkpoint_id}/{submission_id}`: one work beside its grade, and the next one."""

from collections.abc import Sequence
from functools import partial
from html import escape

from fastapi import Request
from fastapi.responses import Response
from nicegui import background_tasks, ui
from nicegui.events import KeyEventArguments, ValueChangeEventArguments

from services.access import Actor
from services.assignments import desk, grading
from services.assignments.desk import OnDesk
from services.content.prose import prepare, prose_html
from services.core import audience, database, hub
from services.core.errors import Invalid, NotFound, Refused
from services.core.events import Event, WorkMarked
from services.enums import SubmissionState
from services.live import course_head
from ui.assignments.at_desk import AtDesk
from ui.assignments.file_list import FileList, of_teacher
from ui.assignments.file_preview import FilePreview
from ui.assignments.late_words import late_words
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.key_sheet import key_sheet
from ui.kit.keys import on_key
from ui.kit.language import _, for_reader, ngettext, say
from ui.kit.markdown_field import MarkdownField
from ui.kit.raw_element import Piece
from ui.kit.rubric_marks import RubricMarks
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
        with course_frame(visit, head, Tab.CHECKPOINTS, title=_('Grading'), wide=True):
            way_back(_('All that was handed in'), _list_of(work))
            with ui.element('div').classes('assignment-desk'):
                shown = Work(actor, work)
                marking = Marking(visit.request, actor, work)
        await shown.open_files()
        _follow(actor, work, marking)
        return None


class Work:
    """What was handed in: its text and its files, and whose it is where that is shown."""

    def __init__(self, actor: Actor, work: OnDesk) -> None:
        self._actor = actor
        self._work = work
        with ui.element('article').classes('stack'):
            self._head = Piece('div')
            if work.rules.hides_names:
                ui.switch(_('Show names'), value=False, on_change=gesture(self._show_names))
            Piece('div').draw({'innerHTML': _text_html(work)}, classes='prose' if work.text else 'hidden')
            self._place = ui.element('div').classes('stack')
        self._draw()

    async def open_files(self) -> None:
        """Show the files; the first one is open."""
        self._place.clear()
        with self._place:
            preview = FilePreview(self._actor, self._work.files, shows_names=bool(self._work.name))
        await preview.open()

    async def _show_names(self, event: ValueChangeEventArguments[bool | None]) -> None:
        work = self._work
        self._work = await database.read(desk.on_desk, self._actor, work.submission_id, names=bool(event.value))
        self._draw()
        await self.open_files()

    def _draw(self) -> None:
        self._head.draw_html(_head_html(self._work), classes='stack-tight')


class Marking:
    """Grade and feedback; Ctrl+Enter saves both and goes on with the next work."""

    def __init__(self, request: Request, actor: Actor, work: OnDesk) -> None:
        self._actor = actor
        self._work = work
        self._seen = work.graded_at
        with ui.element('section').classes('assignment-marking stack panel') as within:
            with ui.element('div').classes('spread'):
                Text('h2', _('Grade and feedback')).classes('heading')
                count = _('{graded} of {count} graded', graded=work.graded, count=work.in_all)
                Text('p', count).classes('desk-count number')
            self._others = Piece('p')
            self._changed = Piece('p')
            self._draw_grade()
            self._feedback = MarkdownField(_('Feedback'), work.feedback)
            self._files = FileList(request, actor, of_teacher(actor, work.submission_id), self.look_again)
            self._files.show(work.files_back)
            key_sheet(partial(_keys, work))
            with ui.element('div').classes('line assignment-actions'):
                self._button(_('Save and go on'), self._save_and_go_on, 'button-primary')
                if work.state is not SubmissionState.RETURNED:
                    self._button(_('Return'), self._return, 'button-quiet')
                if work.next_id:
                    self._button(_('Next'), self._go_on, 'button-quiet button-bare')
        within.on('keydown.ctrl.enter', gesture(self._save_and_go_on), args=[[]])
        on_key(self._pressed)

    def show_others(self, names: Sequence[str]) -> None:
        """Say who else looks at this work."""
        said = ngettext(
            '{names} looks at this work, too.', '{names} look at this work, too.', len(names), names=', '.join(names)
        )
        self._others.offer(f'<span>{escape(said)}</span>' if names else '', 'notice')

    async def look_again(self) -> None:
        """Show the files that come back, and say so where this was graded meanwhile."""
        await self._look()

    async def _look(self) -> OnDesk:
        work = await database.read(desk.on_desk, self._actor, self._work.submission_id, names=bool(self._work.name))
        self._files.show(work.files_back)
        is_changed = work.graded_at != self._seen
        self._changed.offer(f'<span>{escape(_meanwhile(work))}</span>' if is_changed else '', 'notice')
        return work

    def _draw_grade(self) -> None:
        work = self._work
        self._grade: ui.input | None = None
        self._rubric: RubricMarks | None = None
        if work.rules.rubric:
            self._rubric = RubricMarks(work.rules.rubric, work.choices)
        elif work.rules.is_graded:
            # no number field: it would make 100 of 755, and 86 of 85.5, without a word
            self._grade = ui.input(_('Grade, 0 to 100'), value='' if work.grade is None else str(work.grade))
            self._grade.props('outlined inputmode=numeric autofocus autocomplete=off').classes('assignment-grade')
            self._grade.props['hint'] = _('Passed from {percent}', percent=work.rules.passing_percent)

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
        if self._grade:
            self._grade.error = None
        try:
            grade = grading.read_grade(self._grade.value or '') if self._grade else None
            self._seen = await database.write(
                grading.grade,
                self._actor,
                self._work.submission_id,
                grade=grade,
                feedback=self._feedback.text,
                choices=self._rubric.choices if self._rubric else (),
                seen=self._seen,
                seen_work=self._work.fingerprint,
                seen_rubric=self._work.rules.rubric,
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
        except Refused:
            await self._warn()
            raise
        return True

    async def _warn(self) -> None:
        """Show what was graded meanwhile; what is typed stays, and takes its place if it is saved again."""
        self._seen = (await self._look()).graded_at


def _meanwhile(work: OnDesk) -> str:
    grade = '–' if work.grade is None else str(work.grade)
    return _(
        '{name} has graded this meanwhile: {grade}. What you typed is still here; save it again to put it in that '
        'place.',
        name=work.grader,
        grade=grade,
    )


def _keys(work: OnDesk) -> list[tuple[str, str]]:
    levels = [('1 … 9', _('Choose a level of the marked criterion'))] if work.rules.rubric else []
    keys = [('Ctrl Enter', _('Save and go on with the next one')), ('n', _('The next one, without saving'))]
    return levels + keys


def _list_of(work: OnDesk) -> str:
    return f'/courses/{work.course_id}/assignments/{work.checkpoint_id}'


def _follow(actor: Actor, work: OnDesk, marking: Marking) -> None:
    """Follow who else looks at a work, and what others do with it."""
    client = ui.context.client

    def happened(events: Sequence[Event]) -> None:
        if any(isinstance(event, WorkMarked) and event.submission_id == work.submission_id for event in events):
            background_tasks.create(gesture(marking.look_again)(), name='look again', context=client)

    here = AtDesk(actor, work.submission_id, for_reader(marking.show_others))
    stop = hub.watch(audience.of_staff(work.course_id), for_reader(happened))

    def gone() -> None:
        stop()
        here.leave()

    client.on_delete(gone)


def _head_html(work: OnDesk) -> str:
    if not work.name:
        parts = [f'<h1 class="title">{escape(_("Work without a name"))}</h1>']
    else:
        parts = [f'<h1 class="title"><bdi translate="no">{escape(work.name)}</bdi></h1>']
    if work.submitted_at:
        handed = _('Handed in on {moment}', moment=time_format.exact(work.submitted_at))
        parts.append(f'<p class="hint">{escape(handed)}</p>')
    if work.number > 1:
        again = _('Try {number}', number=work.number)
        parts.append(f'<p class="hint">{escape(again)}</p>')
    if work.late:
        parts.append(f'<p class="assignment-late">{escape(late_words(work.late))}</p>')
    return ''.join(parts)


def _text_html(work: OnDesk) -> str:
    return f'<div dir="auto">{prose_html(work.text)}</div>' if work.text else ''
