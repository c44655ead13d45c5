"""The account page and its forms, as a browser without a screen sees them."""

from collections.abc import Callable

import pytest
from itsdangerous import URLSafeTimedSerializer

from services.accounts import profiles
from services.accounts.first_step import sign_in
from services.core import database
from tests.factories.classes import a_course
from tests.factories.people import PASSWORD, a_guest, an_account
from tests.support.running import SECRET, Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A9')]

NEW = 'an even better battery'


async def test_everybody_changes_what_is_theirs(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    entered = await an_account(email='account@example.org')
    sami = a_visitor(token=entered.token)
    page = words((await sami.opens('/account')).text)
    assert 'value="Sami"' in page
    assert '<option value="" selected>The school’s' in page

    answer = await sami.sends(
        '/account', form='/account', name='Sami Ahmed', time_zone='America/New_York', language='en'
    )

    assert answer.headers['location'] == '/account'
    page = words((await sami.opens('/account')).text)
    for text in 'value="Sami Ahmed"', '<option value="America/New_York" selected>America/New York', 'account@example':
        assert text in page


async def test_a_profile_that_cannot_be_is_told_at_its_field(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    entered = await an_account(email='wrong@example.org')
    sami = a_visitor(token=entered.token)

    page = await sami.fills_in('/account', form='/account', name='Sami', time_zone='Mars/Olympus', language='')

    assert page.status_code == 422
    assert 'Choose a time zone of the list' in words(page.text)
    assert (await database.read(profiles.own, entered.actor)).time_zone == ''


async def test_address_and_password_are_changed_with_the_password(
    server: Server, a_visitor: Callable[..., Visitor]
) -> None:
    sami = a_visitor(token=(await an_account(email='keys@example.org')).token)
    tablet = a_visitor(token=(await sign_in(email='keys@example.org', password=PASSWORD, device='Tablet')).token)

    wrong = await sami.fills_in(
        '/account/email', form='/account/email', email='renamed@example.org', current_password='a secret guess'
    )
    assert wrong.status_code == 422
    assert 'This is not your password' in words(wrong.text)
    assert 'a secret guess' not in wrong.text
    right = await sami.sends(
        '/account/email', form='/account/email', email='renamed@example.org', current_password=PASSWORD
    )
    assert right.headers['location'] == '/account'
    right = await sami.sends(
        '/account/password', form='/account/password', current_password=PASSWORD, new_password=NEW, others='end'
    )
    assert right.headers['location'] == '/account'

    assert await sami.is_signed_in()
    assert not await tablet.is_signed_in()
    assert await sign_in(email='renamed@example.org', password=NEW, device='Phone')


async def test_what_a_problem_carries_is_no_password(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    sami = a_visitor(token=(await an_account(email='carried@example.org')).token)

    answer = await sami.sends(
        '/account/password', form='/account/password', current_password='a secret guess', new_password='short'
    )
    page = await sami.opens(answer.headers['location'])

    assert 'A password needs at least 8' in words(page.text)
    carried = URLSafeTimedSerializer(SECRET, salt='problem').loads(answer.cookies['waymark_problem'].strip('"'))
    assert 'A password needs' in str(carried)
    assert 'secret' not in str(carried)
    assert 'short' not in str(carried)


@pytest.mark.parametrize('path', ['/account', '/account/email', '/account/password'])
async def test_who_is_not_signed_in_is_asked_to_first(server: Server, visitor: Visitor, path: str) -> None:
    answer = await visitor.http.get(path)
    assert answer.headers['location'].startswith('/sign-in')

    posted = await visitor.sends(path, form='/sign-in', name='x', email='x@example.org')
    page = await visitor.opens(posted.headers['location'])
    assert str(page.url).split('?')[0].endswith('/sign-in')


async def test_a_guest_has_a_name_and_a_zone_but_no_password(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    course = await a_course()
    gus = a_visitor(token=await token_of(await a_guest(code=course.code)))

    page = words((await gus.opens('/account')).text)

    assert 'Time zone' in page
    assert '/account/password' not in page
    for path in '/account/email', '/account/password':
        refused = await gus.opens(path)
        assert refused.status_code == 409
        assert 'You are a guest' in words(refused.text)
