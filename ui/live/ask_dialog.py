"""Asking the class: a question of the bank, found by a few letters, or one that is typed on the spot."""

from typing import TypedDict

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Invalid
from services.live.questions import asking
from services.live.room import Room
from services.quizzes import bank, numbers
from services.quizzes.bank import Bank, InBank
from services.quizzes.question import WHOLE, NumberAnswer, Option, Question, QuestionKind, TextAnswer
from services.quizzes.skill_results import skills_of
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext
from ui.kit.refreshing import Refreshing
from ui.kit.text import Text, hint, named, title

MOST = 20
"""questions that are listed at once"""
RIGHT = '*'
"""before an option that is right"""


NO_END = 0
TIMES = (20, 30, 60, 90, 120, 300)
"""seconds"""


class How(TypedDict):
    """How a question is asked."""

    seconds: int | None
    shows_live: bool


class AskDialog:
    """One dialog with two tabs: the bank, and a question to be typed."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor
        self._dialog: ui.dialog | None = None
        self._refreshing = Refreshing(self._read, self._list)
        self._place = ui.element('div').classes('search-place')

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self._dialog is not None

    async def open(self) -> None:
        """Open it, with the questions of the bank that can be asked in class; nothing is drawn of it before."""
        if self.is_open:
            return
        with self._place:
            self._draw()
        self._show_way()
        await self._list_again()

    def _close(self) -> None:
        self._dialog = None
        self._place.clear()

    def _draw(self) -> None:
        with ui.dialog(value=True) as self._dialog, ui.card().classes('ask-card'):
            title(_('Ask the class'))
            ways = {'bank': _('From the bank'), 'new': _('Type one')}
            self._way = ui.toggle(ways, value='bank', on_change=lambda: self._show_way())
            named(self._way.classes('choice').props('flat no-caps'), _('Where the question comes from'))
            with ui.element('div').classes('stack-tight') as self._bank:
                find = _('Find a question')
                self._find = ui.input(placeholder=find, on_change=gesture(self._list_again))
                named(self._find.props('dense outlined clearable debounce=200'), find)
                self._found = ui.element('ul').classes('list ask-list')
            with ui.element('div').classes('stack-tight') as self._new:
                self._draw_new()
            self._draw_how()
            close = ui.button(_('Close'), on_click=self._dialog.close).props('flat no-caps')
            close.classes('button-quiet button-bare')
        self._dialog.props['aria-label'] = _('Ask the class')
        self._dialog.on('hide', self._close, args=[[]])

    async def _list_again(self, _event: object = None) -> None:
        await self._refreshing.look_again()

    async def _read(self) -> Bank:
        words = self._find.value or ''
        return await database.read(bank.of_course, self._actor, self._room.board.course_id, words=words)

    def _list(self, found: Bank) -> None:
        fitting = [each for each in found.questions if each.kind in asking.ASKED]
        if not self.is_open:
            return
        self._found.clear()
        with self._found:
            for each in fitting[:MOST]:
                self._row(each)
            if not fitting:
                with ui.element('li'):
                    hint(_('No question of the bank fits. Type one.'))

    def _row(self, question: InBank) -> None:
        async def ask() -> None:
            course_id = self._room.board.course_id
            await database.write(asking.ask, self._actor, course_id, question.question_id, **self._how())
            self._close()

        with ui.element('li'):
            button = ui.button(question.title, on_click=gesture(ask)).props('flat no-caps align=left translate=no')
            with button.classes('button-quiet ask-row'):
                Text('span', ', '.join(skills_of(question.tags))).classes('hint')

    def _draw_new(self) -> None:
        kinds = {
            QuestionKind.SINGLE_CHOICE.value: _('One is right'),
            QuestionKind.TRUE_FALSE.value: _('True or false'),
            QuestionKind.NUMERIC.value: _('A number'),
            QuestionKind.SHORT_TEXT.value: _('A word'),
        }
        first = QuestionKind.SINGLE_CHOICE.value
        self._kind = ui.select(kinds, value=first, label=_('How it is answered'), on_change=lambda: self._show_key())
        self._kind.props('outlined dense')
        self._text = ui.textarea(_('What do you ask?')).props('outlined stack-label rows=3 dir=auto')
        self._options = ui.textarea(_('One option per line, * before the right one'))
        self._options.props('outlined stack-label rows=5 dir=auto')
        self._right = ui.input(_('What is right')).props('outlined dir=auto')
        with ui.element('div') as self._truth_place:
            truth = {'true': _('True'), 'false': _('False')}
            self._truth = named(
                ui.toggle(truth, value='true').classes('choice').props('flat no-caps'), _('What is right')
            )
        ask = ui.button(_('Ask it now'), on_click=gesture(self._ask_new)).props('flat no-caps')
        ask.classes('button-primary')
        hint(_('It is kept in the bank of this course.'))

    def _draw_how(self) -> None:
        times = {NO_END: _('as long as you like')} | {
            seconds: ngettext('{count} second', '{count} seconds', seconds) for seconds in TIMES
        }
        self._time = ui.select(times, value=NO_END, label=_('Time to answer')).props('outlined dense')
        self._live = ui.switch(_('Show the answers while it is open'))

    def _how(self) -> How:
        return {'seconds': self._time.value or None, 'shows_live': bool(self._live.value)}

    def _show_way(self) -> None:
        self._bank.set_visibility(self._way.value == 'bank')
        self._new.set_visibility(self._way.value == 'new')
        self._show_key()

    def _show_key(self) -> None:
        kind = self._kind.value
        self._options.set_visibility(kind == QuestionKind.SINGLE_CHOICE)
        self._right.set_visibility(kind in {QuestionKind.NUMERIC, QuestionKind.SHORT_TEXT})
        self._truth_place.set_visibility(kind == QuestionKind.TRUE_FALSE)

    async def _ask_new(self) -> None:
        course_id = self._room.board.course_id
        await database.write(asking.ask_new, self._actor, course_id, self._question(), **self._how())
        self._close()

    def _question(self) -> Question:
        kind, text, right = QuestionKind(self._kind.value), self._text.value or '', (self._right.value or '').strip()
        if kind is QuestionKind.SINGLE_CHOICE:
            return Question(kind=kind, text=text, options=_options(self._options.value or ''), is_shuffled=False)
        if kind is QuestionKind.TRUE_FALSE:
            credits = (WHOLE, 0) if self._truth.value == 'true' else (0, WHOLE)
            return Question(kind=kind, text=text, options=tuple(Option(text='', credit=each) for each in credits))
        if not right:
            raise Invalid('Type what is right.', field='right')
        if kind is QuestionKind.NUMERIC:
            return Question(kind=kind, text=text, numbers=(NumberAnswer(value=numbers.read(right)),))
        return Question(kind=kind, text=text, texts=(TextAnswer(pattern=right),))


def _options(typed: str) -> tuple[Option, ...]:
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if sum(line.startswith(RIGHT) for line in lines) != 1:
        raise Invalid('Put * before the one option that is right.', field='options')
    return tuple(
        Option(text=line.removeprefix(RIGHT).strip(), credit=WHOLE if line.startswith(RIGHT) else 0) for line in lines
    )
