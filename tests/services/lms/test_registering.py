"""A system registers itself at a one-time address: it works once, for the one it was made for, and nothing is trusted
before an admin has looked at it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from services.access import Actor
from services.core import clock, database
from services.core.errors import DomainError, Gone, Invalid, NotFound, Refused
from services.lms import platforms, registrations, services
from services.lms.configurations import TOOL
from services.lms.registrations import Registration
from tests.factories.people import an_admin, an_instructor
from tests.support.lti_platform import CLIENT_ID, FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]

BASE = 'https://waymark.example.org'


@pytest.fixture
async def campus(data_dir: object) -> AsyncIterator[FakePlatform]:
    async with a_platform() as platform:
        yield platform


async def open_it(campus: FakePlatform, token: str, *, configuration: str | None = None) -> str:
    """Open the address, as the admin of the system does."""
    where = f'{campus.address}/configuration' if configuration is None else configuration
    return await registrations.answer(token, configuration=where, registration_token='door', base=BASE)


async def invite(admin: Actor, campus: FakePlatform) -> str:
    return await database.write(registrations.invite, admin, address=f'{campus.address}/admin?x=1')


async def the_one(admin: Actor) -> Registration:
    ((found),) = await database.read(registrations.of_school, admin)
    return found


@pytest.mark.both_databases
async def test_a_system_registers_itself_and_an_admin_saves_what_it_has_said(campus: FakePlatform) -> None:
    admin = await an_admin()
    campus.registers_as[TOOL] = {'deployment_id': 'dep-7'}
    token = await invite(admin, campus)

    assert await open_it(campus, token) == '127.0.0.1'
    ((said),) = campus.registered
    assert said['token'] == 'Bearer door'
    assert (said['initiate_login_uri'], said['jwks_uri']) == (f'{BASE}/lti/login', f'{BASE}/lti/jwks')
    assert said['redirect_uris'] == [f'{BASE}/lti/launch']
    assert said['scope'] == services.SCORE, 'what the system does not offer is not asked for'
    assert said[TOOL]['domain'] == 'waymark.example.org'
    assert [each['type'] for each in said[TOOL]['messages']] == ['LtiDeepLinkingRequest', 'LtiResourceLinkRequest']

    assert await database.read(platforms.of_school, admin) == (), 'nobody comes in before an admin has looked'
    waiting = await the_one(admin)
    assert waiting.is_found
    new = await database.read(registrations.found, admin, waiting.registration_id)
    assert (new.name, new.issuer, new.client_id, new.deployments) == ('campus', campus.address, CLIENT_ID, 'dep-7')
    await database.write(registrations.save, admin, new, registration_id=waiting.registration_id)
    ((platform),) = await database.read(platforms.of_school, admin)
    assert (platform.deployments, platform.key_set_url) == (('dep-7',), f'{campus.address}/keys')
    assert await database.read(registrations.of_school, admin) == ()


@pytest.mark.both_databases
async def test_an_address_works_once_also_for_two_at_once(campus: FakePlatform) -> None:
    admin = await an_admin()
    token = await invite(admin, campus)
    answers = await asyncio.gather(open_it(campus, token), open_it(campus, token), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ['Gone', 'str']
    with pytest.raises(Gone):
        await open_it(campus, token)
    assert len(campus.registered) == 1


async def test_an_address_ends_and_can_be_taken_back(campus: FakePlatform) -> None:
    admin = await an_admin()
    late, gone = await invite(admin, campus), await invite(admin, campus)
    newest, _ = await database.read(registrations.of_school, admin)
    await database.write(registrations.drop, admin, newest.registration_id)
    with time_machine.travel(clock.now() + registrations.LIFETIME + timedelta(seconds=1), tick=False):
        for token in (late, gone, 'none at all'):
            with pytest.raises(Gone):
                await open_it(campus, token)
        assert await database.read(registrations.of_school, admin) == ()
    assert campus.asked == 0
    with time_machine.travel(clock.now() + registrations.KEPT_FOR + timedelta(days=1), tick=False):
        assert await database.write(registrations.forget_old) == 1


LIES: list[tuple[dict[str, Any] | bytes, str]] = [
    ({'issuer': 'https://moodle.example.org'}, 'speaks for another one'),
    ({'issuer': 'https://[x'}, 'speaks for another one'),
    ({'issuer': 7}, 'cannot be read'),
    ({'token_endpoint': 'http://lms.example.org/token'}, 'without encryption'),
    ({'token_endpoint': 'https://10.0.0.1/token'}, 'private network'),
    ({'jwks_uri': 'https://169.254.169.254/keys'}, 'private network'),
    ({'registration_endpoint': 'https://[::1]/register'}, 'private network'),
    ({'registration_endpoint': None}, 'cannot be read'),
    ({'authorization_endpoint': 'javascript:alert(1)'}, 'Give an address'),
    ({'jwks_uri': 'https://user@lms.example.org/keys'}, 'Give an address'),
    ({'jwks_uri': f'https://lms.example.org/{"x" * 2000}'}, 'cannot be read'),
    (b'["no object"]', 'cannot be read'),
    (b'<html>', 'JSON'),
    (b'{"issuer": "' + b'x' * registrations.MOST_BYTES + b'"}', 'more than anybody needs'),
]


@pytest.mark.parametrize(('lie', 'sentence'), LIES)
async def test_a_configuration_that_lies_is_refused_with_a_sentence_and_nothing_is_sent_to_it(
    campus: FakePlatform, lie: dict[str, Any] | bytes, sentence: str
) -> None:
    admin = await an_admin()
    token = await invite(admin, campus)
    campus.configuration = lie
    with pytest.raises(DomainError, match=sentence):
        await open_it(campus, token)
    registration = await the_one(admin)
    assert sentence in str(registration.problem), 'the admin reads why'
    assert not registration.is_found
    assert campus.registered == []
    with pytest.raises(Gone):
        await open_it(campus, token)


async def test_another_system_cannot_use_the_address(campus: FakePlatform) -> None:
    admin = await an_admin()
    for elsewhere in ('https://lms.example.org/configuration', 'http://127.0.0.1:1/x', '', 'https://[x'):
        with pytest.raises(Refused, match='another system has opened it'):
            await open_it(campus, await invite(admin, campus), configuration=elsewhere)
    assert campus.asked == 0


async def test_a_system_that_is_silent_or_leads_elsewhere_has_an_end(
    campus: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await an_admin()
    with monkeypatch.context() as soon:
        soon.setattr(registrations, 'DEADLINE', 0.05)
        with pytest.raises(Refused, match='in time'):
            await open_it(campus, await invite(admin, campus), configuration=f'{campus.address}/silence')
    campus.headers = {'location': 'http://169.254.169.254/'}
    with pytest.raises(Refused, match='leads elsewhere'):
        await open_it(campus, await invite(admin, campus))


async def test_a_system_changes_none_that_is_registered(campus: FakePlatform) -> None:
    admin = await an_admin()
    await campus.register(admin)
    with pytest.raises(Refused, match='registered here already'):
        await open_it(campus, await invite(admin, campus))
    campus.configuration = {'jwks_uri': f'{campus.address}/other-keys'}
    campus.registers_as = {'client_id': 'another'}
    with pytest.raises(Refused, match='another key set'):
        await open_it(campus, await invite(admin, campus))
    assert len(campus.registered) == 1, 'the second one was found out before it was asked'


@pytest.mark.parametrize('said', [{}, {'client_id': ''}, {'client_id': 'x' * 300}, {'client_id': ['1']}])
async def test_an_answer_without_a_client_id_is_none(campus: FakePlatform, said: dict[str, Any]) -> None:
    admin = await an_admin()
    campus.registers_as = said
    with pytest.raises(DomainError):
        await open_it(campus, await invite(admin, campus))
    assert not (await the_one(admin)).is_found


async def test_only_admins_make_addresses_and_not_without_end(campus: FakePlatform) -> None:
    admin, teacher = await an_admin(), await an_instructor()
    with pytest.raises(NotFound):
        await invite(teacher, campus)
    with pytest.raises(Invalid):
        await database.write(registrations.invite, admin, address='moodle')
    for _ in range(registrations.MOST_OPEN):
        await invite(admin, campus)
    with pytest.raises(Refused, match='too many'):
        await invite(admin, campus)
    with pytest.raises(NotFound):
        await database.read(registrations.found, admin, 1)
