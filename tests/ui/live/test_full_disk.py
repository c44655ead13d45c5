"""Where the disk is full, who teaches is told on the live page that nothing is saved, also while no class is on."""

import pytest

from services.access import Actor
from services.core import database
from services.core.phrases import Phrase, phrase
from services.live import class_access, sessions
from tests.factories.classes import a_class, a_course
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('L1', 'O2')]

FULL = 'Not saved: the disk of the server is full.'


@pytest.fixture(autouse=True)
def _full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    async def open_page(_: Actor, __: int) -> Phrase:
        return phrase(FULL)

    monkeypatch.setattr(class_access, 'open_page', open_page)


async def test_during_a_class_and_after_it(enter: Enter) -> None:
    klass = await a_class()
    ines = await enter(klass.teacher)
    await ines.open(f'/courses/{klass.course_id}/live')
    await ines.should_see(FULL, retries=RETRIES)

    await database.write(sessions.end, klass.teacher, klass.course_id)
    await ines.open(f'/courses/{klass.course_id}/live')
    await ines.should_see('Start another class', retries=RETRIES)
    await ines.should_see(FULL)


async def test_before_the_first_class(enter: Enter) -> None:
    course = await a_course()
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/live')
    await ines.should_see('No class yet', retries=RETRIES)
    await ines.should_see(FULL)
