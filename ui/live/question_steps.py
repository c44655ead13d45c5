"""What an instructor does to a question in class, by button or key: one step after the other."""

from services.access import Actor
from services.core import database
from services.core.phrases import Phrase, phrase
from services.enums import LiveQuestionState
from services.live.questions import asking
from services.live.room import Room

WORDS: dict[LiveQuestionState, Phrase] = {
    LiveQuestionState.OPEN: phrase('Close the question'),
    LiveQuestionState.CLOSED: phrase('Show the answers'),
    LiveQuestionState.DISTRIBUTION: phrase('Show what is right'),
    LiveQuestionState.SOLUTION: phrase('Take it from the screens'),
}
"""what comes next, by the state of a question"""
_THEN = {
    LiveQuestionState.OPEN: LiveQuestionState.CLOSED,
    LiveQuestionState.CLOSED: LiveQuestionState.DISTRIBUTION,
    LiveQuestionState.DISTRIBUTION: LiveQuestionState.SOLUTION,
}


class QuestionSteps:
    """Moves the question that the class is shown."""

    def __init__(self, room: Room, actor: Actor) -> None:
        self._room = room
        self._actor = actor

    async def go_on(self) -> None:
        """Close it, show the answers, show what is right, take it from the screens: whichever comes next."""
        if asked := self._room.board.question:
            if asked.state in _THEN:
                await database.write(asking.move, self._actor, asked.live_question_id, _THEN[asked.state])
            else:
                await self.put_away()

    async def open_again(self) -> None:
        """Take answers again."""
        await self._move(LiveQuestionState.OPEN)

    async def solve(self) -> None:
        """Show at once what is right."""
        await self._move(LiveQuestionState.SOLUTION)

    async def show_live(self, *, shows: bool) -> None:
        """Show the room what is answered while the question is open, or not."""
        if asked := self._room.board.question:
            await database.write(asking.show_live, self._actor, asked.live_question_id, shows=shows)

    async def put_away(self) -> None:
        """Take it from all screens."""
        if asked := self._room.board.question:
            await database.write(asking.put_away, self._actor, asked.live_question_id)

    async def _move(self, state: LiveQuestionState) -> None:
        if asked := self._room.board.question:
            await database.write(asking.move, self._actor, asked.live_question_id, state)
