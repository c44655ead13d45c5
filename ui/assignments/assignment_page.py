"""`/assignments/{checkpoint_id}`: an assignment as its learner meets it: what is asked, their work, what came back."""

from collections.abc import Sequence
from html import escape

from fastapi.responses import Response
from nicegui import background_tasks, ui

from services.assignments import submissions
from services.assignments.submissions import Task, Try
from services.content.prose import prepare, prose_html
from services.core import audience, database, hub
from services.core.events import CourseChanged, Event, ExtraTimeGiven, Recorded
from services.enums import SubmissionState, Verb
from services.study import path
from ui.assignments.file_list import FileList, files_html, of_learner
from ui.assignments.late_words import late_words
from ui.assignments.text_field import TextField
from ui.content.assignment_card import state_words
from ui.content.lesson_context import Lesson
from ui.kit import time_format
from ui.kit.handlers import gesture, tell, tell_problem
from ui.kit.language import _, for_reader, say
from ui.kit.raw_element import Piece
from ui.kit.rubric_words import marks_html, rubric_html
from ui.kit.text import Text, hint
from ui.learn.study_clock import StudyClock
from ui.shell import before_sign_out
from ui.shell.frame import frame, title_page, way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/assignments/{checkpoint_id:id}', title='Assignment')
    async def assignment(visit: Visit, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        task = await database.read(submissions.task, actor, checkpoint_id)
        place = await database.read(path.place, actor, task.course_id, checkpoint_id)
        await _prepare(task)
        title_page(task.title, place.course_title)
        lesson = Lesson(visit.request, actor, place)
        with frame(visit, name=place.course_title), Piece('div', 'stack') as within:
            way_back(_('Back to the course'), f'/courses/{task.course_id}/learn/{checkpoint_id}')
            work = Work(lesson, task)
            StudyClock(lesson, within=within)
        lesson.at_leaving(work.leave)
        _connect(lesson, work)
        return None


class Work:
    """The work of a learner on one assignment."""

    def __init__(self, lesson: Lesson, task: Task) -> None:
        self._lesson = lesson
        self._task = task
        self._text: TextField | None = None
        self._files: FileList | None = None
        with ui.element('article').classes('stack') as self.element:
            Piece('h1').draw({'innerHTML': escape(task.title), 'dir': 'auto'}, classes='title')
            self._about = Piece('div')
            self._before = Piece('div')
            self._body = ui.element('div').classes('stack')
        self._draw(anew=True)

    async def look_again(self) -> None:
        """Read and show the current state; a text that is being typed stays as it is."""
        await self.leave()  # what was typed a moment ago, before the fields may be drawn anew
        before = self._task
        self._task = await database.read(submissions.task, self._lesson.actor, self._lesson.checkpoint.checkpoint_id)
        await _prepare(self._task)
        self._draw(anew=_form_of(before) != _form_of(self._task))

    async def leave(self) -> None:
        """Save what is typed."""
        if self._text:
            await self._text.save_quietly()

    def _draw(self, *, anew: bool) -> None:
        task = self._task
        self._about.draw_html(_about_html(task, learns=self._lesson.place.learns), classes='stack')
        if anew:
            self._body.clear()
            self._text = self._files = None
            with self._body:
                self._draw_body(task)
        if self._files:
            newest = _draft_of(task)
            self._files.show(newest.files if newest else ())
        earlier = ''.join(_try_html(each) for each in _closed(task))
        self._before.draw_html(earlier, classes='stack' if earlier else 'hidden')

    def _draw_body(self, task: Task) -> None:
        if task.problem is None and self._lesson.is_counted:
            self._draw_form(task)
        elif task.can_take_back and self._lesson.is_counted:
            back = ui.button(_('Take it back and change it'), on_click=gesture(self._take_back))
            back.props('flat no-caps').classes('button-quiet assignment-add')
            if task.due_at and not task.rules.takes_late:
                moment = time_format.exact(task.due_at)
                hint(_('Hand it in again by {moment}; nothing is taken later.', moment=moment))

    def _draw_form(self, task: Task) -> None:
        actor, checkpoint_id = self._lesson.actor, task.checkpoint_id
        newest = task.tries[0] if task.tries else None
        if _closed(task):
            Text('h2', _('Hand in again')).classes('heading')
        if task.rules.takes_text:
            self._text = TextField(
                actor,
                checkpoint_id,
                text=newest.text if newest else '',
                saved_at=newest.saved_at if newest else None,
            )
        if task.rules.most_files:
            self._files = FileList(
                self._lesson.request, actor, of_learner(actor, checkpoint_id, task.rules), self.look_again
            )
        hand_in = ui.button(_('Hand in'), on_click=gesture(self._hand_in)).props('flat no-caps')
        hand_in.classes('button-primary assignment-add')

    async def _hand_in(self) -> None:
        self._lesson.touch()
        if self._files and self._files.is_busy:
            tell_problem(_('A file is still on its way. Wait until it is here.'))
            return
        if self._text:
            await self._text.save()
        await database.write(submissions.submit, self._lesson.actor, self._task.checkpoint_id)
        tell(_('Handed in'))
        await self.look_again()

    async def _take_back(self) -> None:
        await database.write(submissions.take_back, self._lesson.actor, self._task.checkpoint_id)
        await self.look_again()


def _connect(lesson: Lesson, work: Work) -> None:
    """Follow what happens to the work, and save what is typed when the learner leaves."""
    client, actor = ui.context.client, lesson.actor
    verbs = {Verb.ASSIGNMENT_SUBMITTED, Verb.RETURNED, Verb.GRADED}

    def concerns(event: Event) -> bool:
        if isinstance(event, Recorded):
            return event.checkpoint_id == lesson.checkpoint.checkpoint_id and event.verb in verbs
        return isinstance(event, CourseChanged | ExtraTimeGiven)

    def follow(events: Sequence[Event]) -> None:
        if any(map(concerns, events)):
            background_tasks.create(gesture(work.look_again)(), name='assignment', context=client)

    stop = hub.watch(audience.of_learner(lesson.course_id, actor.user_id), for_reader(follow))
    forget = before_sign_out.before_sign_out(actor, lesson.sign_out)

    def gone() -> None:
        stop()
        forget()
        background_tasks.create(lesson.leave())

    client.on_disconnect(gesture(work.leave))
    client.on_delete(gone)


async def _prepare(task: Task) -> None:
    await prepare(task.description, *(text for each in _closed(task) for text in (each.text, each.feedback)))


def _form_of(task: Task) -> tuple[object, ...]:
    """Return what decides which fields there are."""
    draft = _draft_of(task)
    return task.problem is None, task.can_take_back, task.rules, draft.number if draft else len(_closed(task)) + 1


def _draft_of(task: Task) -> Try | None:
    newest = task.tries[0] if task.tries else None
    return newest if newest and newest.state is SubmissionState.DRAFT else None


def _closed(task: Task) -> list[Try]:
    """Return the tries that were handed in, the newest first."""
    return [each for each in task.tries if each.state is not SubmissionState.DRAFT]


def _about_html(task: Task, *, learns: bool) -> str:
    facts = ''.join(f'<li>{escape(fact)}</li>' for fact in _facts(task))
    said = [f'<div class="prose" dir="auto">{prose_html(task.description)}</div>'] if task.description else []
    said.append(f'<ul class="quiz-facts">{facts}</ul>')
    said.append(rubric_html(task.rules.rubric))
    problem = say(task.problem) if task.problem and not task.can_take_back else ''
    if not learns:
        problem = _('You see what learners see. Only they can hand in.')
    said.append(f'<p class="assignment-state" role="status">{escape(state_words(task))}</p>')
    if problem:
        said.append(f'<p class="notice"><span>{escape(problem)}</span></p>')
    return ''.join(said)


def _facts(task: Task) -> list[str]:
    rules = task.rules
    if task.due_at is None:
        due = _('No due date')
    elif rules.takes_late:
        due = _('Due on {moment}; later work is taken, and marked as late', moment=time_format.exact(task.due_at))
    else:
        due = _('Due on {moment}; nothing is taken later', moment=time_format.exact(task.due_at))
    if rules.is_graded:
        counts = _('Graded from 0 to 100; you pass with {percent}', percent=rules.passing_percent)
    else:
        counts = _('Not graded: it is complete once it is handed in')
    again = [_('You can hand in again after it was returned')] if rules.may_resubmit else []
    return [due, counts, *again]


def _try_html(shown: Try) -> str:
    """Return one try that was handed in, with what came back."""
    head = _('Your work') if shown.number == 1 else _('Your work, try {number}', number=shown.number)
    parts = [f'<h2 class="heading">{escape(head)}</h2>', _result_html(shown)]
    if shown.late:
        parts.append(f'<p class="assignment-late">{escape(late_words(shown.late))}</p>')
    if shown.text:
        parts.append(f'<div class="prose panel" dir="auto">{prose_html(shown.text)}</div>')
    parts.append(files_html(shown.files))
    return f'<section class="stack-tight">{"".join(parts)}</section>'


def _result_html(shown: Try) -> str:
    if shown.state is not SubmissionState.RETURNED:
        return f'<p class="hint">{escape(_("Your teacher has not returned it yet."))}</p>'
    parts = []
    if shown.grade is not None:
        grade = _('{grade} of 100', grade=shown.grade)
        parts.append(f'<p class="quiz-score number">{escape(grade)}</p>')
    parts.append(marks_html(shown.marks))
    if shown.feedback:
        said = _('What your teacher says')
        parts.append(f'<h3 class="hint">{escape(said)}</h3>')
        parts.append(f'<div class="prose" dir="auto">{prose_html(shown.feedback)}</div>')
    if shown.files_back:
        back = _('What came back with it')
        parts.append(f'<h3 class="hint">{escape(back)}</h3>{files_html(shown.files_back)}')
    return ''.join(parts)
