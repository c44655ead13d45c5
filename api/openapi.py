"""The OpenAPI document: what FastAPI knows of the addresses, with examples and a sentence for each subject."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from api.errors import Problem
from api.examples import Examples

DESCRIPTION = """
Everything that a page can do, a program can do. `docs/api.md` tells how to begin.

Sign in with `POST /auth/login` and send what you get as `Authorization: Bearer …`. Everything that is refused has one
shape: `error` for programs, `detail` for people, and the `request_id` by which the server log of the server knows it.
What is not there and what is not yours look the same.
"""


class Documented(FastAPI):
    """An application whose document has examples."""

    _completed: dict[str, Any] | None = None

    def openapi(self) -> dict[str, Any]:
        """Return the document."""
        document = super().openapi()
        if document is not self._completed:
            _complete(document)
            self._completed = document
        return document


def subjects(routers: Sequence[APIRouter]) -> list[dict[str, str]]:
    """Return a sentence for the subject of each router: what its module says of itself."""
    said = {}
    for router in routers:
        module = inspect.getmodule(next(route.endpoint for route in router.routes if isinstance(route, APIRoute)))
        sentence = (inspect.getdoc(module) or '').partition('\n')[0].rpartition('`: ')[2]
        said[str(router.tags[0])] = sentence[:1].upper() + sentence[1:]
    return [{'name': name, 'description': sentence} for name, sentence in said.items()]


def operation_id(route: APIRoute) -> str:
    """Return how clients call an operation: its subject and what it does."""
    return f'{route.tags[0]}_{route.name}' if route.tags else route.name


def _complete(document: dict[str, Any]) -> None:
    schemas = document['components']['schemas']
    schemas[Problem.__name__] = Problem.model_json_schema()
    document['components']['schemas'] = dict(sorted(schemas.items()))
    _say_simply(document['components'])
    examples = Examples(document)
    for operation in _operations(document):
        said = operation.pop('description', '')
        operation['summary'], _, more = said.replace('\n', ' ').partition('. ')
        if more:
            operation['description'] = more
        for sent in operation.get('requestBody', {}).get('content', {}).values():
            sent.setdefault('example', examples.of(sent['schema'], sent=True))
        for answer in operation['responses'].values():
            for told in answer.get('content', {}).values():
                if 'schema' in told:
                    told.setdefault('example', examples.of(told['schema']))


def _say_simply(part: Any) -> None:
    """Call a list of a fixed length of equal parts just that; not every client knows what `prefixItems` are."""
    if isinstance(part, dict):
        parts = part.get('prefixItems', ())
        if parts and all(each == parts[0] for each in parts):
            part['items'] = part.pop('prefixItems')[0]
        for each in part.values():
            _say_simply(each)
    elif isinstance(part, list):
        for each in part:
            _say_simply(each)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document['paths'].values():
        yield from path.values()
