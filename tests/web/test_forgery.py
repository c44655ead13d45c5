"""What other sites and other people's links may not do."""

from collections.abc import Callable
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.factories.people import PASSWORD, an_account
from tests.support.eventually import PATIENCE
from tests.support.running import Server
from tests.support.visitor import Visitor, hidden_fields, words

Visitors = Callable[..., Visitor]

ELSEWHERE = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'https:evil.example',
    'evil.example',
    '%2F%2Fevil.example',
    '/%09/evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/\n/evil.example',
    '/\r\nLocation: https://evil.example',
    'javascript:alert(1)',
    'data:text/html,evil',
    '//evil.example\\@127.0.0.1',
    '',
]


def as_browsers_read_it(origin: str, location: str) -> str:
    """Return the host that a browser would go to: it drops tabs and line breaks and takes \\ for /."""
    for character in '\t\r\n':
        location = location.replace(character, '')
    return urlsplit(urljoin(origin, location.strip().replace('\\', '/'))).netloc


@pytest.mark.req('A3', 'O7')
@pytest.mark.parametrize('target', ELSEWHERE)
async def test_signing_in_and_out_leads_nowhere_else(server: Server, visitor: Visitor, target: str) -> None:
    email = f'next{ELSEWHERE.index(target)}@example.org'
    await an_account(email=email)
    here = urlsplit(server.origin).netloc

    form = await visitor.opens(f'/sign-in?next={quote(target)}')
    offered = hidden_fields(form.text, '/sign-in')['next']
    entered = await visitor.sends('/sign-in', email=email, password=PASSWORD, next=target)
    left = await visitor.sends('/sign-out', form='/account', next=target)

    assert as_browsers_read_it(server.origin, offered) == here
    for answer in (entered, left):
        assert answer.status_code == 303
        assert as_browsers_read_it(server.origin, answer.headers['location']) == here
        assert 'evil' not in answer.headers


@pytest.mark.req('O7')
async def test_a_refused_form_does_not_carry_a_foreign_target_on(server: Server, visitor: Visitor) -> None:
    answer = await visitor.fills_in('/sign-in', email='x@example.org', password='wrong', next='//evil.example')

    assert answer.status_code == 401
    assert hidden_fields(answer.text, '/sign-in')['next'] == '/'


@pytest.mark.req('O7')
@pytest.mark.parametrize('csrf', ['', 'forged', 'ImZvcmdlZCI.aZ.made-up', '\x00', 'é'])
async def test_a_form_without_the_right_token_does_nothing(server: Server, visitor: Visitor, csrf: str) -> None:
    await an_account(email=f'csrf{len(csrf)}{csrf.isascii():d}@example.org')
    await visitor.opens('/sign-in')

    answer = await visitor.http.post(
        '/sign-in', data={'email': f'csrf{len(csrf)}{csrf.isascii():d}@example.org', 'password': PASSWORD, 'csrf': csrf}
    )
    page = await visitor.opens(answer.headers['location'])

    assert page.status_code == 403
    assert 'came from elsewhere' in words(page.text)
    assert not await visitor.is_signed_in()


@pytest.mark.req('O7')
async def test_a_token_of_another_browser_does_nothing(server: Server, a_visitor: Visitors) -> None:
    account = await an_account(email='lured@example.org')
    attacker, victim = a_visitor(), a_visitor(token=account.token)
    stolen = hidden_fields((await attacker.opens('/sign-in')).text, '/sign-in')['csrf']
    await victim.opens('/')

    await victim.http.post('/sign-out', data={'csrf': stolen, 'everywhere': 'yes'})

    assert await victim.is_signed_in()


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    'action', ['/sign-in', '/register', '/new-password', '/sign-out', '/code', '/join', '/first-steps']
)
async def test_every_form_asks_for_the_token(server: Server, visitor: Visitor, action: str) -> None:
    await visitor.opens('/')

    answer = await visitor.http.post(action, data={'code': 'ABCDEF', 'name': 'Lena'})

    assert answer.status_code == 303
    assert 'problem=' in answer.headers['location']
    assert visitor.token is None


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    'problem', ['Your+password+has+expired', 'WyJ4Iiw0MDMsIiIsIiIse31d.aZ0.forged', '<script>alert(1)</script>', '%00']
)
async def test_nobody_can_make_our_pages_say_something(server: Server, visitor: Visitor, problem: str) -> None:
    for path in ('/sign-in', '/', '/register'):
        plain, crafted = await visitor.opens(path), await visitor.opens(f'{path}?problem={problem}')

        assert crafted.status_code == plain.status_code == 200
        assert 'role="alert"' not in words(crafted.text)
        assert 'expired' not in crafted.text
        assert 'alert(1)' not in crafted.text


POLLING = '/_nicegui_ws/socket.io/?EIO=4&transport=polling'


@pytest.mark.req('A3', 'O7')
@pytest.mark.parametrize(
    ('origin', 'status'),
    [
        ('{own}', 200),
        (None, 200),
        ('https://evil.example', 400),
        ('null', 400),
        ('http://127.0.0.1.evil.example', 400),
        ('http://localhost', 400),
    ],
)
async def test_only_our_own_pages_open_a_socket(server: Server, origin: str | None, status: int) -> None:
    headers = {} if origin is None else {'Origin': origin.format(own=server.origin)}

    async with httpx.AsyncClient(base_url=server.origin, timeout=PATIENCE) as page:
        assert (await page.get(POLLING, headers=headers)).status_code == status
    assert await websocket_status(server, headers) == (101 if status == 200 else 403)


@pytest.mark.req('A3', 'O7')
async def test_behind_a_proxy_the_public_address_may_open_a_socket(behind_https: Server) -> None:
    assert await websocket_status(behind_https, {'Origin': 'https://waymark.example.org'}) == 101
    assert await websocket_status(behind_https, {'Origin': 'https://evil.example'}) == 403


async def websocket_status(server: Server, headers: dict[str, str]) -> int:
    address = server.origin.replace('http', 'ws') + POLLING.replace('polling', 'websocket')
    try:
        async with connect(address, additional_headers=headers, proxy=None):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code


@pytest.mark.req('O7')
@pytest.mark.parametrize('path', ['/', '/sign-in', '/j/ABCDEF', '/nowhere', '/health', '/class/1', 'asset', 'look'])
async def test_security_headers_are_on_everything(server: Server, visitor: Visitor, path: str) -> None:
    if path in {'asset', 'look'}:
        home = (await visitor.opens('/')).text
        path = next(part for part in home.split('"') if part.startswith('/_nicegui/' if path == 'asset' else '/look/'))

    headers = (await visitor.http.get(path)).headers

    assert headers['x-content-type-options'] == 'nosniff'
    assert headers['x-frame-options'] == 'DENY'
    assert headers['referrer-policy'] == 'same-origin'
    policy = headers['content-security-policy']
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert '*' not in policy


@pytest.mark.req('O7')
@pytest.mark.parametrize('path', ['/api/courses', '/api/docs', '/api/nowhere'])
async def test_programs_get_the_headers_and_no_cookies(server: Server, visitor: Visitor, path: str) -> None:
    headers = (await visitor.http.get(path)).headers

    assert headers['x-content-type-options'] == 'nosniff'
    assert "default-src 'self'" in headers['content-security-policy']
    assert headers['cache-control'] == 'no-store'
    assert 'set-cookie' not in headers


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    ('headers', 'taken'),
    [
        ({}, True),
        ({'Origin': '{own}'}, True),
        ({'Sec-Fetch-Site': 'same-origin', 'Origin': 'https://behind-a-proxy.example'}, True),
        ({'Origin': 'https://evil.example'}, False),
        ({'Origin': 'null'}, False),
        ({'Sec-Fetch-Site': 'cross-site'}, False),
        ({'Sec-Fetch-Site': 'same-site', 'Origin': '{own}'}, False),
    ],
)
async def test_a_form_that_another_site_sends_is_refused_even_with_the_right_token(
    server: Server, visitor: Visitor, headers: dict[str, str], taken: bool
) -> None:
    fields = hidden_fields((await visitor.opens('/')).text, '/code')
    sent = {name: value.format(own=server.origin) for name, value in headers.items()}

    answer = await visitor.http.post('/code', data={**fields, 'code': 'ABCDEF'}, headers=sent)

    assert (await visitor.opens(answer.headers['location'])).status_code == (404 if taken else 403)
