"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when the phone is lost.

A code is good once: the time step of the last one is kept, and it and all earlier ones are refused. Wrong codes are
counted like wrong passwords, in counts of their own that a new password does not clear. Of a recovery code only a
keyed hash is stored; the secret of the app is sealed, because codes are computed from it.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pyotp
from sqlalchemy import delete, exists, func, select, update
from sqlmodel import col

from models import RecoveryCode, Role, SecondFactor, User, Verb
from services.accounts import throttle
from services.accounts.throttle import Count
from services.activity import recording
from services.activity.log import Entry
from services.core import school, sealed
from services.core.errors import DomainError, Invalid, Refused
from services.core.secrets import new_code, new_token, read_code
from services.core.server_address import network_of
from services.core.transaction import Transaction
from settings import settings

STEP = 30
"""seconds for which an authenticator app shows one code"""
TOLERANCE = 1
"""steps by which the clock of a phone may be wrong, either way"""
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
STAFF = frozenset({Role.INSTRUCTOR, Role.ADMIN})
PURPOSE = 'second factor'
FREE_FROM_EVERYWHERE = 10
"""wrong codes of one account at all addresses together; each is a guess by somebody who has the password"""


class Missing(StrEnum):
    """What a person whose password was right still lacks."""

    CODE = 'code'
    SET_UP = 'set_up'
    """the school insists on a second factor, and this account has none yet"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The second factor of an account, as its owner sees it."""

    since: datetime | None
    """None while there is none"""
    codes_left: int


def missing(tx: Transaction, user_id: int) -> Missing | None:
    """Return what is still needed after the password; None if the person may come in."""
    if is_on(tx, user_id):
        return Missing.CODE
    if settings().second_factor_required and tx.session.get_one(User, user_id).role in STAFF:
        return Missing.SET_UP
    return None


def is_on(tx: Transaction, user_id: int) -> bool:
    """Tell whether an account has a second factor."""
    return bool(tx.execute(select(exists().where(col(SecondFactor.user_id) == user_id))).scalar())


def state(tx: Transaction, user_id: int) -> State:
    """Return since when there is a second factor, and how many recovery codes are left."""
    since = tx.execute(select(col(SecondFactor.created_at)).where(col(SecondFactor.user_id) == user_id)).scalar()
    left = select(func.count()).where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.used_at).is_(None))
    return State(since=since, codes_left=tx.execute(left).scalar_one())


def new_secret() -> str:
    """Return a secret for an authenticator app: 160 random bits, as RFC 4226 advises."""
    return pyotp.random_base32(32)


def address_for_app(secret: str, account: str) -> str:
    """Return what the QR code says to an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=school.current().name.replace(':', ' '))


def check(
    tx: Transaction, user_id: int, typed: str, *, address: str = '', known_device: str | None = None
) -> DomainError | None:
    """Use up a code, of the app or for recovery; returns the refusal of a wrong one, so that its count is kept.

    Raises `TooManyAttempts` while the wait after too many wrong ones is not over.
    """
    factor = _locked(tx, user_id)
    counts = _counts(user_id, address, known_device)
    throttle.check(tx, counts)
    if factor is None or not (_use_step(tx, factor, typed) or _use_recovery_code(tx, user_id, typed)):
        throttle.failed(tx, counts)
        tx.note('wrong second factor', user=user_id)
        return Invalid(
            'This code is not right, or was used already. Wait for the next one of your app, or use a recovery code.',
            field='code',
        )
    throttle.succeeded(tx, counts)
    return None


def add(tx: Transaction, user_id: int, secret: str, typed: str) -> list[str]:
    """Give an account its second factor, once a code proves that the app has the secret; returns recovery codes."""
    tx.execute(select(col(User.id)).where(col(User.id) == user_id).with_for_update())
    if is_on(tx, user_id):
        raise Refused('Your account has a second factor already. Remove it before you set up another one.')
    step = _step_of(tx, secret, typed)
    if step is None:
        raise Invalid('This code is not right. Type the one that your app shows now.', field='code')
    stored = sealed.seal(secret, purpose=PURPOSE)
    tx.session.add(SecondFactor(user_id=user_id, secret=stored, last_step=step, created_at=tx.now))
    tx.session.flush()
    _record(tx, Verb.SECOND_FACTOR_ADDED, user_id, by=user_id)
    tx.note('second factor added', user=user_id)
    return renew_codes(tx, user_id)


def remove(tx: Transaction, user_id: int, *, by: int | None) -> bool:
    """Remove the second factor of an account and its recovery codes; returns whether there was one.

    `by` is the person themselves, an admin, or None for the server. The caller has checked who may.
    """
    tx.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    if not tx.change(delete(SecondFactor).where(col(SecondFactor.user_id) == user_id)):
        return False
    _record(tx, Verb.SECOND_FACTOR_REMOVED, user_id, by=by)
    tx.note('second factor removed', user=user_id, by=by)
    return True


def renew_codes(tx: Transaction, user_id: int) -> list[str]:
    """Return fresh recovery codes; the ones before are good no more."""
    tx.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    codes = [new_code(RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    tx.session.add_all(RecoveryCode(user_id=user_id, code_hash=_code_hash(user_id, code)) for code in codes)
    tx.session.flush()
    return codes


def _locked(tx: Transaction, user_id: int) -> SecondFactor | None:
    """Return the row, so that two who send the same code at once wait for each other."""
    mine = select(SecondFactor).where(col(SecondFactor.user_id) == user_id).with_for_update()
    found: SecondFactor | None = tx.execute(mine).scalar_one_or_none()
    return found


def _use_step(tx: Transaction, factor: SecondFactor, typed: str) -> bool:
    step = _step_of(tx, sealed.unseal(factor.secret, purpose=PURPOSE), typed)
    if step is None or step <= factor.last_step:
        return False
    factor.last_step = step
    tx.session.add(factor)
    tx.session.flush()
    return True


def _step_of(tx: Transaction, secret: str, typed: str) -> int | None:
    """Return the time step to which a code belongs; None if it belongs to none of these minutes."""
    code = read_code(typed)
    if not secret or len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        return None
    now, app = int(tx.now.timestamp()) // STEP, pyotp.HOTP(secret, digits=DIGITS)
    steps = range(now - TOLERANCE, now + TOLERANCE + 1)
    return next((step for step in steps if hmac.compare_digest(app.at(step), code)), None)


def _use_recovery_code(tx: Transaction, user_id: int, typed: str) -> bool:
    code = read_code(typed)
    if len(code) != RECOVERY_LENGTH:
        return False
    this = col(RecoveryCode.user_id) == user_id, col(RecoveryCode.code_hash) == _code_hash(user_id, code)
    return bool(
        tx.change(update(RecoveryCode).where(*this, col(RecoveryCode.used_at).is_(None)).values(used_at=tx.now))
    )


def _code_hash(user_id: int, code: str) -> str:
    """Return what is stored of a recovery code: with the key of this installation, so that nobody tries all codes."""
    key = hmac.digest(settings().secret_key.encode(), b'recovery codes', 'sha256')
    return hmac.new(key, f'{user_id} {code}'.encode(), 'sha256').hexdigest()


def _counts(user_id: int, address: str, known_device: str | None) -> tuple[Count, ...]:
    if known_device:
        return (Count(key=f'code {user_id} on {known_device}'),)
    return (
        Count(key=f'code {user_id} from {network_of(address)}'),
        Count(key=f'code {user_id}', free=FREE_FROM_EVERYWHERE),
    )


def _record(tx: Transaction, verb: Verb, user_id: int, *, by: int | None) -> None:
    about = by if by != user_id else None
    entry = Entry(
        user_id=user_id,
        tap_id=f'{verb}:{new_token()[:20]}',
        verb=verb,
        course_id=None,
        about_id=about,
        details={'by': 'owner' if by == user_id else 'admin' if by else 'server'},
    )
    recording.record(tx, [entry])
