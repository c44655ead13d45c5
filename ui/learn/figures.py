"""A learner's percentage in a course, and how it is calculated."""

from html import escape

from nicegui import ui

from services.core import database
from services.study import summary
from ui.content.lesson_context import Lesson
from ui.kit.handlers import gesture
from ui.kit.language import _, say
from ui.kit.raw_element import Piece
from ui.kit.theme import filled


class LearnFigures:
    """A ring with the percentage, and its calculation when the learner asks for it."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._is_explained = False
        with ui.element('div').classes('line learn-figures'):
            self._ring = Piece('div')
            self._ask = Piece('button')
            self._ask.on('click', gesture(self._switch), args=[[]])
        self._why = Piece('ul')
        self.refresh()

    def refresh(self) -> None:
        """Show the percentage, and the explanation if it is open."""
        place = self._lesson.place
        if not place.learns:
            for piece in (self._ring, self._ask, self._why):
                piece.draw({}, classes='hidden')
            return
        label = escape(_('You have done {percent} percent', percent=place.percent))
        ring = f'<div class="progress-ring {filled(place.percent)}" role="img" aria-label="{label}">'
        self._ring.draw_html(f'{ring}{_("{percent} %", percent=place.percent)}</div>')
        self._draw_question()
        if self._is_explained:
            ui.timer(0, gesture(self._explain), once=True)

    async def _switch(self) -> None:
        self._lesson.touch()
        self._is_explained = not self._is_explained
        self._draw_question()
        if self._is_explained:
            await self._explain()
        else:
            self._why.draw({'innerHTML': ''}, classes='hidden')

    async def _explain(self) -> None:
        why = await database.read(summary.why, self._lesson.actor, self._lesson.course_id)
        lines = why.sentences() if why else []
        self._why.draw_html(''.join(f'<li>{escape(say(line))}</li>' for line in lines), classes='learn-why')

    def _draw_question(self) -> None:
        expanded = 'true' if self._is_explained else 'false'
        question = _('Why is this {percent} %?', percent=self._lesson.place.percent)
        self._ask.draw({'aria-expanded': expanded, 'innerHTML': question}, classes='button-quiet button-bare')
