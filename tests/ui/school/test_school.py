"""The page of whoever runs the school: invitations that are open, and services with a token."""

from datetime import timedelta

import pytest
from nicegui import ui
from nicegui.testing import User
from nicegui.testing.user_interaction import UserInteraction

from services.accounts import registration, tokens
from services.core import database, jobs
from services.core.errors import Gone, NotSignedIn
from services.core.jobs import Kind
from tests.factories.people import an_admin
from tests.support.learner import RETRIES
from tests.ui.conftest import Enter
from tests.ui.people.test_people import elements_of


@pytest.mark.req('A1')
async def test_an_invitation_is_listed_until_it_is_taken_back(enter: Enter) -> None:
    olga = await an_admin(name='Olga Admin')
    admin = await enter(olga)
    await admin.open('/school')
    await admin.should_not_see('Still open:')

    press(admin, 'Make a link')
    await admin.should_see('by Olga Admin', retries=RETRIES)
    link = shown(admin, 'invitation=')
    press(admin, 'Take back')

    await admin.should_see('The link leads nowhere now.', retries=RETRIES)
    await admin.should_not_see('by Olga Admin')
    with pytest.raises(Gone):
        await database.read(registration.invitation_role, link.partition('invitation=')[2])


@pytest.mark.req('A4')
async def test_a_service_gets_a_token_that_is_shown_once_and_is_signed_out(enter: Enter) -> None:
    admin = await enter(await an_admin())
    await admin.open('/school')
    press(admin, 'Make a token')
    await admin.should_see('Give the service a name', retries=RETRIES)

    admin.find('Name of a new client').type('Lab robot')
    press(admin, 'Make a token')
    await admin.should_see('The token of Lab robot.', retries=RETRIES)
    claim = tokens.read(shown(admin, tokens.SERVICE_PREFIX))
    assert await database.read(tokens.holder, claim)

    await admin.open('/school')
    await admin.should_see('Lab robot')
    await admin.should_not_see(tokens.SERVICE_PREFIX)
    press(admin, 'Sign out')
    await admin.should_see('Sign Lab robot out?')
    press(admin, 'Sign out', look='button-danger')
    await admin.should_see('Lab robot is signed out.', retries=RETRIES)
    with pytest.raises(NotSignedIn):
        await database.read(tokens.holder, claim)


@pytest.mark.req('O1')
async def test_what_failed_is_shown_with_its_reason_and_tried_again(enter: Enter, unexpected: list[str]) -> None:
    times = 0

    async def fails_once(_: str) -> None:
        nonlocal times
        times += 1
        if times == 1:
            raise OSError(28, 'No space left on device')

    kind = Kind(name='uploads', work=fails_once, repeats=timedelta(hours=1))
    await jobs.run_due([kind])
    admin = await enter(await an_admin())
    await admin.open('/school')
    await admin.should_see('Clearing away files that no step uses')
    await admin.should_see('The system says: No space left on device.')

    press(admin, 'Try again')
    await admin.should_see('It is tried now.', retries=RETRIES)
    await jobs.run_due([kind])

    await admin.open('/school')
    await admin.should_see('Nothing has failed')
    await admin.should_see('last done')
    await admin.should_not_see('No space left on device')
    unexpected.clear()


def press(admin: User, text: str, *, look: str = '') -> None:
    """Press the first button with a text, or the first with a look."""
    buttons = (element for element in elements_of(admin) if isinstance(element, ui.button) and element.text == text)
    button = next(button for button in buttons if not look or look in button.classes)
    UserInteraction(admin, {button}, None).click()


def shown(admin: User, part: str) -> str:
    """Return the text on the page that has a part."""
    texts = (str(getattr(element, 'text', '')) for element in elements_of(admin))
    return next(text for text in texts if part in text)
