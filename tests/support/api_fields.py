"""Every field that the API takes, from its document: in bodies, in addresses, behind the question mark, in headers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.factories.worst_inputs import (
    IN_A_HEADER,
    IN_A_PATH,
    NUMBERS,
    OBJECTS,
    class_lists,
    course_files,
    lines,
    texts,
)
from tests.support.api_client import Asker, document_of, example, resolved
from tests.support.route_table import IN

PAGES = 2_000
"""letters from which a field takes more than one line"""


Schema = Any
Body = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field, and the worst that it can be sent."""

    route: str
    place: str
    values: list[Any]
    steps: tuple[str, ...] = field(default=())
    """how to get to it inside of a body; `[]` is the first of a list"""


def fields(asker: Asker) -> Iterator[Field]:
    """Yield the fields of one address."""
    document = document_of(asker.application)
    method, _, path = asker.route.partition(' ')
    operation = document['paths'].get(path, {}).get(method.lower(), {})
    for name in (part.split('}')[0] for part in path.split('{')[1:]):
        yield Field(route=asker.route, place=f'path {name}', values=list(IN_A_PATH))
    for part in operation.get('parameters', ()):
        if part['in'] == 'query':
            values = [str(value) for value in worst(part['name'], resolved(part['schema'], document))]
            yield Field(route=asker.route, place=f'query {part["name"]}', values=values)
        elif part['in'] == 'header':
            yield Field(route=asker.route, place=f'header {part["name"]}', values=list(IN_A_HEADER))
    content = operation.get('requestBody', {}).get('content', {})
    if 'application/json' in content:
        for steps, schema in leaves(content['application/json']['schema'], document):
            values = worst(steps[-1], schema)
            yield Field(route=asker.route, place='body ' + '.'.join(steps), values=values, steps=steps)


def leaves(schema: Schema, document: Schema, steps: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Yield what a body is made of, with the way to it."""
    schema = resolved(schema, document)
    if 'properties' in schema:
        for name, part in schema['properties'].items():
            yield from leaves(part, document, (*steps, name))
    elif schema.get('type') == 'array':
        yield from leaves(schema['items'], document, (*steps, '[]'))
    else:
        yield steps, schema


def worst(name: str, schema: Schema) -> list[Any]:
    """Return the worst for one kind of field."""
    kind, most = schema.get('type'), schema.get('maxLength', 100)
    if kind == 'string' and name == 'csv':
        return class_lists(most)
    if kind == 'string' and name == 'file':
        return course_files(900_000)
    if kind == 'string':
        return texts(most) if most >= PAGES else lines(most)
    if kind == 'object':
        return list(OBJECTS)
    return list(NUMBERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an HTTP client needs to know of a request."""

    method: str
    address: str
    headers: dict[str, str]
    content: bytes | None


def request(asker: Asker, each: Field, value: Any) -> Request:
    """Return the request of the table with a value in one of its fields, by the first who may."""
    method = asker.route.split()[0]
    where, _, name = each.place.partition(' ')
    who = next(who for who in ('nobody', 'student', 'owner', 'admin', 'service', 'parent') if asker.row.who[who] == IN)
    token = asker.school.token(who)
    headers = {'authorization': f'Bearer {token}'} if token else {}
    things = asker.school.here | ({asker.row.about.get(name, name): value} if where == 'path' else {})
    address = asker.address(things)
    if where == 'query':
        address += f'{"&" if "?" in address else "?"}{name}={quote(value)}'
    if where == 'header':
        headers[name] = value
    content = None
    if (body := asker.body(asker.school.here)) is not None:
        headers['content-type'] = 'application/json'
        made = put(body, each.steps, value, _schema_of_body(asker), asker) if each.steps else body
        content = json.dumps(made, ensure_ascii=False).encode(errors='replace')
    return Request(method=method, address=address, headers=headers, content=content)


def put(body: Body, steps: tuple[str, ...], value: Any, schema: Schema, asker: Asker) -> Body:
    """Return a body with a value in its place; what stands around it is as in the examples."""
    if not steps:
        return value
    schema = resolved(schema, document_of(asker.application))
    if steps[0] == '[]':
        before = _example(schema['items'], asker) if steps[1:] else None
        return [put(before, steps[1:], value, schema['items'], asker)]
    inside = schema['properties'][steps[0]]
    before = body.get(steps[0])
    if before is None and steps[1:]:
        before = _example(inside, asker)
    return {**body, steps[0]: put(before, steps[1:], value, inside, asker)}


def _example(schema: Schema, asker: Asker) -> Body:
    document = document_of(asker.application)
    schema = resolved(schema, document)
    things = {name: asker.school.here[asker.row.about.get(name, name)] for name in asker.school.here}
    return [] if schema.get('type') == 'array' else example(schema, document, things)


def _schema_of_body(asker: Asker) -> Schema:
    method, _, path = asker.route.partition(' ')
    operation = document_of(asker.application)['paths'][path][method.lower()]
    return operation['requestBody']['content']['application/json']['schema']
