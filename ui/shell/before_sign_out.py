"""Open pages that hold something back: before their person signs out, they put it away, while they still may."""

import asyncio
from collections.abc import Awaitable, Callable

from services.access import Actor
from services.core import server_log

Leave = Callable[[], Awaitable[None]]

_open: dict[Leave, Actor] = {}


def before_sign_out(actor: Actor, leave: Leave) -> Callable[[], None]:
    """Have something awaited before somebody signs out on this device; returns the way to be left out again."""
    _open[leave] = actor

    def forget() -> None:
        _open.pop(leave, None)

    return forget


async def all_pages(actor: Actor | None, *, sign_in_id: int | None = None) -> None:
    """Let the pages of a person release what they hold: those of one device, or of all."""
    leaving = [leave for leave, whose in _open.items() if _is(whose, actor, sign_in_id)]
    for result in await asyncio.gather(*(leave() for leave in leaving), return_exceptions=True):
        if isinstance(result, Exception):
            server_log.write_problem('page not left', result)


def _is(whose: Actor, actor: Actor | None, sign_in_id: int | None) -> bool:
    return actor is not None and whose.user_id == actor.user_id and sign_in_id in {None, whose.sign_in_id}
