"""`docs/adding-a-feature.md` works: its changes are made in a copy of the project, and its story is run there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.req('O6')

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / 'docs' / 'adding-a-feature.md'
COPIED = ('models', 'services', 'web', 'ui', 'api', 'tests', 'migrations', 'demo')
LISTS = {'models/enums.py', 'models/verbs.py', 'services/followers.py', 'ui/pages.py', 'pyproject.toml'}

_NEW = re.compile(r'^New file `([^`]+)`:\n\n((?:    .*\n|\n)+)', re.MULTILINE)
_AFTER = re.compile(r'^In `([^`]+)`, after `([^`]+)`:(?: `([^`]+)`|\n\n((?:    .*\n)+))', re.MULTILINE)


def test_the_page_is_all_that_a_new_feature_needs(tmp_path: Path) -> None:
    copy_project(tmp_path)
    page = PAGE.read_text()
    for name, code in _NEW.findall(page):
        add_file(tmp_path / name, dedented(code))
    changed = [add_after(tmp_path, *change) for change in _AFTER.findall(page)]

    assert set(changed) == LISTS
    story = [sys.executable, '-m', 'pytest', '-q', '-n', '0', '-k', 'not postgresql', 'tests/services/waves']
    done = subprocess.run(story, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert '3 passed' in done.stdout


def copy_project(target: Path) -> None:
    """Copy what is needed, with what Python has compiled of it: that is as good for the copies, which are as old."""
    for folder in COPIED:
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns('node_modules'))
    for name in ('pyproject.toml', 'settings.py', 'main.py'):
        shutil.copy(ROOT / name, target / name)


def dedented(code: str) -> str:
    return re.sub('^    ', '', code, flags=re.MULTILINE).strip('\n') + '\n'


def add_file(path: Path, code: str) -> None:
    assert not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code)


def add_after(folder: Path, name: str, anchor: str, words: str, code: str) -> str:
    """Add code below a line that is there once, or words behind it; returns the name of the file."""
    path = folder / name
    before = path.read_text()
    added = words or '\n' + re.sub('^    ', '', code, flags=re.MULTILINE).rstrip('\n')
    assert before.count(anchor) == 1, (name, anchor)
    path.write_text(before.replace(anchor, anchor + added))
    return name
