"""The published schemas of Open Badges 3.0, which `make schemas` takes out of the source of openbadgeslib."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest

from tests.support.running import ROOT

FOLDER = ROOT / '.venv' / 'schemas'


def judge(kind: str) -> Callable[[Any], list[str]]:
    """Return what tells the faults of a document; without its schema the test is skipped."""
    path = FOLDER / f'ob_v3p0_{kind}_schema.json'
    if not path.exists():
        pytest.skip('The published schemas are not there: make schemas')
    validator = jsonschema_rs.Draft201909Validator(json.loads(path.read_bytes()), validate_formats=True)
    return lambda said: [
        f'{"/".join(map(str, each.instance_path))}: {each.message}' for each in validator.iter_errors(said)
    ]
