"""What platforms answer to a grade that is sent, other than that they have it."""

import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from aiohttp import web
from sqlalchemy import update

from models import LtiLink
from services.core import clock, database
from services.lms import connection, sent_grades, services, tokens
from services.lms.sent_grades import Trouble
from tests.factories.people import an_admin
from tests.services.lms.test_grades_out import a_linked_quiz, said, send, set_grade
from tests.support.lti_platform import FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]

Odd = tuple[int, dict[str, str], bytes]
"""a status, headers and a body"""


class OddPlatform(FakePlatform):
    """Answers a new column or a score as it is told to, and has no score for a column that was deleted."""

    new_column: Odd | None = None
    score: Odd | None = None
    deleted: frozenset[str] = frozenset()
    elsewhere = 0
    """requests that have followed it to another address"""

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = urlsplit(str(request.rel_url)).path
        self.elsewhere += path == '/elsewhere'
        if path.removesuffix('/scores') in self.deleted:
            return web.Response(status=404)
        told = self.score if path.endswith('/scores') else self.new_column if path == '/columns' else None
        if told is not None and request.method == 'POST':
            status, headers, body = told
            return web.Response(status=status, headers=headers, body=body)
        return await super().handle(request)

    def delete_columns(self) -> None:
        """Let a teacher there delete every column."""
        self.deleted |= {urlsplit(each['id']).path for each in self.columns}
        for each in self.columns:
            each['resourceLinkId'] = 'deleted'


@pytest.fixture
async def campus() -> AsyncIterator[OddPlatform]:
    tokens._tokens.clear()
    async with a_platform(OddPlatform()) as platform:
        assert isinstance(platform, OddPlatform)
        await platform.register(await an_admin())
        yield platform


async def troubles() -> list[Trouble]:
    return list(await database.read(sent_grades.of_school, await an_admin()))


async def test_a_column_that_was_deleted_there_is_made_again_once(campus: OddPlatform) -> None:
    quiz = await a_linked_quiz(campus, learners=[f'Learner {number}' for number in range(6)])
    everybody = quiz.klass.learners
    for score in 60, 70:
        for learner in everybody:
            await set_grade(quiz, score, of=learner)
        campus.delete_columns()
        assert await send() == len(everybody)

    assert len(campus.columns) == 2, 'one, and one in its place'
    assert said(campus) == [60] * 6 + [70] * 6
    assert set(campus.places[6:]) == {'/columns/2/scores'}
    assert await troubles() == []


async def test_where_no_column_may_be_made_a_deleted_one_waits_for_a_person(campus: OddPlatform) -> None:
    quiz = await a_linked_quiz(campus)
    column = f'{campus.address}/columns/1'
    given = {'line_item': column, 'line_items': '', 'scopes': [services.SCORE]}
    await database.write(lambda tx: tx.execute(update(LtiLink).values(**given)))
    campus.deleted = frozenset({'/columns/1'})
    await set_grade(quiz, 60)

    assert await send() == 0

    (trouble,) = await troubles()
    assert (trouble.is_final, '404' in str(trouble.problem)) == (True, True)


@pytest.mark.parametrize(
    ('status', 'headers', 'body', 'problem', 'is_final'),
    [
        (302, {'location': '/elsewhere'}, b'', 'leads elsewhere (302), which is not followed', True),
        (307, {'location': 'http://169.254.169.254/latest'}, b'', 'leads elsewhere (307)', True),
        (500, {}, b'<html>' * 1_000, 'answers with 500', False),
        (503, {'retry-after': 'soon'}, b'', 'answers with 503', False),
        (429, {'retry-after': '-5'}, b'{"error": ["slow down"]}', 'answers with 429', False),
        (200, {}, b'x' * (connection.MOST_BYTES + 1), 'answers with more than anybody needs', False),
        (200, {'content-encoding': 'gzip'}, b'no gzip', 'answers with what cannot be unpacked', False),
    ],
)
async def test_what_is_no_answer_to_a_score_is_said_and_nothing_is_lost(
    campus: OddPlatform, status: int, headers: dict[str, str], body: bytes, problem: str, is_final: bool
) -> None:
    quiz, admin = await a_linked_quiz(campus), await an_admin()
    await set_grade(quiz, 60)
    campus.score = status, headers, body

    assert await send() == 0

    (trouble,) = await troubles()
    assert problem in str(trouble.problem)
    assert (trouble.is_final, campus.elsewhere) == (is_final, 0)
    campus.score = None
    if is_final:
        await database.write(sent_grades.send_again, admin)
    with time_machine.travel(clock.now() + timedelta(minutes=0 if is_final else 10), tick=False):
        assert await send() == 1
    assert said(campus) == [60]
    assert await troubles() == []


async def test_what_is_packed_is_read_and_never_unpacked_beyond_its_end(campus: OddPlatform) -> None:
    quiz = await a_linked_quiz(campus)
    await set_grade(quiz, 60)
    campus.new_column = 201, {'content-encoding': 'gzip'}, gzip.compress(bytes(64_000_000))
    tracemalloc.start()
    try:
        assert await send() == 0
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (trouble,) = await troubles()
    assert 'more than anybody needs' in str(trouble.problem)
    assert peak < 16_000_000, 'bytes'

    column = json.dumps({'id': f'{campus.address}/columns/1'}).encode()
    campus.new_column = 201, {'content-encoding': 'gzip'}, gzip.compress(column)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        assert await send() == 1


@pytest.mark.parametrize(
    ('body', 'problem', 'is_final'),
    [
        (b'', 'does not answer with JSON', False),
        (b'[]', 'does not say where the new column is', True),
        (b'{"id": 7}', 'does not say where the new column is', True),
        (b'{"id": "/columns/1"}', 'gives no address that can be asked', True),
        (b'{"id": "http://169.254.169.254/columns/1"}', 'is in a private network', True),
        (b'[' * 100_000, 'does not answer with JSON', False),
    ],
)
async def test_what_is_no_answer_to_a_new_column_is_said(
    campus: OddPlatform, body: bytes, problem: str, is_final: bool
) -> None:
    quiz = await a_linked_quiz(campus)
    await set_grade(quiz, 60)
    campus.new_column = 201, {}, body

    assert await send() == 0

    (trouble,) = await troubles()
    assert problem in str(trouble.problem)
    assert trouble.is_final is is_final
