"""Every door that ever led in, whatever happened before: passwords, links, invitations, learning systems, tokens.

Random histories against a plain model, which knows for each door whether it is open; and whatever rights there are
follow from who is signed in (`test_rights_in_time`).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models import Scope
from services.access import Actor
from services.accounts import administration, credentials, first_step, invitations, registration, resets, sign_ins
from services.accounts import tokens as api_tokens
from services.accounts.registration import NewAccount
from services.core import database
from services.core.errors import DomainError, Gone, NotFound, NotSignedIn
from services.core.transaction import Transaction
from services.lms import logins, platforms, registrations
from services.lms.logins import Begun
from services.lms.platforms import NewPlatform
from tests.factories.people import PASSWORD
from tests.services.accounts import test_rights_in_time as rights
from tests.services.accounts.test_rights_in_time import Device, Model

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A1', 'A3', 'A6', 'O7')]

OF_SOMEBODY = (
    *('signs in', 'signs in with a former password', 'changes the password', 'changes it and stays elsewhere'),
    *('chooses a password by a link', 'lets a client in', 'goes on with a client', 'sends an old token of a client'),
    *('signs another device out', 'is signed out everywhere', 'is switched off', 'is switched on', 'asks for a link'),
    *('is taken out', 'is brought back', 'becomes instructor', 'becomes student', 'is erased'),
)
OF_SCHOOL = (
    *('invites', 'takes an invitation back', 'has one used', 'has one used twice', 'lets a service in'),
    *('ends a service', 'asks a learning system', 'drops a learning system', 'registers a learning system'),
    *('switches a learning system off', 'switches a learning system on', 'registers a learning system again'),
)
Step = tuple[str, str]
steps = st.one_of(
    st.tuples(st.sampled_from(rights.PEOPLE), st.sampled_from(OF_SOMEBODY)),
    st.tuples(st.just(''), st.sampled_from(OF_SCHOOL)),
)
_numbers = count(1)


@dataclass(slots=True)
class System:
    """A learning system from which people come in."""

    client_id: str
    is_on: bool = True
    begun: list[str] = field(default_factory=list)
    """states of launches that began while it was on"""


@dataclass(slots=True)
class Doors:
    """What is true of each door, beside what is true of the school."""

    school: Model
    passwords: dict[str, list[str]]
    """by person; the last one holds"""
    refresh: dict[int, list[str]] = field(default_factory=dict)
    """by sign-in of a client: its refresh tokens, of which the last one is good"""
    invited: dict[str, bool] = field(default_factory=dict)
    services: dict[str, bool] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """links by which learning systems may register"""
    systems: dict[int, System] = field(default_factory=dict)
    """those that are registered, by their id"""

    def latest(self, who: str) -> Device:
        return [each for each in self.school.devices if each.whose == who][-1]


async def take(doors: Doors, who: str, what: str) -> None:
    """Let something happen, unless it is refused."""
    with suppress(DomainError):
        if 'learning system' in what:
            await _systems(doors, what)
        elif not who:
            await _school(doors, what)
        elif 'client' in what:
            await _client(doors, who, what)
        elif 'sign' in what or 'password' in what or 'changes' in what:
            await _enters(doors, who, what)
        else:
            await rights.take(doors.school, who, what)


async def _enters(doors: Doors, who: str, what: str) -> None:
    school, fresh = doors.school, f'a new one, number {next(_numbers)}'
    if what == 'is signed out everywhere':
        await rights.take(school, who, what)
    elif what == 'signs another device out':
        mine = [each for each in school.devices if each.whose == who]
        await database.write(sign_ins.sign_out, mine[-1].actor, mine[0].actor.sign_in_id)
        mine[0].is_signed_in = False
    elif what.startswith('signs in'):
        email = (await database.read(administration.one, school.root, user_id=school.ids[who])).email or ''
        former = doors.passwords[who][:-1]
        if 'former' in what:
            for each in former[-1:]:
                with pytest.raises(DomainError):
                    await first_step.sign_in(email=email, password=each, device='Tablet')
        else:
            entered = await first_step.sign_in(email=email, password=doors.passwords[who][-1], device='Tablet')
            school.devices.append(Device(who, entered.actor, token=entered.token))
    elif what == 'chooses a password by a link':
        link = await database.write(resets.make_link, school.root, user_id=school.ids[who])
        entered = await resets.choose_password(link, fresh, device='Phone')
        school.end_devices(who)
        school.devices.append(Device(who, entered.actor, token=entered.token))
        doors.passwords[who].append(fresh)
        with pytest.raises(DomainError):
            await resets.choose_password(link, f'{fresh} again', device='Phone of somebody else')
    else:
        await _changes_password(doors, who, fresh, ends_others=what == 'changes the password')


async def _changes_password(doors: Doors, who: str, fresh: str, *, ends_others: bool) -> None:
    device, known = doors.latest(who), doors.passwords[who]
    link = ''
    with suppress(DomainError):
        link = await database.write(resets.make_link, doors.school.root, user_id=doors.school.ids[who])
    await credentials.change_password(
        device.actor, new_password=fresh, current_password=known[-1], sign_out_others=ends_others
    )
    for each in doors.school.devices:
        each.is_signed_in &= each is device or each.whose != who or not ends_others
    known.append(fresh)
    with pytest.raises(DomainError):
        await resets.choose_password(link, f'{fresh} by an old link', device='Phone of somebody else')


async def _client(doors: Doors, who: str, what: str) -> None:
    school = doors.school
    clients = [each for each in school.devices if each.whose == who and each.actor.sign_in_id in doors.refresh]
    if what == 'lets a client in':
        email = (await database.read(administration.one, school.root, user_id=school.ids[who])).email or ''
        pair = await api_tokens.sign_in(email=email, password=doors.passwords[who][-1], device='Client')
        claim = api_tokens.read(pair.access_token)
        holder = await database.read(api_tokens.holder, claim)
        school.devices.append(Device(who, holder.actor, claim=claim))
        doors.refresh[holder.actor.sign_in_id] = [pair.refresh_token]
    elif clients and what == 'goes on with a client':
        known = doors.refresh[clients[-1].actor.sign_in_id]
        known.append(api_tokens.arrived(await database.write(api_tokens.rotate, known[-1])).refresh_token)
    elif clients:
        known = doors.refresh[clients[-1].actor.sign_in_id]
        if len(known) > 1:
            clients[-1].is_signed_in = False  # somebody has a copy: the family ends
            api_tokens.arrived(await database.write(api_tokens.rotate, known[0]))
            pytest.fail('a refresh token was good twice')


async def _school(doors: Doors, what: str) -> None:
    root, still_open = doors.school.root, [link for link, is_open in doors.invited.items() if is_open]
    if what == 'invites':
        doors.invited[await database.write(registration.invite_instructor, root)] = True
    elif what == 'lets a service in':
        made = await database.write(api_tokens.add_service, root, name='The office', scope=Scope.PROGRESS)
        doors.services[made.token] = True
    elif what == 'ends a service':
        for token in [token for token, is_on in doors.services.items() if is_on][:1]:
            holder = await database.read(api_tokens.holder, api_tokens.read(token))
            await database.write(sign_ins.sign_out, root, holder.actor.sign_in_id)
            doors.services[token] = False
    elif still_open and what == 'takes an invitation back':
        newest = (await database.read(invitations.still_open, root))[0]
        await database.write(invitations.take_back, root, invitation_id=newest.invitation_id)
        doors.invited[still_open[-1]] = False
    elif still_open:
        await _uses(doors, still_open[0], times=2 if 'twice' in what else 1)


async def _systems(doors: Doors, what: str) -> None:
    root = doors.school.root
    if what == 'asks a learning system':
        doors.asked.append(await database.write(registrations.invite, root, address='https://lms.example.org'))
        return
    if what != 'drops a learning system':
        await _switches(doors, what)
        return
    for each in await database.read(registrations.of_school, root):
        await database.write(registrations.drop, root, each.registration_id)
    for token in doors.asked:
        with pytest.raises(Gone):
            await registrations.answer(token, configuration='', registration_token='', base='')
    doors.asked.clear()


async def _switches(doors: Doors, what: str) -> None:
    root, newest = doors.school.root, next(reversed(doors.systems), None)
    if what == 'registers a learning system':
        client_id = f'client-{next(_numbers)}'
        doors.systems[await _registered(root, client_id)] = System(client_id)
    elif newest is not None and what == 'registers a learning system again':
        assert await _registered(root, doors.systems[newest].client_id) == newest
        doors.systems[newest].is_on = True
    elif newest is not None:
        await database.write(platforms.switch, root, newest, is_on=what.endswith('on'))
        doors.systems[newest].is_on = what.endswith('on')


async def _registered(root: Actor, client_id: str) -> int:
    there = 'https://lms.example.org'
    new = NewPlatform(
        name='Campus',
        issuer=there,
        client_id=client_id,
        deployments='1',
        auth_login_url=f'{there}/auth',
        auth_token_url=f'{there}/token',
        key_set_url=f'{there}/keys',
    )
    return await database.write(platforms.register, root, new)


async def _launches_lead_on(system: System) -> bool:
    """Begin a launch; and one that began before it was switched off ends there, whatever is signed."""
    try:
        begun = await database.write(_begin, system.client_id)
    except NotFound:
        for state in system.begun:
            with pytest.raises(NotFound):
                await logins.take(id_token='signed', state=state)
        return False
    system.begun.append(parse_qs(urlsplit(begun.address).query)['state'][0])
    return True


def _begin(tx: Transaction, client_id: str) -> Begun:
    return logins.begin(
        tx,
        issuer='https://lms.example.org',
        client_id=client_id,
        login_hint='17',
        message_hint='',
        redirect_to='https://here.example.org/lti/launch',
    )


async def _uses(doors: Doors, invitation: str, *, times: int) -> None:
    for time in range(times):
        new = NewAccount(
            name='Somebody new',
            email=f'new{next(_numbers)}@example.org',
            password=PASSWORD,
            invitation=invitation,
        )
        if time:
            with pytest.raises(DomainError):
                await registration.register(new, device='Laptop')
        else:
            await registration.register(new, device='Laptop')
            doors.invited[invitation] = False


async def assert_doors_are_as_the_model_says(doors: Doors) -> None:
    for invitation, is_open in doors.invited.items():
        assert await _leads_on(registration.invitation_role, invitation) is is_open, 'an invitation'
    for token, is_on in doors.services.items():
        assert await _leads_on(api_tokens.holder, api_tokens.read(token)) is is_on, 'a service'
    for system in doors.systems.values():
        assert await _launches_lead_on(system) is system.is_on, 'a learning system'
    await rights.assert_rights_are_as_the_model_says(doors.school)


async def _leads_on(ask: Callable[..., object], what: object) -> bool:
    try:
        await database.read(ask, what)
    except (DomainError, NotSignedIn):
        return False
    return True


@settings(
    max_examples=4,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(steps, min_size=3, max_size=7))
@example(history=[('pupil', 'lets a client in'), ('pupil', 'goes on with a client'), ('pupil', 'changes the password')])
@example(
    history=[
        ('owner', 'lets a client in'),
        ('owner', 'goes on with a client'),
        ('owner', 'sends an old token of a client'),
    ]
)
@example(
    history=[
        ('helper', 'changes it and stays elsewhere'),
        ('helper', 'signs in with a former password'),
        ('helper', 'signs in'),
    ]
)
@example(history=[('', 'invites'), ('', 'invites'), ('', 'takes an invitation back'), ('', 'has one used twice')])
@example(
    history=[
        ('', 'lets a service in'),
        ('', 'ends a service'),
        ('', 'asks a learning system'),
        ('', 'drops a learning system'),
    ]
)
@example(
    history=[
        ('', 'registers a learning system'),
        ('', 'registers a learning system'),
        ('', 'switches a learning system off'),
        ('', 'switches a learning system on'),
        ('', 'switches a learning system off'),
        ('', 'registers a learning system again'),
    ]
)
@example(
    history=[('parent', 'chooses a password by a link'), ('parent', 'is switched off'), ('parent', 'is switched on')]
)
async def test_each_door_is_open_or_shut_as_what_has_happened_says(
    begin_anew: Callable[[], None], history: list[Step]
) -> None:
    begin_anew()
    school = await rights.begin()
    doors = Doors(school, {who: [PASSWORD] for who in rights.PEOPLE})
    for who, what in history:
        await take(doors, who, what)
        await assert_doors_are_as_the_model_says(doors)
