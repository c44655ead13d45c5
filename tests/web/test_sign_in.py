"""Signing in and out: whose session is it, and when does it end?"""

from collections.abc import Callable

import pytest

from services.core import database
from services.people import joining
from tests.factories.classes import a_class
from tests.factories.people import PASSWORD, a_guest, an_account, another_device
from tests.support.running import Server, token_of
from tests.support.visitor import SESSION, Visitor, words

pytestmark = [pytest.mark.req('A1', 'A3')]

Visitors = Callable[..., Visitor]


async def test_a_token_from_before_the_sign_in_is_dead_afterwards(server: Server, a_visitor: Visitors) -> None:
    await an_account(email='fixed@example.org')
    klass = await a_class(learners=())
    planted = await token_of(await a_guest(code=klass.code))
    victim, attacker = a_visitor(token=planted), a_visitor(token=planted)
    assert await victim.is_signed_in()
    assert await attacker.is_signed_in()

    await victim.fills_in('/sign-in', email='fixed@example.org', password=PASSWORD)

    assert await victim.is_signed_in()
    assert victim.token != planted
    assert not await attacker.is_signed_in()


async def test_a_made_up_token_is_replaced_and_never_accepted(server: Server, a_visitor: Visitors) -> None:
    await an_account(email='made-up@example.org')
    victim, attacker = a_visitor(token='chosen-by-somebody'), a_visitor(token='chosen-by-somebody')

    await victim.fills_in('/sign-in', email='made-up@example.org', password=PASSWORD)

    assert await victim.is_signed_in()
    assert not await attacker.is_signed_in()


async def test_every_way_in_gives_a_new_token(server: Server, visitor: Visitor) -> None:
    klass = await a_class(learners=())
    await an_account(email='often@example.org')
    code = klass.code
    seen = {visitor.token}

    await visitor.fills_in('/join', form=f'/j/{code}', name='Lena Learner')
    seen.add(visitor.token)
    await visitor.fills_in('/sign-in', email='often@example.org', password=PASSWORD)
    seen.add(visitor.token)
    await visitor.fills_in('/register', form='/register', name='New', email='new@example.org', password=PASSWORD)
    seen.add(visitor.token)

    assert len(seen) == 4


async def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(server: Server, visitor: Visitor) -> None:
    await an_account(email='cookie@example.org')

    page = await visitor.opens('/sign-in')
    answer = await visitor.sends('/sign-in', email='cookie@example.org', password=PASSWORD)

    for cookie in (*page.headers.get_list('set-cookie'), *answer.headers.get_list('set-cookie')):
        flags = {flag.strip().lower() for flag in cookie.split(';')}
        assert {'httponly', 'samesite=lax', 'path=/'} <= flags
        assert 'secure' not in flags
    assert any(cookie.startswith(f'{SESSION}=') for cookie in answer.headers.get_list('set-cookie'))


async def test_with_https_cookies_travel_through_https_only(behind_https: Server, a_visitor: Visitors) -> None:
    visitor = a_visitor(server=behind_https)

    page = await visitor.opens('/sign-in')

    assert 'secure' in page.headers['set-cookie'].lower()
    assert 'max-age' in page.headers['strict-transport-security']


async def test_the_token_is_never_part_of_a_page(server: Server, a_visitor: Visitors) -> None:
    account = await an_account(email='secret@example.org')
    visitor = a_visitor(token=account.token)

    for path in ('/', '/account'):
        assert account.token not in (await visitor.opens(path)).text


@pytest.mark.parametrize(('email', 'password'), [('known@example.org', 'wrong'), ('unknown@example.org', PASSWORD)])
async def test_a_wrong_pair_does_not_say_which_half_is_wrong(
    server: Server, visitor: Visitor, email: str, password: str
) -> None:
    if email.startswith('known'):
        await an_account(email=email)

    answer = await visitor.fills_in('/sign-in', email=email, password=password)

    assert answer.status_code == 401
    assert 'do not belong together' in words(answer.text)
    assert email in words(answer.text), 'what was typed is there again'
    assert f'value="{password}"' not in words(answer.text)
    assert not await visitor.is_signed_in()


async def test_guessing_is_slowed_down_for_the_account_and_for_nobody_else(server: Server, a_visitor: Visitors) -> None:
    await an_account(email='guessed@example.org')
    await an_account(email='other@example.org')
    for _ in range(5):
        await a_visitor().fills_in('/sign-in', email='guessed@example.org', password='guess')

    answer = await a_visitor().fills_in('/sign-in', email='Guessed@example.org', password=PASSWORD)
    other = a_visitor()
    await other.fills_in('/sign-in', email='other@example.org', password=PASSWORD)

    assert answer.status_code == 429
    assert 'Too many wrong tries' in words(answer.text)
    assert await other.is_signed_in()


@pytest.mark.req('A5')
async def test_guessing_rejoin_codes_is_slowed_and_a_right_one_gets_in(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class()
    guesser = a_visitor(**{'X-Forwarded-For': '192.0.2.66'})
    for _ in range(5):
        assert (await guesser.fills_in('/code', form='/', code='ABCDEFGH')).status_code == 404

    answer = await guesser.fills_in('/code', form='/', code='ABCDEFGH')
    neighbour = a_visitor(**{'X-Forwarded-For': '192.0.2.66'})
    slip = await neighbour.fills_in('/code', form='/', code='ABCDEFGJ')
    right = await guesser.fills_in('/code', form='/', code=await database.read(joining.rejoin_code, klass.learner))

    assert answer.status_code == 429
    assert slip.status_code == 404, 'somebody else behind the same address'
    assert right.status_code == 200, 'a right code always gets in at once'


@pytest.mark.req('A5')
async def test_thirty_children_behind_one_address_with_three_typing_errors_each_are_all_in(
    server: Server, a_visitor: Visitors
) -> None:
    klass = await a_class(learners=())

    for number in range(30):
        child = a_visitor(**{'X-Forwarded-For': '192.0.2.70'})
        for slip in 'XYZ':
            wrong = await child.sends('/code', form='/', code=f'{slip}ABCD{chr(ord("A") + number % 26)}')
            assert wrong.status_code == 303
        await child.fills_in('/code', form='/', code=klass.code)
        await child.fills_in('/join', form=f'/j/{klass.code}', code=klass.code, name=f'Child {number}')
        assert await child.is_signed_in()


async def test_a_stranger_who_guesses_does_not_keep_the_owner_out_of_the_browser_they_use(
    server: Server, a_visitor: Visitors
) -> None:
    await an_account(email='owner@example.org')
    mine = a_visitor()
    await mine.fills_in('/sign-in', email='owner@example.org', password=PASSWORD)
    await mine.sends('/sign-out', form='/account')
    assert not await mine.is_signed_in()
    for _ in range(9):
        await a_visitor().fills_in('/sign-in', email='owner@example.org', password='guess')

    elsewhere = await a_visitor().fills_in('/sign-in', email='owner@example.org', password=PASSWORD)
    await mine.fills_in('/sign-in', email='owner@example.org', password=PASSWORD)

    assert elsewhere.status_code == 429
    assert await mine.is_signed_in()


async def test_one_device_is_signed_out_from_another(server: Server, a_visitor: Visitors) -> None:
    account = await an_account(email='devices@example.org')
    tablet = await another_device(of=account.actor)
    laptop, lost = a_visitor(token=account.token), a_visitor(token=await token_of(account.actor))
    stranger = a_visitor(token=(await an_account(email='stranger@example.org')).token)

    await stranger.sends('/sign-out', form='/account', device=str(tablet.sign_in_id))
    assert 'Tablet' in (await laptop.opens('/account')).text, 'nobody signs others out'
    await laptop.sends('/sign-out', form='/account', device=str(tablet.sign_in_id))

    assert 'Tablet' not in (await laptop.opens('/account')).text
    assert await laptop.is_signed_in()
    assert await lost.is_signed_in()


async def test_signing_out_everywhere(server: Server, a_visitor: Visitors) -> None:
    account = await an_account(email='everywhere@example.org')
    laptop, tablet = a_visitor(token=account.token), a_visitor(token=await token_of(account.actor))

    await laptop.sends('/sign-out', form='/account', everywhere='yes')

    assert laptop.token is None
    assert not await laptop.is_signed_in()
    assert not await tablet.is_signed_in()


async def test_whoever_is_not_signed_in_is_led_back_to_where_they_wanted_to_go(
    server: Server, visitor: Visitor
) -> None:
    klass = await a_class(learners=())
    await an_account(email='back@example.org')

    answer = await visitor.http.get(f'/class/{klass.course_id}')
    assert (answer.status_code, answer.headers['location']) == (303, f'/sign-in?next=/class/{klass.course_id}')
    entered = await visitor.sends(
        '/sign-in', form=answer.headers['location'], email='back@example.org', password=PASSWORD
    )

    assert entered.headers['location'] == f'/class/{klass.course_id}'
