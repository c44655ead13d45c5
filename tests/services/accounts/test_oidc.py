"""Signing in with the school's own accounts: whom the token is believed about, and whose account it opens."""

import asyncio
import base64
import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwk
from joserfc.errors import SecurityWarning
from sqlalchemy import select

from models import Role, User, table
from services import access
from services.access import Actor
from services.accounts import (
    administration,
    first_step,
    half_way,
    own_factor,
    parent_codes,
    second_step,
    sign_ins,
    tokens,
)
from services.accounts.half_way import HalfWay
from services.accounts.oidc import fetching, flow, id_tokens, providers
from services.accounts.oidc.flow import CameBack
from services.core import audience, database, hub
from services.core.errors import Forbidden, Invalid, NotFound, NotSignedIn, Refused
from settings import settings
from tests.factories.people import PASSWORD, a_parent, a_student, an_account, an_admin, another_device
from tests.support.oidc_provider import CLIENT, SECRET, Provider, a_provider

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A8')]

REDIRECT = 'https://waymark.example.org/oidc/school/callback'
AMINA = {'name': 'Amina Diallo', 'email': 'amina@school.org', 'email_verified': True}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with a_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def configure(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The settings name the provider; called again, with other choices."""

    def choose(*, local: bool = True, **more: object) -> None:
        one = {
            'name': 'school',
            'label': 'Hill School',
            'issuer': provider.issuer,
            'client_id': CLIENT,
            'client_secret': SECRET,
            **more,
        }
        config = settings().model_copy(update={'oidc_providers': json.dumps([one]), 'local_sign_in': local})
        monkeypatch.setattr('services.accounts.oidc.providers.settings', lambda: config)
        monkeypatch.setattr('services.accounts.first_step.settings', lambda: config)

    fetching.forget()
    flow.begun_from.clear()
    choose()
    yield choose
    fetching.forget()


async def test_an_account_is_made_once_and_found_again_by_issuer_and_subject(provider: Provider) -> None:
    first = await come(provider, **AMINA)

    again = await come(provider, name='Amina D.', email='other@school.org', email_verified=True)

    assert again.user_id == first.user_id
    assert (first.name, first.role, first.is_guest) == ('Amina Diallo', Role.STUDENT, False)
    stranger = await come(provider, sub='amina-2', name='Amina Diallo')
    assert stranger.user_id != first.user_id
    for password in '', PASSWORD:
        with pytest.raises(Exception, match='do not belong together'):
            await first_step.sign_in(email='amina@school.org', password=password, device='Laptop')


@pytest.mark.parametrize(
    ('wrong', 'what'),
    [
        ({'nonce': 'of another sign-in'}, 'nonce'),
        ({'nonce': None}, 'nonce'),
        ({'aud': 'somebody else'}, 'aud'),
        ({'aud': [CLIENT, 'somebody else']}, 'aud'),
        ({'azp': 'somebody else'}, 'aud'),
        ({'iss': 'https://evil.example'}, 'iss'),
        ({'exp': 1_000_000}, 'exp'),
        ({'exp': None}, 'exp'),
        ({'iat': 9_000_000_000}, 'iat'),
        ({'sub': ''}, 'sub'),
        ({'sub': 7}, 'sub'),
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_is_refused(
    provider: Provider, wrong: dict[str, Any], what: str
) -> None:
    provider.wrong = wrong
    with pytest.raises(Refused, match=rf'\({what}\)'):
        await come(provider, **AMINA)
    assert not await people_called('Amina Diallo')


async def test_keys_that_rotated_are_fetched_again_and_others_are_refused(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await come(provider, **AMINA)
    provider.rotate()
    with pytest.raises(Refused, match='signature'):  # the keys were fetched a moment ago
        await come(provider, **AMINA)
    monkeypatch.setattr(fetching, 'KEYS_AGAIN_AFTER', 0.0)

    assert await come(provider, **AMINA)

    provider.key = jwk.RSAKey.generate_key(2048, {'kid': provider.key.kid}, auto_kid=False)  # not the published one
    with pytest.raises(Refused, match='signature'):
        await come(provider, **AMINA)


async def test_weak_shared_and_missing_signatures_are_refused(provider: Provider) -> None:
    one = providers.named('school')
    now = {'iss': provider.issuer, 'aud': CLIENT, 'sub': 'x', 'nonce': 'n', 'iat': 1, 'exp': 9_000_000_000}
    public = provider.key.as_pem(private=False)
    forged = [
        _forged({'alg': 'none'}, now, b''),
        _forged({'alg': 'HS256', 'kid': 'first'}, now, public),
        _forged({'alg': 'RS256', 'kid': 'first'}, now, public),
        'a.b.c',
        'x' * 40_000,
        '',
    ]
    for token in forged:
        with pytest.raises(Refused):
            await id_tokens.of_sign_in(one, token, nonce='n')
    assert await id_tokens.of_sign_in(one, provider.sign(now), nonce='n')


async def test_a_key_that_is_too_short_signs_nothing(provider: Provider) -> None:
    with pytest.warns(SecurityWarning):
        provider.key = jwk.RSAKey.import_key(rsa.generate_private_key(65537, 1024), {'kid': 'short'})
    provider.published = [provider.key.as_dict(private=False)]
    with pytest.raises(Refused, match='signature'):
        await come(provider, **AMINA)


async def test_a_code_goes_only_where_the_sign_in_began(provider: Provider) -> None:
    begun = await begin()
    brought = provider.authorize(begun.address, **AMINA)
    other = await begin()
    for packed, parameters in (
        (other.packed, brought),  # another browser: the state is not its own
        ('', brought),
        ('forged', brought),
        (begun.packed, brought | {'state': ''}),
        (begun.packed, brought | {'iss': 'https://evil.example'}),
        (begun.packed, {'error': 'access_denied', 'state': brought['state']}),
    ):
        with pytest.raises(Refused):
            await flow.finish('school', parameters, packed=packed, device='Laptop')
    with pytest.raises(NotFound):
        await flow.finish('another', brought, packed=begun.packed, device='Laptop')

    assert (await flow.finish('school', brought, packed=begun.packed, device='Laptop')).entered
    with pytest.raises(Refused):  # a code is good once
        await flow.finish('school', brought, packed=begun.packed, device='Laptop')


async def test_an_account_with_the_same_address_is_not_taken_over_but_joined(provider: Provider) -> None:
    mine = await an_account(email='amina@school.org', name='Amina')
    with pytest.raises(Refused, match='join the two'):
        await come(provider, **AMINA)

    begun = await flow.begin('school', redirect=REDIRECT, target='/account', joins=mine.actor)
    brought = provider.authorize(begun.address, **AMINA)
    with pytest.raises(Refused):  # somebody else is signed in on the browser by now
        await flow.finish('school', brought, packed=begun.packed, device='Laptop', actor=await a_student())
    begun = await flow.begin('school', redirect=REDIRECT, target='/account', joins=mine.actor)
    brought = provider.authorize(begun.address, **AMINA)
    came_back = await flow.finish('school', brought, packed=begun.packed, device='Laptop', actor=mine.actor)

    assert came_back == CameBack(entered=None, target='/account')
    assert (await come(provider, **AMINA)).user_id == mine.actor.user_id
    thief = await an_account(email='thief@school.org')
    begun = await flow.begin('school', redirect=REDIRECT, target='/account', joins=thief.actor)
    brought = provider.authorize(begun.address, **AMINA)
    with pytest.raises(Refused, match='Somebody else'):
        await flow.finish('school', brought, packed=begun.packed, device='Laptop', actor=thief.actor)


async def test_the_same_person_twice_at_once_gets_one_account(provider: Provider) -> None:
    first, second = await asyncio.gather(come(provider, **AMINA), come(provider, **AMINA))
    assert first.user_id == second.user_id
    assert await people_called('amina@school.org') == 1


async def test_accounts_are_made_within_limits(provider: Provider, configure: Any) -> None:
    configure(domains=['@School.org'])
    for claims in ({}, AMINA | {'email_verified': False}, AMINA | {'email': 'amina@evil.org'}):
        with pytest.raises(Forbidden, match='confirmed addresses'):
            await come(provider, **claims)
    known = await come(provider, **AMINA)
    configure(creates=False)
    with pytest.raises(Forbidden, match='no account here yet'):
        await come(provider, sub='ben', name='Ben')
    assert (await come(provider, **AMINA)).user_id == known.user_id


async def test_roles_follow_the_claims_but_only_as_mapped(provider: Provider, configure: Any) -> None:
    olga = await an_admin()
    assert (await come(provider, sub='a', name='Al', groups=['admin', 'it'])).role is Role.STUDENT
    configure(roles_claim='realm.groups', roles={'staff': 'instructor', 'it': 'admin'})
    for groups, role in (
        (['admin'], Role.STUDENT),
        (['staff', 'x'], Role.INSTRUCTOR),
        ('it', Role.ADMIN),
        (['staff'], Role.INSTRUCTOR),
    ):
        assert (await come(provider, sub='b', name='Bo', realm={'groups': groups})).role is role
    before = await come(provider, sub='b', name='Bo', realm={'groups': ['staff']})
    assert (await come(provider, sub='c', name='Cy', realm={'groups': 'it'})).role is Role.ADMIN
    for without in ({}, {'realm': {}}, {'realm': 'it'}, {'realm': {'groups': None}}):  # no role there: none here
        assert (await come(provider, sub='c', name='Cy', **without)).role is Role.STUDENT
        assert (await come(provider, sub='c', name='Cy', realm={'groups': 'it'})).role is Role.ADMIN
    too_many = {'_claim_names': {'realm': 'src1'}, '_claim_sources': {'src1': {'endpoint': 'https://graph.example'}}}
    assert (await come(provider, sub='c', name='Cy', **too_many)).role is Role.ADMIN, 'named elsewhere is not without'
    await come(provider, sub='c', name='Cy')
    bo = await come(provider, sub='b', name='Bo', realm={'groups': 'it'})
    await database.write(administration.disable, bo, user_id=olga.user_id)
    assert (await come(provider, sub='b', name='Bo', realm={'groups': []})).role is Role.ADMIN  # the last one
    with pytest.raises(NotSignedIn):  # a changed role signs out, as when an admin changes it
        await database.read(own_factor.own, before)


async def test_a_switched_off_account_stays_out(provider: Provider) -> None:
    amina = await come(provider, **AMINA)
    await database.write(administration.disable, await an_admin(), user_id=amina.user_id)
    with pytest.raises(Forbidden, match='switched off'):
        await come(provider, **AMINA)


async def test_signing_out_there_signs_out_here(provider: Provider) -> None:
    laptop = await come(provider, **AMINA, sid='s1')
    phone = await come(provider, **AMINA, sid='s2')
    tablet = await another_device(of=laptop)
    said = {'iss': provider.issuer, 'aud': CLIENT, 'iat': 1, 'exp': 9_000_000_000, 'events': {id_tokens.LOGOUT: {}}}
    for wrong in ({'nonce': 'n', 'sid': 's1'}, {}, {'events': {}, 'sid': 's1'}, {'sid': 's1', 'aud': 'x'}):
        with pytest.raises(Refused):
            await flow.signed_out_there('school', provider.sign({**said, **wrong}))

    assert await flow.signed_out_there('school', provider.sign({**said, 'sid': 's1'})) == 1
    assert await flow.signed_out_there('school', provider.sign({**said, 'sid': 's1'})) == 0
    with pytest.raises(NotSignedIn):
        await database.read(own_factor.own, laptop)
    assert await database.read(own_factor.own, phone)
    address = await flow.sign_out_address(phone, back='https://waymark.example.org/')
    assert parse_qs(urlsplit(address).query)['client_id'] == [CLIENT]
    assert await flow.sign_out_address(tablet, back='https://waymark.example.org/') == ''

    assert await flow.signed_out_there('school', provider.sign({**said, 'sub': 'amina-1'})) == 1
    assert await database.read(own_factor.own, tablet)


async def test_with_passwords_closed_admins_alone_have_theirs(provider: Provider, configure: Any) -> None:
    sami = await an_account(email='sami@example.org')
    admin = await an_account(email='olga@example.org')
    await database.write(administration.change_role, await an_admin(), user_id=admin.actor.user_id, role=Role.ADMIN)
    configure(local=False)

    with pytest.raises(Forbidden, match='account of your school'):
        await first_step.sign_in(email='sami@example.org', password=PASSWORD, device='Laptop')
    with pytest.raises(Forbidden, match='account of your school'):
        await tokens.sign_in(email='sami@example.org', password=PASSWORD, device='curl')
    with pytest.raises(Forbidden, match='account of your school'):
        await an_account(email='new@example.org')
    assert not await people_called('new@example.org')
    assert (await first_step.sign_in(email='olga@example.org', password=PASSWORD, device='Laptop')).actor
    assert (await come(provider, **AMINA)).user_id != sami.actor.user_id


async def test_a_second_factor_here_is_asked_for_unless_there_was_one_there(
    provider: Provider, configure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(roles_claim='groups', roles={'staff': 'instructor'})
    config = settings().model_copy(update={'second_factor_required': True})
    monkeypatch.setattr('services.accounts.second_factor.settings', lambda: config)

    with pytest.raises(HalfWay) as half:
        await come(provider, **AMINA, groups='staff', sid='s1')
    assert (await database.read(second_step.look, half.value.ticket)).account == 'amina@school.org'
    assert half_way.via_of(half.value.ticket).session == 's1'
    assert (await come(provider, **AMINA, groups='staff', amr=['pwd', 'otp'])).role is Role.INSTRUCTOR
    configure(roles_claim='groups', roles={'staff': 'instructor'}, trusts_second_factor=True)
    assert (await come(provider, **AMINA, groups='staff')).role is Role.INSTRUCTOR
    assert await database.write(sign_ins.end_without_factor) == 0, 'a server that starts anew signs nobody out'
    configure(roles_claim='groups', roles={'staff': 'instructor'})
    assert await database.write(sign_ins.end_without_factor) == 2


@pytest.mark.parametrize(
    ('trouble', 'sentence'),
    [
        ({'wait': 4.0}, 'does not answer'),
        ({'padding': 300_000}, 'does not answer'),
        ({'described': {'issuer': 'https://evil.example'}}, 'cannot be used'),
        ({'described': {'token_endpoint': 'http://192.0.2.1/token'}}, 'cannot be used'),
        ({'described': {'jwks_uri': ''}}, 'cannot be used'),
    ],
)
async def test_a_provider_that_is_slow_endless_or_somebody_else_is_left(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, trouble: dict[str, Any], sentence: str
) -> None:
    monkeypatch.setattr(fetching, 'DEADLINE', 2.0)  # in which a busy machine answers, too
    for name, value in trouble.items():
        setattr(provider, name, value)
    with pytest.raises(Refused, match=sentence):
        await come(provider, **AMINA)


def _forged(header: dict[str, str], claims: dict[str, Any], key: bytes) -> str:
    """Return a token that is signed with a key that everybody knows, or with none."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b'=') for part in (header, claims)]
    signature = hmac.digest(key, b'.'.join(parts), 'sha256') if key else b''
    return b'.'.join([*parts, base64.urlsafe_b64encode(signature).rstrip(b'=')]).decode()


async def begin() -> flow.Begun:
    return await flow.begin('school', redirect=REDIRECT, target='/')


async def come(provider: Provider, **claims: Any) -> Actor:
    """Sign in at the provider as the person whom the claims describe."""
    begun = await begin()
    brought = provider.authorize(begun.address, **claims)
    came_back = await flow.finish('school', brought, packed=begun.packed, device='Laptop')
    assert came_back.entered is not None
    return came_back.entered.actor


async def people_called(text: str) -> int:
    users = table(User)
    wanted = select(users.c.id).where((users.c.name == text) | (users.c.email == text))
    return len(await database.read(lambda tx: tx.execute(wanted).all()))


async def test_a_role_from_a_claim_ends_the_links_to_parents_as_one_from_an_admin_does(
    provider: Provider, configure: Any
) -> None:
    configure(roles_claim='groups', roles={'staff': 'instructor'})
    bo = await come(provider, sub='b', name='Bo', groups=[])
    parent = await a_parent(of=bo)
    code = (await database.write(parent_codes.make, bo, child_id=bo.user_id)).code
    heard: list[int] = []
    stop = hub.watch(audience.of_person(parent.user_id), lambda events: heard.append(len(events)))

    await come(provider, sub='b', name='Bo', groups=['staff'])

    assert heard == [1], 'the page of the parent is told'
    stop()
    assert (await come(provider, sub='b', name='Bo', groups=[])).role is Role.STUDENT
    with pytest.raises(NotFound):
        await database.read(access.child, parent, bo.user_id)
    with pytest.raises(Invalid, match='wrong, used or too old'):
        await database.write(parent_codes.add_child, parent, code=code)
