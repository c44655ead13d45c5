"""`/courses/{course_id}/questions/import`: questions from a file or pasted as text, seen before they are added."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response
from nicegui import background_tasks, ui

from services.access import Actor
from services.content import question_pictures
from services.core import database
from services.live import course_head
from services.quizzes import importing, pictures, previewing
from services.quizzes.formats import table
from services.quizzes.formats.reading import LARGEST
from services.quizzes.importing import Found, Plan
from services.quizzes.question import Question
from ui.kit.file_picker import FilePicker
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.text import Text, hint, title
from ui.quizzes.question_preview import draw_question, prepare_questions
from ui.quizzes.question_words import KINDS
from ui.shell.course_frame import Tab, course_frame
from ui.shell.downloads import Download, hand_out
from ui.shell.frame import way_back
from ui.shell.page import page
from ui.shell.request import Visit
from ui.shell.sentence_list import draw_sentences

router = APIRouter()
READ_AFTER = 0.5
"""seconds after a key until a pasted text is read"""
MOST_SHOWN = 20
"""questions of a file that are drawn"""
ENDINGS = '.txt,.gift,.xml,.zip,.csv,.tsv,.xlsx'


def create() -> None:
    """Declare the page."""

    @page('/courses/{course_id:id}/questions/import', title='Import questions')
    async def import_questions(visit: Visit, course_id: int) -> Response | None:
        actor = visit.signed_in()
        head = await database.read(course_head.of_course, actor, course_id)
        with course_frame(visit, head, Tab.QUESTIONS, title=_('Import questions')):
            way_back(_('All questions'), f'/courses/{course_id}/questions')
            title(_('Import questions'))
            hint(_('You see first what is in it; nothing is added before you confirm it.'))
            Import(actor, course_id)
        return None


@router.get('/courses/{course_id:id}/questions/template.csv')
async def template(request: Request, course_id: int) -> Response:
    """Return a table to be filled in."""

    async def make(visit: Visit) -> Download:
        await database.read(course_head.of_course, visit.signed_in(), course_id)
        return Download(name='questions.csv', content=table.template(), media_type='text/csv; charset=utf-8')

    return await hand_out(request, make, page=f'/courses/{course_id}/questions/import')


class Import:
    """A file or a text, what was found in it, and the button that adds it."""

    def __init__(self, actor: Actor, course_id: int) -> None:
        self._actor = actor
        self._course_id = course_id
        self._new: tuple[Question, ...] = ()
        self._pictures: Mapping[str, bytes] = {}
        self._waiting: asyncio.Task[None] | None = None
        FilePicker(
            choose=_('Choose a file'),
            kinds=_(
                'GIFT, Aiken, Moodle XML, QTI (Canvas and others), what Brightspace, Blackboard, Respondus, Kahoot and '
                'Quizizz take, or a table of your own (CSV, XLSX)'
            ),
            accept=ENDINGS,
            most=LARGEST,
            take=self._try_file,
        )
        ui.link(_('A table to fill in'), f'/courses/{course_id}/questions/template.csv')
        self._text = ui.textarea(_('Or paste questions'), on_change=self._typed)
        self._text.props('outlined autogrow dir=auto').props['input-class'] = 'paste-text'
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('How to write them'))
            hint(
                _('A line that asks, a line for each option, a * before each right one, and a blank line after it all.')
            )
            Text('p', _('Which soil has the finest parts?\n* Clay\nSand\nSilt')).classes('example')
            hint(_('GIFT, Aiken, and numbered questions with their answers at the end work here as well.'))
        self._found = ui.element('div').classes('stack').props('role=status')

    def _typed(self) -> None:
        """Read what is pasted a moment after the last key; an emptied field leaves what is shown."""
        if self._waiting and not self._waiting.done():
            self._waiting.cancel()
        self._waiting = background_tasks.create(self._soon(), name='questions')

    async def _soon(self) -> None:
        await asyncio.sleep(READ_AFTER)
        with self._found:
            await gesture(self._try_text)()

    async def _try_text(self) -> None:
        if typed := (self._text.value or '').strip():
            await self._try(typed.encode())

    async def _try_file(self, content: bytes) -> None:
        self._text.set_value('')
        await self._try(content)

    async def _try(self, content: bytes) -> None:
        """Read it off the event loop, and show what would be added; nothing is."""
        found = await importing.read(_('this file'), content)
        plan = await database.read(importing.plan, self._actor, self._course_id, found.questions)
        shown = [previewing.of_question(each, position=place) for place, each in enumerate(_in_words(plan.new))]
        await prepare_questions(shown)
        self._found.clear()
        with self._found:
            self._draw(found, plan)

    def _draw(self, found: Found, plan: Plan) -> None:
        self._new, self._pictures = plan.new, found.pictures
        if found.problems:
            draw_sentences(_('Nothing can be added yet. Correct this and try again:'), found.problems, 'notice-problem')
        elif plan.new:
            words = ngettext('Add {count} question', 'Add {count} questions', len(plan.new))
            with ui.element('div').classes('line'):
                ui.button(words, on_click=gesture(self._add)).props('flat no-caps').classes('button-primary')
        if plan.known:
            hint(
                ngettext(
                    '{count} question is in the bank already, word for word; it is left out.',
                    '{count} questions are in the bank already, word for word; they are left out.',
                    plan.known,
                )
            )
        if plan.alike:
            hint(
                ngettext(
                    '{count} question has the text of one in the bank, and another key or other options; it is added '
                    'beside it.',
                    '{count} questions have the text of others in the bank, and another key or other options; they '
                    'are added beside them.',
                    plan.alike,
                )
            )
        draw_sentences(_('This is not taken over:'), found.left_out, 'notice')
        draw_sentences(_('Look at this:'), found.warnings, 'notice')
        coming = {name for each in plan.new for name in pictures.names_in(each)}
        if coming:
            hint(ngettext('{count} picture comes along.', '{count} pictures come along.', len(coming)))
            hint(_('You see the pictures once the questions are in the bank.'))
        self._draw_questions(plan.new)

    def _draw_questions(self, questions: Sequence[Question]) -> None:
        for place, question in enumerate(_in_words(questions)):
            with ui.element('section').classes('panel preview'):
                Text('p', KINDS[question.kind]).classes('hint')
                draw_question(previewing.of_question(question, position=place), partial(replace, question))
        if len(questions) > MOST_SHOWN:
            more = len(questions) - MOST_SHOWN
            hint(ngettext('and {count} more', 'and {count} more', more))

    async def _add(self) -> None:
        added = await question_pictures.bring_in(self._actor, self._course_id, self._new, self._pictures)
        self._text.set_value('')
        self._new, self._pictures = (), {}
        self._found.clear()
        with self._found, ui.element('div').classes('notice-done'):
            Text('p', ngettext('{count} question is in the bank.', '{count} questions are in the bank.', len(added)))
            ui.link(_('All questions'), f'/courses/{self._course_id}/questions')


def _in_words(questions: Sequence[Question]) -> list[Question]:
    """Return the questions that are drawn, with words for pictures that are not there yet."""
    return [pictures.changed(each, pictures.in_words) for each in questions[:MOST_SHOWN]]
