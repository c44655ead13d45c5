"""Input that means harm: it is refused with a sentence or shown as the text that it is, and nothing breaks."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from html.parser import HTMLParser

import httpx
import pytest

from bench.protocol import NotAPage, read_page
from services.core import database
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from tests.factories.classes import a_class, a_course
from tests.factories.people import an_account
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, hidden_fields

pytestmark = [pytest.mark.req('O7')]

Visitors = Callable[..., Visitor]

ATTACKS = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE users; --",
    '`</script><script>alert(1)</script>`',
    '${alert(1)} {{ alert(1) }} `${alert(1)}`',
    'javascript:alert(1) &lt;script&gt;',
    '\\u003cscript\\u003e \\`',
]
STRANGE = [
    'علي بن أبي طالب',
    '\u202eevil\u202c Lena',
    'Le\u200bna\u200d\u2060 Lear\ufeffner',
    'Zoë\u0301 👩\u200d👩\u200d👧 \U0001f3f4',
    'a' + '\u0301' * 70,
    'Lena\x00Learner',
    'Lena\x1b[31m\x07',
    'Lena\r\nSet-Cookie: waymark=evil',
    '\ud7ff\ue000 \uffff\U0010ffff',
]


@pytest.fixture(scope='module', autouse=True)
def letters_before(running_server: Server) -> int:
    """How much the server had said before this file; it serves others, too."""
    return len(running_server.said())


class Harm(HTMLParser):
    """Finds what would do something in HTML that is to be drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {'script', 'iframe', 'object', 'embed', 'style'}:
            self.found.append(tag)
        for name, value in attrs:
            leads = name in {'href', 'src', 'action', 'formaction'} and (value or '').lower().strip().startswith(
                'javascript:'
            )
            if name.startswith('on') or leads:
                self.found.append(f'{tag} {name}={value}')


def assert_harmless(page: httpx.Response) -> None:
    """Check that a page does nothing that a person has typed into it."""
    assert '<script>alert' not in page.text
    harm = Harm()
    for fragment in drawn(page.text):
        harm.feed(fragment)
    assert harm.found == []


def drawn(page: str) -> list[str]:
    """Return all HTML that a page lets the browser draw: a plain page itself, or what NiceGUI was given as HTML."""
    try:
        _, elements = read_page(page)
    except NotAPage:
        return [page]
    return [
        str(element['props']['innerHTML']) for element in elements.values() if 'innerHTML' in element.get('props', {})
    ]


@pytest.mark.parametrize('name', [*ATTACKS, *STRANGE])
async def test_names(server: Server, a_visitor: Visitors, name: str) -> None:
    klass = await a_class(learners=())
    visitor = a_visitor()

    answer = await visitor.fills_in('/join', form=f'/j/{klass.code}', name=name)

    assert answer.status_code in {200, 422}
    assert 'set-cookie' not in answer.headers
    teacher = a_visitor(token=await token_of(klass.teacher))
    for page in (answer, await teacher.opens(f'/courses/{klass.course_id}/live'), await visitor.opens('/')):
        assert page.status_code in {200, 422}
        assert_harmless(page)


@pytest.mark.parametrize('text', ATTACKS)
async def test_titles_and_descriptions(server: Server, a_visitor: Visitors, text: str) -> None:
    course = await a_course(title=text)
    teacher, course_id = course.teacher, course.course_id
    link = f'{text} [click](javascript:alert(1)) <a href="javascript:alert(1)" onclick="alert(1)">x</a>'
    await database.write(catalog.edit, teacher, course_id, title=text, description=link, subject=text)
    preview = Details(title=text, description=link, is_preview=True)
    await database.write(checkpoints.edit, teacher, course.checkpoints[0], preview)
    await database.write(checkpoints.edit, teacher, course.checkpoints[1], Details(title=text, description=link))
    staff = a_visitor(token=await token_of(teacher))
    student = a_visitor()
    await student.fills_in('/join', form=f'/j/{course.code}', name='Lena Learner')

    pages = [
        await staff.opens(path)
        for path in ('/', f'/courses/{course_id}', f'/courses/{course_id}/live', f'/courses/{course_id}/projector')
    ]
    pages += [
        await student.opens(path)
        for path in (f'/class/{course_id}', '/', f'/j/{course.code}', f'/preview/{course.checkpoints[0]}')
    ]

    for page in pages:
        assert page.status_code == 200
        assert_harmless(page)


@pytest.mark.parametrize('text', [*ATTACKS, *STRANGE, 'x' * 60_000])
async def test_codes_and_addresses(server: Server, a_visitor: Visitors, text: str) -> None:
    visitor = a_visitor(**{'X-Forwarded-For': f'192.0.2.{(ATTACKS + STRANGE + [text]).index(text)}'})

    for answer in (
        await visitor.fills_in('/code', form='/', code=text),
        await visitor.fills_in('/sign-in', email=text, password=text),
        await visitor.fills_in('/register', form='/register', name='Lena', email=text, password=text),
        await visitor.fills_in('/register', form='/register', name='Lena', email='e@example.org', invitation=text),
    ):
        assert answer.status_code in {401, 403, 404, 410, 422, 429}
        assert_harmless(answer)


@pytest.mark.parametrize('device', ['²', '٣', '-1', '1e3', '99999999999999999999', '9' * 5000, '\x00', ''])
async def test_devices_that_do_not_exist(server: Server, a_visitor: Visitors, device: str) -> None:
    account = await an_account(email=f'device{hash(device) % 10**9}@example.org')
    visitor = a_visitor(token=account.token)

    answer = await visitor.sends('/sign-out', form='/account', device=device)

    assert answer.status_code == 303
    assert (await visitor.opens(answer.headers['location'])).status_code in {200, 404}


async def test_a_form_of_a_megabyte(server: Server, visitor: Visitor) -> None:
    klass = await a_class(learners=())

    answer = await visitor.fills_in('/join', form=f'/j/{klass.code}', name='x' * 1_000_000)

    assert answer.status_code == 404
    assert visitor.token is None


async def test_a_form_of_a_megabyte_that_does_not_say_so(server: Server, visitor: Visitor) -> None:
    fields = hidden_fields((await visitor.opens('/sign-in')).text, '/sign-in')

    async def body() -> AsyncIterator[bytes]:
        yield f'csrf={fields["csrf"]}&email=x%40example.org&password='.encode()
        for _ in range(100):
            yield b'x' * 10_000

    answer = await visitor.http.post(
        '/sign-in', content=body(), headers={'Content-Type': 'application/x-www-form-urlencoded'}
    )

    assert answer.status_code == 303
    assert (await visitor.opens(answer.headers['location'])).status_code == 403


@pytest.mark.req('O7')
@pytest.mark.parametrize('path', ['/api/auth/login', '/sign-in', '/', '/health', '/_nicegui/client/x/upload/1'])
async def test_no_body_makes_the_server_grow(server: Server, visitor: Visitor, path: str) -> None:
    before = server.memory()

    async def endless() -> AsyncIterator[bytes]:
        yield b'--x\r\n'
        for _ in range(200):
            yield bytes(1024 * 1024)

    with suppress(httpx.TransportError):  # if it has hung up already, that is as good
        answer = await visitor.http.post(
            path, content=endless(), headers={'content-type': 'multipart/form-data; boundary=x'}
        )
        assert answer.status_code in {303, 404, 405, 411, 413}
    assert server.memory() - before < 30 * 1024 * 1024


@pytest.mark.parametrize(
    ('kind', 'body'),
    [
        ('application/x-www-form-urlencoded', b'csrf=%ff%fe&name=%c3%28&&&=&%'),
        ('application/x-www-form-urlencoded; charset=utf-7', b'csrf=+ADw-script+AD4-'),
        ('multipart/form-data', b'no boundary'),
        ('multipart/form-data; boundary=x', b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\xff\r\n--x--'),
        ('multipart/form-data; boundary=x', b'--x\r\nbroken'),
        ('application/json', b'{"csrf": 1}'),
        ('text/plain', b''),
    ],
)
async def test_bodies_that_are_no_forms(server: Server, visitor: Visitor, kind: str, body: bytes) -> None:
    await visitor.opens('/sign-in')

    answer = await visitor.http.post('/sign-in', content=body, headers={'Content-Type': kind})

    assert answer.status_code in {303, 400}
    assert visitor.token is None


@pytest.mark.parametrize('cookie', ['', 'é', '"', '\x7f', 'x' * 5000, '; ; =', 'a, b'])
async def test_cookies_that_are_nonsense(server: Server, visitor: Visitor, cookie: str) -> None:
    raw = f'waymark={cookie}; waymark_browser={cookie}'.encode('latin-1')

    answer = await visitor.http.get('/sign-in', headers=[(b'cookie', raw)])

    assert answer.status_code == (400 if cookie == '\x7f' else 200), 'no browser sends what HTTP does not allow'


async def test_methods_and_hosts(server: Server, visitor: Visitor) -> None:
    assert (await visitor.http.put('/sign-in')).status_code == 405
    assert (await visitor.http.delete('/')).status_code in {404, 405}
    odd = {'Host': 'evil.example"><script>alert(1)</script>'}
    assert_harmless(await visitor.http.get('/j/ABCDEF', headers=odd))


@pytest.mark.parametrize(
    'path', ['%0A', 'courses%0A', '%0Acourses', 'courses/1%0A2', '%00', '%FF', 'a//b', '..%2F', '%E2%80%A8']
)
async def test_an_address_under_the_api_is_refused_as_programs_expect(
    server: Server, visitor: Visitor, path: str
) -> None:
    answer = await visitor.http.get(f'/api/{path}')

    assert answer.status_code in {401, 404, 422}
    assert answer.json().keys() == {'error', 'detail', 'request_id'}


async def test_nothing_of_all_that_was_unexpected(running_server: Server, letters_before: int) -> None:
    """Runs last in this file: what the tests above did left no error in the server log."""
    errors = [line for line in running_server.journal(after=letters_before) if line['level'] == 'error']
    assert [line for line in errors if line.get('logger') != 'engineio.server'] == []
    assert 'Traceback' not in running_server.said()[letters_before:]
