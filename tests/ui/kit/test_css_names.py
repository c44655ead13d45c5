"""Our style sheet takes no name with which Quasar lays out its own fields and buttons."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.req('O5')

UI = Path(__file__).resolve().parents[3] / 'ui'
QUASARS = re.compile(
    r'(?:row|column|flex|inline|block|wrap|no-wrap|col(?:-\d+|-grow|-shrink|-auto)?|items-\w+|justify-\w+|content-\w+'
    r'|self-\w+|absolute|relative-position|fixed|full-(?:width|height)|fit|overflow-\w+|text-(?:left|right|center)|gt-\w+'
    r'|lt-\w+)'
)
"""Classes that Quasar gives to parts of its components, where a rule of ours for all of them would reach."""


def test_no_rule_of_ours_is_for_all_that_quasar_lays_out() -> None:
    taken = {
        f'{sheet.relative_to(UI)}: .{name}'
        for sheet in UI.rglob('*.css')
        for rule in re.findall(r'([^{}]+)\{', re.sub(r'/\*.*?\*/', '', sheet.read_text(), flags=re.DOTALL))
        for part in rule.split(',')
        for name in re.findall(r'^\s*\.([\w-]+)', part)
        if QUASARS.fullmatch(name)
    }
    assert taken == set()
