"""What the browser of somebody who enters is answered: a page, the cookies of a sign-in, or the second step."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from services.access import Actor
from services.accounts import known_devices
from services.accounts.half_way import LIFETIME as STEP_LIFETIME
from services.accounts.half_way import HalfWay
from services.accounts.sign_ins import Entered
from services.core import database
from services.people import merging
from ui.kit.device_words import stored_name
from ui.shell.request import DEVICE_COOKIE, STEP_COOKIE, local_path, set_cookie, set_session_cookie


def second_step(half_way: HalfWay, fields: Mapping[str, str]) -> Response:
    """Lead somebody whose password was right to the second step."""
    kept = {'next': local_path(fields.get('next'))} | ({'keep': 'yes'} if fields.get('keep') == 'yes' else {})
    response = see_other(f'/sign-in/code?{urlencode(kept)}')
    set_cookie(response, STEP_COOKIE, half_way.ticket, lifetime=STEP_LIFETIME)
    return response


def enter(request: Request, entered: Entered | None, target: str) -> Response:
    """Return the answer that leads somebody to a page, signed in on this device."""
    return give_cookies(request, see_other(target), entered)


def give_cookies(request: Request, response: Response, entered: Entered | None) -> Response:
    """Sign a device in with an answer: give it the token, and remember who has signed in here before."""
    if entered:
        set_session_cookie(response, entered.token)
    if entered and not entered.actor.is_guest:
        known = known_devices.remember(request.cookies.get(DEVICE_COOKIE, ''), entered.actor.user_id)
        set_cookie(response, DEVICE_COOKIE, known, lifetime=known_devices.LIFETIME)
    return response


async def keep_guest(entered: Entered, guest: Actor | None, fields: Mapping[str, str]) -> None:
    """Keep what somebody did here as a guest in the account with which they sign in, if they have said that it is
    theirs."""
    if guest and guest.is_guest and fields.get('keep') == 'yes':
        await database.write(merging.adopt, entered.actor, guest=guest)


def see_other(target: str) -> RedirectResponse:
    """Return the answer to a form that leads to a page."""
    return RedirectResponse(target, status_code=303)


def device_of(request: Request) -> str:
    """Return what kind of device this is, in words."""
    agent = request.headers.get('user-agent', '')
    browser = next((name for mark, name in _BROWSERS if mark in agent), '')
    return stored_name(browser, next((name for mark, name in _SYSTEMS if mark in agent), ''))


_BROWSERS = (('Edg', 'Edge'), ('OPR', 'Opera'), ('Firefox', 'Firefox'), ('Chrome', 'Chrome'), ('Safari', 'Safari'))
_SYSTEMS = (
    ('iPhone', 'iPhone'),
    ('iPad', 'iPad'),
    ('Android', 'Android'),
    ('Windows', 'Windows'),
    ('CrOS', 'Chromebook'),
    ('Mac OS', 'Mac'),
    ('Linux', 'Linux'),
)
