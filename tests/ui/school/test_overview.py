"""What an admin lands on: whether all is well, and the people and courses of the school."""

from datetime import timedelta

import pytest
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.accounts import first_step
from services.core import jobs
from services.core.errors import Forbidden
from services.core.jobs import Kind
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_student, an_account, an_admin
from tests.support.learner import RETRIES
from tests.support.menus import choices
from tests.ui.conftest import Enter
from tests.ui.people.test_people import elements_of
from tests.ui.school.test_school import press

pytestmark = [pytest.mark.req('A9')]


async def test_an_admin_lands_on_the_school_and_finds_people_and_courses(enter: Enter) -> None:
    await a_course(title='Soil')
    await a_student(name='Amina Diallo', email='amina@example.org')
    admin = await enter(await an_admin())

    await admin.open('/')
    await admin.should_see('All is well')
    await admin.should_see('SQLite answers')
    assert ways_to_mend(admin) == {'/school/mail', '/school/settings'}
    await admin.should_see('Soil')
    await admin.should_see('Amina Diallo')

    admin.find('Name or e-mail address').type('ines')
    await admin.should_not_see('Amina Diallo')
    await admin.should_see('Ines Instructor')


async def test_what_is_not_well_comes_first(enter: Enter, unexpected: list[str]) -> None:
    async def fails(_: str) -> None:
        raise OSError(28, 'No space left on device')

    await a_course()
    await jobs.run_due([Kind(name='uploads', work=fails, repeats=timedelta(hours=1))])
    admin = await enter(await an_admin())

    await admin.open('/')

    await admin.should_see('Something needs you')
    await admin.should_see('1 failed')
    unexpected.clear()


async def test_a_school_without_courses_leads_to_the_first_one(enter: Enter) -> None:
    admin = await enter(await an_admin())

    await admin.open('/')

    await admin.should_see('Your first course')
    await admin.should_see('Still to be done')
    await admin.should_see('not set; links begin with the address in the browser')
    await admin.should_see('not set up')
    await admin.should_not_see('All is well')


async def test_an_admin_switches_an_account_off(enter: Enter) -> None:
    await a_course()
    await an_account(email='sami@example.org', name='Sami')
    admin = await enter(await an_admin())
    await admin.open('/')

    more(admin, 'More for Sami')
    await admin.should_see('Switch the account off')
    (item,) = (item for item in choices(admin) if item.text == 'Switch the account off')
    UserInteraction(admin, {item}, None).trigger('click', [])
    await admin.should_see('Switch the account of Sami off?')
    press(admin, 'Switch off')

    await admin.should_see('The account of Sami is switched off.', retries=RETRIES)
    with pytest.raises(Forbidden):
        await first_step.sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')


def more(admin: User, label: str) -> None:
    """Press the button that opens the menu of a person."""
    button = next(element for element in elements_of(admin) if element.props.get('aria-label') == label)
    UserInteraction(admin, {button}, None).click()


def ways_to_mend(admin: User) -> set[str]:
    """Return where the links lead that say what is missing."""
    labels = ((str(each.props.get('aria-label', '')), str(each.props.get('href'))) for each in elements_of(admin))
    return {target for label, target in labels if label.endswith(': see to it')}
