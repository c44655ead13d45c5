"""Statements as two record stores judge them: the models of Ralph, and the validation of Learning Locker.

The first is a package of Python and always asked; the second is one of npm (`make judges`), asked where it is there.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

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


Judge = Callable[[Sequence[Any]], list[list[str]]]
"""what is wrong with each statement"""


def ralph(said: Sequence[Any]) -> list[list[str]]:
    return [_faults_of(each) for each in said]


def _faults_of(said: Any) -> list[str]:
    try:
        BaseXapiStatement.model_validate(said)
    except ValidationError as error:
        return [str(each) for each in error.errors()]
    return []


def learning_locker(said: Sequence[Any]) -> list[list[str]]:
    node = shutil.which('node')
    if node is None or not (JUDGES / 'node_modules' / '.stamp').exists():  # not everybody reaches the registry of npm
        pytest.skip('This judge is not installed: make judges')
    done = subprocess.run(
        [node, '-e', JUDGE], cwd=JUDGES, input=json.dumps(said), capture_output=True, text=True, check=True
    )
    found: list[list[str]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize('judge', [ralph, learning_locker])
def test_it_knows_right_from_wrong(judge: Judge) -> None:
    samples = {name: json.loads(shared(f'{FOLDER}/{name}')) for name in shared_names(FOLDER)}
    found = dict(zip(samples, judge(list(samples.values())), strict=True))
    assert [name for name in found if name.startswith('valid/') and found[name]] == []
    missed = [name for name in found if name.startswith('invalid/') and not found[name]]
    assert missed == ['invalid/multiple_actor.json'], 'of two actors, JSON keeps one, and nobody sees the other'


@pytest.mark.parametrize('judge', [ralph, learning_locker])
def test_every_statement_holds_also_of_what_has_no_name_by_now(judge: Judge) -> None:
    said = _statements()
    assert [each for each in zip(judge(said), said, strict=True) if each[0]] == []
    assert {each['context']['extensions'][f'{HERE.address}/xapi/verb'] for each in said} == set(xapi.VERBS)


@pytest.mark.parametrize('judge', [ralph, learning_locker])
def test_it_would_see_what_is_wrong_with_one(judge: Judge) -> None:
    whole = next(each for each in _statements() if 'score' in each.get('result', {}))
    spoilt = [
        {**whole, 'id': 'eleven'},
        {**whole, 'mood': 'good'},
        {**whole, 'timestamp': 'yesterday'},
        {**whole, 'actor': {**whole['actor'], 'mbox': 'mailto:lena@school.example'}},
        {**whole, 'actor': {'account': {'name': 'Lena'}}},
        {**whole, 'verb': {'id': 'scored'}},
        {**whole, 'object': {**whole['object'], 'id': 'quiz 7'}},
        {**whole, 'result': {'score': {'scaled': 70}}},
        {**whole, 'result': {'score': {'raw': 101, 'max': 100}}},
        {**whole, 'result': {'duration': '90 s'}},
        {**whole, 'result': {'success': 'yes'}},
        {**whole, 'context': {**whole['context'], 'extensions': {'mode': 'live'}}},
        {**whole, 'context': {**whole['context'], 'contextActivities': {'above': []}}},
    ]
    assert judge([whole]) == [[]]
    assert [each for each, found in zip(spoilt, judge(spoilt), strict=True) if not found] == []


def _statements() -> list[Any]:
    activities = [each for verb, place in product(xapi.VERBS, (7, 8, 9, None)) for each in _kinds(verb, place)]
    made = [xapi.statement(each, of=2, at=HERE, known=known) for each in activities for known in (KNOWN, Known())]
    # as they are sent
    return [json.loads(json.dumps(each)) for each in made if each is not None]


def _kinds(verb: Verb, checkpoint: int | None) -> list[Any]:
    plain = an_activity(verb, checkpoint=checkpoint)
    return [plain, replace(plain, score=70, seconds=90), replace(plain, score=0, seconds=0)]
