"""The projector's page: in the reader's language, with what its keys do."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import User
from services.core import database
from services.core.languages import PSEUDO
from services.live import sessions
from tests.factories.classes import a_class, join_class, tap
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L14', 'O6')]


async def test_what_it_says_is_in_the_language_of_the_person_at_the_page(enter: Enter) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    of_teacher = col(User.id) == klass.teacher.user_id
    await database.write(lambda tx: tx.execute(update(User).where(of_teacher).values(language=PSEUDO)))
    teacher = await enter(klass.teacher)
    await teacher.open(f'/courses/{klass.course_id}/projector')
    await teacher.should_see('⟦Nobody has joined yet⟧')
    await teacher.should_see('⟦Scan, or open⟧')

    await join_class(klass)
    await teacher.should_see('⟦The class is on⟧', retries=RETRIES)
    await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.steps[0])
    await tap(klass, klass.steps[0])
    await teacher.should_see('⟦1 of 3 steps done⟧', retries=RETRIES)
    await teacher.should_see('⟦Now: 1  Step 1⟧')

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await teacher.should_see('⟦The class has ended⟧', retries=RETRIES)
    await teacher.should_see('⟦1 learner took part.⟧')
