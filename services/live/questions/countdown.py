"""The time of a question in class, which closes by itself when it is over."""

import asyncio
from collections.abc import Callable

from models import LiveQuestionState
from services.core import clock, database, server_log
from services.core.errors import DomainError
from services.live.board.board import Board
from services.live.questions import answering, asking, views

AGAIN = 1.0
"""seconds after which a question is closed that could not be closed in time"""


class Countdown:
    """Closes the question that is open on a board when its time is over."""

    def __init__(self, board: Callable[[], Board]) -> None:
        self._board = board
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        self._is_over = False

    def follow(self) -> None:
        """Look at the board again: its question may be another one, or have another end."""
        board = self._board()
        views.advance(board)
        self._cancel()
        question = board.question
        if question is None or question.closes_at is None or question.state is not LiveQuestionState.OPEN:
            return
        left = question.closes_at - clock.now() + answering.SLACK
        self._timer = self._loop.call_later(max(0.0, left.total_seconds()), self._end, question.live_question_id)

    def close(self) -> None:
        """Close no question any more."""
        self._is_over = True
        self._cancel()

    def _cancel(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _end(self, live_question_id: int) -> None:
        self._closing = self._loop.create_task(self._close_question(live_question_id))

    async def _close_question(self, live_question_id: int) -> None:
        try:
            await database.write(asking.close_over, live_question_id)
        except DomainError as error:
            server_log.write('question not closed', course=self._board().course_id, reason=str(error))
            if not self._is_over:
                self._timer = self._loop.call_later(AGAIN, self.follow)
