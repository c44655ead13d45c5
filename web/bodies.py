"""How much of a request's body is read: every address has a limit that holds whatever the request calls itself."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

_LIMITS = 'body_limits'


class _Limit:
    """How many bytes may come, until it is lifted.

    The request knows this and not who receives for it: that would be a circle, left to the collector with twenty
    objects of each request.
    """

    __slots__ = ('most',)

    def __init__(self, most: int) -> None:
        self.most: int | None = most


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
        self._limit = _Limit(most)
        scope.setdefault('state', {}).setdefault(_LIMITS, []).append(self._limit)

    async def __call__(self) -> Message:
        """Return the next piece."""
        self._check(self._said)
        message = await self._receive()
        if not self._is_read and message['type'] == 'http.request':
            return {**message, 'body': b''}
        self._received += len(message.get('body', b''))
        self._check(self._received)
        return message

    def lift(self) -> None:
        """Let the body be as long as it likes."""
        self._limit.most = None

    def _check(self, length: int) -> None:
        if self._limit.most is not None and length > self._limit.most:
            raise HTTPException(413)


def lift_limits(scope: Scope) -> None:
    """Let a body be as long as it likes: for those who read it piece by piece, and have a limit of their own."""
    limits: list[_Limit] = scope.get('state', {}).get(_LIMITS, [])
    for each in limits:
        each.most = None
