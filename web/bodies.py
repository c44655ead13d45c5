"""How much of a request's body is read: every address has a limit that holds whatever the request calls itself."""

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive


def limited(receive: Receive, most: int) -> Receive:
    """Return `receive` with a limit in bytes; raises `HTTPException` 413 where a body becomes longer than that.

    A body need not say how long it is, so what has come is counted.
    """
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get('body', b''))
        if received > most:
            raise HTTPException(413)
        return message

    return receive_some
