"""`/courses/{course_id}/questions/new` and `/questions/{question_id}`: one question, and how learners see it."""

import asyncio
from decimal import Decimal

from fastapi.responses import Response
from nicegui import background_tasks, ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid, NotFound
from services.enums import Change
from services.live import course_head
from services.quizzes import bank, checking, class_answers, previewing, quiz_settings, regrading
from services.quizzes.class_answers import InClasses
from services.quizzes.question import Question, QuestionKind
from services.quizzes.quiz_settings import Fixed
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext
from ui.kit.text import Text, heading, hint, title
from ui.kit.time_format import short
from ui.quizzes.question_form import QuestionForm
from ui.quizzes.question_preview import prepare_questions, show_in
from ui.quizzes.question_words import KINDS
from ui.quizzes.regrade_dialog import RegradeDialog
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit

SHOWN_AFTER = 0.3
"""seconds after a key until the preview follows"""


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/questions/new', title='New question')
    async def new_question(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        head = await database.read(course_head.of_course, actor, course_id)
        kind = _kind(visit.request.query_params.get('kind', ''))
        quiz_id = await _quiz(actor, course_id, visit.request.query_params.get('quiz', ''))
        question = Question(kind=kind, text='', points=Decimal(1))
        with course_frame(visit, head, Tab.QUESTIONS, wide=True, title=_('New question')):
            QuestionEditor(actor, course_id, question, quiz_id=quiz_id)
        return None

    @page('/questions/{question_id:id}', title='Question')
    async def edit_question(visit: Visit, question_id: int) -> Response | None:
        actor = visit.signed_in()
        known = await database.read(bank.one, actor, question_id)
        head = await database.read(course_head.of_course, actor, known.course_id)
        quiz_id = await _quiz(actor, known.course_id, visit.request.query_params.get('quiz', ''))
        in_classes = await database.read(class_answers.of_question, actor, question_id)
        await prepare_preview(known.content)
        with course_frame(visit, head, Tab.QUESTIONS, wide=True, title=bank.title_of(known.content)):
            QuestionEditor(
                actor, known.course_id, known.content, question_id, quiz_id=quiz_id, is_answered=known.is_answered
            )
            if in_classes:
                _draw_in_classes(in_classes)
        return None


def _draw_in_classes(found: InClasses) -> None:
    """Say what classes have answered to a question: it counts for its skills, and for no grade."""
    with ui.element('section').classes('stack-tight'):
        heading(_('In class'))
        when = {'when': short(found.last_at)}
        asked = ngettext('Asked {count} time, last {when}.', 'Asked {count} times, last {when}.', found.times, **when)
        Text('p', asked).classes('body')
        if found.right_percent is None:
            hint(_('No answer is counted yet: they are once the question is over.'))
            return
        right = ngettext(
            '{percent} % of {count} answer was right.',
            '{percent} % of {count} answers were right.',
            found.answered,
            percent=found.right_percent,
        )
        Text('p', right).classes('body')
        if found.times > class_answers.MOST_TIMES:
            hint(_('These are the answers of the latest {count} times.', count=class_answers.MOST_TIMES))


class QuestionEditor:
    """The fields of a question on the left, what learners will see on the right."""

    def __init__(
        self,
        actor: Actor,
        course_id: int,
        question: Question,
        question_id: int | None = None,
        *,
        quiz_id: int | None = None,
        is_answered: bool = False,
    ) -> None:
        self._actor = actor
        self._course_id = course_id
        self._question_id = question_id
        self._quiz_id = quiz_id
        self._is_answered = is_answered
        self._waiting: asyncio.Task[None] | None = None
        way_back(*self._above())
        with ui.element('div').classes('question-editor') as self.element:
            with ui.element('div').classes('stack question-form'):
                title(KINDS[question.kind])
                if is_answered:
                    hint(_('Learners have met this question. Saving asks what that means for their attempts.'))
                self._form = QuestionForm(question, self._changed)
                self._draw_buttons()
            with ui.element('aside').classes('question-side'):
                heading(_('What learners see'))
                self._preview = ui.element('div').classes('panel preview')
                hint(_('Try it: nothing is kept.'))
        self.element.on('keydown.capture.ctrl.stop.prevent.enter', gesture(self.save), args=[[]])
        self._show(question)

    async def save(self) -> None:
        """Save the question; one that learners have met asks first what becomes of their attempts."""
        self._form.clear_problems()
        try:
            question = checking.check(self._form.question)
            if self._question_id is None:
                await self._add(question)
            elif self._is_answered:
                RegradeDialog(self._actor, self._question_id, question, self._saved)
            else:
                await database.write(
                    regrading.edit, self._actor, self._question_id, question, change=Change.FROM_NOW_ON
                )
                self._saved()
        except Invalid as refusal:
            self._form.complain(refusal)

    async def _add(self, question: Question) -> None:
        question_id = await database.write(bank.add, self._actor, self._course_id, question)
        if self._quiz_id is not None:
            await database.write(quiz_settings.add_item, self._actor, self._quiz_id, Fixed(question_id=question_id))
        self._saved()

    def _saved(self) -> None:
        if self._question_id is None or self._quiz_id is not None:
            ui.navigate.to(self._above()[1])
        else:
            tell(_('Saved'))

    def _above(self) -> tuple[str, str]:
        if self._quiz_id is not None:
            return _('The quiz'), f'/courses/{self._course_id}/quizzes/{self._quiz_id}'
        return _('All questions'), f'/courses/{self._course_id}/questions'

    def _draw_buttons(self) -> None:
        with ui.element('div').classes('question-actions'):
            save = ui.button(_('Save'), on_click=gesture(self.save)).props('flat no-caps').classes('button-primary')
            save.props['aria-keyshortcuts'] = 'Control+Enter'
            ui.link(_('Cancel'), self._above()[1]).classes('button-quiet button-bare')
            Text('span', _('Ctrl and Enter saves.')).classes('hint')

    def _changed(self) -> None:
        """Let the preview follow, a moment after the last key."""
        if self._waiting and not self._waiting.done():
            self._waiting.cancel()
        self._waiting = background_tasks.create(self._follow(), name='preview')

    async def _follow(self) -> None:
        await asyncio.sleep(SHOWN_AFTER)
        question = self._form.seen
        await prepare_preview(question)
        if not self._preview.is_deleted:
            with self.element:
                self._show(question)

    def _show(self, question: Question) -> None:
        asked = previewing.of_question(previewing.without_key(question))
        show_in(self._preview, asked, lambda: checking.check(self._form.question))


async def prepare_preview(question: Question) -> None:
    """Lay out long texts of a question off the event loop."""
    await prepare_questions([previewing.of_question(previewing.without_key(question))])


def _kind(asked: str) -> QuestionKind:
    try:
        return QuestionKind(asked or QuestionKind.SINGLE_CHOICE)
    except ValueError as error:
        raise NotFound('There are no questions of this kind.') from error


async def _quiz(actor: Actor, course_id: int, asked: str) -> int | None:
    """Return the quiz from which somebody came, and to which they go back."""
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 15:
        return None
    quiz = await database.read(quiz_settings.of_checkpoint, actor, int(asked))
    return quiz.checkpoint_id if quiz.course_id == course_id else None
