"""Asking for an address of the table as somebody of the school, with the examples of the document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from tests.support.api_school import School, Things
from tests.support.route_table import ROUTES, Row


def addresses(application: FastAPI) -> set[str]:
    """What the application answers to, as the table spells it; what is mounted begins with MOUNT."""
    return {
        f'{method} {route.path}'
        for route in iter_route_contexts(application.routes)
        for method in (route.methods or {'MOUNT'}) - {'HEAD'}
    }


@cache
def document_of(application: FastAPI) -> Any:
    """The document of an application that gets no more routes: FastAPI counts them all whenever it is asked."""
    return application.openapi()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Sends the requests of one row."""

    application: FastAPI
    school: School
    route: str

    @property
    def row(self) -> Row:
        return ROUTES[self.route]

    async def ask(self, who: str, **replaced: object) -> httpx.Response:
        """Ask as somebody of the school; some of the things may be `replaced`."""
        things = self.school.here | {self.row.about.get(name, name): value for name, value in replaced.items()}
        token = self.school.token(who)
        transport = httpx.ASGITransport(self.application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url='http://waymark.test') as program:
            return await program.request(
                self.route.partition(' ')[0],
                self.address(things),
                json=self.body(things),
                headers={'authorization': f'Bearer {token}'} if token else {},
            )

    def ids(self) -> list[str]:
        """The names of the ids that the address and the body are made of."""
        in_body = self._schema().get('properties', {})
        named = {name: 1 for name in [*re.findall(r'{(\w+)}', self.route), *in_body] if name.endswith('_id')}
        return [name for name in named if name in self.school.here]

    def address(self, things: Things) -> str:
        """Return the address about some things."""
        path = self.route.partition(' ')[2]
        filled = re.sub(r'{(\w+)}', lambda found: str(self._thing(things, found[1])), path)
        return f'{filled}?{self.row.query}' if self.row.query else filled

    def _thing(self, things: Things, name: str) -> object:
        known = self.row.about.get(name, name)
        if known not in things:
            pytest.fail(f'tests/support/api_school.py does not know what `{known}` stands for: add it to `_course`.')
        return things[known]

    def body(self, things: Things) -> Any:
        """Return the smallest body that the document shows, None if there is none."""
        if not (schema := self._schema()):
            return None
        body = example(schema, document_of(self.application), {n: things[self.row.about.get(n, n)] for n in things})
        return body | self.row.body(things) if self.row.body else body

    def _schema(self) -> dict[str, Any]:
        method, _, path = self.route.partition(' ')
        document = document_of(self.application)
        content = document['paths'].get(path, {}).get(method.lower(), {}).get('requestBody', {}).get('content', {})
        return resolved(content.get('application/json', {}).get('schema', {}), document)


def example(schema: Mapping[str, Any], document: Mapping[str, Any], things: Things) -> Any:
    """The smallest thing that the document shows for a schema: what must be there, as in its examples."""
    schema = resolved(schema, document)
    if 'properties' in schema:
        return {
            name: things[name] if name in things else example(part, document, things)
            for name, part in schema['properties'].items()
            if name in schema.get('required', ())
        }
    for given in 'examples', 'enum':
        if given in schema:
            return schema[given][0]
    if schema.get('type') == 'array':
        return [example(schema['items'], document, things)]
    pytest.fail(f'The document shows no example for {dict(schema)}: add `examples=[…]` to its Field.')


def resolved(schema: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A schema itself, where there is only a reference to it, or a choice between it and null."""
    for choice in schema.get('anyOf', ()):
        if choice.get('type') != 'null':
            return resolved(choice, document) | {key: value for key, value in schema.items() if key == 'examples'}
    if '$ref' in schema:
        return resolved(document['components']['schemas'][schema['$ref'].rpartition('/')[2]], document)
    return dict(schema)
