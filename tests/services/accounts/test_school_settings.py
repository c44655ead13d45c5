"""The name, zone and language of the school, as an admin chooses them."""

import pytest

from services.accounts import school_settings
from services.core import database, languages, school, zones
from services.core.errors import Invalid, NotFound, NotSignedIn
from services.core.school import School
from tests.factories.people import an_admin, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9')]


@pytest.mark.both_databases
async def test_what_an_admin_chooses_holds_at_once_and_after_a_restart() -> None:
    admin = await an_admin()
    assert await database.read(school_settings.own, admin) == School()
    assert (school.current().name, zones.school().key) == ('Waymark', 'UTC'), 'what the environment says'

    await school_settings.edit(admin, name='  Bramble Hill ', time_zone='Europe/Berlin', language='en')

    chosen = School(name='Bramble Hill', time_zone='Europe/Berlin', language='en')
    assert school.current() == chosen
    assert zones.school().key == 'Europe/Berlin'
    school.remember(School())
    await school_settings.load()
    assert school.current() == chosen


@pytest.mark.parametrize(
    ('wrong', 'field'),
    [({'name': 'x' * 81}, 'name'), ({'time_zone': 'Mars/Base'}, 'time_zone'), ({'language': 'tlh'}, 'language')],
)
async def test_what_no_school_can_have_is_refused(wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await school_settings.edit(await an_admin(), **{'name': '', 'time_zone': '', 'language': '', **wrong})

    assert refusal.value.field == field
    assert school.current().name == 'Waymark'


async def test_nobody_but_admins_changes_the_school() -> None:
    for person, refusal in ((await an_instructor(), NotFound), (None, NotSignedIn)):
        with pytest.raises(refusal):
            await school_settings.edit(person, name='Ours', time_zone='', language='')


def test_the_language_of_the_school_is_for_browsers_that_ask_for_none_that_is_offered() -> None:
    assert languages.preferred('tlh', 'en') == 'en'
    assert languages.preferred('en-GB,en;q=0.5', 'tlh') == 'en'
    assert languages.preferred('tlh', 'xx') == 'xx'
