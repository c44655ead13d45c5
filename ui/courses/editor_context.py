"""What the parts of the course editor share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from fastapi import Request

from services.access import Actor
from services.core import database
from services.core.transaction import Transaction
from ui.kit.snackbar import Snackbar

P = ParamSpec('P')
T = TypeVar('T')


def quiz_address(course_id: int, checkpoint_id: int) -> str:
    """Return the page on which the questions and rules of a quiz are set."""
    return f'/courses/{course_id}/quizzes/{checkpoint_id}'


@dataclass(slots=True, kw_only=True)
class Desk:
    """Who edits which course, and how a part of the editor changes it."""

    request: Request
    actor: Actor
    course_id: int
    snackbar: Snackbar
    say: Callable[[str], object]
    """Says in passing what was done, to be seen and heard."""
    look_again: Callable[[], Awaitable[None]]
    """Reads the course again and shows what has changed, also by others."""
    changing: int = 0
    """How many changes are on their way from here; each looks again when it is through."""

    async def change(
        self, verb: Callable[Concatenate[Transaction, Actor | None, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Perform a verb and show what has become of the course, also where the verb was refused."""
        self.changing += 1
        try:
            return await database.write(verb, self.actor, *args, **kwargs)
        finally:
            self.changing -= 1
            await self.look_again()
