"""The questions of a quiz in their order: taken from the bank or drawn by a tag, moved by buttons, with points."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from nicegui import ui

from services.access import Actor
from services.core import database
from services.quizzes import bank, numbers
from services.quizzes.bank import Bank, InBank
from services.quizzes.question import QuestionKind
from services.quizzes.quiz_settings import Draw, Fixed, QuizItem, QuizShown
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.menu import opens_menu
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, heading, hint, named
from ui.quizzes.new_question import kinds_to_write
from ui.quizzes.question_words import KINDS, points_shown, points_words
from ui.quizzes.quiz_words import item_title

MOST_FOUND = 8
Save = Callable[[Sequence[QuizItem]], Awaitable[None]]


class QuizItems:
    """The list of what a quiz consists of; each gesture saves the whole list."""

    def __init__(self, actor: Actor, quiz: QuizShown, found: Bank, save: Save) -> None:
        self._actor = actor
        self._quiz = quiz
        self._save = save
        self._tags = found.tags
        self._one_at_a_time = asyncio.Lock()
        self._refreshing = Refreshing(self._read, self._show_found)
        heading(_('Questions'))
        self._empty = hint(_('None yet. Take some from the bank, let some be drawn, or write a new one.'))
        self._list = ui.element('ol').classes('quiz-items')
        self._draw_adding()
        self.refresh(quiz)

    def refresh(self, quiz: QuizShown) -> None:
        """Show the quiz as it is now."""
        self._quiz = quiz
        self._empty.visible = not quiz.items
        self._list.clear()
        with self._list:
            for item in quiz.items:
                self._row(item)

    def _row(self, item: QuizItem) -> None:
        name = item_title(item)
        with ui.element('li').classes('quiz-item'):
            with ui.element('div').classes('question-what'):
                if isinstance(item, Fixed):
                    address = f'/questions/{item.question_id}?quiz={self._quiz.checkpoint_id}'
                    ui.link(name, address).props('dir=auto').classes('question-title')
                else:
                    Text('span', name).classes('question-title')
            points = ui.input(_('Points'), value=points_shown(item.points) if item.points else '')
            points.props['placeholder'] = _('its own')
            named(points, _('Points of {question}', question=name)).props('outlined dense stack-label')
            points.classes('row-percent').on('change', gesture(partial(self._weigh, item, points)), args=[[]])
            with ui.element('div').classes('row-buttons'):
                self._icon('arrow_upward', _('Move up: {question}', question=name), partial(self._move, item, -1))
                self._icon('arrow_downward', _('Move down: {question}', question=name), partial(self._move, item, 1))
                self._icon('close', _('Take out: {question}', question=name), partial(self._take_out, item))

    def _icon(self, icon: str, name: str, pressed: Callable[[], Awaitable[None]]) -> None:
        button = ui.button(icon=icon, on_click=gesture(pressed)).props('flat round dense').classes('button-icon')
        named(button, name)

    async def _move(self, item: QuizItem, by: int) -> None:
        async with self._one_at_a_time:
            items = list(self._quiz.items)
            place = items.index(item) if item in items else -1
            if place >= 0 and 0 <= place + by < len(items):
                items.insert(place + by, items.pop(place))
                await self._save(items)

    async def _take_out(self, item: QuizItem) -> None:
        async with self._one_at_a_time:
            if item in self._quiz.items:
                items = list(self._quiz.items)
                items.remove(item)
                await self._save(items)

    async def _weigh(self, item: QuizItem, field: ui.input) -> None:
        typed = (field.value or '').strip()
        points = numbers.read(typed) if typed else None
        async with self._one_at_a_time:
            await self._save([replace(each, points=points) if each == item else each for each in self._quiz.items])

    def _draw_adding(self) -> None:
        with ui.element('div').classes('quiz-adding'):
            self._search = ui.input(_('Add from the bank: search'), on_change=gesture(self._look))
            self._search.props('outlined debounce=250 type=search clearable maxlength=200')
            self._search.on('focus', gesture(self._look), args=[[]])
            self._found = ui.element('ul').classes('list quiz-found')
            with ui.element('div').classes('line'):
                self._draw_new()
                self._draw_drawing()

    def _draw_new(self) -> None:
        address = f'/courses/{self._quiz.course_id}/questions/new'
        new = ui.button(_('Write a new one')).props('flat no-caps aria-haspopup=menu').classes('button-quiet')
        opens_menu(new, lambda: kinds_to_write(address, quiz=self._quiz.checkpoint_id))

    def _draw_drawing(self) -> None:
        with ui.element('details').classes('quiet-details'):
            Text('summary', _('Let some be drawn for each attempt'))
            with ui.element('div').classes('quiz-draw'):
                self._count = ui.number(_('How many'), value=3, min=1, precision=0).props('outlined dense')
                words = {'': _('from the whole bank')} | {tag: f'#{tag} ({count})' for tag, count in self._tags}
                self._tag = ui.select(words, value='', label=_('From')).props('outlined dense')
                draw = ui.button(_('Add the draw'), on_click=gesture(self._add_draw)).props('flat no-caps')
                draw.classes('button-quiet')

    async def _add_draw(self) -> None:
        async with self._one_at_a_time:
            draw = Draw(tag=self._tag.value or '', count=int(self._count.value or 0))
            await self._save((*self._quiz.items, draw))

    async def _look(self) -> None:
        """Show questions of the bank that are not in the quiz yet."""
        await self._refreshing.look_again()

    async def _read(self) -> Bank:
        words = self._search.value or ''
        return await database.read(bank.of_course, self._actor, self._quiz.course_id, words=words)

    def _show_found(self, found: Bank) -> None:
        there = {item.question_id for item in self._quiz.items if isinstance(item, Fixed)}
        self._found.clear()
        with self._found:
            left = [each for each in found.questions if each.question_id not in there]
            for each in left[:MOST_FOUND]:
                self._offer(each)
            if not left:
                with ui.element('li'):
                    hint(_('Nothing else is found in the bank.'))
            elif len(left) > MOST_FOUND:
                with ui.element('li'):
                    hint(_('There are more; search for their words or tags.'))

    def _offer(self, each: InBank) -> None:
        with ui.element('li').classes('question-row'):
            with ui.element('div').classes('question-what'):
                Text('span', each.title).classes('question-title')
                Text('span', f'{KINDS[QuestionKind(each.kind)]} · {points_words(each.points)}').classes('hint')
            add = ui.button(_('Add'), on_click=gesture(partial(self._add, each.question_id))).props('flat no-caps')
            named(add.classes('button-quiet'), _('Add “{question}”', question=each.title))

    async def _add(self, question_id: int) -> None:
        async with self._one_at_a_time:
            await self._save((*self._quiz.items, Fixed(question_id=question_id)))
        await self._look()
