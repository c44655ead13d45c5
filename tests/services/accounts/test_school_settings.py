"""The name, zone and language of the school, as an admin chooses them."""

import pytest

from services.access import Actor
from services.accounts import school_settings
from services.core import database, languages, school, zones
from services.core.errors import Invalid, NotFound, NotSignedIn
from services.core.school import School
from services.core.server_address import public_url, standing_address
from settings import settings
from tests.factories.people import an_admin, an_instructor

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('A9')]


@pytest.mark.both_databases
async def test_what_an_admin_chooses_holds_at_once_and_after_a_restart() -> None:
    admin = await an_admin()
    assert await database.read(school_settings.own, admin) == School()
    assert (school.current().name, zones.school().key) == ('Waymark', 'UTC'), 'what the environment says'

    zone = {'time_zone': 'Europe/Berlin', 'language': 'en'}
    await school_settings.edit(admin, name='Bramble', by_surname=True, **zone)
    await school_settings.edit(admin, name='  Bramble Hill ', **zone)

    chosen = School(name='Bramble Hill', time_zone='Europe/Berlin', language='en', by_surname=True)
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


@pytest.mark.parametrize(
    ('typed', 'kept'),
    [
        (' https://Waymark.example.org/ ', 'https://waymark.example.org'),
        ('http://192.168.1.20:8080', 'http://192.168.1.20:8080'),
        ('http://[2001:db8::1]:8080', 'http://[2001:db8::1]:8080'),
        ('', ''),
    ],
)
@pytest.mark.both_databases
async def test_links_lead_to_the_address_that_an_admin_gives(typed: str, kept: str) -> None:
    admin = await an_admin()

    await edit_address(admin, typed)

    assert public_url() == kept
    await school_settings.edit(admin, name='Ours', time_zone='', language='')
    assert public_url() == kept, 'what is left out stays'
    if kept:
        assert standing_address() == kept


@pytest.mark.parametrize(
    'typed',
    [
        'waymark.example.org',
        'ftp://waymark.example.org',
        'https://',
        'https://a b.example.org',
        'https://example.org/path',
        'https://example.org?x=1',
        'https://user:password@example.org',
        'https://example.org:99999',
        'https://example.org\\@evil.example.org',
        'https://[::1',
        'https://bücher.example',
        'javascript:alert(1)',
        'https://' + 'x' * 300 + '.org',
    ],
)
async def test_what_no_link_can_lead_to_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await edit_address(await an_admin(), typed)

    assert refusal.value.field == 'public_url'
    assert public_url() == ''


async def test_the_address_of_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('PUBLIC_URL', 'https://of.environment.example')
    settings.cache_clear()

    await edit_address(await an_admin(), 'https://of.admin.example')

    assert public_url() == 'https://of.environment.example'


async def edit_address(admin: Actor, typed: str) -> None:
    await school_settings.edit(admin, name='', time_zone='', language='', public_url=typed)
