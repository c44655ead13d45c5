"""Whatever anybody sends, the answer is one that the document knows: schemathesis makes the requests up.

First the edges of everything that the document allows and does not allow, asked for by those who may; then a mixture,
asked for by everybody in the school. Half of it is about things that are there. It is always the same. On SQLite each
request finds the school as it was; on PostgreSQL, where a copy takes longer, it goes on with what the last one left,
and only what the document allows is sent: the rest is refused on the way to any database.
"""

import asyncio
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

MIXED = {'sqlite': 30, 'postgresql': 10}
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


@pytest.fixture(scope='session')
def _edges() -> dict[str, list[schemathesis.Case]]:
    return {}


@pytest.fixture
def edges(
    document: Any, operation: APIOperation, route: str, _edges: dict[str, list[schemathesis.Case]]
) -> list[schemathesis.Case]:
    """The requests at the edges of what the document says; the other database is sent the same, aimed anew."""
    if route not in _edges:
        _edges.clear()
        generation = document.config.generation_for(operation=operation, phase='coverage')
        made = document.iter_coverage_cases(
            operation, generation_modes=list(GenerationMode), generation_config=generation
        )
        _edges[route] = list(made)
    return _edges[route]


@pytest.mark.parametrize('copies', MIXED, indirect=True)
@pytest.mark.parametrize('route', [one for one in ROUTES if one not in UNDOCUMENTED])
def test_any_request_has_an_answer_that_the_document_knows(
    request: pytest.FixtureRequest,
    one_application: FastAPI,
    copies: Copies,
    operation: APIOperation,
    edges: list[schemathesis.Case],
    route: str,
) -> None:
    kind = request.node.callspec.params['copies']
    with asyncio.Runner() as runner:
        sender = Sender(one_application, copies, route, runner, starts_over=kind == 'sqlite')
        may = [who for who, status in ROUTES[route].who.items() if status == IN]
        sent = [case for case in edges if case.meta and case.meta.generation.mode in MODES[kind]]
        for case, who, aims in zip(sent, cycle(may), cycle([True, True, False])):
            sender.send(case, who, aims=aims)
        modes = st.sampled_from(MODES[kind]).flatmap(operation.as_strategy)

        @settings(
            max_examples=MIXED[kind],
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=modes, who=st.sampled_from(sorted(ROUTES[route].who)), aims=st.booleans())
        def mixed(case: schemathesis.Case, who: str, aims: bool) -> None:
            sender.send(case, who, aims=aims)

        mixed()
        runner.run(sender.program.aclose())
        copies.close()


class Sender:
    """Sends what was made up, and looks at the answers."""

    def __init__(
        self, application: FastAPI, copies: Copies, route: str, runner: asyncio.Runner, *, starts_over: bool
    ) -> None:
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        self.program = httpx.AsyncClient(transport=transport, base_url='http://waymark.test')
        self.copies, self.route, self.runner, self.starts_over = copies, route, runner, starts_over
        self.school = self.fresh()

    def fresh(self) -> School:
        return self.runner.run(self.copies.fresh())[1]

    def send(self, case: schemathesis.Case, who: str, *, aims: bool = False) -> None:
        """Send one request, about things that are there if it `aims`; what it changes is there for nobody else."""
        if aims:
            case.path_parameters = aimed(case.path_parameters, self.school.here)
            case.body = aimed(case.body, self.school.here)
        token = self.school.token(who)
        made = case.as_transport_kwargs('http://waymark.test', {'authorization': f'Bearer {token}'} if token else {})
        sent = requests.Request(**{name: made[name] for name in made.keys() & ALLOWED}).prepare()
        request = httpx.Request(
            str(sent.method), str(sent.url), headers=dict(sent.headers), content=body_of(sent), extensions={}
        )
        answer = self.runner.run(self.program.send(request))
        case.validate_response(answer, checks=CHECKS)
        if answer.is_success:
            row = ROUTES[self.route]
            is_of_the_row = who in OUTSIDE or (aims and row.body is None)  # else they may do it, but for themselves
            assert row.who[who] == IN or not is_of_the_row, f'{who} got {answer.text} for {case.as_curl_command()}'
            if case.method != 'GET' and self.starts_over:
                self.school = self.fresh()


ALLOWED = {'method', 'url', 'headers', 'params', 'data', 'json', 'files', 'cookies'}


def aimed(made: Any, things: Things) -> Any:
    return {name: things.get(name, value) for name, value in made.items()} if isinstance(made, dict) else made


def body_of(sent: requests.PreparedRequest) -> bytes:
    return sent.body.encode() if isinstance(sent.body, str) else sent.body or b''
