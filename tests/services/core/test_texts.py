"""Every text that a person reads is collected for translators, as a key with named values."""

import ast
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from services.core import errors
from translations.extract import READ, ROOT, collected

pytestmark = pytest.mark.req('O6')

FEWEST = 1000
TEXTS = {'_': 1, 'phrase': 1, 'ngettext': 2, 'plural': 2}
"""How many texts each function takes, before values."""
HANDED_ON = {'ui/kit/language.py', 'services/core/errors.py', 'ui/shell/page.py'}
"""where a function hands on a text that another one was given"""
REFUSALS = {name for name, each in vars(errors).items() if inspect.isclass(each) and issubclass(each, Exception)}


def test_every_text_is_collected_and_none_is_built_in_place() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        texts = [message.id for message in collected()]

    assert len(texts) > FEWEST
    assert 'This name is too long; use at most {most} characters.' in texts
    assert ('Not counted: 1 preview.', 'Not counted: {count} previews.') in texts


def test_a_refusal_carries_a_key_that_translators_get() -> None:
    keys = {text for message in collected() for text in ([message.id] if isinstance(message.id, str) else message.id)}
    assert [said for said in refusals() if said not in keys] == []


def test_each_text_stands_where_it_is_used_and_has_all_its_values() -> None:
    wrong = [
        f'{path.relative_to(ROOT)}:{call.lineno}'
        for folder in READ
        for path in sorted((ROOT / folder).rglob('*.py'))
        if str(path.relative_to(ROOT)) not in HANDED_ON
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in TEXTS
        if not is_whole(call, TEXTS[call.func.id])
    ]

    assert wrong == []


def is_whole(call: ast.Call, texts: int) -> bool:
    """Whether a call has its texts, and a value for each place in them; unpacked values are taken on trust."""
    keys = [arg.value for arg in call.args[:texts] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if len(keys) < texts:
        return False
    given = {value.arg for value in call.keywords}
    places = {name for key in keys for _, name, _, _ in Formatter().parse(key) if name}
    return None in given or places <= given | ({'count'} if texts > 1 else set())


def refusals() -> Iterator[str]:
    """Yield the sentence of each refusal that is raised with a text or with a constant of its module."""
    for folder in READ:
        for path in sorted((ROOT / folder).rglob('*.py')):
            yield from raised(path)


def raised(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text())
    constants = {
        target.id: each.value.value
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in REFUSALS):
            continue
        for said in call.args[:1]:
            assert not isinstance(said, ast.JoinedStr), f'{path}:{said.lineno}: give named values'
            if isinstance(said, ast.Constant):
                yield str(said.value)
            elif isinstance(said, ast.Name) and said.id in constants:
                yield str(constants[said.id])
