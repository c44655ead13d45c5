"""Statements as Learning Locker judges them, whose validation is a package of npm (`make judges`)."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from models import Verb
from services.lms import xapi
from services.lms.xapi import Known
from tests.services.lms.test_xapi import FOLDER, HERE, KNOWN, an_activity
from tests.support.shared_files import shared, shared_names

pytestmark = pytest.mark.req('R3')

JUDGES = Path(__file__).parents[2] / 'judges'
JUDGE = """
const judge = require('@learninglocker/xapi-validation').default;
const said = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const words = warning => `${warning.constructor.name} at ${(warning.path || []).join('.')}`;
console.log(JSON.stringify(said.map(each => judge(each).map(words))));
"""


def judged(said: Sequence[Any]) -> list[list[str]]:
    """Return what is wrong with each statement."""
    node = shutil.which('node')
    if node is None or not (JUDGES / 'node_modules' / '.stamp').exists():  # not everybody reaches the registry of npm
        pytest.skip('The judges are not installed: make judges')
    done = subprocess.run(
        [node, '-e', JUDGE], cwd=JUDGES, input=json.dumps(said), capture_output=True, text=True, check=True
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


def test_it_knows_right_from_wrong() -> None:
    samples = {name: json.loads(shared(f'{FOLDER}/{name}')) for name in shared_names(FOLDER)}
    found = dict(zip(samples, judged(list(samples.values())), strict=True))
    assert [name for name in found if name.startswith('valid/') and found[name]] == []
    missed = [name for name in found if name.startswith('invalid/') and not found[name]]
    assert missed == ['invalid/multiple_actor.json'], 'of two actors, JSON keeps one, and nobody sees the other'


def test_every_statement_holds_also_of_what_has_no_name_by_now() -> None:
    activities = [each for verb, place in product(xapi.VERBS, (7, 8, 9, None)) for each in _kinds(verb, place)]
    made = [xapi.statement(each, of=2, at=HERE, known=known) for each in activities for known in (KNOWN, Known())]
    said = [each for each in made if each is not None]
    assert [each for each in zip(judged(said), said, strict=True) if each[0]] == []
    assert {each['context']['extensions'][f'{HERE.address}/xapi/verb'] for each in said} == set(xapi.VERBS)


def _kinds(verb: Verb, checkpoint: int | None) -> list[Any]:
    plain = an_activity(verb, checkpoint=checkpoint)
    return [plain, replace(plain, score=70, seconds=90), replace(plain, score=0, seconds=0)]
