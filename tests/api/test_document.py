"""The OpenAPI document tells the truth, and enough of it: examples, errors, limits, and who must sign in.

What is wrong with an operation is said in a sentence; most of it is mended where the operation is declared.
"""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema_rs
import pytest
from fastapi import FastAPI

from api import app
from tests.support.route_table import ANYBODY, ROUTES

pytestmark = pytest.mark.req('B1')

Document = dict[str, Any]
NOT_TWICE = {
    'POST /auth/services': 'its answer is a secret, of which only a hash is kept',
    'POST /links/admin': 'its answer is a secret, of which only a hash is kept',
    'POST /links/instructor': 'its answer is a secret, of which only a hash is kept',
    'POST /links/password': 'its answer is a secret, of which only a hash is kept',
    'POST /people/{user_id}/password-link': 'its answer is a secret, of which only a hash is kept',
}
ALWAYS = {'400', '401', '403', '404', '409', '410', '422', '429', '503'}


@pytest.fixture
def document(one_application: FastAPI) -> Document:
    return one_application.openapi()


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    for path, methods in document['paths'].items():
        for method, operation in methods.items():
            yield f'{method.upper()} {path}', operation


def test_every_operation_says_what_it_does_and_how_it_may_be_refused(document: Document) -> None:
    subjects = {tag['name']: tag['description'] for tag in document['tags']}

    for route, operation in operations(document):
        assert operation['summary'], f'{route}: give the function a docstring: it is the summary'
        assert all(subjects[tag] for tag in operation['tags']), (
            f'{route}: its module says “`/api/…`: what it is about.”'
        )
        assert operation['responses'].keys() >= ALWAYS, route
        assert operation.get('security') == (None if ROUTES[route].who is ANYBODY else [{'token': []}]), route


def test_a_refusal_is_the_one_shape_also_where_a_file_is_asked_for(document: Document) -> None:
    shape = {'$ref': '#/components/schemas/Problem'}

    for route, operation in operations(document):
        for status in operation['responses'].keys() & ALWAYS:
            content = operation['responses'][status]['content']
            assert {kind: told['schema'] for kind, told in content.items()} == {'application/json': shape}, route
    assert document['components']['schemas']['Problem']['required'] == ['error', 'detail', 'request_id']


def test_operations_have_names_of_their_own(document: Document) -> None:
    names = [operation['operationId'] for _, operation in operations(document)]

    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)


def test_what_makes_something_can_be_sent_once_more(document: Document) -> None:
    for route, operation in operations(document):
        if '201' in operation['responses'] and route not in NOT_TWICE:
            headers = {part['name'] for part in operation.get('parameters', ()) if part['in'] == 'header'}
            assert 'idempotency-key' in headers, (
                f'{route} answers 201: let it take `once: Once`, see api/idempotency.py'
            )


def test_whatever_is_sent_has_an_end(document: Document) -> None:
    for route, operation in operations(document):
        for part in operation.get('parameters', ()):
            assert_has_an_end(part['schema'], document, f'{route}: {part["name"]}')
        for content in operation.get('requestBody', {}).get('content', {}).values():
            assert_has_an_end(content['schema'], document, f'{route}: its body')


def assert_has_an_end(schema: Document, document: Document, place: str) -> None:
    if '$ref' in schema:
        schema = document['components']['schemas'][schema['$ref'].rpartition('/')[2]]
    for choice in schema.get('anyOf', ()):
        assert_has_an_end(choice, document, place)
    if schema.get('type') == 'string' and not schema.keys() & {'enum', 'const', 'format'}:
        assert 'maxLength' in schema, f'{place} is a text without `max_length`'
    if schema.get('type') in {'integer', 'number'}:
        ends = {'maximum', 'exclusiveMaximum'}, {'minimum', 'exclusiveMinimum'}
        assert all(schema.keys() & end for end in ends), f'{place} is a number without `ge` and `le`'
    if schema.get('type') == 'array':
        assert 'maxItems' in schema, f'{place} is a list without `max_length`'
        assert_has_an_end(schema['items'], document, place)
    if 'properties' in schema:
        assert schema['additionalProperties'] is False, f'{place} takes names that nobody knows: derive it from `Body`'
        for name, part in schema['properties'].items():
            assert_has_an_end(part, document, f'{place}, {name}')


def test_everything_that_is_sent_and_answered_has_an_example_that_fits(document: Document) -> None:
    parts: list[tuple[str, Document]] = []
    for route, operation in operations(document):
        sent = operation.get('requestBody', {}).get('content', {})
        told = [part for answer in operation['responses'].values() for part in answer.get('content', {}).values()]
        parts += [(route, part) for part in (*sent.values(), *told) if 'schema' in part]

    # all at once: a validator reads the whole document
    schema = {'components': document['components'], 'prefixItems': [part['schema'] for _, part in parts]}
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    wrong = validator.iter_errors([part['example'] for _, part in parts])

    assert len(parts) > 100
    assert [f'{parts[int(error.instance_path[0])][0]}: {error}' for error in wrong] == []


def test_answers_call_their_parts_by_name(document: Document) -> None:
    for name, schema in document['components']['schemas'].items():
        assert 'prefixItems' not in str(schema), f'{name} has a part that is known by its place alone: name it'


async def test_it_is_made_once_and_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    application = app.build()
    makers = []
    make = application.openapi

    def watched() -> dict[str, Any]:
        makers.append(threading.current_thread())
        return make()

    monkeypatch.setattr(application, 'openapi', watched)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url='http://school') as client:
        first, second = await asyncio.gather(client.get('/openapi.json'), client.get('/openapi.json'))

    assert first.json() == second.json() == make()
    assert len(makers) == 1
    assert makers[0] is not threading.main_thread()
