"""Assignments in a course file: what is wrong is said with its line."""

import pytest

from models import FileKind
from services.assignments.rules import Rules
from services.courses.import_file import BrokenFile, read

pytestmark = pytest.mark.req('Q4', 'C6')

COURSE = """\
waymark: 1
course:
  title: Soil
modules:
- title: Outside
  steps:
  - title: Report
    kind: {kind}
    assignment:
      {rules}
"""


def test_the_rules_of_an_assignment_are_read() -> None:
    draft = read(COURSE.format(kind='assignment', rules='kinds: [pdf]\n      text: no\n      resubmit: yes').encode())
    (checkpoint,) = draft.modules[0].checkpoints
    assert checkpoint.assignment == Rules(takes_text=False, may_resubmit=True, file_kinds=frozenset({FileKind.PDF}))


@pytest.mark.parametrize(
    ('kind', 'rules', 'said'),
    [
        ('quiz', 'text: no', 'Line 10: a step like this has no “assignment”'),
        ('assignment', 'passing_percent: 101', 'Line 10: Type a number from 0 to 100'),
        ('assignment', 'kinds: [pdv]', 'Line 10: “pdv” is no kind of file. Did you mean “pdf”'),
        ('assignment', 'most_files: many', 'Line 10: a whole number is needed'),
        ('assignment', 'text: maybe', 'Line 10: say yes or no'),
        ('assignment', 'rubric: [{criterion: Why}]', 'Line 10: the criterion has no “levels”'),
        ('assignment', 'rubric: [{criterion: Why, levels: [{points: 1, text: a}]}]', 'Line 10: “Why” needs from 2'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(kind: str, rules: str, said: str) -> None:
    with pytest.raises(BrokenFile, match=said):
        read(COURSE.format(kind=kind, rules=rules).encode())
