"""`/courses/{course_id}/quizzes/{checkpoint_id}/results/{attempt_id}`: one attempt in full, for those who teach."""

from dataclasses import replace
from html import escape

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.content.prose import prepare, prose_html
from services.core import database
from services.core.errors import NotFound, Refused
from services.live import course_head
from services.quizzes import attempt_in_full, marking
from services.quizzes.attempt_in_full import Effort, InFull
from services.quizzes.question import QuestionKind
from services.quizzes.review import Reviewed
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext, say
from ui.kit.rubric_words import marks_html
from ui.kit.text import Text, hint
from ui.quizzes.answer_lines import answer_html
from ui.quizzes.question_preview import prepare_questions
from ui.quizzes.quiz_editor_page import address_of_quiz, quiz_of
from ui.quizzes.result_words import points_words, shown_html, worth
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/quizzes/{checkpoint_id:id}/results/{attempt_id:id}', title='Attempt')
    async def one_attempt(visit: Visit, course_id: int, checkpoint_id: int, attempt_id: int) -> Response | None:
        actor = visit.signed_in()
        quiz = await quiz_of(actor, course_id, checkpoint_id)
        found = await database.read(attempt_in_full.of_learner, actor, attempt_id)
        if found.review.checkpoint_id != checkpoint_id:
            raise NotFound('This attempt is not at this quiz.')
        head = await database.read(course_head.of_course, actor, course_id)
        await prepare_questions(each.asked for each in found.review.questions)
        await prepare(*(effort.remark for effort in found.efforts.values() if effort.remark))
        with course_frame(visit, head, Tab.CHECKPOINTS, title=quiz.title):
            way_back(_('Results of {quiz}', quiz=quiz.title), f'{address_of_quiz(quiz)}/results')
            _draw_head(found)
            with ui.element('ol').classes('quiz-reviewed'):
                for number, each in enumerate(found.review.questions, start=1):
                    effort = found.efforts[each.asked.position]
                    _draw_question((course_id, checkpoint_id), number, each, effort)
            _draw_feedback(actor, found)
        return None


def _draw_head(found: InFull) -> None:
    review = found.review
    Text('h1', found.name).classes('title').props('translate=no')
    hint(
        _(
            'Attempt {number}, handed in on {moment}',
            number=review.number,
            moment=time_format.exact(review.submitted_at),
        )
    )
    if review.score is None:
        Text('p', _('Some answers wait for their grade.')).classes('body')
    elif review.earned is not None:
        Text(
            'p',
            _(
                '{score} %, {earned} of {possible} points',
                score=review.score,
                earned=points_words(review.earned),
                possible=points_words(review.possible),
            ),
        ).classes('heading')
    if found.browser:
        hint(_('Taken with {browser}', browser=found.browser))


def _draw_question(where: tuple[int, int], place: int, each: Reviewed, effort: Effort) -> None:
    """Draw one question with its answer; practice that adapts leaves out questions, so positions have gaps."""
    course_id, checkpoint_id = where
    asked = each.asked
    number = _('Question {number}', number=place)
    shown = shown_html(asked, replace(each.shown, remark=None, marks=()))
    remark = marks_html(effort.marks)
    if effort.remark:
        remark += (
            f'<p class="quiz-label">{escape(_("Remark"))}</p>'
            f'<div class="prose" dir="auto">{prose_html(effort.remark)}</div>'
        )
    html = (
        f'<h2 class="quiz-number">{escape(number)} <span class="hint">{escape(worth(asked))}</span></h2>'
        f'<div class="prose quiz-text-asked" dir="auto">{prose_html(asked.text)}</div>{answer_html(asked)}'
        f'<div class="quiz-result">{shown}{remark}</div><p class="hint">{escape(_effort_words(effort))}</p>'
    )
    with ui.element('li').classes('quiz-question'):
        ui.html(html, sanitize=False).classes('attempt-question')
        if asked.kind is QuestionKind.ESSAY:
            ui.link(_('Grading desk'), f'/courses/{course_id}/grading/{checkpoint_id}/{effort.question_id}')


def _effort_words(effort: Effort) -> str:
    parts = [time_format.span(effort.seconds)]
    if effort.changes:
        parts.append(ngettext('changed {count} time', 'changed {count} times', effort.changes))
    if effort.confidence is not None:
        parts.append(_('sure: {confidence} of 5', confidence=effort.confidence))
    return ' · '.join(parts)


def _draw_feedback(actor: Actor, found: InFull) -> None:
    """Draw what the teacher says of the whole attempt."""
    field = ui.textarea(_('What you say of the whole attempt'), value=found.feedback)
    field.props('outlined autogrow dir=auto')

    attempt_id = found.review.attempt_id
    seen = found.feedback_at

    @gesture
    async def save() -> None:
        nonlocal seen
        try:
            seen = await database.write(marking.say, actor, attempt_id, feedback=field.value or '', seen=seen)
        except Refused as refusal:
            if refusal.field != 'feedback':
                raise
            field.error = say(refusal)
            seen = (await database.read(attempt_in_full.of_learner, actor, attempt_id)).feedback_at
            return
        field.error = None
        tell(_('Saved'))

    field.on('keydown.capture.ctrl.stop.prevent.enter', save, args=[[]])
    with ui.element('div').classes('line'):
        ui.button(_('Save'), on_click=save).props('flat no-caps').classes('button-primary')
