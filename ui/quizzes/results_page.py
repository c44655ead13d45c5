"""`/courses/{course_id}/quizzes/{checkpoint_id}/results`: how a quiz came out: attempts, questions, wrong answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from html import escape

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database, jobs
from services.enums import AttemptState
from services.live import course_head
from services.quizzes import limits, marking, question_results, regrading, results
from services.quizzes.marking import Pile
from services.quizzes.question_results import Analysis
from services.quizzes.quiz_settings import QuizShown
from services.quizzes.results import Result, WrongGroup
from ui.kit import time_format
from ui.kit.handlers import gesture, tell
from ui.kit.language import _, ngettext
from ui.kit.text import Text, heading, hint, named, title
from ui.quizzes.agreed_limits import AgreedLimits
from ui.quizzes.question_results import draw_question_result, whole_words
from ui.quizzes.quiz_editor_page import address_of_quiz, quiz_of
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/quizzes/{checkpoint_id:id}/results', title='Results')
    async def quiz_results(visit: Visit, course_id: int, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        quiz = await quiz_of(actor, course_id, checkpoint_id)
        head = await database.read(course_head.of_course, actor, course_id)
        found = await database.read(results.of_quiz, actor, checkpoint_id)
        said = await database.read(question_results.analysis, actor, checkpoint_id)
        piles = await database.read(marking.piles, actor, course_id)
        wrong = await database.read(results.wrong_in_quiz, actor, checkpoint_id)
        people = await database.read(limits.agreed, actor, checkpoint_id)
        with course_frame(visit, head, Tab.CHECKPOINTS, wide=True, title=_('Results of {quiz}', quiz=quiz.title)):
            way_back(_('The quiz'), address_of_quiz(quiz))
            title(_('Results of {quiz}', quiz=quiz.title))
            if not found:
                _nothing_yet()
            else:
                _draw_piles(quiz, [pile for pile in piles if pile.checkpoint_id == checkpoint_id])
                _draw_attempts(quiz, found)
                QuestionResults(actor, quiz, said, wrong)
            if people:
                AgreedLimits(actor, checkpoint_id, people)
        return None


def _nothing_yet() -> None:
    with ui.element('div').classes('empty'):
        Text('h2', _('Nobody has begun yet')).classes('heading')
        Text('p', _('As soon as learners take the quiz, you see here how it went, and which questions to look at.'))


def _draw_piles(quiz: QuizShown, piles: Sequence[Pile]) -> None:
    """Draw the way to what a person has to grade."""
    for pile in piles:
        with ui.element('div').classes('panel quiz-state'):
            with ui.element('div').classes('grow'):
                Text('p', pile.question).classes('question-title')
                words = ngettext('{count} answer waits', '{count} answers wait', pile.waiting)
                Text('p', words if pile.waiting else _('All are graded.')).classes('hint')
            address = f'/courses/{quiz.course_id}/grading/{quiz.checkpoint_id}/{pile.question_id}'
            look = 'button-primary' if pile.waiting else 'button-quiet'
            named(ui.link(_('Grade'), address).classes(look), _('Grade: {question}', question=pile.question))


def _draw_attempts(quiz: QuizShown, found: Sequence[Result]) -> None:
    heading(_('Attempts'))
    heads = (
        _('Name'), _('Attempt'), _('Score'), _('Result'), _('Answered'), _('Time'), _('Handed in'), _('What stood out')
    )  # fmt: skip
    top = ''.join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = ''.join(_row(quiz, each) for each in found)
    table = f'<table class="result-table"><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>'
    drawn = ui.html(table, sanitize=False).classes('roll results').props('tabindex=0 role=region')
    named(drawn, _('Attempts'))


def _row(quiz: QuizShown, each: Result) -> str:
    name = f'<span dir="auto" translate="no">{escape(each.name)}</span>'
    if each.state is not AttemptState.IN_PROGRESS:
        name = f'<a href="{address_of_quiz(quiz)}/results/{each.attempt_id}">{name}</a>'
    score = '–' if each.score is None else _('{score} %', score=each.score)
    answered = _('{answered} of {questions}', answered=each.answered, questions=each.questions)
    handed_in = time_format.short(each.submitted_at) if each.submitted_at else ''
    cells = each.number, score, _outcome(each), answered, time_format.span(each.seconds), handed_in, _flags(each)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{escape(str(cell))}</td>" for cell in cells)}</tr>'


def _outcome(each: Result) -> str:
    if each.state is AttemptState.IN_PROGRESS:
        return _('going on')
    if each.is_practice:
        return _('for practice')
    if each.state is AttemptState.SUBMITTED:
        return _('waits for its grade')
    return _('passed') if each.is_passed else _('not passed')


def _flags(each: Result) -> str:
    """Return what the platform noticed: information, never a verdict."""
    parts = []
    if each.late_seconds:
        parts.append(_('{time} late', time=time_format.span(each.late_seconds)))
    if each.interruptions:
        parts.append(ngettext('interrupted {count} time', 'interrupted {count} times', each.interruptions))
    if each.times_left:
        parts.append(ngettext('left the page {count} time', 'left the page {count} times', each.times_left))
    if each.times_pasted:
        parts.append(ngettext('pasted {count} time', 'pasted {count} times', each.times_pasted))
    return ', '.join(parts)


class QuestionResults:
    """What the first attempts say of each question, and the wrong answers that can be accepted too."""

    def __init__(
        self, actor: Actor, quiz: QuizShown, said: Analysis, wrong: Mapping[int, tuple[WrongGroup, ...]]
    ) -> None:
        self._actor = actor
        self._quiz = quiz
        with ui.element('section').classes('stack') as self._place:
            self._draw(said, wrong)

    def _draw(self, said: Analysis, wrong: Mapping[int, tuple[WrongGroup, ...]]) -> None:
        if not said.attempts:
            return
        heading(_('Questions'))
        hint(ngettext(
            'From the first graded attempt of {count} learner.',
            'From the first graded attempts of {count} learners.',
            said.attempts,
        ))  # fmt: skip
        if said.whole:
            hint(whole_words(said.whole))
        for each in said.questions:
            with ui.element('section').classes('panel question-result'):
                draw_question_result(each, f'/questions/{each.question_id}?quiz={self._quiz.checkpoint_id}')
                self._draw_wrong(each.question_id, wrong.get(each.question_id, ()))

    def _draw_wrong(self, question_id: int, groups: Sequence[WrongGroup]) -> None:
        if not groups:
            return
        Text('h4', _('Wrong answers')).classes('quiz-label')
        with ui.element('ul').classes('list wrong-answers'):
            for group in groups:
                with ui.element('li'):
                    Text('span', group.text).classes('grow').props('translate=no')
                    Text('span', ngettext('{count} time', '{count} times', group.count)).classes('hint')
                    accept = ui.button(_('Accept this too'), on_click=gesture(self._accepting(question_id, group.text)))
                    accept.props('flat no-caps').classes('button-quiet')
                    named(accept, _('Accept “{answer}” too', answer=group.text))

    def _accepting(self, question_id: int, answer: str) -> Callable[[], Awaitable[None]]:
        async def accept() -> None:
            await database.write(regrading.accept_too, self._actor, question_id, answer=answer)
            jobs.hurry(regrading.NAME)
            tell(_('Accepted. Attempts with this answer are graded again.'))
            await self._look_again()

        return accept

    async def _look_again(self) -> None:
        said = await database.read(question_results.analysis, self._actor, self._quiz.checkpoint_id)
        wrong = await database.read(results.wrong_in_quiz, self._actor, self._quiz.checkpoint_id)
        self._place.clear()
        with self._place:
            self._draw(said, wrong)
