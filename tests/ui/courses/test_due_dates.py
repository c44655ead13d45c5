"""Moving the due dates of a course on screen: what will be due when is shown before anything changes."""

from datetime import UTC, datetime, timedelta

import pytest
from nicegui import ui

from services.core import database
from services.courses import checkpoints, due_dates
from services.courses.checkpoints import Details
from tests.factories.classes import a_class
from tests.ui.conftest import Enter


@pytest.mark.req('C4')
async def test_due_dates_are_moved_after_a_look_at_what_will_be(enter: Enter) -> None:
    due_at = datetime(2030, 5, 6, 16, 0, tzinfo=UTC)
    klass = await a_class(checkpoints=1)
    details = Details(title='Read about clay', due_at=due_at)
    await database.write(checkpoints.add_one, klass.teacher, klass.course_id, details=details)
    user = await enter(klass.teacher)
    await user.open(f'/courses/{klass.course_id}')
    user.find('Move the due dates', kind=ui.button).click()
    for words in ('Due then', '6 May 2030', '13 May 2030'):
        await user.should_see(words)
    (days,) = [each for each in user.find(ui.number).elements if each.props['label'] == 'By how many days']
    with user:
        days.set_value(-2)
    await user.should_see('4 May 2030')
    user.find('Move them').click()
    await user.should_see('1 due date moved')
    (moved,) = await database.read(due_dates.plan, klass.teacher, klass.course_id, days=0)
    assert moved.was == due_at - timedelta(days=2)
