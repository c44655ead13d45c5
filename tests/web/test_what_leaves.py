"""What leaves the server: nothing personal in an address or a cache, and no header of strangers is believed."""

from collections.abc import Callable

import pytest

from tests.factories.classes import a_class
from tests.factories.people import an_account
from tests.support.running import Server
from tests.support.visitor import Visitor, hidden_fields, words

pytestmark = pytest.mark.req('O7')

Visitors = Callable[..., Visitor]


@pytest.mark.parametrize(
    ('action', 'fields'),
    [
        ('/sign-in', {'email': 'lena.secret@example.org', 'password': 'Secret-word'}),
        ('/register', {'name': 'Lena Secret', 'email': 'lena.secret@', 'password': 'Secret-word'}),
        ('/code', {'code': 'SECRET'}),
    ],
)
async def test_a_refused_form_leaves_nothing_of_a_person_in_an_address(
    server: Server, visitor: Visitor, action: str, fields: dict[str, str]
) -> None:
    form = '/' if action == '/code' else action

    answer = await visitor.sends(action, form=form, **fields, confirm='Secret-word', surprise='Lena Secret')
    shown = await visitor.opens(answer.headers['location'])

    assert len(answer.headers['location']) < 80
    assert 'ecret' not in answer.headers['location']
    typed = fields.get('email') or fields['code']
    assert typed in words(shown.text), 'what was typed is there again'
    assert 'role="alert"' in words(shown.text)
    assert 'Secret-word' not in str(visitor.http.cookies.jar)


async def test_a_problem_is_shown_only_where_its_address_is_opened(server: Server, visitor: Visitor) -> None:
    await visitor.sends('/sign-in', email='lena@example.org', password='wrong')

    other = await visitor.opens('/sign-in')

    assert other.status_code == 200
    assert 'lena@example.org' not in words(other.text)


async def test_a_form_with_very_long_fields_still_says_what_is_wrong(server: Server, visitor: Visitor) -> None:
    shown = await visitor.fills_in('/register', form='/register', name='\N{PILE OF POO}' * 300, email='é' * 300)

    assert shown.status_code == 422
    assert 'too long' in words(shown.text)


async def test_no_answer_of_a_person_is_kept(server: Server, a_visitor: Visitors) -> None:
    account = await an_account(email='kept@example.org')
    klass = await a_class(learners=())
    visitor = a_visitor(token=account.token)

    for path in (
        '/',
        '/account',
        '/sign-in',
        f'/j/{klass.code}',
        '/j/ABCDEF',
        '/new-password?link=x',
        '/notes',
        '/none',
    ):
        answer = await visitor.http.get(path)
        assert answer.headers['cache-control'] == 'no-store', path
    for action in '/sign-in', '/code', '/join', '/sign-out':
        answer = await visitor.sends(action, form='/account')
        assert answer.headers['cache-control'] == 'no-store', action


async def test_a_path_prefix_of_a_stranger_is_not_believed(server: Server, a_visitor: Visitors) -> None:
    crafted = a_visitor(**{'X-Forwarded-Prefix': '//evil.example', 'X-Forwarded-Host': 'evil.example'})

    assert 'evil.example' not in (await crafted.opens('/sign-in')).text


async def test_an_empty_browser_cookie_is_replaced(server: Server, visitor: Visitor) -> None:
    page = await visitor.http.get('/sign-in', headers={'Cookie': 'waymark_browser='})
    given = page.headers['set-cookie']

    assert given.startswith('waymark_browser=')
    fields = {**hidden_fields(page.text, '/sign-in'), 'email': 'a@example.org', 'password': 'x'}
    answer = await visitor.http.post('/sign-in', data=fields, headers={'Cookie': given.partition(';')[0]})
    shown = await visitor.opens(answer.headers['location'])
    assert shown.status_code == 401, 'the form was taken'
