"""The page of the calendar: what is due, and an address that is shown once."""

import re
from datetime import timedelta

import pytest
from nicegui import ui

from services.core import clock, database
from services.core.errors import NotFound
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.deadlines import feeds
from tests.factories.classes import a_class
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter
from tests.ui.school.test_school import press, shown

pytestmark = pytest.mark.req('M2')


async def test_a_learner_makes_an_address_replaces_it_and_ends_it(enter: Enter) -> None:
    klass = await a_class(checkpoints=2)
    due_at = clock.now() + timedelta(days=3)
    await database.write(
        checkpoints.edit, klass.teacher, klass.checkpoints[0], details=Details(title='Soil samples', due_at=due_at)
    )
    lena = await enter(klass.learner)

    await lena.open('/account')
    await lena.should_see('Deadlines in your calendar')
    await lena.open('/calendar')
    await lena.should_see('Soil samples')
    press(lena, 'Make an address')
    await lena.should_see('/calendar/')
    first = token_on(lena)
    assert [each.deadline.title for each in (await feeds.read(first)).entries] == ['Soil samples']

    await lena.open('/calendar')
    await lena.should_see('Your calendar has an address since')
    await lena.should_not_see(first)
    press(lena, 'Make a new address')
    await lena.should_see('Make a new address?')
    press(lena, 'Make a new address', look='button-danger')
    await lena.should_see('/calendar/')
    second = token_on(lena)
    with pytest.raises(NotFound):
        await feeds.read(first)

    press(lena, 'End the address')
    await lena.should_see('End the address?')
    press(lena, 'End the address', look='button-danger')
    await lena.should_see('Make an address', kind=ui.button)
    with pytest.raises(NotFound):
        await feeds.read(second)


async def test_the_list_says_what_was_due_before_the_learner_joined(enter: Enter) -> None:
    klass = await a_class(checkpoints=2)
    for checkpoint, days in zip(klass.checkpoints, (-1, 3), strict=True):
        due_at = clock.now() + timedelta(days=days)
        details = Details(title=f'Due in {days}', due_at=due_at)
        await database.write(checkpoints.edit, klass.teacher, checkpoint, details=details)
    lena = await enter(klass.learner)

    await lena.open('/calendar')

    await lena.should_see('What was due in the last 30 days')
    await lena.should_see('Due in -1')
    await lena.should_see('before you joined')


def token_on(user: PatientUser) -> str:
    found = re.search('/calendar/(.+).ics', shown(user, '/calendar/'))
    assert found
    return found[1]
