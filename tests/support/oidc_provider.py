"""A provider of sign-ins on loopback that does as tests say: honest, or with a token that must not be believed."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwk, jwt

from services.core import clock

CLIENT, SECRET = 'waymark', 'a secret & a half'


class Provider:
    """One provider, with one client."""

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(('127.0.0.1', 0), _handler(self))
        self.issuer = f'http://127.0.0.1:{self.server.server_port}'
        self.key = jwk.RSAKey.generate_key(2048, {'kid': 'first'}, auto_kid=False)
        self.published: list[dict[str, Any]] = [self.key.as_dict(private=False)]
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {}
        self.wrong: dict[str, Any] = {}
        """claims that replace the right ones"""
        self.algorithm = 'RS256'
        self.described: dict[str, Any] = {}
        self.wait = 0.0
        self.padding = 0
        self.asked: list[str] = []

    def authorize(self, address: str, **claims: Any) -> dict[str, str]:
        """Sign somebody in; returns what their browser brings back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked['response_type'] == 'code'
        assert asked['code_challenge_method'] == 'S256'
        self.claims = {'sub': 'amina-1', **claims}
        code = f'code-{len(self.codes)}'
        self.codes[code] = asked
        return {'code': code, 'state': asked['state'], 'iss': self.issuer}

    def rotate(self) -> None:
        """Sign with another key from now on, and publish that alone."""
        self.key = jwk.RSAKey.generate_key(2048, {'kid': f'key {time.monotonic()}'}, auto_kid=False)
        self.published = [self.key.as_dict(private=False)]

    def sign(self, claims: Mapping[str, Any]) -> str:
        header = {'alg': self.algorithm, 'kid': self.key.kid}
        return jwt.encode(header, {**claims, **self.wrong}, self.key, algorithms=[self.algorithm])

    def answer(self, method: str, path: str, form: Mapping[str, str], auth: str) -> tuple[int, Any]:
        self.asked.append(path)
        time.sleep(self.wait)
        if path == '/.well-known/openid-configuration':
            ends = {'authorization_endpoint': 'authorize', 'token_endpoint': 'token', 'jwks_uri': 'keys'}
            ends |= {'end_session_endpoint': 'leave'}
            return 200, {'issuer': self.issuer, **{k: f'{self.issuer}/{v}' for k, v in ends.items()}, **self.described}
        if path == '/keys':
            return 200, {'keys': self.published, 'padding': 'x' * self.padding}
        if method == 'POST' and path == '/token':
            return self._token(form, auth)
        return 404, {}

    def _token(self, form: Mapping[str, str], auth: str) -> tuple[int, Any]:
        asked = self.codes.pop(form.get('code', ''), None)
        right = base64.b64encode(b'waymark:a+secret+%26+a+half').decode()
        if asked is None or auth != f'Basic {right}' or form['redirect_uri'] != asked['redirect_uri']:
            return 400, {'error': 'invalid_grant'}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form['code_verifier'].encode()).digest()).rstrip(b'=')
        if challenge.decode() != asked['code_challenge']:
            return 400, {'error': 'invalid_grant'}
        now = int(clock.now().timestamp())
        said = {'iss': self.issuer, 'aud': CLIENT, 'iat': now, 'exp': now + 60, 'nonce': asked['nonce'], **self.claims}
        return 200, {'access_token': 'x', 'token_type': 'Bearer', 'id_token': self.sign(said)}


@contextmanager
def a_provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers['content-length'])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: Mapping[str, str]) -> None:
            auth = self.headers.get('authorization', '')
            status, said = provider.answer(self.command, urlsplit(self.path).path, form, auth)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header('content-type', 'application/json')
            self.send_header('content-length', str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # the client has hung up

        def log_message(self, *_: object) -> None:
            return

    return Handler
