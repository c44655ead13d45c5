"""What operators copy from `deploy/`."""

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / 'deploy'
pytestmark = [pytest.mark.req('O1')]


def test_the_compose_file_is_one() -> None:
    check = [Path(sys.executable).with_name('check-jsonschema'), '--builtin-schema', 'vendor.compose-spec']
    subprocess.run([*check, DEPLOY / 'compose.yaml'], check=True)


def test_the_image_description_has_nothing_that_those_who_make_images_avoid() -> None:
    subprocess.run([Path(sys.executable).with_name('hadolint'), DEPLOY / 'Containerfile'], check=True)


def test_the_image_has_every_module_that_the_server_needs() -> None:
    copied = set(re.findall(r'^COPY (.+) /app/', (DEPLOY / 'Containerfile').read_text(), re.MULTILINE))
    there = {name for line in copied for name in line.split()}

    assert imported('main') | {'migrations', 'translations', 'pyproject.toml'} <= there


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    panels = json.loads((DEPLOY / 'grafana.json').read_text())['panels']
    asked = {name for panel in panels for target in panel['targets'] for name in metrics_in(target['expr'])}
    told = set(re.findall(r'`(waymark_\w+)', (ROOT / 'docs' / 'operations.md').read_text()))

    assert {re.sub('_bucket$', '', name) for name in asked} <= told


def test_what_the_containers_are_given_are_settings() -> None:
    given = yaml.safe_load((DEPLOY / 'compose.yaml').read_text())['services']['first']['environment']

    assert {f'#{name}=' in (ROOT / '.env.example').read_text() for name in given} == {True}


def test_the_unit_of_systemd_is_one_and_gives_settings(tmp_path: Path) -> None:
    unit = (DEPLOY / 'waymark@.service').read_text()
    judge = shutil.which('systemd-analyze') or pytest.skip('There is no systemd-analyze; on Debian: systemd')
    here = tmp_path / 'waymark@8081.service'
    here.write_text(unit.replace('/opt/waymark', str(ROOT)))
    judged = subprocess.run([judge, 'verify', here], capture_output=True, text=True, check=False)
    # Other units of the machine have faults of their own.
    assert [line for line in judged.stderr.splitlines() if here.name in line] == []

    (given,) = re.findall('^Environment=(.*)$', unit, re.MULTILINE)
    names = {each.partition('=')[0] for each in given.split()}
    assert {f'#{name}=' in (ROOT / '.env.example').read_text() for name in names} == {True}
    assert 'PORT=%i' in given, 'several processes on one machine have a port each'
    assert 'User=waymark\n' in unit, 'and are one user: else each would take the folder away from the others'


def metrics_in(query: str) -> set[str]:
    """Return the metrics of ours that a query of Prometheus names."""
    return set(re.findall(r'\bwaymark_\w+', query))


def imported(module: str, found: set[str] | None = None) -> set[str]:
    """Return the folders and files of the project that a program imports, directly or through others."""
    found = set() if found is None else found
    file = ROOT / f'{module}.py'
    found.add(file.name)
    tree = ast.parse(file.read_text())
    names = {node.module or '' for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for name in {name.partition('.')[0] for name in names} - {module}:
        if (ROOT / name).is_dir():
            found.add(name)
        elif (ROOT / f'{name}.py').is_file() and f'{name}.py' not in found:
            imported(name, found)
    return found
