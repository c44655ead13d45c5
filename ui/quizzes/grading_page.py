"""`/courses/{course_id}/grading/{checkpoint_id}/{question_id}`: the grading desk, one answer at a time, by keyboard."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape

from fastapi.responses import Response
from nicegui import ui
from nicegui.events import KeyEventArguments

from services.access import Actor
from services.content.prose import prepare, prose_html
from services.core import database
from services.core.errors import Invalid, NotFound
from services.live import course_head
from services.quizzes import marking, numbers
from services.quizzes.marking import Submitted
from services.quizzes.quiz_settings import QuizShown
from services.rubrics import Choice
from ui.kit.handlers import gesture, tell
from ui.kit.keys import on_key
from ui.kit.language import _, say
from ui.kit.rubric_marks import RubricMarks
from ui.kit.text import Text, heading, hint, named, title
from ui.quizzes.question_words import points_shown
from ui.quizzes.quiz_editor_page import address_of_quiz, quiz_of
from ui.quizzes.result_words import points_words
from ui.shell.course_frame import Tab, course_frame
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit

MOST_REMARKS = 6
"""that are offered to be used again"""
_Typed = tuple[str, str, tuple[Choice, ...]]
"""points, remark, and what was chosen in the rubric"""
SAVE, BEFORE, AFTER = 'keydown.capture.ctrl.stop.prevent.enter', 'keydown.alt.prevent.left', 'keydown.alt.prevent.right'


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/grading/{checkpoint_id:id}/{question_id:id}', title='Grading desk')
    async def grading_desk(visit: Visit, course_id: int, checkpoint_id: int, question_id: int) -> Response | None:
        actor = visit.signed_in()
        quiz = await quiz_of(actor, course_id, checkpoint_id)
        answers = await database.read(marking.on_desk, actor, checkpoint_id, question_id=question_id)
        if not answers:
            raise NotFound('Nobody has handed in an answer to this question yet.')
        remarks = await database.read(marking.remarks, actor, question_id)
        head = await database.read(course_head.of_course, actor, course_id)
        await prepare(*{each.content.text for each in answers}, *{each.content.graders_note for each in answers})
        with course_frame(visit, head, Tab.CHECKPOINTS, wide=True, title=_('Grading desk')):
            way_back(_('Results of {quiz}', quiz=quiz.title), f'{address_of_quiz(quiz)}/results')
            Desk(actor, quiz, question_id, answers, remarks)
        return None


class Desk:
    """The answer on the left; points, remark and the way on at the right."""

    def __init__(
        self, actor: Actor, quiz: QuizShown, question_id: int, answers: Sequence[Submitted], remarks: Sequence[str]
    ) -> None:
        self._actor = actor
        self._quiz = quiz
        self._question_id = question_id
        self._answers = list(answers)
        self._place = 0
        self._drafts: dict[tuple[int, int], _Typed] = {}
        """what was typed and chosen and is not saved"""
        self._rubric: RubricMarks | None = None
        with ui.element('div').classes('spread desk-head'):
            title(_('Grading desk'))
            self._count = Text('p').classes('desk-count number').props('role=status')
        with ui.element('div').classes('desk') as desk:
            with ui.element('section').classes('desk-answer'):
                self._question = ui.html('', sanitize=False).classes('desk-question')
                self._name = Text('p').classes('name').props('translate=no')
                self._text = Text('div').classes('quiz-essay desk-text').props('tabindex=0')
                named(self._text, _('Answer'))
            with ui.element('section').classes('stack desk-side'):
                self._draw_side()
        desk.on(SAVE, gesture(self.save), args=[[]])
        desk.on(BEFORE, lambda: self.go(-1), args=[[]])
        desk.on(AFTER, lambda: self.go(1), args=[[]])
        on_key(self._pressed)
        self._show_remarks(remarks)
        self.show()

    @property
    def current(self) -> Submitted:
        """The answer on the desk."""
        return self._answers[self._place]

    def show(self) -> None:
        """Show the answer whose turn it is."""
        each = self.current
        graded = sum(answer.points is not None for answer in self._answers)
        self._count.set_text(_('{graded} of {count} graded', graded=graded, count=len(self._answers)))
        self._question.set_content(_question_html(each))
        self._name.set_text(each.name or _('Answer {number}', number=self._place + 1))
        self._text.set_text(each.text)
        points, remark, choices = self._drafts.get(_key(each), _saved(each))
        self._show_rubric(each, choices)
        self._points.set_value(points)
        self._points.props['label'] = _('Points, 0 to {possible}', possible=points_shown(each.possible))
        self._points.error = None
        self._remark.set_value(remark)
        self._before.set_enabled(self._place > 0)
        self._after.set_enabled(self._place + 1 < len(self._answers))
        if self._rubric:
            self._rubric.focus()
        else:
            self._points.run_method('focus')

    async def save(self) -> None:
        """Save the grade and go to the next answer that has none; after the last one, say so."""
        each = self.current
        try:
            points = None if self._rubric else self._read_points()
            await database.write(
                marking.grade,
                self._actor,
                each.attempt_id,
                position=each.position,
                points=points,
                remark=self._remark.value or '',
                choices=self._rubric.choices if self._rubric else (),
                seen=each.graded_at,
            )
        except Invalid as refusal:
            self._complain(refusal)
            return
        finally:
            await self._look_again(keep=each)
        self._drafts.pop(_key(each), None)
        self._go_on()

    def go(self, by: int) -> None:
        """Go to the answer before or after this one; what is typed and not saved is there on the way back."""
        if 0 <= self._place + by < len(self._answers):
            self._keep_draft()
            self._place += by
            self.show()

    def _keep_draft(self) -> None:
        choices = self._rubric.choices if self._rubric else ()
        typed = (self._points.value or '', self._remark.value or '', choices)
        if typed != _saved(self.current):
            self._drafts[_key(self.current)] = typed

    def _go_on(self) -> None:
        waiting = [place for place, each in enumerate(self._answers) if each.points is None]
        if not waiting:
            self.show()
            tell(_('All are graded.'))
            return
        self._place = next((place for place in waiting if place > self._place), waiting[0])
        self.show()

    async def _look_again(self, *, keep: Submitted) -> None:
        """Read the answers again, in the order in which they lie on the desk."""
        found = await database.read(
            marking.on_desk,
            self._actor,
            self._quiz.checkpoint_id,
            question_id=self._question_id,
            names=bool(self._names.value),
        )
        fresh = {_key(each): each for each in found}
        known = [_key(each) for each in self._answers]
        new = [each for key, each in fresh.items() if key not in known]
        self._answers = [fresh[key] for key in known if key in fresh] + new
        places = (place for place, each in enumerate(self._answers) if _key(each) == _key(keep))
        self._place = next(places, 0)
        self._show_remarks(await database.read(marking.remarks, self._actor, self._question_id))

    async def _show_names(self) -> None:
        self._keep_draft()
        await self._look_again(keep=self.current)
        self.show()

    def _complain(self, refusal: Invalid) -> None:
        """Say what cannot be saved, beside what it is about."""
        if self._rubric and refusal.field == 'marks':
            self._rubric.complain(say(refusal))
            self._rubric.focus()
            return
        field = self._remark if refusal.field == 'remark' else self._points
        field.error = say(refusal)
        field.run_method('focus')

    def _show_rubric(self, each: Submitted, choices: Sequence[Choice]) -> None:
        """Draw the rubric of a question in the place of its points, where it has one."""
        rubric = each.content.rubric
        self._rubric_place.clear()
        self._points.visible = not rubric
        self._rubric = None
        if rubric:
            with self._rubric_place:
                heading(_('Rubric'))
                self._rubric = RubricMarks(rubric, choices, worth=lambda share: _worth(each, share))

    def _pressed(self, event: KeyEventArguments) -> None:
        modifiers = event.modifiers
        if self._rubric and event.key.number is not None and not (modifiers.ctrl or modifiers.meta or modifiers.alt):
            self._rubric.press(event.key.number)

    def _read_points(self) -> Decimal:
        try:
            return numbers.read(self._points.value or '')
        except Invalid as refusal:
            raise Invalid('Type the points, such as 2 or 2.5.', field='points') from refusal

    def _draw_side(self) -> None:
        self._rubric_place = ui.element('div').classes('stack')
        self._points = ui.input(_('Points')).props('outlined inputmode=decimal autocomplete=off')
        self._remark = ui.textarea(_('Remark to the learner')).props('outlined autogrow dir=auto')
        with ui.element('div').classes('stack-tight') as self._used:
            Text('p', _('Use a remark again')).classes('quiz-label')
            self._remarks = ui.element('div').classes('desk-remarks')
        with ui.element('div').classes('line'):
            save = ui.button(_('Save and go on'), on_click=gesture(self.save)).props('flat no-caps')
            save.classes('button-primary').props['aria-keyshortcuts'] = 'Control+Enter'
            self._before = ui.button(_('Before'), on_click=lambda: self.go(-1)).props('flat no-caps')
            self._after = ui.button(_('After'), on_click=lambda: self.go(1)).props('flat no-caps')
        for button in (self._before, self._after):
            button.classes('button-quiet button-bare')
        hint(_('Ctrl and Enter saves and goes on. Alt and an arrow looks at the one before or after.'))
        self._names = ui.switch(_('Show names'), value=False, on_change=gesture(self._show_names))

    def _show_remarks(self, remarks: Sequence[str]) -> None:
        self._used.visible = bool(remarks)
        self._remarks.clear()
        with self._remarks:
            for remark in remarks[:MOST_REMARKS]:
                button = ui.button(remark, on_click=lambda _event, remark=remark: self._use(remark))
                button.props('flat no-caps translate=no').classes('button-quiet desk-remark')

    def _use(self, remark: str) -> None:
        self._remark.set_value(remark)
        self._remark.run_method('focus')


def _key(each: Submitted) -> tuple[int, int]:
    return each.attempt_id, each.position


def _saved(each: Submitted) -> _Typed:
    return ('' if each.points is None else points_shown(each.points)), each.remark, each.choices


def _worth(each: Submitted, share: Fraction) -> str:
    points = each.possible * share.numerator / share.denominator
    return _('{points} of {possible}', points=points_words(points), possible=points_words(each.possible))


def _question_html(each: Submitted) -> str:
    note = ''
    if each.content.graders_note:
        label = escape(_('Note for those who grade'))
        note = (
            f'<div class="notice desk-note"><div><p class="quiz-label">{label}</p>'
            f'<div class="prose" dir="auto">{prose_html(each.content.graders_note)}</div></div></div>'
        )
    return f'<div class="prose" dir="auto">{prose_html(each.content.text)}</div>{note}'
