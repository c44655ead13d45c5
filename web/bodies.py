"""How much of a request's body is read: every address has a limit that holds whatever the request calls itself."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

_LIMITS = 'body_limits'


class Limited:
    """Receives the body of a request up to a limit in bytes; raises `HTTPException` 413 where it is longer.

    A body need not say how long it is, so what has come is counted; one that says so is refused before it is read.
    Nobody reads what comes with a GET: it is thrown away, for while a long answer is sent, it is received all the same.
    """

    def __init__(self, scope: Scope, receive: Receive, most: int) -> None:
        self._receive = receive
        self._received = 0
        self._is_read = scope['method'] not in {'GET', 'HEAD'}
        said = Headers(scope=scope).get('content-length', '')
        self._said = int(said) if said.isdecimal() and self._is_read else 0
        self.most: int | None = most
        scope.setdefault('state', {}).setdefault(_LIMITS, []).append(self)

    async def __call__(self) -> Message:
        """Return the next piece."""
        self._check(self._said)
        message = await self._receive()
        if not self._is_read and message['type'] == 'http.request':
            return {**message, 'body': b''}
        self._received += len(message.get('body', b''))
        self._check(self._received)
        return message

    def _check(self, length: int) -> None:
        if self.most is not None and length > self.most:
            raise HTTPException(413)


def lift_limits(scope: Scope) -> None:
    """Let a body be as long as it likes: for those who read it piece by piece, and have a limit of their own."""
    limits: list[Limited] = scope.get('state', {}).get(_LIMITS, [])
    for each in limits:
        each.most = None
