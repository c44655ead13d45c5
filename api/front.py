"""What every request of a program goes through first: a request id, its token, its size, its share."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import refusal, refuse
from api.limits import Limits
from services.accounts import tokens
from services.core import journal
from services.core.errors import DomainError, NotSignedIn

LONGEST_BODY = 1024 * 1024
"""Bytes of JSON; files are sent elsewhere, with limits of their own."""


class Front:
    """Middleware around the API. Programs send bearer tokens; a cookie is never looked at."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope['type'] != 'http':
            await self.app(scope, receive, send)
            return
        request_id = journal.begin_request()
        headers = Headers(scope=scope)
        has_begun = False

        async def answer(message: Message) -> None:
            nonlocal has_begun
            if message['type'] == 'http.response.start':
                has_begun = True
                sent = MutableHeaders(scope=message)
                sent['x-request-id'] = request_id
                sent.setdefault('cache-control', 'no-store')
            await send(message)

        try:
            scope.setdefault('state', {})['claim'] = self._claim(headers, scope)
        except DomainError as error:
            await refusal(error)(scope, receive, answer)
            return
        length = headers.get('content-length', '0')
        if not length.isdecimal() or (int(length) > LONGEST_BODY and not _is_file(headers)):
            await refuse(413, 'TooLarge', 'This is too large. One mebibyte is the most.')(scope, receive, answer)
            return
        try:
            await self.app(scope, receive if _is_file(headers) else _limited(receive), answer)
        except Exception as error:  # a program is told in the one shape, the journal in full
            journal.write_problem('request failed', error, path=scope['path'])
            if has_begun:
                raise
            sentence = 'Something went wrong here. The journal of the server knows it by the request id.'
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


def _limited(receive: Receive) -> Receive:
    """Stop reading where a body, which need not have said how long it is, becomes too long."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get('body', b''))
        if received > LONGEST_BODY:
            raise HTTPException(413)
        return message

    return receive_some


def _is_file(headers: Headers) -> bool:
    return headers.get('content-type', '').startswith('multipart/form-data')
