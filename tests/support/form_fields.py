"""Every form that is posted, and its fields, as the code that takes them names them."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.support.running import ROOT


@cache
def forms() -> Mapping[str, Sequence[str]]:
    """Return the names of the fields of each form, by the address that it is posted to."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / 'ui').rglob('*.py')):
        for path, handler in _handlers(file):
            found[path] = sorted(set(_fields(handler)))
    return found


def _handlers(file: Path) -> Iterator[tuple[str, ast.AST]]:
    for node in ast.walk(ast.parse(file.read_text())):
        for made in getattr(node, 'decorator_list', ()):
            if isinstance(made, ast.Call) and getattr(made.func, 'id', '') == 'post':
                yield ast.literal_eval(made.args[0]), node


def _fields(handler: ast.AST) -> Iterator[str]:
    yield 'csrf'
    for node in ast.walk(handler):
        if isinstance(node, ast.Call) and _is(node.func, 'fields.get'):
            yield str(ast.literal_eval(node.args[0]))
        if isinstance(node, ast.Subscript) and _is(node.value, 'fields'):
            yield str(ast.literal_eval(node.slice))


def _is(node: ast.AST, words: str) -> bool:
    return ast.unparse(node) == words
