"""`/courses/{course_id}/quizzes/{checkpoint_id}`: a quiz as those who teach make it; and how learners will see it."""

from collections.abc import Sequence

from fastapi.responses import Response
from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import NotFound
from services.live import course_head
from services.quizzes import bank, previewing, quiz_settings
from services.quizzes.bank import Bank
from services.quizzes.previewing import Previewed
from services.quizzes.quiz_settings import QuizItem, QuizShown, Rules
from ui.kit.handlers import gesture, tell
from ui.kit.language import _
from ui.kit.text import Text, hint, title
from ui.quizzes.question_preview import draw_question, prepare_questions
from ui.quizzes.quiz_items import QuizItems
from ui.quizzes.quiz_rules import QuizRules
from ui.quizzes.quiz_words import size_words, state_words, what_follows
from ui.quizzes.rows import problem_line
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit


def create() -> None:
    """Declare the pages."""

    @page('/courses/{course_id:id}/quizzes/{checkpoint_id:id}', title='Quiz')
    async def edit_quiz(visit: Visit, course_id: int, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        quiz = await quiz_of(actor, course_id, checkpoint_id)
        head = await database.read(course_head.of_course, actor, course_id)
        found = await database.read(bank.of_course, actor, course_id)
        shown = await database.read(previewing.of_quiz, actor, checkpoint_id)
        with course_frame(visit, head, Tab.CHECKPOINTS, title=quiz.title):
            QuizEditor(actor, quiz, found, shown)
        return None

    @page('/courses/{course_id:id}/quizzes/{checkpoint_id:id}/preview', title='Preview')
    async def preview_quiz(visit: Visit, course_id: int, checkpoint_id: int) -> Response | None:
        actor = visit.signed_in()
        quiz = await quiz_of(actor, course_id, checkpoint_id)
        head = await database.read(course_head.of_course, actor, course_id)
        shown = await database.read(previewing.of_quiz, actor, checkpoint_id)
        await prepare_questions(shown.questions)
        with course_frame(visit, head, Tab.CHECKPOINTS, title=_('Preview of {quiz}', quiz=quiz.title)):
            way_back(_('The quiz'), address_of_quiz(quiz))
            title(quiz.title)
            hint(_('So learners see it. You can try everything; nothing is kept, and no attempt is made.'))
            with ui.element('div').classes('preview-whole'):
                for asked in shown.questions:
                    with ui.element('section').classes('panel preview'):
                        draw_question(asked)
        return None


async def quiz_of(actor: Actor, course_id: int, checkpoint_id: int) -> QuizShown:
    """Return a quiz of a course."""
    quiz = await database.read(quiz_settings.of_checkpoint, actor, checkpoint_id)
    if quiz.course_id != course_id:
        raise NotFound('This quiz is not in this course.')
    return quiz


def address_of_quiz(quiz: QuizShown) -> str:
    """Return the page on which a quiz is made."""
    return f'/courses/{quiz.course_id}/quizzes/{quiz.checkpoint_id}'


class QuizEditor:
    """Whether learners can take it, its questions, and its rules."""

    def __init__(self, actor: Actor, quiz: QuizShown, found: Bank, shown: Previewed) -> None:
        self._actor = actor
        self._quiz = quiz
        way_back(_('Steps'), f'/courses/{quiz.course_id}')
        with ui.element('div').classes('spread'):
            title(quiz.title)
            with ui.element('div').classes('line'):
                ui.link(_('Preview'), f'{address_of_quiz(quiz)}/preview').classes('button-quiet')
                ui.link(_('Results'), f'{address_of_quiz(quiz)}/results').classes('button-quiet')
        with ui.element('div').classes('panel quiz-state'):
            with ui.element('div').classes('grow'):
                self._state = Text('p').classes('body').props('role=status')
                self._size = Text('p').classes('hint')
                self._follows = problem_line()
            self._publish = ui.button('', on_click=gesture(self._publish_or_close)).props('flat no-caps')
        with ui.element('section').classes('stack'):
            self._items = QuizItems(actor, quiz, found, self._save_items)
        QuizRules(quiz.rules, self._save_rules)
        self._show(quiz, shown)

    def _show(self, quiz: QuizShown, shown: Previewed) -> None:
        self._quiz = quiz
        self._state.set_text(state_words(quiz))
        self._size.set_text(size_words(len(shown.questions), shown.points) if shown.questions else '')
        self._follows.set_text(what_follows(quiz))
        self._follows.visible = bool(what_follows(quiz))
        self._publish.set_text(_('Close to new attempts') if quiz.is_published else _('Publish'))
        look, other = ('button-quiet', 'button-primary') if quiz.is_published else ('button-primary', 'button-quiet')
        self._publish.classes(add=look, remove=other)

    async def _look_again(self) -> None:
        quiz = await quiz_of(self._actor, self._quiz.course_id, self._quiz.checkpoint_id)
        self._show(quiz, await database.read(previewing.of_quiz, self._actor, quiz.checkpoint_id))
        self._items.refresh(quiz)

    async def _save_items(self, items: Sequence[QuizItem]) -> None:
        try:
            await database.write(quiz_settings.set_items, self._actor, self._quiz.checkpoint_id, items)
        finally:
            await self._look_again()

    async def _save_rules(self, rules: Rules) -> None:
        await database.write(quiz_settings.set_rules, self._actor, self._quiz.checkpoint_id, rules)
        await self._look_again()
        tell(_('Saved'))

    async def _publish_or_close(self) -> None:
        published = not self._quiz.is_published
        await database.write(quiz_settings.publish, self._actor, self._quiz.checkpoint_id, published=published)
        await self._look_again()
        tell(_('Published: learners can take it now') if published else _('Closed: nobody else can begin'))
