"""The steps of one learner beside the grid: what was done when, and a button to set or take back each mark.

A line is three elements, and only what has moved is drawn anew: a class watches while this opens, and a button that was
pressed keeps the focus.
"""

from collections.abc import Awaitable, Callable
from html import escape

from nicegui import ui

from services.live.board.views import LearnerCheckpoint, Mark
from services.live.learner_marks import LearnerFacts
from services.live.room import Room
from ui.kit.handlers import gesture
from ui.kit.language import _
from ui.kit.marks import SHAPES, WORDS
from ui.kit.raw_element import Piece
from ui.kit.text import Text
from ui.kit.time_format import of_day

DONE = {Mark.DONE, Mark.DONE_BEFORE}


class LearnerSteps:
    """All steps of a learner; `mark` sets one done, or takes it back."""

    def __init__(self, room: Room, user_id: int, mark: Callable[[int, bool], Awaitable[None]]) -> None:
        self._room = room
        self._user_id = user_id
        self._mark = mark
        self._lines: list[_Line] = []
        self._list = ui.element('ul').classes('steps')

    def show(self, facts: LearnerFacts) -> None:
        """Show marks as the board has them, and the times of `facts`."""
        checkpoints = self._room.own_view(self._user_id).checkpoints
        if len(checkpoints) != len(self._lines):
            self._list.clear()
            with self._list:
                self._lines = [_Line(self._mark) for _each in checkpoints]
        for line, checkpoint in zip(self._lines, checkpoints, strict=True):
            line.show(checkpoint, self._when(checkpoint, facts))

    def _when(self, checkpoint: LearnerCheckpoint, facts: LearnerFacts) -> str:
        at, session = facts.done_at.get(checkpoint.checkpoint_id), self._room.board.session
        is_timed = checkpoint.mark in DONE and at and session
        return of_day(at, session.started_at) if is_timed and at and session else WORDS[checkpoint.mark]


class _Line:
    def __init__(self, mark: Callable[[int, bool], Awaitable[None]]) -> None:
        self._mark = mark
        self._shown: tuple[LearnerCheckpoint, str] | None = None
        with Piece('li') as self._item:
            self._words = Piece('span')
            self._button = Text('button').classes('button-quiet button-bare')
            self._button.on('click', gesture(self._press), args=[[]])

    def show(self, checkpoint: LearnerCheckpoint, when: str) -> None:
        """Show one step of the learner."""
        if self._shown == (checkpoint, when):
            return
        self._shown = checkpoint, when
        shape = SHAPES[checkpoint.mark]
        self._item.draw({}, classes=f'step step-{shape} mark-{shape}')
        self._words.draw_html(_words(checkpoint, when), classes='step-words')
        is_done = checkpoint.mark in DONE
        self._button.set_text(_('Take back') if is_done else _('Set'))
        self._button.props['aria-label'] = (
            _('Take back: {title}', title=checkpoint.title)
            if is_done
            else _('Set done: {title}', title=checkpoint.title)
        )
        self._button.set_visibility(checkpoint.mark is not Mark.DONE_BEFORE)

    async def _press(self) -> None:
        if self._shown:
            checkpoint, _when = self._shown
            await self._mark(checkpoint.checkpoint_id, checkpoint.mark not in DONE)


def _words(checkpoint: LearnerCheckpoint, when: str) -> str:
    return (
        f'<span class="step-number">{checkpoint.number}</span>'
        f'<span class="step-name"><span dir="auto">{escape(checkpoint.title)}</span>'
        f'<span class="step-when" dir="auto">{escape(when)}</span></span>'
    )
