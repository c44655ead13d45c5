"""Launches under way: a browser begins one, a platform vouches for it, and the same browser signs in with it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import delete, select, update
from sqlmodel import col

from models import LtiLogin
from services.access import Actor
from services.core import database
from services.core.errors import Gone, NotFound, Refused
from services.core.phrases import phrase
from services.core.secrets import new_token, token_hash
from services.core.transaction import Transaction
from services.lms import messages, platforms
from services.lms.messages import Launch
from services.lms.platforms import Platform

LIFETIME = timedelta(minutes=10)
"""for the platform to answer, and then for the browser to enter"""
CHOOSING = timedelta(hours=12)
"""for a teacher to choose what a link leads to"""
LONGEST_HINT = 4000
_AGAIN = phrase('This launch has ended, or was used already. Open it again from your course.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """Where the browser goes, and the cookie by which it is known again."""

    address: str
    cookie: str
    """the name of the cookie: each launch has its own, so that two at once do not disturb each other"""
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A launch that a platform has vouched for."""

    login_id: int
    platform: Platform
    launch: Launch
    user_id: int | None
    in_frame: bool
    """whether a frame of the platform waits for what is chosen"""


def begin(
    tx: Transaction,
    *,
    issuer: str,
    client_id: str,
    login_hint: str,
    message_hint: str,
    redirect_to: str,
    frame: str = '',
) -> Begun:
    """Begin a launch; the platform is asked who this is. `frame` is the name of the frame that has opened a window."""
    platform = platforms.find(tx, issuer=issuer, client_id=client_id)
    if not login_hint or len(login_hint) > LONGEST_HINT or len(message_hint) > LONGEST_HINT:
        raise Refused('The platform does not say who wants to enter. Open it again from your course.')
    state, nonce, browser = new_token(), new_token(), new_token()
    row = LtiLogin(
        platform_id=platform.platform_id,
        state_hash=token_hash(state),
        nonce_hash=token_hash(nonce),
        browser_hash=token_hash(browser),
        frame_hash=token_hash(frame) if frame else None,
        created_at=tx.now,
    )
    tx.session.add(row)
    asked = {
        'scope': 'openid',
        'response_type': 'id_token',
        'response_mode': 'form_post',
        'prompt': 'none',
        'client_id': platform.client_id,
        'redirect_uri': redirect_to,
        'login_hint': login_hint,
        'state': state,
        'nonce': nonce,
    }
    if message_hint:
        asked['lti_message_hint'] = message_hint
    separator = '&' if '?' in platform.auth_login_url else '?'
    address = f'{platform.auth_login_url}{separator}{urlencode(asked)}'
    return Begun(address=address, cookie=row.state_hash[:12], browser=browser)


async def take(*, id_token: str, state: str) -> str:
    """Take what a platform has signed; returns a ticket for the browser that began the launch."""
    platform, nonce_hash = await database.write(_use_state, state)
    launch = await messages.verified(platform, id_token, nonce_hash=nonce_hash)
    return await database.write(_keep, state, launch)


def find(tx: Transaction, ticket: str, *, browser: str) -> Open:
    """Return the launch of a ticket to the browser that began it, as long as nobody has entered with it."""
    row = _row(tx, ticket)
    is_old = row is None or row.created_at + LIFETIME <= tx.now or row.user_id is not None
    if row is None or is_old or not secrets.compare_digest(row.browser_hash, token_hash(browser)):
        raise Gone(_AGAIN)
    return _open(tx, row)


def entered(tx: Transaction, login: Open, user_id: int) -> None:
    """Note who has entered; the ticket enters nobody else."""
    fresh = col(LtiLogin.id) == login.login_id, col(LtiLogin.user_id).is_(None)
    if not tx.change(update(LtiLogin).where(*fresh).values(user_id=user_id)):
        raise Gone(_AGAIN)


def of_actor(tx: Transaction, actor: Actor, ticket: str) -> Open:
    """Return the launch with which the actor has entered, while they choose what the link leads to."""
    row = _row(tx, ticket)
    if row is None or row.user_id != actor.user_id or row.created_at + CHOOSING <= tx.now:
        raise NotFound(_AGAIN)
    return _open(tx, row)


def keep_choice(tx: Transaction, login: Open, key: str) -> None:
    """Keep what was chosen to be added, for the frame that waits for it."""
    tx.execute(update(LtiLogin).where(col(LtiLogin.id) == login.login_id).values(place_key=key))


def of_frame(tx: Transaction, frame: str) -> tuple[Open, str]:
    """Return the launch in which something was chosen for a frame, and the key of that; the newest one counts."""
    fresh = col(LtiLogin.place_key).is_not(None), col(LtiLogin.created_at) > tx.now - CHOOSING
    rows = select(LtiLogin).where(col(LtiLogin.frame_hash) == token_hash(frame), *fresh)
    row = tx.session.scalars(rows.order_by(col(LtiLogin.id).desc()).limit(1)).first()
    if row is None or row.place_key is None:
        raise NotFound('Nothing was chosen yet. Choose it in the window of Waymark first.')
    return _open(tx, row), row.place_key


def forget_old(tx: Transaction) -> int:
    """Delete launches that have ended; returns how many.

    Anybody can begin one, so those with which nobody has entered in time go first.
    """
    is_over = col(LtiLogin.created_at) < tx.now - timedelta(days=1)
    is_unused = col(LtiLogin.user_id).is_(None) & (col(LtiLogin.created_at) <= tx.now - LIFETIME)
    return tx.change(delete(LtiLogin).where(is_over | is_unused))


def _use_state(tx: Transaction, state: str) -> tuple[Platform, str]:
    """Use the state of a launch up: a second answer with it is refused, also while the first one is checked."""
    row = tx.session.scalars(
        select(LtiLogin).where(col(LtiLogin.state_hash) == token_hash(state)).with_for_update()
    ).one_or_none()
    if row is None or row.claims is not None or row.created_at + LIFETIME <= tx.now:
        raise Gone(_AGAIN)
    row.claims = {}
    tx.session.add(row)
    return platforms.get(tx, row.platform_id), row.nonce_hash


def _keep(tx: Transaction, state: str, launch: Launch) -> str:
    ticket = f'{token_hash(state)[:12]}.{new_token()}'
    mine = col(LtiLogin.state_hash) == token_hash(state)
    kept = {'claims': launch.stored, 'ticket_hash': token_hash(ticket)}
    tx.execute(update(LtiLogin).where(mine).values(**kept))
    return ticket


def _row(tx: Transaction, ticket: str) -> LtiLogin | None:
    return tx.session.scalars(select(LtiLogin).where(col(LtiLogin.ticket_hash) == token_hash(ticket))).one_or_none()


def _open(tx: Transaction, row: LtiLogin) -> Open:
    return Open(
        login_id=row.id,
        platform=platforms.get(tx, row.platform_id),
        launch=messages.recalled(row.claims or {}),
        user_id=row.user_id,
        in_frame=row.frame_hash is not None,
    )
