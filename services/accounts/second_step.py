"""The second step of signing in: a code, or setting the second factor up where the school insists on one."""

from dataclasses import dataclass

from models import User
from services.accounts import half_way, known_devices, second_factor, set_up, sign_ins
from services.accounts.oidc import people
from services.accounts.second_factor import Missing
from services.accounts.set_up import SetUp
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import DomainError, NotSignedIn
from services.core.phrases import phrase
from services.core.transaction import Transaction

TOO_LATE = phrase('The second step has to follow within ten minutes. Sign in again.')


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What somebody half way in is asked for."""

    user_id: int
    account: str
    """their e-mail address, or their name where they have none"""
    missing: Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """Somebody is in; with recovery codes, shown once, where the second factor was set up on the way."""

    entered: Entered
    recovery_codes: tuple[str, ...] = ()


def look(tx: Transaction, ticket: str) -> Step:
    """Return what is asked for; raises `NotSignedIn` for a ticket that is forged, too old, or needed no more."""
    user_id = half_way.holder_of(ticket)
    user = tx.session.get(User, user_id) if user_id else None
    if user is None or user.disabled_at or not half_way.belongs(ticket, user):
        raise NotSignedIn(TOO_LATE)
    if not (missing := second_factor.missing(tx, user.id)):
        raise NotSignedIn(TOO_LATE)
    return Step(user_id=user.id, account=user.email or user.name, missing=missing)


async def finish(
    ticket: str,
    *,
    code: str,
    draft: str = '',
    device: str,
    replaces: str | None = None,
    address: str = '',
    known_device: str = '',
) -> Arrived:
    """Sign in with a code. Raises `Invalid` for a wrong one, `TooManyAttempts`, or `NotSignedIn`.

    `draft` is the second factor that is being set up, where that is what is missing.
    """

    def take(tx: Transaction) -> Arrived | DomainError:
        step = look(tx, ticket)
        codes: list[str] = []
        if step.missing is Missing.SET_UP:
            codes = second_factor.add(tx, step.user_id, set_up.read(draft, step.user_id).secret, code)
        else:
            known = known_devices.known(known_device, step.user_id)
            if refusal := second_factor.check(tx, step.user_id, code, address=address, known_device=known):
                return refusal
        entered = sign_ins.enter(tx, step.user_id, device, replaces)
        if via := half_way.via_of(ticket):
            people.remember(tx, entered, via)
        return Arrived(entered=entered, recovery_codes=tuple(codes))

    outcome = await database.write(take)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def draft(step: Step, packed: str = '') -> SetUp:
    """Return what the app of somebody half way in is given: the draft that their page has shown already, or a new
    one."""
    return set_up.draft(step.user_id, step.account, packed)
