"""Counting the percentages of a course again, at the press of a button."""

import pytest
from sqlalchemy import update

from models import Enrollment
from services.core import database
from tests.factories.classes import a_class, a_course, percent, tap
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('S2')]


async def test_a_recalculation_says_what_it_found(enter: Enter) -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'Otto'])
    await tap(klass, klass.checkpoints[0])
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}')

    teacher.find('Count again').click()
    await teacher.should_see('Recalculated for 2 learners: every percentage was right', retries=RETRIES)

    await database.write(lambda tx: tx.change(update(Enrollment).values(percent=7)))
    teacher.find('Count again').click()
    await teacher.should_see('Recalculated for 2 learners: 2 put right', retries=RETRIES)
    assert await percent(klass, klass.learner) == 50


async def test_a_course_without_learners_has_nothing_to_count(enter: Enter) -> None:
    course = await a_course()
    teacher = await enter(course.teacher)
    await teacher.open(f'/courses/{course.course_id}')

    teacher.find('Count again').click()

    await teacher.should_see('Nobody learns here yet', retries=RETRIES)
