"""An attempt while it goes on: its questions, the time that is left, how many are answered, and handing in."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape

from nicegui import ui

from services.access import Actor
from services.core import database
from services.core.errors import Gone
from services.core.phrases import Phrase
from services.quizzes import adapting, attempts, closing, review
from services.quizzes.asked import Asked
from services.quizzes.attempts import Paper
from services.quizzes.review import Shown
from ui.kit import confirm
from ui.kit.handlers import gesture
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.theme import filled
from ui.quizzes.countdown import Countdown
from ui.quizzes.question_card import QuestionCard, pasted_words

open_pages: Counter[int] = Counter()
"""how many pages of this server show an attempt, by its id"""
begun: set[int] = set()
"""attempts that have just begun, and whose page was not there before"""


class Taking:
    """The page of an attempt that goes on."""

    def __init__(
        self,
        actor: Actor,
        paper: Paper,
        checked: Mapping[int, Shown],
        *,
        is_back: bool,
        why: Phrase | None = None,
    ) -> None:
        self.actor = actor
        self.attempt_id = paper.attempt_id
        self.checks_at_once = paper.rules.shows_at_once
        self.asks_confidence = paper.rules.asks_confidence
        self.count = len(paper.asked)
        self._paper = paper
        self._checked = dict(checked)
        self._cards: list[QuestionCard] = []
        self._place = min(paper.place, self.count - 1)
        self._since = time.monotonic()
        self._seconds: defaultdict[int, float] = defaultdict(float)
        self._pastes = 0
        self._numbers: dict[int, Piece] = {}
        self._reading = asyncio.Lock()
        self._is_over = False
        self._one_at_a_time = paper.rules.one_at_a_time
        self._is_adaptive = paper.rules.is_adaptive
        self._why = why
        self._ways_state: tuple[bool, bool] | None = None
        with Piece('div', 'quiz') as self.element:
            Piece('h1').draw({'innerHTML': escape(paper.title), 'dir': 'auto'}, classes='visually-hidden')
            with Piece('div', 'quiz-bar'):
                self._progress = Piece('div', 'quiz-progress')
                self._countdown = self._draw_time(paper)
            if is_back:
                _notice(_('You are back. What says saved is safe; answer again what is missing.'))
            self._questions = Piece('div', 'quiz-questions')
            self._ways = Piece('div', 'quiz-ways')
            with Piece('div', 'quiz-end'):
                self._noted = Piece('p')
                self._end = Piece('button')
                self._end.on('click', gesture(self._hand_in), args=[[]])
        self._draw_questions()

    def take_seconds(self, position: int) -> float:
        """Return how long a question was looked at since this was asked before."""
        self.look_at(position)
        return self._seconds.pop(position, 0.0)

    def give_back_seconds(self, position: int, seconds: float) -> None:
        """Keep seconds that could not be saved for the next time."""
        self._seconds[position] += seconds

    def look_at(self, position: int) -> None:
        """Count the time since the last sign of the learner for the question at which this one is."""
        now = time.monotonic()
        self._seconds[self._place if self._one_at_a_time else position] += now - self._since
        self._since = now

    def pasted(self) -> None:
        """Note that something was pasted, and say so."""
        self._pastes += 1
        self._noted.offer(escape(pasted_words(self._pastes)), 'hint')

    def moved(self) -> None:
        """Show how many questions are answered."""
        for card in self._cards:
            self._answered[card.position] = card.is_answered
        done = sum(self._answered.values())
        words = _('{done} of {count} answered', done=done, count=self.count)
        bar = f'<span class="quiz-progress-bar {filled(100 * done // self.count)}"></span>'
        self._progress.draw_html(f'<span class="number">{escape(words)}</span>{bar}')
        for position in self._numbers:
            self._draw_number(position)
        self._draw_end(is_empty=done == 0)
        if self._is_adaptive:
            self._draw_way_on()

    async def look_again(self) -> None:
        """Show what is on disk now: after an event, or when the connection is back."""
        async with self._reading:
            if self._is_over:
                return
            try:
                paper, checked = await database.read(review.going_on, self.actor, self.attempt_id)
                if self._is_adaptive and paper.place != self._place:
                    self._why = await database.read(adapting.why, self.actor, self.attempt_id)
            except Gone:
                self.leave_for_the_result()
                return
            self._show_paper(paper, checked)

    def _show_paper(self, paper: Paper, checked: Mapping[int, Shown]) -> None:
        self._paper, self._checked = paper, dict(checked)
        if self._countdown and paper.ends_at:
            self._countdown.move(paper.ends_at)
        if self._one_at_a_time and paper.place != self._place and not any(card.is_unsaved for card in self._cards):
            self._place = paper.place
            self._draw_questions()
            return
        self._answered = {asked.position: asked.answer is not None for asked in paper.asked}
        for card in self._cards:
            card.follow(paper.asked[card.position], checked.get(card.position))
        self.moved()

    async def come_back(self) -> None:
        """After a lost connection: read from the browser what was typed meanwhile, and from the database all else."""
        for card in self._cards:
            await card.read_again()
        await self.look_again()

    async def leave(self) -> None:
        """Save what waits for more to be typed."""
        for card in self._cards:
            await card.flush_quietly()

    def leave_for_the_result(self) -> None:
        """Go to the page that shows the attempt once it was submitted."""
        if not self._is_over:
            self._is_over = True
            with self.element:
                ui.navigate.to(f'/quizzes/{self._paper.checkpoint_id}?attempt={self._paper.number}')

    def _draw_time(self, paper: Paper) -> Countdown | None:
        if paper.ends_at is None:
            return None
        return Countdown(paper.started_at, paper.ends_at, self._look_at_the_end)

    async def _look_at_the_end(self) -> None:
        """Read the end again, which others may have moved; once the time is up, wait until the clock has closed it."""
        if self._is_over:
            return
        try:
            ends_at = await database.read(attempts.end_of, self.actor, self.attempt_id)
        except Gone:
            self.leave_for_the_result()
            return
        if self._countdown and ends_at:
            self._countdown.move(ends_at)

    def _draw_questions(self) -> None:
        asked = self._paper.asked
        self._answered = {each.position: each.answer is not None for each in asked}
        shown: Sequence[Asked] = asked[self._place : self._place + 1] if self._one_at_a_time else asked
        self._questions.clear()
        with self._questions:
            if self._why:
                Piece('p').draw(
                    {'innerHTML': escape(say(self._why)), 'role': 'status', 'dir': 'auto'}, classes='quiz-why'
                )
            self._cards = [self._card(each) for each in shown]
        if self._one_at_a_time and not self._is_adaptive:
            self._draw_ways()
        self.moved()

    def _card(self, asked: Asked) -> QuestionCard:
        number = self._number_of(asked) if self._is_adaptive else None
        card = QuestionCard(self, asked, self._checked.get(asked.position), number=number)
        card.element.on('focusin', lambda: self.look_at(asked.position), args=[[]], throttle=1.0)
        return card

    def _draw_end(self, *, is_empty: bool) -> None:
        """Draw the end; practice that adapts has one once there is an answer, because what was not asked is no part."""
        if self._is_adaptive:
            look = 'button-primary' if all(self._answered.values()) else 'button-quiet'
            self._end.offer('' if is_empty else escape(_('Finish')), look)
        else:
            self._end.offer(escape(_('Hand in')), 'button-primary')

    def _number_of(self, asked: Asked) -> int:
        """Return which question this is for the learner, where each answer decides what is asked next."""
        others = [each for each in self._paper.asked if each.answer is not None and each is not asked]
        return len(others) + 1

    def _draw_way_on(self) -> None:
        """Draw the way to the next question once this one is answered; after the last one there is only the end."""
        is_answered = self._answered.get(self._place, False)
        is_through = all(self._answered.values())
        state = is_answered, is_through
        if self._ways_state == state:
            return
        self._ways_state = state
        self._ways.clear()
        with self._ways:
            if is_through:
                words = _('You have been through all questions of this practice.')
                Piece('p').draw({'innerHTML': escape(words), 'role': 'status'}, classes='hint')
            elif is_answered:
                way = _way(_('Next ›'), _('To the next question'), gesture(self._go_on))
                way.draw({}, classes='button-primary quiz-next')

    async def _go_on(self) -> None:
        """Go to the question that fits the learner now."""
        for card in self._cards:
            await card.flush()
        self.look_at(self._place)
        seconds = self._seconds.pop(self._place, 0.0)
        async with self._reading:
            await adapting.go_on(self.actor, self.attempt_id, seconds=seconds)
            paper, checked = await database.read(review.going_on, self.actor, self.attempt_id)
            self._why = await database.read(adapting.why, self.actor, self.attempt_id)
            self._paper, self._checked, self._place = paper, dict(checked), paper.place
            self._draw_questions()
        self._questions.run_method('scrollIntoView')

    def _draw_ways(self) -> None:
        """Draw the ways to other questions, where they are shown one at a time."""
        self._ways.clear()
        self._numbers = {}
        may_go_back = self._paper.rules.may_go_back
        with self._ways:
            if may_go_back and self._place > 0:
                _way(_('‹ Back'), _('To question {number}', number=self._place), gesture(lambda: self._go(-1)))
            if self._place + 1 < self.count:
                name = _('To question {number}', number=self._place + 2)
                _way(_('Next ›'), name, gesture(lambda: self._go(1))).classes('quiz-next')
            if may_go_back:
                self._draw_numbers()

    def _draw_numbers(self) -> None:
        with Piece('div') as numbers:
            numbers.draw({'role': 'group', 'aria-label': _('All questions')}, classes='quiz-numbers')
            for position in range(self.count):
                self._numbers[position] = button = Piece('button')
                button.on('click', gesture(partial(self._go_from_numbers, position)), args=[[]])

    async def _go_from_numbers(self, position: int) -> None:
        await self._go(position - self._place)

    def _draw_number(self, position: int) -> None:
        is_answered = self._answered.get(position, False)
        word = _('answered') if is_answered else _('not answered')
        props: dict[str, object] = {
            'innerHTML': f'{position + 1}',
            'aria-label': _('Question {number}, {word}', number=position + 1, word=word),
        }
        if position == self._place:
            props['aria-current'] = 'step'
        look = 'quiz-number-button quiz-answered' if is_answered else 'quiz-number-button'
        button = self._numbers[position]
        if look != ' '.join(button.classes) or button.props.get('aria-label') != props['aria-label']:
            button.draw(props, classes=look)

    async def _go(self, by: int) -> None:
        place = self._place + by
        for card in self._cards:
            await card.flush()
        is_left = not self._paper.rules.may_go_back and not self._answered.get(self._place)
        if is_left:
            _ask_to_leave(self._place + 1, lambda: self._go_to(place))
        else:
            await self._go_to(place)

    async def _go_to(self, place: int) -> None:
        self.look_at(self._place)
        seconds = self._seconds.pop(self._place, 0.0)
        async with self._reading:  # what was read before, and is shown after, would lead back
            await database.write(attempts.go_to, self.actor, self.attempt_id, position=place, seconds=seconds)
            paper, checked = await database.read(review.going_on, self.actor, self.attempt_id)
            self._paper, self._checked, self._place = paper, dict(checked), paper.place
            self._draw_questions()
        self._questions.run_method('scrollIntoView')

    async def _hand_in(self) -> None:
        for card in self._cards:
            await card.flush()
        warnings = self._warnings()
        if not warnings:
            await self._submit()
            return
        kept = _('What is saved counts; afterwards nothing can be changed.')
        confirm.ask(_('Hand in now?'), ' '.join([*warnings, kept]), yes=_('Hand in'), then=self._submit)

    def _warnings(self) -> list[str]:
        """Return what the learner should know before they hand in, each as a sentence."""
        asked = self._answered.items() if not self._is_adaptive else ()
        empty = [position + 1 for position, is_answered in asked if not is_answered]
        unsaved = [card.position + 1 for card in self._cards if card.is_unsaved]
        warnings = []
        if empty:
            words = ngettext(
                '{count} question has no answer: {numbers}.',
                '{count} questions have no answer: {numbers}.',
                len(empty),
                numbers=_list(empty),
            )
            warnings.append(words)
        if unsaved:
            warnings.append(_('Not saved: {numbers}.', numbers=_list(unsaved)))
        unreadable = [card.position + 1 for card in self._cards if card.problem]
        warnings += [_('Question {number} cannot be read as a number.', number=number) for number in unreadable]
        return warnings

    async def _submit(self) -> None:
        await database.write(closing.submit, self.actor, self.attempt_id)
        self.leave_for_the_result()


def _way(words: str, name: str, go: object) -> Piece:
    button = Piece('button')
    button.draw({'innerHTML': escape(words), 'aria-label': name}, classes='button-quiet')
    button.on('click', go, args=[[]])  # type: ignore[arg-type]
    return button


def _ask_to_leave(number: int, then: object) -> None:
    confirm.ask(
        _('Go on without an answer?'),
        _('Question {number} has no answer, and in this quiz you cannot come back to it.', number=number),
        yes=_('Go on'),
        then=then,  # type: ignore[arg-type]
    )


def _notice(sentence: str) -> None:
    Piece('p').draw({'innerHTML': f'<span>{escape(sentence)}</span>', 'role': 'status'}, classes='notice')


def _list(numbers: Sequence[int]) -> str:
    return ', '.join(f'{number}' for number in numbers)
