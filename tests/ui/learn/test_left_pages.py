"""A page of a course that was left: kept for a while in case its browser comes back, and free until then."""

import pytest

from services.core import database
from services.study import path
from tests.factories.classes import a_course, mark
from tests.factories.people import a_guest
from tests.support.eventually import eventually
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('S1', 'O8')]


async def test_a_page_that_was_left_looks_at_nothing_until_its_browser_is_back(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = await a_course(checkpoints=3)
    learner = await a_guest(code=course.code)
    looks: list[int] = []
    look = path.place

    def look_and_note(*args: object) -> path.Place:
        place = look(*args)  # type: ignore[arg-type]
        looks.append(place.done)
        return place

    monkeypatch.setattr(path, 'place', look_and_note)
    user = await enter(learner)
    await user.open(f'/courses/{course.course_id}/learn/{course.checkpoints[0]}')
    await mark(course.checkpoints[1], by=learner)
    await eventually(lambda: looks[-1] == 1)
    assert user.client

    here, user.client.tab_id = user.client.tab_id, None  # as NiceGUI does when the connection is gone
    looks.clear()
    await mark(course.checkpoints[2], by=learner)
    await database.read(lambda tx: None)  # a look that had been asked for would be through by now
    assert looks == []

    user.client.tab_id = here
    for handler in user.client.connect_handlers:
        user.client.safe_invoke(handler)
    await eventually(lambda: looks == [2])
