"""Where the clock of a browser is not that of the school, its reader gets a zone of their own, or is told how."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from services.accounts import profiles
from services.core import clock, database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.live import sessions
from tests.factories.classes import a_class
from tests.factories.people import a_student, an_admin
from tests.support.browser_people import People, is_connected
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope='session'), pytest.mark.req('A9')]


@pytest.mark.parametrize(
    ('time_zone', 'locale', 'zone', 'says'),
    [
        ('Asia/Kathmandu', 'ne-NP', 'Asia/Kathmandu', 'Times are shown in the time of Asia/Kathmandu from now on.'),
        ('Asia/Kathmandu', 'en-US', '', 'Your clock is not that of the school'),
    ],
)
async def test_the_clock_of_the_browser_is_asked_once(
    people: People, server: Server, time_zone: str, locale: str, zone: str, says: str
) -> None:
    async with server.at_hand():
        sami = await a_student()
        page = await people.page(token=await token_of(sami), time_zone=time_zone, locale=locale)
        await page.goto('/')
        await is_connected(page)

        await expect(page.get_by_text(says)).to_be_visible()
        assert (await database.read(profiles.own, sami)).time_zone == zone
        await page.goto('/')
        await is_connected(page)
        await expect(page.get_by_text(says)).to_have_count(0 if zone else 1)


async def test_a_guest_who_learns_at_home_reads_the_times_of_their_own_zone(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class(checkpoints=1)
        (checkpoint,) = klass.checkpoints
        details = Details(title='Measure the pH', due_at=datetime(2099, 1, 1, 12, tzinfo=UTC))
        await database.write(checkpoints.edit, klass.teacher, checkpoint, details)
        token = await token_of(klass.learner)
    page = await people.page(token=token, time_zone='Asia/Kathmandu', locale='ne-NP')
    await page.goto(f'/courses/{klass.course_id}/learn/{checkpoint}')
    await is_connected(page)
    await expect(page.get_by_text('Times are shown in the time of Asia/Kathmandu from now on.')).to_be_visible()

    await page.goto(f'/courses/{klass.course_id}/learn/{checkpoint}')
    await is_connected(page)
    await expect(page.get_by_text('due 1 Jan 2099, 17:45')).to_be_visible()
    await expect(page.get_by_text('from now on')).to_have_count(0)


@pytest.mark.req('L16')
async def test_a_guest_in_class_reads_until_when_in_their_own_zone(people: People, server: Server) -> None:
    async with server.at_hand():
        klass = await a_class()
        details = Details(title='Wet the sample', estimated_minutes=30)
        await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], details)
        await database.write(sessions.set_current, klass.teacher, klass.course_id, klass.checkpoints[0])
        token = await token_of(klass.learner)
    page = await people.page(token=token, time_zone='Asia/Kathmandu', locale='ne-NP')
    await page.goto(f'/class/{klass.course_id}')

    until = clock.now().astimezone(ZoneInfo('Asia/Kathmandu')) + timedelta(minutes=30)
    around = '|'.join(f'{until + timedelta(minutes=more):%-H:%M}' for more in range(-4, 3))
    await expect(page.get_by_text(re.compile(f'until about ({around})$'))).to_be_visible()


async def test_the_set_up_offers_the_zone_of_the_browser(people: People, server: Server) -> None:
    async with server.at_hand():
        token = await token_of(await an_admin())
    page = await people.page(token=token, time_zone='Asia/Kathmandu', locale='ne-NP')
    await page.goto('/school/settings?next=/school/mail')
    await is_connected(page)
    await expect(page.get_by_label('Time zone')).to_have_value('Asia/Kathmandu')
    await expect(page.get_by_label('Name of your school')).to_have_value('')

    abroad = await people.page(token=token, time_zone='Asia/Kathmandu', locale='en-GB')
    await abroad.goto('/school/settings?next=/school/mail')
    await expect(abroad.get_by_text('Your clock does not show the time of this server.')).to_be_visible()

    await page.goto('/school/settings')
    await is_connected(page)
    await expect(page.get_by_label('Time zone')).to_have_value('')
