"""A story with every kind of secret that people and programs have: the log of the server has none of them."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
import socketio  # type: ignore[import-untyped]

from services.accounts import resets
from services.core import database
from services.core.secrets import spell_code
from services.people import guest_codes
from tests.factories.classes import a_class
from tests.factories.people import PASSWORD, an_account, an_admin, an_instructor
from tests.support.running import METRICS_TOKEN, Server
from tests.support.socket_listener import Listener
from tests.support.visitor import Visitor, words
from tests.web.test_second_step import PAGE, app_of

pytestmark = [pytest.mark.req('O1')]

Visitors = Callable[..., Visitor]
WRONG = f'a wrong guess {uuid4().hex}'


async def test_nothing_that_opens_a_door_is_in_the_log(server: Server, a_visitor: Visitors) -> None:
    secrets = {
        'passwords': {PASSWORD, WRONG},
        'what monitoring knows': {METRICS_TOKEN},
        'a browser': await of_a_browser(a_visitor),
        'a guest': await of_a_guest(a_visitor),
        'a forgotten password': await of_a_new_password(a_visitor),
        'a program': await of_a_program(server),
    }

    said = server.said()
    assert server.journal('signed in')
    assert server.journal('guest rejoined')
    assert server.journal('password reset')
    assert [where for where, of_them in secrets.items() if any(each in said for each in of_them)] == []
    assert min(len(each) for of_them in secrets.values() for each in of_them) > 5, (
        'a short one would be there by chance'
    )


async def of_a_browser(a_visitor: Visitors) -> set[str]:
    """Somebody mistypes, signs in, and sets up a second factor."""
    await an_instructor(email='secretive@example.org')
    laptop = a_visitor()
    await laptop.fills_in('/sign-in', email='secretive@example.org', password=WRONG)
    await laptop.fills_in('/sign-in', email='secretive@example.org', password=PASSWORD)
    form = await laptop.opens(PAGE)
    app = app_of(words(form.text))
    await laptop.fills(form, PAGE, code=app.now(), current_password=WRONG)
    await laptop.opens(f'/sign-in?token={WRONG}&next=/account')
    return {app.secret, *cookies_of(laptop)}


async def of_a_guest(a_visitor: Visitors) -> set[str]:
    """A guest joins, and comes back on another device with the code on a card."""
    klass = await a_class(learners=['Gus'])
    (card,) = await database.read(guest_codes.of_course, klass.teacher, klass.course_id)
    phone, tablet = a_visitor(), a_visitor()
    await phone.sends('/join', form=f'/j/{klass.code}', code=klass.code, name='Gina')
    await tablet.sends('/code', form='/', code=spell_code(card.code))
    return {card.code, spell_code(card.code), *cookies_of(phone), *cookies_of(tablet)}


async def of_a_new_password(a_visitor: Visitors) -> set[str]:
    """An admin hands somebody a link, with which they choose a new password."""
    await an_account(email='forgetful@example.org')
    link = await database.write(resets.make_link_for, await an_admin(), email='forgetful@example.org')
    chosen = f'a better password {uuid4().hex}'
    browser = a_visitor()
    await browser.sends('/new-password', form=f'/new-password?link={link}', password=chosen)
    return {str(link), chosen, *cookies_of(browser)}


async def of_a_program(server: Server) -> set[str]:
    """A program signs in, renews its token, and sends what is no token, over HTTP and over a socket."""
    await an_account(email='machine@example.org')
    made_up = f'made-up-token-{uuid4().hex}'
    async with httpx.AsyncClient(base_url=f'{server.origin}/api', timeout=60) as http:
        asked = {'email': 'machine@example.org', 'password': PASSWORD}
        given = (await http.post('/auth/login', json=asked)).json()
        renewed = (await http.post('/auth/refresh', json={'refresh_token': given['refresh_token']})).json()
        for refused in {'Authorization': f'Bearer {made_up}'}, {'Cookie': f'waymark={made_up}'}:
            assert (await http.get('/auth/me', headers=refused)).status_code == 401
    stranger = Listener(server.origin, made_up)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.connect()
    await stranger.close()
    tokens = {each[name] for each in (given, renewed) for name in ('access_token', 'refresh_token')}
    return {made_up, *tokens}


def cookies_of(visitor: Visitor) -> set[str]:
    """Return what the cookies of a browser hold; at least the session is there."""
    found = {cookie.value for cookie in visitor.http.cookies.jar if cookie.value}
    assert visitor.token in found
    return {value for value in found if len(value) > 5}
