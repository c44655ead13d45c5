"""Programs sign in, stay signed in, and are signed out: short tokens, a family that ends when one is stolen."""

from datetime import timedelta

import jwt
import pytest
import time_machine

from services.accounts import sign_ins, tokens
from services.core import clock, database
from services.enums import Scope
from settings import settings
from tests.api.conftest import APrograms, Program
from tests.factories.people import PASSWORD, an_account, an_admin, an_instructor, another_device

pytestmark = pytest.mark.req('A4')

AMINA = {'name': 'Amina Diallo', 'email': 'amina@example.org', 'password': PASSWORD}


async def test_a_program_registers_somebody_and_is_signed_in(program: Program, a_program: APrograms) -> None:
    made = await program.post('/auth/register', json=AMINA)

    assert made.status_code == 201
    me = await (await a_program(token=made.json()['access_token'])).get('/auth/me')
    assert me.json() == {
        'user_id': made.json()['user_id'],
        'name': 'Amina Diallo',
        'role': 'student',
        'email': 'amina@example.org',
        'is_confirmed': False,
        'is_refused': False,
        'rejoin_code': None,
        'time_zone': '',
        'language': '',
    }


@pytest.mark.req('V5')
async def test_where_the_school_asks_a_program_says_who_agrees(
    program: Program, a_program: APrograms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('AGE_OF_CONSENT', '16')
    settings.cache_clear()

    for said, status in ({}, 422), ({'agreement': 'teacher'}, 422), ({'agreement': 'parents'}, 201):
        made = await program.post('/auth/register', json=AMINA | said)
        assert made.status_code == status

    admin = await a_program(of=await an_admin())
    shown = await admin.get(f'/school/people/{made.json()["user_id"]}')
    assert shown.json()['agreement'] == 'parents'


@pytest.mark.req('A9')
async def test_a_program_changes_the_profile_and_the_keys_of_its_person(program: Program, a_program: APrograms) -> None:
    made = (await program.post('/auth/register', json=AMINA)).json()
    amina = await a_program(token=made['access_token'])

    profile = await amina.put('/auth/me', json={'name': 'Amina D.', 'time_zone': 'Asia/Tokyo'})
    assert (profile.json()['name'], profile.json()['time_zone']) == ('Amina D.', 'Asia/Tokyo')
    wrong = {'email': 'new@example.org', 'current_password': 'not this one'}
    assert (await amina.put('/auth/me/email', json=wrong)).status_code == 422
    assert (await amina.put('/auth/me/email', json=wrong | {'current_password': PASSWORD})).status_code == 204
    keys = {'current_password': PASSWORD, 'new_password': 'an even better battery', 'sign_out_others': True}
    assert (await amina.put('/auth/me/password', json=keys)).status_code == 204

    assert (await amina.get('/auth/me')).json()['email'] == 'new@example.org'
    old = await program.post('/auth/login', json={'email': 'new@example.org', 'password': PASSWORD})
    new = await program.post('/auth/login', json={'email': 'new@example.org', 'password': keys['new_password']})
    assert (old.status_code, new.status_code) == (401, 200)


async def test_signing_in_with_a_wrong_password_tells_nothing(program: Program) -> None:
    await an_account(email='sami@example.org')

    known = await program.post('/auth/login', json={'email': 'sami@example.org', 'password': 'not this one'})
    unknown = await program.post('/auth/login', json={'email': 'nobody@example.org', 'password': 'not this one'})

    assert known.status_code == unknown.status_code == 401
    assert known.json()['detail'] == unknown.json()['detail']


async def test_guessing_is_slowed_down_and_says_for_how_long(program: Program) -> None:
    await an_account(email='sami@example.org')
    for _ in range(5):
        await program.post('/auth/login', json={'email': 'sami@example.org', 'password': 'a guess'})

    slowed = await program.post('/auth/login', json={'email': 'sami@example.org', 'password': PASSWORD})

    assert slowed.status_code == 429
    assert int(slowed.headers['retry-after']) >= 1


async def test_an_access_token_is_good_for_a_quarter_of_an_hour(program: Program, a_program: APrograms) -> None:
    made = (await program.post('/auth/register', json=AMINA)).json()
    amina = await a_program(token=made['access_token'])
    assert made['expires_in'] == 15 * 60

    with time_machine.travel(clock.now() + timedelta(minutes=14, seconds=50)):
        assert (await amina.get('/auth/me')).status_code == 200
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1)):
        late = await amina.get('/auth/me')

    assert late.status_code == 401
    assert late.headers['www-authenticate'] == 'Bearer'


async def test_a_refresh_token_is_good_once_and_for_thirty_days(program: Program) -> None:
    first = (await program.post('/auth/register', json=AMINA)).json()

    with time_machine.travel(clock.now() + timedelta(days=29)):
        second = await program.post('/auth/refresh', json={'refresh_token': first['refresh_token']})
    with time_machine.travel(clock.now() + timedelta(days=60)):
        late = await program.post('/auth/refresh', json={'refresh_token': second.json()['refresh_token']})

    assert second.status_code == 200
    assert late.status_code == 401


async def test_a_stolen_refresh_token_ends_the_whole_family(program: Program, a_program: APrograms) -> None:
    first = (await program.post('/auth/register', json=AMINA)).json()
    elsewhere = (await program.post('/auth/login', json={'email': AMINA['email'], 'password': PASSWORD})).json()
    second = (await program.post('/auth/refresh', json={'refresh_token': first['refresh_token']})).json()

    thief = await program.post('/auth/refresh', json={'refresh_token': first['refresh_token']})

    assert thief.status_code == 401
    owner = await a_program(token=second['access_token'])
    assert (await owner.get('/auth/me')).status_code == 401
    assert (await owner.post('/auth/refresh', json={'refresh_token': second['refresh_token']})).status_code == 401
    # another device of theirs goes on
    assert (await (await a_program(token=elsewhere['access_token'])).get('/auth/me')).status_code == 200


async def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(
    program: Program, a_program: APrograms
) -> None:
    made = (await program.post('/auth/register', json=AMINA)).json()

    refreshed = await program.post('/auth/refresh', json={'refresh_token': made['access_token']})
    opened = await (await a_program(token=made['refresh_token'])).get('/auth/me')

    assert refreshed.status_code == opened.status_code == 401


@pytest.mark.parametrize('algorithm', ['none', 'HS384', 'HS512'])
async def test_only_our_own_algorithm_is_taken(program: Program, a_program: APrograms, algorithm: str) -> None:
    made = (await program.post('/auth/register', json=AMINA)).json()
    claims = jwt.decode(made['access_token'], options={'verify_signature': False})
    key = None if algorithm == 'none' else tokens._key() * 2
    forged = jwt.encode(claims, key, algorithm=algorithm)

    assert (await (await a_program(token=forged)).get('/auth/me')).status_code == 401


async def test_a_changed_token_is_refused(program: Program, a_program: APrograms) -> None:
    made = (await program.post('/auth/register', json=AMINA)).json()
    head, body, signature = made['access_token'].split('.')
    other = await database.write(tokens.enter, (await an_admin()).user_id, 'Another')

    mixed = f'{head}.{other.access_token.split(".")[1]}.{signature}'

    assert (await (await a_program(token=mixed)).get('/auth/me')).status_code == 401
    assert (await (await a_program(token=f'{head}.{body}.{signature}')).get('/auth/me')).status_code == 200


async def test_the_cookie_of_a_browser_opens_nothing_here_and_a_token_opens_no_page(a_program: APrograms) -> None:
    entered = await an_account()
    made = await database.write(tokens.enter, entered.actor.user_id, 'A script')

    with_cookie = await a_program(cookie=f'waymark={entered.token}')
    as_bearer = await a_program(token=entered.token)

    assert (await with_cookie.get('/auth/me')).status_code == 401
    assert (await as_bearer.get('/auth/me')).status_code == 401
    for token in (made.access_token, made.refresh_token):
        assert await database.read(sign_ins.resolve, token) is None


async def test_programs_are_listed_beside_browsers_and_signed_out_one_by_one(a_program: APrograms) -> None:
    ines = await an_instructor()
    program, other = await a_program(ines), await a_program(ines)

    devices = (await program.get('/auth/devices')).json()
    (theirs,) = [device for device in devices if device['kind'] == 'program' and not device['is_this']]
    gone = await program.delete(f'/auth/devices/{theirs["sign_in_id"]}')

    assert sorted(device['kind'] for device in devices) == ['browser', 'program', 'program']
    assert gone.status_code == 204
    assert (await other.get('/auth/me')).status_code == 401
    assert (await program.get('/auth/me')).status_code == 200


async def test_nobody_signs_out_what_belongs_to_another(a_program: APrograms) -> None:
    ines, other = await an_instructor(), await an_instructor()

    refused = await (await a_program(other)).delete(f'/auth/devices/{ines.sign_in_id}')

    assert refused.status_code == 404
    assert (await (await a_program(ines)).get('/auth/me')).status_code == 200


async def test_signing_out_everywhere_ends_programs_and_browsers(a_program: APrograms) -> None:
    ines = await an_instructor()
    tablet = await another_device(of=ines)
    program, other = await a_program(ines), await a_program(ines)

    assert (await program.post('/auth/logout', json={'everywhere': True})).status_code == 204

    assert (await program.get('/auth/me')).status_code == 401
    assert (await other.get('/auth/me')).status_code == 401
    devices = await database.read(sign_ins.devices, await another_device(of=ines))
    assert tablet.sign_in_id not in {device.sign_in_id for device in devices}


async def test_signing_out_ends_this_program_alone(a_program: APrograms) -> None:
    ines = await an_instructor()
    program, other = await a_program(ines), await a_program(ines)

    assert (await program.post('/auth/logout')).status_code == 204

    assert (await program.get('/auth/me')).status_code == 401
    assert (await other.get('/auth/me')).status_code == 200


async def test_only_who_runs_the_school_lets_a_service_act(a_program: APrograms) -> None:
    service = {'name': 'Exercise checker', 'scope': Scope.PROGRESS}

    made = await (await a_program(await an_admin())).post('/auth/services', json=service)
    refused = await (await a_program(await an_instructor())).post('/auth/services', json=service)

    assert made.status_code == 201
    assert refused.status_code == 404
    # good for what it was made for, and for nothing else
    assert (await (await a_program(token=made.json()['token'])).get('/auth/me')).status_code == 403


async def test_a_service_ends_when_its_admin_signs_it_out(a_program: APrograms) -> None:
    admin = await a_program(await an_admin())
    made = (await admin.post('/auth/services', json={'name': 'Checker', 'scope': Scope.PROGRESS})).json()

    assert (await admin.delete(f'/auth/devices/{made["sign_in_id"]}')).status_code == 204

    assert (await (await a_program(token=made['token'])).get('/auth/me')).status_code == 401
