"""People come from a learning management system: known by issuer and subject, and by nothing that can be made up."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pyotp
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from sqlalchemy import select, update

from models import LtiLink, LtiPlatform, Role, User
from services.accounts import administration, first_step, second_factor
from services.core import clock, database
from services.core.errors import Forbidden, Gone, Invalid, NotFound, Refused
from services.core.transaction import Transaction
from services.lms import entering, key_sets, links, logins, messages, people, platforms, roster
from services.lms.entering import Arrived, Next
from services.lms.links import Target
from services.lms.platforms import Platform
from services.lms.roles import Part, part_of
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, an_admin, an_instructor
from tests.support.lti_platform import CLAIM, CLIENT_ID, MEMBERSHIP, FakePlatform, a_platform

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('R3')]

PATIENCE = 60.0
"""seconds"""
TEACHES = {'sub': 'tess-1', 'name': 'Tess Teacher', f'{CLAIM}roles': [f'{MEMBERSHIP}Instructor']}


@pytest.fixture
async def campus() -> AsyncIterator[FakePlatform]:
    key_sets.forget()
    async with a_platform() as platform:
        await platform.register(await an_admin())
        yield platform


async def begin(campus: FakePlatform) -> tuple[str, str, str]:
    """Begin a launch in a browser; returns its state, its nonce and by what the browser is known."""
    begun = await database.write(
        lambda tx: logins.begin(
            tx,
            issuer=campus.address,
            client_id=CLIENT_ID,
            login_hint='17',
            message_hint='m',
            redirect_to='http://here/lti/launch',
        )
    )
    asked = parse_qs(urlsplit(begun.address).query)
    assert asked['prompt'] == ['none']
    return asked['state'][0], asked['nonce'][0], begun.browser


async def ticket_for(campus: FakePlatform, claims: dict[str, Any], **signing: Any) -> tuple[str, str]:
    state, nonce, browser = await begin(campus)
    return await logins.take(id_token=campus.sign({'nonce': nonce, **claims}, **signing), state=state), browser


async def arrive(campus: FakePlatform, claims: dict[str, Any]) -> Arrived:
    ticket, browser = await ticket_for(campus, claims)
    return await database.write(entering.enter, ticket, browser=browser, device='Phone')


async def a_teacher(campus: FakePlatform, claims: dict[str, Any] | None = None) -> tuple[Arrived, str]:
    """A teacher who comes from there for the first time, and makes an account; with the ticket."""
    ticket, browser = await ticket_for(campus, claims or campus.claims(**TEACHES))
    assert (await database.write(entering.enter, ticket, browser=browser, device='Laptop')).next is Next.WELCOME
    return await database.write(entering.enter_new, ticket, browser=browser, device='Laptop'), ticket


async def test_a_teacher_links_a_course_once_and_learners_land_in_it(campus: FakePlatform) -> None:
    with pytest.raises(NotFound, match='Ask your teacher'):
        await arrive(campus, campus.claims())
    teacher, ticket = await a_teacher(campus)
    assert teacher.next is Next.CHOOSE
    assert teacher.entered is not None
    course = await a_course(by=teacher.entered.actor)
    await database.write(links.choose, teacher.entered.actor, ticket, Target(course_id=course.course_id))

    first = await arrive(campus, campus.claims())
    again = await arrive(campus, campus.claims(name='Lena Married'))

    assert first.entered is not None
    assert again.entered is not None
    assert (first.next, first.teaches) == (Next.GO, False)
    assert first.target == Target(course_id=course.course_id)
    assert again.entered.actor.user_id == first.entered.actor.user_id, 'known by issuer and subject'
    assert first.entered.actor.role is Role.STUDENT
    assert not first.entered.actor.is_guest
    assert (await arrive(campus, campus.claims(**TEACHES))).teaches


async def test_who_came_from_there_and_is_not_on_its_list_has_left(campus: FakePlatform) -> None:
    teacher, ticket = await a_teacher(campus)
    assert teacher.entered is not None
    course = await a_course(by=teacher.entered.actor)
    await database.write(links.choose, teacher.entered.actor, ticket, Target(course_id=course.course_id))
    for subject, name in ('lena-17', 'Lena Learner'), ('otto-2', 'Otto Gone'):
        await arrive(campus, campus.claims(sub=subject, name=name))
    await arrive(campus, campus.claims(**TEACHES))
    campus.members = [{'user_id': 'lena-17', 'roles': ['Learner']}, {'user_id': 'tess-1', 'roles': ['Instructor']}]
    asked = {'actor': teacher.entered.actor, 'course_id': course.course_id, 'link_id': 1}

    compared = await roster.compare(**asked)
    await roster.take_over(**asked)

    assert (compared.new, compared.here, compared.left, compared.others) == ((), 1, ('Otto Gone',), 1)
    assert (await roster.compare(**asked)).left == (), 'marked once'
    again = await arrive(campus, campus.claims(sub='otto-2', name='Otto Gone'))
    assert again.next is Next.GO, 'they stay until a teacher takes them out'
    assert (await roster.compare(**asked)).left == ('Otto Gone',)


async def test_a_teacher_with_an_account_proves_it_and_admins_are_never_joined(campus: FakePlatform) -> None:
    ines, ada = await an_instructor(email='ines@example.org'), await an_admin()
    course = await a_course(by=ines)
    ticket, browser = await ticket_for(campus, campus.deep_linking())
    proved = await first_step.check(email='ines@example.org', password=PASSWORD)

    arrived = await database.write(entering.enter_joined, ticket, proved, browser=browser, device='Laptop')

    assert isinstance(arrived, Arrived)
    assert arrived.next is Next.CHOOSE
    assert arrived.entered is not None
    assert arrived.entered.actor.user_id == ines.user_id
    checkpoint = course.checkpoints[0]
    login, offer = await database.write(
        links.offer, arrived.entered.actor, ticket, Target(course_id=course.course_id, checkpoint_id=checkpoint)
    )
    assert login.launch.data == 'keep me'
    carried = campus.claims(**{f'{CLAIM}custom': {'waymark': offer.key}})
    assert (await arrive(campus, carried)).target == Target(course_id=course.course_id, checkpoint_id=checkpoint)
    copied = campus.claims(
        **{
            f'{CLAIM}custom': {'waymark': offer.key},
            f'{CLAIM}context': {'id': 'a copy'},
            f'{CLAIM}resource_link': {'id': 'link of the copy'},
        }
    )
    with pytest.raises(NotFound, match='Ask your teacher'):
        await arrive(campus, copied)

    ticket, browser = await ticket_for(campus, campus.deep_linking(sub='ada'))
    email = await database.read(lambda tx: tx.session.get_one(User, ada.user_id).email)
    proved = await first_step.check(email=email or '', password=PASSWORD)
    with pytest.raises(Forbidden, match='Admins'):
        await database.write(entering.enter_joined, ticket, proved, browser=browser, device='Laptop')


async def test_a_launch_is_no_way_round_the_second_factor(campus: FakePlatform) -> None:
    ines, secret = await an_instructor(email='ines@example.org'), second_factor.new_secret()
    app, now = pyotp.TOTP(secret), clock.now()
    await database.write(second_factor.add, ines.user_id, secret, app.at(now))
    ticket, browser = await ticket_for(campus, campus.claims(**TEACHES))
    proved = await first_step.check(email='ines@example.org', password=PASSWORD)
    where = {'browser': browser, 'device': 'Laptop'}

    for wrong in '', app.at(now):
        with pytest.raises(Invalid, match='code'):
            await database.write(entering.enter_joined, ticket, proved, **where, code=wrong)
    assert await database.read(people.known, campus.address, 'tess-1') is None, 'a password alone joins nothing'
    with time_machine.travel(now + timedelta(minutes=1), tick=False):
        code = app.at(clock.now())
        joined = await database.write(entering.enter_joined, ticket, proved, **where, code=code)
        assert isinstance(joined, Arrived)
        assert joined.entered is not None
        again = await arrive(campus, campus.claims(**TEACHES))

    assert (again.next, again.entered) == (Next.CHOOSE, None)
    assert again.half_way is not None
    assert again.half_way.missing is second_factor.Missing.CODE


async def test_a_role_that_changes_here_opens_nothing_there(campus: FakePlatform) -> None:
    admin = await an_admin()
    teacher, ticket = await a_teacher(campus)
    assert teacher.entered is not None
    course = await a_course(by=teacher.entered.actor)
    await database.write(links.choose, teacher.entered.actor, ticket, Target(course_id=course.course_id))
    learner = (await arrive(campus, campus.claims())).entered
    assert learner is not None
    await database.write(administration.change_role, admin, user_id=learner.actor.user_id, role=Role.INSTRUCTOR)
    ticket, browser = await ticket_for(campus, campus.claims())
    learner = (await database.write(entering.enter, ticket, browser=browser, device='Phone')).entered
    assert learner is not None
    own = await a_course(by=learner.actor)
    with pytest.raises(NotFound, match='Ask your teacher'):  # who learns there leads no class elsewhere
        await database.write(links.choose, learner.actor, ticket, Target(course_id=own.course_id))

    tess = teacher.entered.actor.user_id
    await database.write(administration.change_role, admin, user_id=tess, role=Role.PARENT)
    with pytest.raises(Forbidden, match='As a parent'):
        await arrive(campus, campus.claims(**TEACHES))


async def test_nobody_chooses_a_course_that_is_not_theirs(campus: FakePlatform) -> None:
    others = await a_course()
    teacher, ticket = await a_teacher(campus, campus.deep_linking())
    assert teacher.entered is not None
    tess = teacher.entered.actor

    with pytest.raises(NotFound):
        await database.write(links.offer, tess, ticket, Target(course_id=others.course_id))
    own = await a_course(by=tess)
    with pytest.raises(NotFound):
        await database.write(
            links.offer, tess, ticket, Target(course_id=own.course_id, checkpoint_id=others.checkpoints[0])
        )
    with pytest.raises(NotFound):
        await database.write(links.offer, others.teacher, ticket, Target(course_id=others.course_id))


async def test_a_learner_cannot_add_and_a_teacher_of_theirs_does_not_teach_here(campus: FakePlatform) -> None:
    with pytest.raises(Forbidden, match='Only those who teach'):
        await arrive(campus, campus.deep_linking(**{f'{CLAIM}roles': ['Learner']}))
    teacher, ticket = await a_teacher(campus)
    assert teacher.entered is not None
    course = await a_course(by=teacher.entered.actor)
    await database.write(links.choose, teacher.entered.actor, ticket, Target(course_id=course.course_id))

    with pytest.raises(Forbidden, match='Ask Tess Teacher'):
        await a_teacher(campus, campus.claims(**{**TEACHES, 'sub': 'other teacher'}))


async def test_a_launch_is_good_once_and_in_the_browser_that_began_it(campus: FakePlatform) -> None:
    state, nonce, browser = await begin(campus)
    signed = campus.sign({'nonce': nonce, **campus.claims()})
    ticket = await logins.take(id_token=signed, state=state)
    with pytest.raises(Gone):
        await logins.take(id_token=signed, state=state)
    with pytest.raises(Gone):
        await database.read(logins.find, ticket, browser='of a thief')
    with pytest.raises(Gone):
        await database.read(logins.find, 'made up', browser=browser)
    with time_machine.travel(clock.now() + timedelta(minutes=11)), pytest.raises(Gone):
        await database.read(logins.find, ticket, browser=browser)

    other_state, _, _ = await begin(campus)
    with pytest.raises(Refused, match='not asked for'):
        await logins.take(id_token=signed, state=other_state)
    with pytest.raises(Gone):
        await logins.take(id_token=signed, state='never given')


@pytest.mark.parametrize(
    ('change', 'sentence'),
    [
        ({'exp': 1}, 'too old'),
        ({'iat': 4_000_000_000}, 'from the future'),
        ({'aud': 'another'}, 'not valid'),
        ({'iss': 'https://evil.example'}, 'not valid'),
        ({'aud': [CLIENT_ID, 'another']}, 'for several'),
        ({'azp': 'another'}, 'another program'),
        ({'sub': ''}, 'not complete'),
        ({f'{CLAIM}deployment_id': 'another'}, 'deployment'),
        ({f'{CLAIM}version': '1.1'}, 'not complete'),
        ({f'{CLAIM}message_type': 'Other'}, 'not known'),
        ({f'{CLAIM}message_type': ['LtiResourceLinkRequest']}, 'not known'),
        ({f'{CLAIM}message_type': {}}, 'not known'),
        ({f'{CLAIM}context': {}}, 'not complete'),
        ({f'{CLAIM}resource_link': {}}, 'not complete'),
        ({f'{CLAIM}resource_link': []}, 'not complete'),
        ({f'{CLAIM}roles': 'Learner'}, 'not complete'),
    ],
)
async def test_what_is_wrong_with_a_launch_is_said(campus: FakePlatform, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        await ticket_for(campus, {**campus.claims(), **change})


@pytest.mark.parametrize('place', ['a\ud800b', 'a\0b', ['a'], 'x' * 300])
async def test_the_mark_of_a_link_that_is_none_opens_nothing(campus: FakePlatform, place: object) -> None:
    state, nonce, browser = await begin(campus)
    claims = {'nonce': nonce, **campus.claims(), f'{CLAIM}custom': {'waymark': place}}
    ticket = await logins.take(id_token=campus.sign_as_it_is(claims), state=state)
    with pytest.raises(NotFound, match='Nobody has chosen yet'):
        await database.write(entering.enter, ticket, browser=browser, device='Phone')


@pytest.mark.parametrize(
    ('said', 'takes'),
    [(None, True), (True, True), (False, False), ('false', False), ('False', False), ({}, True), ([True], True)],
)
async def test_a_platform_says_in_its_way_whether_it_takes_columns(
    campus: FakePlatform, said: object, takes: bool
) -> None:
    asked = campus.deep_linking()
    asked[f'{messages.DEEP_LINKING}deep_linking_settings']['accept_lineitem'] = said
    assert messages.read(await the_platform(), asked).takes_column is takes


async def test_keys_and_algorithms_that_prove_nothing(campus: FakePlatform) -> None:
    await ticket_for(campus, campus.claims())  # whose keys are kept
    _state, nonce, _ = await begin(campus)
    claims = {'nonce': nonce, **campus.claims()}
    modulus = str(campus.public_key()['n'])
    for token in (
        jwt.encode(claims, '', algorithm='none', headers={'kid': 'k1'}),
        jwt.encode(claims, modulus, algorithm='HS256', headers={'kid': 'k1'}),
        jwt.encode(claims, campus.key, algorithm='RS256'),
        'no token',
        '',
    ):
        with pytest.raises(Refused):
            await messages.verified(await the_platform(), token, nonce_hash='')
    campus.key = generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(Refused, match='not valid'):
        await ticket_for(campus, campus.claims())
    key_sets.forget()
    short = FakePlatform(key=generate_private_key(public_exponent=65537, key_size=1024)).public_key()
    campus.key_set = json.dumps({'keys': [short]}).encode()
    with pytest.raises(Refused, match='too short'):
        await ticket_for(campus, campus.claims())


async def test_a_new_key_is_found_and_a_key_set_has_an_end(
    campus: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ticket_for(campus, campus.claims())
    asked = campus.asked
    await ticket_for(campus, campus.claims())
    assert campus.asked == asked, 'the keys are kept'

    monkeypatch.setattr(key_sets, 'NOT_AGAIN_FOR', 0.0)
    campus.kid = 'k2'
    await ticket_for(campus, campus.claims())

    for key_set in (b'x' * 300_000, b'[]', b'{"keys": {}}', b'{'):
        campus.key_set = key_set
        key_sets.forget()
        await database.write(lambda tx: tx.execute(update(LtiPlatform).values(key_set_read_at=None)))
        with pytest.raises(Refused):
            await ticket_for(campus, campus.claims())


async def test_a_key_set_that_does_not_end_holds_nobody_up(
    campus: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, 'DEADLINE', 0.2)
    silent = {'key_set_url': f'{campus.address}/silence'}
    await database.write(lambda tx: tx.execute(update(LtiPlatform).values(**silent)))
    async with asyncio.timeout(PATIENCE):
        with pytest.raises(Refused, match='does not answer in time'):
            await ticket_for(campus, campus.claims())
    (platform,) = await database.read(platforms.of_school, await an_admin())
    assert 'does not answer in time' in str(platform.key_set_problem)


async def test_keys_that_cannot_be_read_are_not_asked_for_by_each_of_a_class(
    campus: FakePlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sets, 'NOT_AGAIN_FOR', 3600.0)  # however long a busy machine takes for three of them
    campus.key_set = b'{'
    asked = campus.asked
    for _ in range(3):
        with pytest.raises(Refused, match='does not answer with JSON'):
            await ticket_for(campus, campus.claims())
    assert campus.asked == asked + 1
    campus.key_set = None
    key_sets._known[f'{campus.address}/keys'].failed_at -= key_sets.NOT_AGAIN_FOR + 1
    await ticket_for(campus, campus.claims())


async def test_the_keys_read_last_are_used_for_a_day_while_the_address_does_not_answer(campus: FakePlatform) -> None:
    admin = await an_admin()
    await ticket_for(campus, campus.claims())
    campus.key_set = b'We are back soon.'
    for is_restarted in (False, True):
        with time_machine.travel(clock.now() + timedelta(hours=20), tick=False):
            if is_restarted:
                key_sets.forget()
            await ticket_for(campus, campus.claims())
    (platform,) = await database.read(platforms.of_school, admin)
    assert 'does not answer with JSON' in str(platform.key_set_problem)
    assert platform.key_set_failed_since
    campus.kid = 'k2'
    with pytest.raises(Refused, match='does not answer with JSON'):
        await ticket_for(campus, campus.claims())
    campus.kid = 'k1'
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False), pytest.raises(Refused, match='JSON'):
        await ticket_for(campus, campus.claims())

    campus.key_set = None
    key_sets.forget()
    await ticket_for(campus, campus.claims())
    (platform,) = await database.read(platforms.of_school, admin)
    assert (platform.key_set_problem, platform.key_set_failed_since) == ('', None)


async def test_a_learner_takes_nothing_away_that_a_teachers_launch_has_said(campus: FakePlatform) -> None:
    """Some platforms offer the class list and the gradebook to teachers alone."""
    arrived, ticket = await a_teacher(campus)
    assert arrived.entered
    course = await a_course(by=arrived.entered.actor)
    await database.write(links.choose, arrived.entered.actor, ticket, Target(course_id=course.course_id))
    bare = campus.claims()
    for service in ('lti-ags/claim/endpoint', 'lti-nrps/claim/namesroleservice'):
        del bare[f'https://purl.imsglobal.org/spec/{service}']
    await arrive(campus, bare)

    def read(tx: Transaction) -> LtiLink:
        return tx.session.scalars(select(LtiLink)).one()

    kept = await database.read(read)
    assert (kept.line_items, kept.roster) == (f'{campus.address}/columns?type=1', f'{campus.address}/members')
    assert len(kept.scopes) == 3
    await arrive(campus, {**bare, **TEACHES})
    assert (await database.read(read)).roster == '', 'what a teacher’s launch says is what the platform offers'


async def test_a_clock_that_is_four_minutes_off_is_no_trouble(campus: FakePlatform) -> None:
    now = int(clock.now().timestamp())
    await ticket_for(campus, campus.claims(iat=now + 240, exp=now + 540))
    await ticket_for(campus, campus.claims(iat=now - 540, exp=now - 240))


@pytest.mark.parametrize(
    ('roles', 'part'),
    [
        ([f'{MEMBERSHIP}Learner', 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Mentor'], Part.LEARNS),
        (['Instructor'], Part.TEACHES),
        (['http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant'], Part.TEACHES),
        ([f'{MEMBERSHIP}Mentor'], Part.LOOKS_ON),
        (['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator'], Part.TEACHES),
        ([f'{MEMBERSHIP}Learner', 'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Faculty'], Part.LEARNS),
        ([], Part.LEARNS),
        ([7, None], Part.LEARNS),
    ],
)
def test_what_somebody_is_in_a_course(roles: list[object], part: Part) -> None:
    assert part_of(roles) is part


async def the_platform() -> Platform:
    return await database.read(lambda tx: platforms.get(tx, 1))
