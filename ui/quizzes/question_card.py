"""One question of an attempt: what is asked, the field for the answer, and a mark that says what is on disk."""

import asyncio
import math
from contextlib import suppress
from datetime import datetime
from enum import Enum
from html import escape
from typing import Protocol
from uuid import uuid4

from nicegui import background_tasks
from nicegui.events import GenericEventArguments

from services.access import Actor
from services.content.prose import prose_html
from services.core import database
from services.core.errors import DomainError, Gone, NotSaved
from services.quizzes import answering, review
from services.quizzes.answer import Answer
from services.quizzes.answering import Given
from services.quizzes.asked import Asked
from services.quizzes.review import Shown
from ui.kit.handlers import gesture, tell_problem
from ui.kit.language import _, ngettext, say
from ui.kit.raw_element import Piece
from ui.kit.time_format import local
from ui.quizzes.answer_fields import draw_field
from ui.quizzes.result_words import shown_html, worth

SAVE_AFTER = 0.8
"""Seconds after the first key until a text is saved; more keys do not delay it."""


class State(Enum):
    """How an answer stands; the mark has a word for each."""

    EMPTY = 'empty'
    SAVING = 'saving'
    SAVED = 'saved'
    NOT_SAVED = 'not-saved'
    """the server could not store it; it is tried again on request"""
    REFUSED = 'refused'
    """it went back to what was saved before"""
    TO_CHECK = 'to-check'
    """it is saved, and checked, once the learner says so"""


class Paper(Protocol):
    """The attempt that a question belongs to, as far as the question needs it."""

    actor: Actor
    attempt_id: int
    checks_at_once: bool
    asks_confidence: bool
    count: int

    def take_seconds(self, position: int) -> float:
        """Return how long the question was looked at since this was asked before."""

    def give_back_seconds(self, position: int, seconds: float) -> None:
        """Keep seconds that could not be saved for the next time."""

    def pasted(self) -> None:
        """Note that something was pasted."""

    def moved(self) -> None:
        """Show how many questions are answered."""

    async def look_again(self) -> None:
        """Read the attempt again."""


class QuestionCard:
    """One question."""

    def __init__(self, paper: Paper, asked: Asked, shown: Shown | None, *, number: int | None = None) -> None:
        self._paper = paper
        self._asked = asked
        self.position = asked.position
        self._number = asked.position + 1 if number is None else number
        self._saved = asked.answer
        self._confidence = asked.confidence
        self._saved_at = asked.saved_at
        self._problem = ''
        self._turn = 0
        self._tap_id = uuid4().hex
        self._has_pasted = False
        self._waiting: asyncio.Task[None] | None = None
        self.state = State.SAVED if asked.answer else State.EMPTY
        with Piece('section') as self.element:
            self.element.draw({'aria-label': self.name}, classes='quiz-question')
            Piece('div').draw({'innerHTML': _head_html(asked, self._number)}, classes='quiz-asked')
            self._field = draw_field(asked, self.name, self._changed, self._pasted)
            if paper.asks_confidence:
                self._sure = self._confidence_group()
            with Piece('div', 'quiz-line'):
                self._mark = Piece('p')
                self._again = Piece('button')
                self._again.on('click', gesture(self._press), args=[[]])
            self._result = Piece('div', 'quiz-result')
        if shown:
            self._lock(shown)
        self._draw()

    @property
    def name(self) -> str:
        """What those who hear the page are told."""
        return _('Question {number} of {count}', number=self._number, count=self._paper.count)

    @property
    def is_answered(self) -> bool:
        """Whether an answer is on disk."""
        return self._saved is not None

    @property
    def is_unsaved(self) -> bool:
        """Whether the learner sees an answer that is not on disk."""
        return self.state in {State.SAVING, State.NOT_SAVED, State.TO_CHECK}

    @property
    def problem(self) -> str:
        """What the learner should know before they hand this in."""
        return self._field.problem

    async def flush(self) -> None:
        """Save at once what waits for more to be typed."""
        waiting, self._waiting = self._waiting, None
        if waiting and not waiting.done():
            waiting.cancel()
            await self._save()

    async def flush_quietly(self) -> None:
        """Save what waits where nobody can read a refusal."""
        with suppress(DomainError):
            await self.flush()

    def follow(self, asked: Asked, shown: Shown | None) -> None:
        """Show what is on disk now, unless the learner is just answering here."""
        if self.is_unsaved:
            return
        self._asked, self._saved, self._confidence = asked, asked.answer, asked.confidence
        self._saved_at = asked.saved_at
        if asked.answer != self._field.answer:
            self._field.show(asked.answer)
        if self.state is not State.REFUSED:
            self.state = State.SAVED if asked.answer else State.EMPTY
        if self._paper.asks_confidence:
            self._draw_sure()
        if shown:
            self._lock(shown)
        self._draw()

    async def read_again(self) -> None:
        """Save what was typed while the connection was gone."""
        if await self._field.read_again():
            self._changed()

    def _changed(self) -> None:
        """Save an answer: a choice at once, a text once there may be more of it."""
        self._tap_id = uuid4().hex
        self._turn += 1
        if self._paper.checks_at_once:
            self._show(State.TO_CHECK if self._field.answer else State.EMPTY)
        elif self._field.is_typed:
            self._show(State.SAVING)
            if self._waiting is None or self._waiting.done():
                self._waiting = background_tasks.create(self._soon(), name='save an answer')
        else:
            self._show(State.SAVING)
            background_tasks.create(gesture(self._save)(), name='save an answer', context=self.element.client)

    async def _soon(self) -> None:
        await asyncio.sleep(SAVE_AFTER)
        self._waiting = None
        with self.element:
            await gesture(self._save)()

    async def _press(self) -> None:
        """Try again to save, or check an answer."""
        self._show(State.SAVING)
        await self._save()

    async def _save(self) -> None:
        answer, turn = self._field.answer, self._turn
        try:
            saved = await answering.save(self._given(answer))
        except NotSaved as trouble:
            self._settle(turn, State.NOT_SAVED, say(trouble))
        except Gone as refusal:
            self._put_back(turn, say(refusal))
            tell_problem(say(refusal))
            await self._paper.look_again()
        except DomainError as refusal:
            self._put_back(turn, say(refusal))
        else:
            self._saved, self._saved_at = answer, saved.at
            self._settle(turn, State.SAVED if answer else State.EMPTY)
            if saved.is_checked:
                await self._show_checked()
        finally:
            if turn == self._turn and self.state is State.SAVING:
                self._settle(turn, State.NOT_SAVED, _('This answer is not saved. Try again.'))
        self._paper.moved()

    def _given(self, answer: Answer | None) -> Given:
        seconds = self._paper.take_seconds(self.position)
        whole = math.floor(seconds)
        self._paper.give_back_seconds(self.position, seconds - whole)
        pasted, self._has_pasted = self._has_pasted, False
        return Given(
            actor=self._paper.actor,
            attempt_id=self._paper.attempt_id,
            position=self.position,
            tap_id=self._tap_id,
            answer=answer,
            confidence=self._confidence,
            seconds=whole,
            has_pasted=pasted,
        )

    def _put_back(self, turn: int, sentence: str) -> None:
        if turn == self._turn:
            self._field.show(self._saved)
            self._settle(turn, State.REFUSED, sentence)

    def _settle(self, turn: int, state: State, problem: str = '') -> None:
        """Show how it went, unless the answer has changed meanwhile."""
        if turn == self._turn:
            self._problem = problem
            self._show(state)

    def _show(self, state: State) -> None:
        self.state = state
        self._draw()

    async def _show_checked(self) -> None:
        paper = self._paper
        self._lock(await database.read(review.checked, paper.actor, paper.attempt_id, self.position))

    def _lock(self, shown: Shown) -> None:
        self._field.lock()
        self._result.draw_html(shown_html(self._asked, shown))

    def _pasted(self) -> None:
        self._has_pasted = True
        self._paper.pasted()

    def _confidence_group(self) -> Piece:
        label = _('How sure are you?')
        caption = _('1 is guessed, 5 is certain.')
        with Piece('div', 'quiz-sure'):
            Piece('p').draw({'innerHTML': f'{escape(label)} <span class="hint">{escape(caption)}</span>'})
            group = Piece('q-option-group', 'quiz-sure-options')
            group.draw(
                {
                    'type': 'radio',
                    'inline': True,
                    'options': [{'label': f'{number}', 'value': number} for number in range(1, 6)],
                    'model-value': self._confidence,
                    'aria-label': f'{label} {caption}',
                }
            )
            group.on('update:modelValue', gesture(self._be_sure))
        return group

    async def _be_sure(self, event: GenericEventArguments) -> None:
        told: object = event.args
        if not isinstance(told, int) or not 1 <= told <= 5:
            return
        self._confidence = told
        self._draw_sure()
        self._changed()

    def _draw_sure(self) -> None:
        self._sure.draw({'model-value': self._confidence})

    def _draw(self) -> None:
        words = _words(self.state, self._saved_at, self._problem)
        self._mark.draw({'innerHTML': escape(words), 'role': 'status', 'dir': 'auto'}, classes=_look(self.state))
        offer = {State.NOT_SAVED: _('Try again'), State.TO_CHECK: _('Check the answer')}.get(self.state, '')
        self._again.offer(offer, 'button-quiet')


def _look(state: State) -> str:
    return f'quiz-mark quiz-mark-{state.value}'


def _words(state: State, at: datetime | None, problem: str) -> str:
    if state is State.SAVED:
        return _('Saved at {time}', time=f'{local(at):%H:%M}') if at else _('Saved')
    return {
        State.EMPTY: _('Not answered'),
        State.SAVING: _('Saving …'),
        State.NOT_SAVED: problem,
        State.REFUSED: problem,
        State.TO_CHECK: _('Not handed over yet: it is saved when you check it, and stays then.'),
    }[state]


def _head_html(asked: Asked, number: int) -> str:
    place = _('Question {number}', number=number)
    rule = f'<p class="hint" dir="auto">{escape(say(asked.rule))}</p>' if asked.rule else ''
    return (
        f'<h2 class="quiz-number">{escape(place)} <span class="hint">{escape(worth(asked))}</span></h2>'
        f'<div class="prose quiz-text-asked" dir="auto">{prose_html(asked.text)}</div>{rule}'
    )


def pasted_words(count: int) -> str:
    """Return what a learner is told of what they have pasted; nothing for none."""
    return ngettext('{count} paste noted; it decides nothing.', '{count} pastes noted; they decide nothing.', count)
