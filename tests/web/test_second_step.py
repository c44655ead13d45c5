"""The second factor as a browser meets it: set up on the account page, asked for when signing in."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest

from services.core import clock
from tests.factories.people import PASSWORD, an_instructor
from tests.support.running import Server, token_of
from tests.support.visitor import Visitor, words

pytestmark = [pytest.mark.req('A8')]
PAGE = '/account/second-factor'


async def test_from_setting_up_to_signing_in_with_a_code(server: Server, a_visitor: Callable[..., Visitor]) -> None:
    ines = await an_instructor(email='second@example.org')
    laptop = a_visitor(token=await token_of(ines))
    page = words((await laptop.opens(PAGE)).text)
    app = app_of(page)

    wrong = await laptop.fills_in(PAGE, form=PAGE, code='000000', current_password=PASSWORD)
    assert wrong.status_code == 422
    other = app_of(words(wrong.text))
    codes = await laptop.fills(wrong, PAGE, code=other.now(), current_password=PASSWORD)
    assert codes.status_code == 200
    assert 'no-store' in codes.headers['cache-control']
    recovery = re.findall('<li class="number"[^>]*>([A-Z0-9]{5} [A-Z0-9]{5})</li>', codes.text)
    assert len(recovery) == 10
    assert app.secret not in words((await laptop.opens(PAGE)).text)

    phone = a_visitor()
    answer = await phone.sends('/sign-in', email='second@example.org', password=PASSWORD, next='/account')
    assert answer.headers['location'] == '/sign-in/code?next=%2Faccount'
    assert not await phone.is_signed_in()
    refused = await phone.fills_in('/sign-in/code', form=answer.headers['location'], code='000000')
    assert refused.status_code == 422
    assert 'This code is not right' in refused.text
    soon = other.at(clock.now() + timedelta(seconds=30))
    answer = await phone.fills(refused, '/sign-in/code', code=soon)
    assert answer.headers['location'] == '/account'
    assert await phone.is_signed_in()
    assert 'waymark_step' not in phone.http.cookies

    await phone.fills_in(f'{PAGE}/remove', form=f'{PAGE}?do=remove', code=recovery[0])
    tablet = a_visitor()
    await tablet.fills_in('/sign-in', email='second@example.org', password=PASSWORD)
    assert await tablet.is_signed_in()


async def test_without_a_ticket_the_second_step_leads_to_the_first(visitor: Visitor) -> None:
    assert (await visitor.http.get('/sign-in/code')).headers['location'] == '/sign-in'
    visitor.http.cookies.set('waymark_step', 'forged')
    assert (await visitor.http.get('/sign-in/code')).headers['location'] == '/sign-in'
    page = await visitor.opens('/sign-in')
    answer = await visitor.fills(page, '/sign-in/code', code='000000')
    assert answer.headers['location'].startswith('/sign-in/code?')
    assert not await visitor.is_signed_in()


def app_of(page: str) -> pyotp.TOTP:
    """Return the authenticator app that has read a page."""
    found = re.search(r'dir="ltr">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<', page)
    assert found, page
    return pyotp.TOTP(found[1].replace(' ', ''))
