"""How a course is graded, in its file: what a person writes comes in, and what is wrong is named with its line."""

import pytest

from services.courses import import_file
from services.courses.draft import DraftGrade
from services.courses.grade_rules import Category
from services.courses.import_file import BrokenFile

pytestmark = pytest.mark.req('C6', 'C7')

FILE = """\
waymark: 1
course:
  title: Soil
grading:
  missing_counts: yes
  letters:
  - from: 90
    letter: A
  categories:
  - name: Tests
    weight: 40
    drop_lowest: 1
modules:
- title: Outside
  steps:
  - title: Soil quiz
    kind: quiz
    grade:
      category: Tests
      counts: no
  - title: Read
"""


def test_what_a_person_writes_is_read() -> None:
    draft = import_file.read(FILE.encode())
    assert draft.grading.missing_counts
    assert draft.grading.letters == ((90, 'A'),)
    assert draft.grading.categories == (Category(category_id=0, name='Tests', weight=40, drop_lowest=1),)
    assert [checkpoint.grade for checkpoint in draft.modules[0].checkpoints] == [
        DraftGrade(category='Tests', counts=False),
        None,
    ]


@pytest.mark.parametrize(
    ('old', 'new', 'said'),
    [
        ('category: Tests', 'category: Essays', 'Line 19: there is no category “Essays” in this file.'),
        ('weight: 40', 'weight: 0', 'Line 10: All weights together are 0.'),
        ('weight: 40', 'weight: -4', 'Line 11: a whole number is needed here'),
        ('from: 90', 'from: 101', 'Line 7: Type a number from 0 to 100.'),
        ('letter: A', 'letter: Outstanding work', 'Line 7: A letter has 1 to 12 characters.'),
        ('name: Tests', 'name: ""', 'Give the category a name.'),
        ('  - title: Read\n', '  - title: Read\n    grade:\n      counts: no\n', 'a step like this has no “grade”.'),
        ('missing_counts', 'missing', '“missing” is not known here.'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, said: str) -> None:
    with pytest.raises(BrokenFile) as refused:
        import_file.read(FILE.replace(old, new, 1).encode())
    assert said in str(refused.value)
