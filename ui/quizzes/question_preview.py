"""A question as learners will see it, on the pages of those who write it: it can be tried, and nothing is kept."""

from collections.abc import Callable, Iterable
from html import escape

from nicegui import ui

from services.content.prose import prepare, prose_html
from services.core.errors import Invalid
from services.quizzes import answer, grading
from services.quizzes.asked import Asked
from services.quizzes.question import Question, QuestionKind
from ui.kit.language import _, say
from ui.kit.raw_element import Piece
from ui.kit.text import Text
from ui.quizzes.answer_fields import Field, draw_field
from ui.quizzes.question_words import points_shown, points_words


def draw_question(asked: Asked, question: Callable[[], Question] | None = None) -> None:
    """Draw a question; with its key, each answer that is tried says what it would be worth."""
    Piece('div').draw({'innerHTML': _head_html(asked)}, classes='preview-head')
    name = _('Question {number}', number=asked.position + 1)
    drawn: list[Field] = []

    def tried() -> None:
        if question is not None and drawn:
            verdict.set_text(_worth(question, drawn[0]))

    drawn.append(draw_field(asked, name, tried, lambda: None))
    verdict = Text('p').classes('hint preview-verdict').props('role=status')


async def prepare_questions(asked: Iterable[Asked]) -> None:
    """Lay out long texts off the event loop."""
    for each in asked:
        for text in (each.text, *each.lefts, *(text for _place, text in each.options)):
            await prepare(text)


def _head_html(asked: Asked) -> str:
    rule = f'<p class="hint" dir="auto">{escape(say(asked.rule))}</p>' if asked.rule else ''
    return (
        f'<p><strong>{escape(_("Question {number}", number=asked.position + 1))}</strong> '
        f'<span class="hint">{escape(points_words(asked.points))}</span></p>'
        f'<div class="prose" dir="auto">{prose_html(asked.text)}</div>{rule}'
    )


def _worth(question: Callable[[], Question], field: Field) -> str:
    """Return what an answer would be worth; nothing while the question is unfinished."""
    try:
        content = question()
        given = field.answer and answer.check(content, field.answer)
        grade = grading.grade(content, given)
    except Invalid:
        return ''
    if given is None:
        return ''
    if content.kind is QuestionKind.ESSAY or grade.credit is None:
        return _('You grade this answer by hand.')
    points = grading.points_of(content.points, grade.credit)
    return _(
        'This answer would get {points} of {possible}.',
        points=points_shown(points),
        possible=points_shown(content.points),
    )


def show_in(place: ui.element, asked: Asked, question: Callable[[], Question]) -> None:
    """Draw a question in place of the one that was there."""
    place.clear()
    with place:
        draw_question(asked, question)
