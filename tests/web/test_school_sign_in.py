"""The school's own sign-in as a browser meets it, with a provider of others as a real server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.eventually import PATIENCE
from tests.support.running import Server, free_port
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A8')]


@pytest.fixture
def issuer() -> Iterator[str]:
    """A provider as a process of its own."""
    port = free_port()
    command = [sys.executable, '-W', 'ignore', '-m', 'oidc_provider_mock', '--port', str(port), '--host', '127.0.0.1']
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f'http://127.0.0.1:{port}'
    try:
        transport = httpx.HTTPTransport(retries=8)  # each waits longer than the one before, until it listens
        with httpx.Client(transport=transport, timeout=PATIENCE) as client:
            claims = {'name': 'Amina Diallo', 'email': 'amina@school.org', 'email_verified': True}
            client.put(f'{address}/users/amina', json=claims).raise_for_status()
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def school(issuer: str, tmp_path: Path) -> Iterator[Server]:
    """A school whose people sign in there."""
    one = {'name': 'school', 'label': 'Hill School', 'issuer': issuer, 'client_id': 'waymark', 'client_secret': 'x'}
    server = Server(tmp_path / 'school', OIDC_PROVIDERS=json.dumps([one]), LOCAL_SIGN_IN='false')
    server.start()
    yield server
    server.stop()


async def test_signing_in_and_out_with_the_schools_account(school: Server, issuer: str) -> None:
    browser = Visitor(school.origin)
    page = words((await browser.opens('/sign-in?next=/account')).text)
    assert 'Sign in with Hill School' in page
    assert 'Admins sign in with a password' in page

    start = await browser.http.get('/oidc/school/start?next=/account')
    assert start.headers['location'].startswith(f'{issuer}/oauth2/authorize?')
    async with httpx.AsyncClient(timeout=PATIENCE) as there:
        back = await there.post(start.headers['location'], data={'sub': 'amina'})
    answer = await browser.http.get(back.headers['location'])
    assert answer.headers['location'] == '/account'
    assert 'Amina Diallo' in words((await browser.opens('/account')).text)
    again = await browser.http.get(back.headers['location'])
    assert again.status_code == 409
    assert 'was not begun in this browser' in again.text

    answer = await browser.sends('/sign-out', form='/account')
    assert answer.status_code == 200
    assert answer.headers['refresh'].startswith(f'0; url={issuer}/')
    assert not await browser.is_signed_in()
    await browser.http.aclose()


async def test_another_site_cannot_finish_a_sign_in(school: Server) -> None:
    browser = Visitor(school.origin)
    for path in '/oidc/school/callback?code=x&state=y', '/oidc/other/start', '/oidc/school/callback':
        answer = await browser.http.get(path)
        assert answer.status_code in {404, 409}
    forged = await browser.http.post('/oidc/school/back-channel', data={'logout_token': 'a.b.c'})
    assert forged.status_code == 400
    assert not await browser.is_signed_in()
    await browser.http.aclose()
