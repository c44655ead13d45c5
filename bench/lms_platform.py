"""A learning management system of this machine, in a process of its own: it has keys, gives tokens and takes scores."""

import asyncio
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

import jwt
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

from services.lms.messages import CLAIM
from services.lms.platforms import NewPlatform

CLIENT_ID, DEPLOYMENT = 'waymark-1', 'dep-1'


class BenchPlatform:
    """Starts the system, and signs launches of its learners; a context manager that ends it."""

    def __init__(self) -> None:
        self.address = ''
        self._key = generate_private_key(public_exponent=65537, key_size=2048)
        self._ours, theirs = get_context('spawn').Pipe()
        public = {**RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True), 'kid': 'k1', 'alg': 'RS256'}
        keys = orjson.dumps({'keys': [public]})
        self._server = get_context('spawn').Process(target=serve, args=(theirs, keys), daemon=True)

    def __enter__(self) -> Self:
        self._server.start()
        self.address = f'http://127.0.0.1:{self._ours.recv()}'
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self._server.terminate()
        self._server.join()

    @property
    def registration(self) -> NewPlatform:
        """What an admin types of it."""
        return NewPlatform(
            name='Bench',
            issuer=self.address,
            client_id=CLIENT_ID,
            deployments=DEPLOYMENT,
            auth_login_url=f'{self.address}/auth',
            auth_token_url=f'{self.address}/token',
            key_set_url=f'{self.address}/keys',
        )

    def launch(self, subject: str, nonce: str, now: int) -> str:
        """Return a launch of a learner as the platform signs it."""
        claims: dict[str, Any] = {
            'iss': self.address,
            'aud': CLIENT_ID,
            'sub': subject,
            'iat': now,
            'exp': now + 300,
            'nonce': nonce,
            'name': f'Learner {subject}',
            f'{CLAIM}deployment_id': DEPLOYMENT,
            f'{CLAIM}message_type': 'LtiResourceLinkRequest',
            f'{CLAIM}version': '1.3.0',
            f'{CLAIM}target_link_uri': 'http://127.0.0.1/lti/launch',
            f'{CLAIM}roles': ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
            f'{CLAIM}resource_link': {'id': 'link-1'},
            f'{CLAIM}context': {'id': 'course-1', 'title': 'A course for many'},
        }
        return jwt.encode(claims, self._key, algorithm='RS256', headers={'kid': 'k1'})


def serve(said: Connection, keys: bytes) -> None:
    """Be the system."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        if request.path == '/keys':
            return web.Response(body=keys)
        if request.path == '/token':
            return web.json_response({'access_token': 'x', 'expires_in': 3600})
        return web.Response()

    async def run() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        await web.TCPSite(runner, '127.0.0.1', 0).start()
        said.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())
