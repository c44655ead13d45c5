"""What the parts of the course editor share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request

from services.access import Actor
from ui.components.snackbar import Snackbar


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who edits which course, and how a part says something or has everything drawn afresh."""

    request: Request
    actor: Actor
    course_id: int
    snackbar: Snackbar
    say: Callable[[str], None]
    """Says in passing what was done, to be seen and heard."""
    look_again: Callable[[], Awaitable[None]]
    """Reads the course again and shows what has changed, whoever changed it."""
