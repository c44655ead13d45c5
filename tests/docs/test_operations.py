"""What the documents say of events, settings, files and figures is what the code has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import Verb
from settings import Settings
from ui.kit.nicegui_patches import PING_INTERVAL, PING_TIMEOUT

pytestmark = pytest.mark.req('O6')

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / 'docs'
CODE = ('services', 'ui', 'api', 'web', 'serving.py', 'commands')
WRITERS = {'note', 'write', 'write_problem', 'write_warning'}
PASSED_ON = {'_changed': 2, '_end': 3}
"""functions that hand the name of an event on, and the place of it among their arguments"""
OF_HELP = {Verb.HELP_CLAIMED, Verb.HELP_RELEASED, Verb.HELP_WITHDRAWN}


def test_every_event_of_the_server_log_stands_in_the_table_and_no_other() -> None:
    table = (DOCS / 'operations.md').read_text().partition('| event | what it tells |')[2].partition('\n\n')[0]
    named = (row.split('|')[1] for row in table.splitlines() if row.startswith('| `'))
    described = {event for cell in named for event in re.findall('`([^`]+)`', cell)}

    assert sorted(set(events()) - described) == []
    assert sorted(described - set(events())) == []


def test_every_setting_is_explained() -> None:
    example = (ROOT / '.env.example').read_text()
    names = {name.upper() for name in Settings.model_fields}

    assert {name for name in names if not re.search(rf'^#? ?{name}=', example, re.MULTILINE)} == set()
    assert set(re.findall(r'^#? ?([A-Z_]+)=', example, re.MULTILINE)) == names


def test_the_path_of_a_tap_names_files_that_exist_and_the_folders_of_the_house() -> None:
    text = (DOCS / 'path-of-a-tap.md').read_text()
    named = set(re.findall(r'\b((?:services|ui|api|models|web|live)/[\w/]+\.py)', text))
    assert sorted(name for name in named if not exists(name)) == []

    house = set(re.findall(r'^\| `([a-z]+)/`', text, re.MULTILINE))
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob('*.py'))}
    folders |= {'docs', 'tests'}
    assert house == folders - {'node_modules'}


@pytest.mark.parametrize('page', sorted(DOCS.rglob('*.md')), ids=lambda page: page.name)
def test_a_page_leads_to_files_that_exist(page: Path) -> None:
    links = re.findall(r'\]\(([^)#:]+?)(?:#[\w-]+)?\)', page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_figures_that_two_pages_name_agree() -> None:
    silence = f'{PING_INTERVAL + PING_TIMEOUT:.0f} seconds'
    for page in ('durability.md', 'operations.md'):
        assert f'noticed after at most {silence}' in (DOCS / page).read_text(), page


def exists(name: str) -> bool:
    return (ROOT / name).exists() or (ROOT / 'services' / name).exists()


def events() -> Iterator[str]:
    yield from (verb.replace('_', ' ') for verb in OF_HELP)
    yield 'screen failed'
    for folder in CODE:
        for path in [ROOT / folder] if folder.endswith('.py') else sorted((ROOT / folder).rglob('*.py')):
            for call in ast.walk(ast.parse(path.read_text())):
                if isinstance(call, ast.Call):
                    yield from events_of(call, path)


def events_of(call: ast.Call, path: Path) -> Iterator[str]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, 'id', '')
    owner = call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ''
    if (function in WRITERS and owner in {'tx', 'server_log'}) or (function == '_say' and path.name == 'watchdog.py'):
        yield from texts(call.args[0])
    elif function in PASSED_ON and len(call.args) > PASSED_ON[function]:
        yield from texts(call.args[PASSED_ON[function]])
    elif function == 'every' and len(call.args) > 1:
        yield from (f'{name} failed' for name in texts(call.args[1]))
    elif function == 'tell' and owner == 'watchers':
        yield from (f'{name} failed' for each in call.keywords if each.arg == 'who' for name in texts(each.value))


def texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*texts(node.body), *texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
