"""The assignment of the demo school has learners in each state, so that every page of it has something to show."""

from collections import Counter

import pytest

from demo import assignment
from services.assignments import desk, submissions
from services.core import database
from services.courses import outline
from services.enums import SubmissionState
from tests.factories.classes import a_class

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('Q4', 'O4')]


async def test_some_are_late_some_graded_one_has_more_time_and_some_are_missing() -> None:
    names = 'Amina Yusuf', 'Ben Okafor', 'Chen Wei', 'Daria Kowalska', 'Emil Sørensen', 'Hana Novak', 'Inês C.', 'Kwame'
    klass = await a_class(checkpoints=1, learners=['Sam Rivera', *names])
    sam = klass.learners[0]
    (module,) = await database.read(outline.sections, klass.teacher, klass.course_id)
    task = await assignment.add_assignment(klass.teacher, klass.course_id, module.module_id, sam)
    lines = await database.read(desk.of_assignment, klass.teacher, task)
    assert Counter(line.state for line in lines) == {
        SubmissionState.RETURNED: 2,
        SubmissionState.GRADED: 1,
        SubmissionState.SUBMITTED: 4,
        SubmissionState.DRAFT: 1,
        None: 1,
    }
    assert [line.name for line in lines if line.late] == ['Hana Novak', 'Inês C.']
    assert [line.name for line in lines if line.is_overdue] == ['Kwame'], 'who has more time is not missing'
    (mine,) = (await database.read(submissions.task, sam, task)).tries
    assert (mine.grade, len(mine.marks), len(mine.files_back)) == (80, 3, 1)
