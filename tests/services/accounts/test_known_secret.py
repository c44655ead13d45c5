"""The secret of the installation is lost, and a server makes another one."""

import pytest

from services import health
from services.access import Actor
from services.accounts import known_secret, school_settings
from services.core import database
from settings import settings
from tests.factories.people import an_admin

pytestmark = [pytest.mark.req('O1', 'O3'), pytest.mark.usefixtures('db')]
WARNING = 'another secret'


async def test_another_secret_is_said_until_the_first_one_is_back(
    monkeypatch: pytest.MonkeyPatch, server_log_lines: list[dict[str, object]]
) -> None:
    admin = await an_admin()
    await database.write(known_secret.recognise)
    await school_settings.edit(admin, name='Hill School', time_zone='', language='')
    before = await secret_as_admins_see_it(admin)

    with_secret(monkeypatch, 'another secret that somebody else has made')
    for _ in range(2):
        await database.write(known_secret.recognise)
    lost = await secret_as_admins_see_it(admin)
    with_secret(monkeypatch, 'a secret that is only good for tests')
    await database.write(known_secret.recognise)

    assert before == ''
    assert 'Put secret_key of a back-up into the data folder' in lost
    assert await secret_as_admins_see_it(admin) == ''
    assert [line['event'] for line in server_log_lines].count(WARNING) == 2, 'one for each start'


async def test_a_secret_that_is_gone_for_good_is_replaced_by_somebody_who_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin = await an_admin()
    await database.write(known_secret.recognise)
    with_secret(monkeypatch, 'another secret that somebody else has made')
    await database.write(known_secret.keep)

    assert await secret_as_admins_see_it(admin) == ''
    with_secret(monkeypatch, 'a secret that is only good for tests')
    assert await secret_as_admins_see_it(admin) != ''


async def secret_as_admins_see_it(admin: Actor) -> str:
    facts = await database.read(health.of_school, admin)
    assert all(not fact.is_well for fact in facts if str(fact.name) == 'Secret of the server')
    return ' '.join(str(fact.found) for fact in facts if str(fact.name) == 'Secret of the server')


def with_secret(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv('SECRET_KEY', secret)
    settings.cache_clear()
