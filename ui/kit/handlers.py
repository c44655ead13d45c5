"""What happens when a person does something on a page: a request id, the verb, and a sentence if it is refused."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec

from nicegui import Client, context, ui

from services.core import server_log
from services.core.errors import DomainError
from ui.kit.language import _, language, reading, say

P = ParamSpec('P')


def gesture(handler: Callable[P, Awaitable[None]]) -> Callable[P, Awaitable[None]]:
    """Let a handler raise what services raise: the person reads the sentence, and what was not expected is written to
    the server log."""

    @wraps(handler)
    async def handled(*args: P.args, **kwargs: P.kwargs) -> None:
        server_log.begin_request()
        with reading(language()):  # also after the element that was pressed has gone
            try:
                await handler(*args, **kwargs)
            except DomainError as refusal:
                tell_problem(say(refusal))
            except Exception as error:  # noqa: BLE001 - nobody sees a traceback
                server_log.write_problem('gesture failed', error)
                tell_problem(_('Something went wrong on our side. What was saved is safe; try again.'))

    return handled


def tell(sentence: str) -> None:
    """Say in passing that something was done."""
    with _page():
        ui.notify(sentence, position='bottom', timeout=4000)


def tell_problem(sentence: str) -> None:
    """Say what did not work, long enough to be read."""
    with _page():
        ui.notify(sentence, type='negative', position='bottom', timeout=10_000, close_button=_('OK'))


def _page() -> Client:
    """Return the page, also where the element that was pressed twice has gone after the first time."""
    for place in reversed(context.slot_stack):
        with suppress(RuntimeError):
            return place.parent.client
    return context.client
