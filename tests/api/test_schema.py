"""Whatever anybody sends, the answer is one that the document knows: schemathesis makes the requests up.

First the edges of everything that the document allows and does not allow, asked for by those who may; then a mixture,
asked for by everybody in the school. Half of it is about things that are there. It is always the same: made up once for
both databases, because that takes as long as sending it. On SQLite each request finds the school as it was; on
PostgreSQL, where a copy takes longer, it goes on with what the last one left, and only what the document allows is
sent: the rest is refused on the way to any database.

A fourth of what is made up for different things becomes the same request when it is about things that are there. It is
sent once; a change that goes on with what the last one left is sent twice, because it may be refused then.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core import SCHEMATHESIS_TEST_CASE_HEADER
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.api_school import School, Things
from tests.support.route_table import IN, ROUTES, UNDOCUMENTED
from tests.support.school_copies import Copies

pytestmark = pytest.mark.req('B1')

MIXED = 30
MODES = {'sqlite': list(GenerationMode), 'postgresql': [GenerationMode.POSITIVE]}
"""whether what is sent is allowed by the document"""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OUTSIDE = {'nobody', 'signed out', 'service'}
"""who are let in nowhere but where everybody is"""


@pytest.fixture(scope='session')
def _documents() -> dict[int, Any]:
    return {}


@pytest.fixture
def document(one_application: FastAPI, _documents: dict[int, Any]) -> Any:
    """The document, as schemathesis reads it."""
    key = id(one_application)
    if key not in _documents:
        _documents[key] = schemathesis.openapi.from_dict(one_application.openapi())
    return _documents[key]


@pytest.fixture
def operation(document: Any, route: str) -> APIOperation:
    method, _, path = route.partition(' ')
    found: APIOperation = document[path][method]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """A request, who sends it, and whether it is about things that are there."""

    case: schemathesis.Case
    who: str
    aims: bool

    def is_sent_to(self, kind: str) -> bool:
        """Whether it is sent to the application on this kind of database."""
        return mode_of(self.case) in MODES[kind]


def mode_of(case: schemathesis.Case) -> GenerationMode | None:
    """Return whether the document allows a request."""
    return case.meta.generation.mode if case.meta else None


@dataclass(slots=True)
class Kept:
    """What was made up for one route, until the next is asked for."""

    route: str = ''
    requests: list[MadeUp] = field(default_factory=list)


@pytest.fixture(scope='session')
def _kept() -> Kept:
    return Kept()


@pytest.fixture
def made_up(document: Any, operation: APIOperation, route: str, _kept: Kept) -> list[MadeUp]:
    """All requests to a route; each database is sent the same, aimed anew."""
    if _kept.route != route:
        _kept.route, _kept.requests = route, [*at_the_edges(document, operation, route), *mixed(operation, route)]
    return _kept.requests


def at_the_edges(document: Any, operation: APIOperation, route: str) -> list[MadeUp]:
    """Make up the requests at the edges of what the document says, by those who may."""
    generation = document.config.generation_for(operation=operation, phase='coverage')
    cases = document.iter_coverage_cases(operation, generation_modes=list(GenerationMode), generation_config=generation)
    allowed_first = sorted(cases, key=lambda case: mode_of(case) is not GenerationMode.POSITIVE)
    may = [who for who, status in ROUTES[route].who.items() if status == IN]
    return [
        MadeUp(case=case, who=who, aims=aims)
        for case, who, aims in zip(allowed_first, cycle(may), cycle([True, True, False]), strict=False)
    ]


def mixed(operation: APIOperation, route: str) -> list[MadeUp]:
    """Make up requests of all sorts, by everybody."""
    requests: list[MadeUp] = []
    modes = st.sampled_from(list(GenerationMode)).flatmap(operation.as_strategy)

    @settings(
        max_examples=MIXED, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=modes, who=st.sampled_from(sorted(ROUTES[route].who)), aims=st.booleans())
    def collect(case: schemathesis.Case, who: str, aims: bool) -> None:
        requests.append(MadeUp(case=case, who=who, aims=aims))

    collect()
    return requests


@pytest.mark.parametrize('copies', MODES, indirect=True)
@pytest.mark.parametrize('route', [one for one in ROUTES if one not in UNDOCUMENTED])
async def test_any_request_has_an_answer_that_the_document_knows(
    request: pytest.FixtureRequest,
    one_application: FastAPI,
    copies: Copies,
    made_up: list[MadeUp],
    route: str,
) -> None:
    kind = request.node.callspec.params['copies']
    sender = Sender(one_application, copies, route, starts_over=kind == 'sqlite')
    await sender.start_over()
    for each in made_up:
        if each.is_sent_to(kind):
            await sender.send(each)


class Sender:
    """Sends what was made up, and looks at the answers."""

    school: School

    def __init__(self, application: FastAPI, copies: Copies, route: str, *, starts_over: bool) -> None:
        self.application = httpx.ASGITransport(application, raise_app_exceptions=False)
        self.copies, self.route, self.starts_over = copies, route, starts_over
        self.sent: Counter[object] = Counter()
        self.most = 1 if starts_over or route.startswith('GET') else 2

    async def start_over(self) -> None:
        """Have the school as it was."""
        _, self.school = await self.copies.fresh()

    async def send(self, made_up: MadeUp) -> None:
        """Send one request; what it changes is there for nobody else."""
        case, who, aims = made_up.case, made_up.who, made_up.aims
        if aims:
            case.path_parameters = aimed(case.path_parameters, self.school.here)
            case.body = aimed(case.body, self.school.here)
        token = self.school.token(who)
        made = case.as_transport_kwargs('http://waymark.test', {'authorization': f'Bearer {token}'} if token else {})
        sent = requests.Request(**{name: made[name] for name in made.keys() & ALLOWED}).prepare()
        request = httpx.Request(
            str(sent.method), str(sent.url), headers=dict(sent.headers), content=body_of(sent), extensions={}
        )
        if not self.is_new(request):
            return
        answer = await self.application.handle_async_request(request)
        await answer.aread()
        case.validate_response(as_it_came(answer, sent), checks=CHECKS)
        if answer.is_success:
            row = ROUTES[self.route]
            is_of_the_row = who in OUTSIDE or (aims and row.body is None)  # else they may do it, but for themselves
            assert row.who[who] == IN or not is_of_the_row, f'{who} got {answer.text} for {case.as_curl_command()}'
            if case.method != 'GET' and self.starts_over:
                await self.start_over()

    def is_new(self, request: httpx.Request) -> bool:
        """Whether the answer may be another one than those that were looked at; counts the request."""
        headers = frozenset((name, value) for name, value in request.headers.items() if name != NUMBER)
        self.sent[what := (request.url, headers, request.content)] += 1
        return self.sent[what] <= self.most


NUMBER = SCHEMATHESIS_TEST_CASE_HEADER.lower()
"""the header in which schemathesis numbers its requests"""
ALLOWED = {'method', 'url', 'headers', 'params', 'data', 'json', 'files', 'cookies'}


def as_it_came(answer: httpx.Response, sent: requests.PreparedRequest) -> Response:
    """Return an answer as schemathesis reads it; by itself, it would prepare the request a second time for that."""
    return Response(
        status_code=answer.status_code,
        headers={name: [value] for name, value in answer.headers.items()},
        content=answer.content,
        request=sent,
        elapsed=0.0,
        verify=True,
        message=answer.reason_phrase,
        encoding=answer.encoding,
        http_version=answer.http_version,
    )


def aimed(made: Any, things: Things) -> Any:
    return {name: things.get(name, value) for name, value in made.items()} if isinstance(made, dict) else made


def body_of(sent: requests.PreparedRequest) -> bytes:
    return sent.body.encode() if isinstance(sent.body, str) else sent.body or b''
