"""Docstrings and pages of documentation are written in plain English; what is not may only become less.

`plain_english.json` says how many banned expressions each file still has; `python -m tests.docs.test_plain_english`
writes it anew.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.req('O6')

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = Path(__file__).with_name('plain_english.json')
READ = ('services', 'ui', 'api', 'web', 'models')
BANNED = re.compile(
    r"\bwhoever\b|\b(?:for|to|of) who\b|\bmanieth\b|\bno error\b|\bin one go\b|\bany longer\b|\bno longer\b|\bone's\b"
    r'|\bput away\b|\bonce more\b|\bare the most\b|\bput together\b|\bis no (?:day|address|kind|place)\b',
    re.IGNORECASE,
)

ROUND_ABOUT = re.compile(
    r'\bwhoever\b|\b(?:any|no) longer\b|\bonce more\b|\bin one go\b|\bput together\b', re.IGNORECASE
)


def test_no_file_says_it_less_plainly_than_before() -> None:
    allowed: dict[str, int] = json.loads(ALLOWED.read_text())
    found = counts()

    worse = {name: count for name, count in found.items() if count > allowed.get(name, 0)}
    assert worse == {}, 'Name the person and use the plain word: see BANNED.'
    better = {name: found.get(name, 0) for name, count in allowed.items() if found.get(name, 0) < count}
    assert better == {}, f'Lower the counts in {ALLOWED.name}.'


def test_no_text_for_people_says_it_less_plainly() -> None:
    texts = {
        f'{path.relative_to(ROOT)}: {text}'
        for folder in READ
        for path in sorted((ROOT / folder).rglob('*.py'))
        for text in _texts(ast.parse(path.read_text()))
    }
    assert {text for text in texts if ROUND_ABOUT.search(text)} == set(), 'Say what is, or what to do now.'


def _texts(tree: ast.Module) -> Iterator[str]:
    """Yield all strings that are more than one word: what people read is among them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ' ' in node.value:
            yield node.value


def counts() -> dict[str, int]:
    """Return how many banned expressions each file has, where it has any."""
    found = {name: sum(len(BANNED.findall(' '.join(text.split()))) for text in texts) for name, texts in prose()}
    return {name: count for name, count in sorted(found.items()) if count}


def prose() -> Iterator[tuple[str, list[str]]]:
    """Yield each file with the texts of it that people read: docstrings, or all of a page."""
    for path in sorted((ROOT / 'docs').rglob('*.md')):
        yield str(path.relative_to(ROOT)), [path.read_text()]
    yield 'README.md', [(ROOT / 'README.md').read_text()]
    for path in [ROOT / 'main.py', *(each for folder in READ for each in sorted((ROOT / folder).rglob('*.py')))]:
        yield str(path.relative_to(ROOT)), list(docstrings(ast.parse(path.read_text())))


def docstrings(tree: ast.Module) -> Iterator[str]:
    """Yield all strings that stand alone: docstrings of modules, classes, functions and values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


if __name__ == '__main__':
    ALLOWED.write_text(json.dumps(counts(), indent=2) + '\n')
