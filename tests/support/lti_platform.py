"""A learning management system on this machine: signs launches, has a gradebook and a class list, and answers as asked.

Open edX's own platform is in tests/ui/lms/test_edx.py; this one does what no honest platform does.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from services.access import Actor
from services.core import clock, database
from services.lms import platforms
from services.lms.platforms import NewPlatform

CLAIM = 'https://purl.imsglobal.org/spec/lti/claim/'
MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership#'
CLIENT_ID = 'waymark-1'
DEPLOYMENT = 'dep-1'
_KEY = generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class FakePlatform:
    """What the platform has taken, and how it answers."""

    address: str = ''
    key: RSAPrivateKey = _KEY
    kid: str = 'k1'
    key_set: bytes | None = None
    """what it answers instead of its keys"""
    scores: list[dict[str, Any]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    """the path to which each of the scores was sent"""
    columns: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[str, float | None] = field(default_factory=dict)
    """grades that somebody has changed there, by subject; they stand, whatever is sent"""
    page: int = 2
    status: int = 200
    """what it answers to a score"""
    headers: Mapping[str, str] = field(default_factory=dict)
    judge: Callable[[dict[str, Any]], int] = lambda _: 200
    """what it answers to one score, where nothing else is wrong"""
    configuration: dict[str, Any] | bytes = field(default_factory=dict)
    """what it says of itself otherwise than it should, or instead of it"""
    wants_token: bool = False
    """whether it tells its configuration only to those who show their token, as Canvas does"""
    registers_as: dict[str, Any] = field(default_factory=lambda: {'client_id': CLIENT_ID})
    registered: list[dict[str, Any]] = field(default_factory=list)
    """who has registered here, with the token that they showed"""
    clock_behind: int = 0
    """seconds by which its clock is behind ours"""
    asked: int = 0
    tokens: int = 0

    def claims(self, **more: Any) -> dict[str, Any]:
        """A launch of a learner, but for the nonce."""
        now = int(clock.now().timestamp())
        launch = {
            'iss': self.address,
            'aud': CLIENT_ID,
            'sub': 'lena-17',
            'iat': now,
            'exp': now + 300,
            'name': 'Lena Learner',
            f'{CLAIM}deployment_id': DEPLOYMENT,
            f'{CLAIM}message_type': 'LtiResourceLinkRequest',
            f'{CLAIM}version': '1.3.0',
            f'{CLAIM}target_link_uri': 'http://localhost/lti/launch',
            f'{CLAIM}roles': [f'{MEMBERSHIP}Learner'],
            f'{CLAIM}resource_link': {'id': 'link-1'},
            f'{CLAIM}context': {'id': 'course-9', 'title': 'Algebra'},
            'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
                'scope': [
                    'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
                    'https://purl.imsglobal.org/spec/lti-ags/scope/score',
                    'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
                ],
                'lineitems': f'{self.address}/columns?type=1',
            },
            'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
                'context_memberships_url': f'{self.address}/members',
                'service_versions': ['2.0'],
            },
        }
        return {**launch, **more}

    def deep_linking(self, **more: Any) -> dict[str, Any]:
        """A teacher who wants to add something."""
        asked = {
            'sub': 'tess-1',
            'name': 'Tess Teacher',
            f'{CLAIM}roles': [f'{MEMBERSHIP}Instructor'],
            f'{CLAIM}message_type': 'LtiDeepLinkingRequest',
            'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
                'deep_link_return_url': f'{self.address}/return',
                'accept_types': ['ltiResourceLink'],
                'accept_presentation_document_targets': ['window'],
                'data': 'keep me',
            },
        }
        return {**self.claims(**asked), **more}

    def sign(self, claims: Mapping[str, Any], *, headers: Mapping[str, Any] | None = None, alg: str = 'RS256') -> str:
        return jwt.encode(dict(claims), self.key, algorithm=alg, headers={'kid': self.kid, **(headers or {})})

    def sign_as_it_is(self, claims: Mapping[str, Any]) -> str:
        """Sign also what a library for tokens would not, such as a number for a person."""
        payload = json.dumps(dict(claims)).encode()
        return jwt.PyJWS().encode(payload, self.key, algorithm='RS256', headers={'kid': self.kid})

    async def register(self, admin: Actor, **more: Any) -> int:
        new = NewPlatform(
            **{
                'name': 'Campus',
                'issuer': self.address,
                'client_id': CLIENT_ID,
                'deployments': DEPLOYMENT,
                'auth_login_url': f'{self.address}/auth',
                'auth_token_url': f'{self.address}/token',
                'key_set_url': f'{self.address}/keys',
                **more,
            }
        )
        return await database.write(platforms.register, admin, new)

    @property
    def labels(self) -> list[str]:
        """What its columns are called."""
        return [each['label'] for each in self.columns]

    def column(self, label: str) -> list[dict[str, Any]]:
        """The scores that have arrived in a column."""
        (path,) = [urlsplit(each['id']).path for each in self.columns if each['label'] == label]
        return [score for score, place in zip(self.scores, self.places, strict=True) if place == f'{path}/scores']

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked += 1
        path = urlsplit(str(request.rel_url)).path
        if path == '/keys':
            return web.Response(body=self.key_set or json.dumps({'keys': [self.public_key()]}).encode())
        if path == '/token':
            return self._token(await request.text())
        if path == '/configuration':
            is_shown = not self.wants_token or request.headers.get('authorization') == 'Bearer door'
            return self._configuration() if is_shown else web.Response(status=401)
        if path == '/register':
            token = request.headers.get('authorization', '')
            self.registered.append({**json.loads(await request.text()), 'token': token})
            return web.json_response({**self.registered[-1], **self.registers_as})
        if path == '/silence':
            await asyncio.Event().wait()
        assert request.headers['authorization'].startswith('Bearer token')
        if path == '/members':
            return self._members(request)
        if path == '/columns':
            return await self._columns(request)
        if path.endswith('/results'):
            return self._results(request, path)
        assert path.endswith('/scores'), path
        score = json.loads(await request.text())
        status = self.judge(score) if self.status < 300 else self.status
        if status < 300:
            self.scores.append(score)
            self.places.append(path)
        return web.Response(status=status, headers=self.headers)

    def _token(self, text: str) -> web.Response:
        self.tokens += 1
        said = jwt.decode(parse_qs(text)['client_assertion'][0], options={'verify_signature': False})
        assert said['iss'] == said['sub'] == CLIENT_ID
        now = time.time()  # noqa: TID251 - it has a clock of its own, as every other machine
        if not now - 300 < said['iat'] <= now - self.clock_behind < said['exp']:
            return web.json_response({'error': 'invalid_client'}, status=400)
        return web.json_response({'access_token': f'token {self.tokens}', 'expires_in': 3600})

    def _configuration(self) -> web.Response:
        if isinstance(self.configuration, bytes):
            return web.Response(body=self.configuration)
        if 'location' in self.headers:
            return web.Response(status=302, headers=self.headers)
        said = {
            'issuer': self.address,
            'authorization_endpoint': f'{self.address}/auth',
            'token_endpoint': f'{self.address}/token',
            'jwks_uri': f'{self.address}/keys',
            'registration_endpoint': f'{self.address}/register',
            'scopes_supported': ['openid', 'https://purl.imsglobal.org/spec/lti-ags/scope/score'],
            'https://purl.imsglobal.org/spec/lti-platform-configuration': {'product_family_code': 'campus'},
        }
        return web.json_response({**said, **self.configuration})

    def public_key(self) -> dict[str, Any]:
        published: dict[str, Any] = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**published, 'kid': self.kid, 'alg': 'RS256', 'use': 'sig'}

    def _members(self, request: web.BaseRequest) -> web.Response:
        start = int(request.query.get('from', '0'))
        more = start + self.page < len(self.members)
        link = f'<{self.address}/members?from={start + self.page}>; rel="next"' if more else ''
        return web.json_response({'members': self.members[start : start + self.page]}, headers={'link': link})

    def _results(self, request: web.BaseRequest, path: str) -> web.Response:
        """Answer as Moodle does: page by page, of another maximum than what was sent."""
        if self.status >= 300:
            return web.Response(status=self.status, headers=self.headers)
        known = {each['userId']: each.get('scoreGiven') for each in self.scores} | self.changed
        found = [
            {'userId': subject, 'resultScore': score / 10, 'resultMaximum': 10}
            for subject, score in known.items()
            if score is not None
        ]
        start = int(request.query.get('from', '0'))
        more = start + self.page < len(found)
        link = f'<{self.address}{path}?type=1&from={start + self.page}>; rel="next"' if more else ''
        return web.json_response(found[start : start + self.page], headers={'link': link})

    async def _columns(self, request: web.BaseRequest) -> web.Response:
        assert request.query['type'] == '1', 'what was in the address stays there'
        if request.method == 'GET':
            start = int(request.query.get('from', '0'))
            more = start + self.page < len(self.columns)
            link = f'<{self.address}/columns?type=1&from={start + self.page}>; rel="next"' if more else ''
            return web.json_response(self.columns[start : start + self.page], headers={'link': link})
        made = {**json.loads(await request.text()), 'id': f'{self.address}/columns/{len(self.columns) + 1}?type=1'}
        self.columns.append(made)
        return web.json_response(made, status=201)


@asynccontextmanager
async def a_platform(platform: FakePlatform | None = None) -> AsyncIterator[FakePlatform]:
    """Start a platform on a free port of this machine."""
    platform = platform or FakePlatform()
    runner = web.ServerRunner(web.Server(platform.handle, handler_cancellation=True), shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, '127.0.0.1', 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    platform.address = f'http://{host}:{port}'
    try:
        yield platform
    finally:
        await runner.cleanup()


LATER = timedelta(minutes=20)
