"""What every request goes through: one shape of errors, keys that repeat nothing, pages, and a fair share."""

import importlib
import pkgutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

import services
from api import app
from api.middleware import LONGEST_BODY, Front
from api.rate_limits import Limits
from services.content.pdf_workers import NotDrawn
from services.core import server_log
from services.core.errors import (
    Busy,
    DomainError,
    Forbidden,
    Gone,
    Invalid,
    KeyTaken,
    NotEnrolled,
    NotFound,
    NotSaved,
    NotSignedIn,
    Refused,
    Removed,
    TooManyAttempts,
    WrongPassword,
)
from services.courses.import_file import BrokenFile
from settings import settings
from tests.api.conftest import APrograms, Program
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, an_instructor
from tests.support.work_time import work_of_at_most
from web.status import STATUS

pytestmark = [pytest.mark.both_databases, pytest.mark.req('B1')]

KEY = 'a-random-text-of-my-own'
EACH: dict[Callable[[], DomainError], tuple[int, str]] = {
    NotSignedIn: (401, 'NotSignedIn'),
    WrongPassword: (401, 'WrongPassword'),
    lambda: Forbidden('Not this.'): (403, 'Forbidden'),
    NotEnrolled: (403, 'NotEnrolled'),
    Removed: (403, 'Removed'),
    lambda: NotFound('Not here.'): (404, 'NotFound'),
    lambda: Refused('Not now.'): (409, 'Refused'),
    lambda: KeyTaken('Not twice.'): (409, 'KeyTaken'),
    NotDrawn: (409, 'NotDrawn'),
    lambda: Gone('No longer.'): (410, 'Gone'),
    lambda: Invalid('Not so.'): (422, 'Invalid'),
    lambda: BrokenFile(['Line 1: not so.']): (422, 'BrokenFile'),
    lambda: TooManyAttempts('Not so fast.', seconds=7): (429, 'TooManyAttempts'),
    NotSaved: (503, 'NotSaved'),
    lambda: Busy(seconds=7): (503, 'Busy'),
}


def is_problem(answer: dict[str, Any]) -> bool:
    return answer.keys() == {'error', 'detail', 'request_id'} and all(answer.values())


async def test_every_error_has_the_one_shape(application: FastAPI, a_program: APrograms) -> None:
    makers = list(EACH)

    @application.get('/wrong/{number}')
    async def wrong(number: int) -> None:
        raise makers[number]()

    program = await a_program()
    answers = [await program.get(f'/wrong/{number}') for number in range(len(makers))]

    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (status, {'error': name, 'detail': str(make()), 'request_id': answer.headers['x-request-id']})
        for answer, (make, (status, name)) in zip(answers, EACH.items(), strict=True)
    ]


def test_no_error_was_forgotten() -> None:
    for module in pkgutil.walk_packages(services.__path__, 'services.'):
        importlib.import_module(module.name)
    kinds = list(DomainError.__subclasses__())
    for kind in kinds:
        kinds += kind.__subclasses__()

    ours = [kind for kind in kinds if kind.__module__.startswith('services.')]
    assert [kind.__name__ for kind in ours if not any(root in STATUS for root in kind.__mro__)] == []
    assert set(STATUS.values()) == {status for status, _ in EACH.values()}


async def test_a_mistake_of_ours_is_told_in_the_same_shape_and_without_a_trace(
    application: FastAPI, a_program: APrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    @application.get('/wrong')
    async def wrong() -> None:
        raise RuntimeError('the inside of the server')

    told: list[str] = []
    monkeypatch.setattr(server_log, 'write_problem', lambda event, error, **_: told.append(f'{event}: {error}'))
    answer = await (await a_program()).get('/wrong')

    assert answer.status_code == 500
    assert is_problem(answer.json())
    assert 'inside' not in answer.text
    assert told == ['request failed: the inside of the server']


@pytest.mark.parametrize(
    ('method', 'path', 'body', 'status'),
    [
        ('GET', '/nowhere', '', 404),
        ('PATCH', '/auth/me', '', 405),
        ('POST', '/auth/login', '{', 422),
        ('POST', '/auth/login', '{"email": "a@b.org"}', 422),
        ('POST', '/auth/login', '{"email": "a@b.org", "password": "x", "psswrd": "y"}', 422),
        ('GET', '/courses?limit=0', '', 422),
        ('GET', '/courses?cursor=-1', '', 422),
        ('DELETE', '/courses/0', '', 422),
        ('DELETE', '/courses/99999999999999999999', '', 422),
        ('DELETE', '/courses/12345', '', 404),
    ],
)
async def test_what_cannot_be_read_is_refused_in_the_same_shape(
    a_program: APrograms, method: str, path: str, body: str, status: int
) -> None:
    ines = await a_program(await an_instructor())

    answer = await ines.request(method, path, content=body, headers={'content-type': 'application/json'})

    assert answer.status_code == status
    assert is_problem(answer.json())


async def test_the_first_request_does_not_wait_for_the_routes(application: FastAPI, a_program: APrograms) -> None:
    program = await a_program()
    app.prepare(application)

    with work_of_at_most(0.3):  # a second, if the routes are built by the first request
        answer = await program.get('/nowhere')

    assert answer.status_code == 404


@pytest.mark.req('O7')
async def test_a_download_is_not_ended_by_what_its_request_says_of_a_body() -> None:
    async def streams(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(iter([b'one, ', b'two']))(scope, receive, send)

    front = Front(streams, limits=Limits(name='', per_second=10, at_once=10))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url='http://waymark') as http:
        answer = await http.get('/', headers={'content-length': str(LONGEST_BODY + 1)})

    assert (answer.status_code, answer.text) == (200, 'one, two')


async def test_too_much_is_not_read(program: Program) -> None:
    answer = await program.post('/auth/login', content=b'"' + b'x' * LONGEST_BODY + b'"')

    assert answer.status_code == 413
    assert is_problem(answer.json())


@pytest.mark.req('O7')
@pytest.mark.parametrize(
    'kind',
    ['application/json', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'video/mp4', ''],
)
@pytest.mark.parametrize(
    ('method', 'path'),
    [('POST', '/auth/login'), ('POST', '/courses/1/content/1'), ('POST', '/content/1/film'), ('PUT', '/content/1')],
)
async def test_a_body_of_any_kind_is_not_read_to_its_end(program: Program, kind: str, method: str, path: str) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 100_000
            yield b'"' * 100_000

    answer = await program.request(method, path, content=chunks(), headers={'content-type': kind})
    said = await program.request(method, path, content=b'x' * (LONGEST_BODY + 1), headers={'content-type': kind})

    assert answer.status_code in {404, 405, 413}
    assert said.status_code in {404, 405, 413}
    assert is_problem(answer.json())
    assert sent < 2 * LONGEST_BODY


@pytest.mark.req('O7')
async def test_a_file_is_not_read_before_it_is_known_who_sends_it(program: Program) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 100_000
            yield b'x' * 100_000

    form = {'content-type': 'multipart/form-data; boundary=x'}
    answer = await program.put('/content/1/film', content=chunks(), headers=form)

    assert answer.status_code == 401
    assert sent < LONGEST_BODY


@pytest.mark.parametrize(
    'sent',
    [
        b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}',
        b'{"title": "Soil", "\\udfff": 1}',
        b'{"title": "Soil", "\\u0000": 1}',
        b'{"title": "Soil", "subject": {"deep": ["\\ud83d"]}}',
        b'{"title": ' + b'[' * 400 + b']' * 400 + b'}',
        b'{"title": NaN}',
        b'{"title": ' + b'9' * 5000 + b'}',
        b'{"title": "\xff"}',
        b'[' * 100_000,
    ],
)
async def test_what_no_database_can_hold_is_refused_in_the_same_shape(a_program: APrograms, sent: bytes) -> None:
    ines = await a_program(await an_instructor())

    answer = await ines.post('/courses', content=sent, headers={'content-type': 'application/json'})

    assert answer.status_code in {400, 422}
    assert is_problem(answer.json())


async def test_a_request_sent_twice_makes_one_course_and_is_answered_alike(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())

    first = await ines.post('/courses', json={'title': 'Soil'}, headers={'idempotency-key': KEY})
    again = await ines.post('/courses', json={'title': 'Soil'}, headers={'idempotency-key': KEY})
    other = await ines.post('/courses', json={'title': 'Water'}, headers={'idempotency-key': KEY})

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert other.status_code == 409
    assert other.json()['error'] == 'KeyTaken'
    assert [course['title'] for course in (await ines.get('/courses')).json()['items']] == ['Soil']


async def test_a_key_belongs_to_a_person(a_program: APrograms) -> None:
    ines, otto = await a_program(await an_instructor()), await a_program(await an_instructor())

    mine = await ines.post('/courses', json={'title': 'Soil'}, headers={'idempotency-key': KEY})
    theirs = await otto.post('/courses', json={'title': 'Soil'}, headers={'idempotency-key': KEY})

    assert mine.json()['course_id'] != theirs.json()['course_id']


async def test_registering_twice_with_a_key_is_one_account_with_tokens_of_its_own(program: Program) -> None:
    amina = {'name': 'Amina', 'email': 'amina@example.org', 'password': PASSWORD}

    first = await program.post('/auth/register', json=amina, headers={'idempotency-key': KEY})
    again = await program.post('/auth/register', json=amina, headers={'idempotency-key': KEY})
    guess = {**amina, 'password': 'another password'}
    stranger = await program.post('/auth/register', json=guess, headers={'idempotency-key': KEY})

    assert first.json()['user_id'] == again.json()['user_id']
    assert first.json()['refresh_token'] != again.json()['refresh_token']
    assert stranger.status_code == 409


@pytest.mark.parametrize('key', ['short', 'x' * 65, 'with a space and more', 'ключ-который-не-годится'])
async def test_a_key_must_be_one(a_program: APrograms, key: str) -> None:
    ines = await a_program(await an_instructor())

    answer = await ines.post('/courses', json={'title': 'Soil'}, headers={b'idempotency-key': key.encode()})

    assert answer.status_code == 422


async def test_a_list_comes_in_pages_that_miss_and_double_nothing(a_program: APrograms) -> None:
    ines = await a_program(await an_instructor())
    for number in range(7):
        await ines.post('/courses', json={'title': f'Course {number}'})

    titles, cursor = [], '0'
    while cursor:
        page = (await ines.get('/courses', params={'limit': 3, 'cursor': cursor})).json()
        titles += [course['title'] for course in page['items']]
        cursor = page['next']
        if len(titles) == 3:
            await ines.post('/courses', json={'title': 'Meanwhile'})

    assert titles == [*(f'Course {number}' for number in range(7)), 'Meanwhile']


@pytest.fixture
def a_small_share(data_dir: Path, no_time_passes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('API_REQUESTS_PER_SECOND', '1')
    settings.cache_clear()


@pytest.mark.usefixtures('a_small_share')
async def test_a_token_has_its_share_and_is_told_how_long_to_wait(a_program: APrograms) -> None:
    ines, otto = await a_program(await an_instructor()), await a_program(await an_instructor())

    answers = [await ines.get('/auth/me') for _ in range(8)]
    other = await otto.get('/auth/me')

    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert answers[-1].status_code == 429
    assert is_problem(answers[-1].json())
    assert int(answers[-1].headers['retry-after']) >= 1
    assert other.status_code == 200


@pytest.mark.usefixtures('a_small_share')
@pytest.mark.parametrize('token', ['', 'guess {}', 'waymark-service-{}'])
async def test_whoever_guesses_has_one_share_for_all_guesses(a_program: APrograms, token: str) -> None:
    guesses = [await a_program(token=token.format(number)) for number in range(8)]

    answers = [(await guess.get('/auth/me')).status_code for guess in guesses]

    assert answers[:5] == [401] * 5
    assert answers[-1] == 429


async def test_a_stranger_with_the_same_key_and_body_gets_no_token_of_somebody_else(a_program: APrograms) -> None:
    course = await a_course()
    sent = {'json': {'code': course.code, 'name': 'Lena'}, 'headers': {'idempotency-key': KEY}}
    first, second = await a_program(**{'user-agent': 'One'}), await a_program(**{'user-agent': 'Two'})

    lena = await first.post('/auth/join', **sent)
    again = await first.post('/auth/join', **sent)
    stranger = await second.post('/auth/join', **sent)

    assert lena.json()['user_id'] == again.json()['user_id']
    assert (stranger.status_code, stranger.json()['error']) == (422, 'Invalid'), 'the name is taken'
