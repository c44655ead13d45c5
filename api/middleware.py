"""What every request of a client goes through first: a request id, its token, its size, its share."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refusal, refuse
from api.rate_limits import Limits
from services.accounts import tokens
from services.core import server_log
from services.core.errors import DomainError, NotSignedIn
from web.bodies import Limited

LONGEST_BODY = 1024 * 1024
"""Bytes of a body, whatever it calls itself; a file that is read piece by piece has a limit of its own."""


class Front:
    """Middleware around the API. Clients send bearer tokens; a cookie is never looked at."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        request_id = server_log.begin_request()
        headers = Headers(scope=scope)
        has_begun = False
        limit = Limited(scope, receive, LONGEST_BODY)

        async def answer(message: Message) -> None:
            nonlocal has_begun
            if message['type'] == 'http.response.start':
                has_begun = True
                limit.lift()  # nobody reads on for its content
                sent = MutableHeaders(scope=message)
                sent['x-request-id'] = request_id
                sent.setdefault('cache-control', 'no-store')
            await send(message)

        try:
            scope.setdefault('state', {})['claim'] = self._claim(headers, scope)
        except DomainError as error:
            await refusal(error)(scope, receive, answer)
            return
        try:
            await self.app(scope, limit, answer)
        except Exception as error:  # a client is told in the one shape, the server log in full
            server_log.write_problem('request failed', error, path=scope['path'])
            if has_begun:
                raise
            sentence = 'Something went wrong here. The log of the server knows it by the request id.'
            await refuse(500, 'InternalError', sentence)(scope, receive, answer)

    def _claim(self, headers: Headers, scope: Scope) -> tokens.Claim | None:
        """Return what the token says, if there is one, and take the request out of its share.

        What is not signed by us is taken out of the share of its address: else each guess would have one of its own.
        """
        client = scope.get('client')
        address = f'address {client[0] if client else ""}'
        sent = headers.get('authorization')
        if sent is None:
            self.limits.take(address)
            return None
        scheme, _, token = sent.partition(' ')
        try:
            if scheme.lower() != 'bearer' or not token.strip():
                raise NotSignedIn('Send the token as “Authorization: Bearer …”.')
            claim = tokens.read(token.strip())
        except NotSignedIn:
            self.limits.take(address)
            raise
        self.limits.take(f'sign-in {claim.sign_in_id}' if claim.sign_in_id else address)
        return claim
