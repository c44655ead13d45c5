"""Guessing at passwords is slowed: the first wrong guesses are free, then each one doubles the wait.

Guesses are counted by where they come from, so that a stranger who guesses keeps only strangers out: a browser that
has signed in to the account before has a count of its own.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from models import Throttle
from services.core.errors import TooManyAttempts
from services.core.phrases import Phrase, plural
from services.core.server_address import network_of
from services.core.transaction import Transaction

FREE_GUESSES = 5
FREE_FROM_EVERYWHERE = 50
"""of one account by strangers at all addresses together"""
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One count of wrong guesses, and how many of them are free."""

    key: str
    free: int = FREE_GUESSES


def counts_for(account: str, *, address: str, known_device: str | None) -> tuple[Count, ...]:
    """Return the counts that a guess at an account belongs to: the device's, or the ones of strangers."""
    if known_device:
        return (Count(key=f'sign-in {account} on {known_device}'),)
    return (
        Count(key=f'sign-in {account} from {network_of(address)}'),
        Count(key=f'sign-in {account}', free=FREE_FROM_EVERYWHERE),
    )


def account_key(user_id: int | None, email: str) -> str:
    """Return what stands for an account in a key; unknown addresses have one too, so that the two look the same."""
    return str(user_id) if user_id else f'?{hashlib.sha256(email.encode()).hexdigest()[:32]}'


def check(tx: Transaction, counts: Sequence[Count], *, said: Callable[[int], Phrase] | None = None) -> None:
    """Raise `TooManyAttempts` while the wait after the last wrong guess, or the last mail, is not over."""
    waits = [_seconds_left(tx, count) for count in counts]
    if seconds := max(waits):
        raise TooManyAttempts((said or _wait_for)(seconds), seconds=seconds)


def failed(tx: Transaction, counts: Sequence[Count]) -> None:
    """Count a wrong guess."""
    for count in counts:
        throttle = tx.session.get(Throttle, count.key)
        if throttle is None:
            throttle = Throttle(key=count.key, failures=0, last_failure_at=tx.now)
        elif tx.now - throttle.last_failure_at > FORGOTTEN_AFTER:
            throttle.failures = 0
        throttle.failures += 1
        throttle.last_failure_at = tx.now
        tx.session.add(throttle)


def take_back(tx: Transaction, counts: Sequence[Count]) -> None:
    """Take a wrong guess back that was never looked at."""
    for count in counts:
        if (throttle := tx.session.get(Throttle, count.key)) and throttle.failures > 1:
            throttle.failures -= 1
            tx.session.add(throttle)
        elif throttle:
            tx.session.delete(throttle)


def succeeded(tx: Transaction, counts: Sequence[Count]) -> None:
    """Forget the wrong guesses of the one who has just proved to be right."""
    tx.execute(delete(Throttle).where(col(Throttle.key).in_([count.key for count in counts])))


def forget_account(tx: Transaction, user_id: int) -> None:
    """Forget all wrong guesses at an account, as when it gets a new password."""
    of_account = col(Throttle.key).like(f'sign-in {user_id} %') | (col(Throttle.key) == f'sign-in {user_id}')
    tx.execute(delete(Throttle).where(of_account))


def forget_address(tx: Transaction, email: str) -> None:
    """Forget what was asked for with an address that is nobody's any more: the keys have its hash."""
    tx.execute(delete(Throttle).where(col(Throttle.key).contains(account_key(None, email), autoescape=True)))


def clear(tx: Transaction) -> int:
    """Delete the counts that are too old to matter; returns how many. To be called once a day."""
    return tx.change(delete(Throttle).where(col(Throttle.last_failure_at) < tx.now - FORGOTTEN_AFTER))


def _seconds_left(tx: Transaction, count: Count) -> int:
    throttle = tx.session.get(Throttle, count.key)
    if throttle is None:
        return 0
    over = throttle.last_failure_at + _wait(throttle.failures, count.free)
    # a clock that was set back must not lock anyone out for longer than the longest wait
    return int((over - tx.now).total_seconds()) + 1 if tx.now < over <= tx.now + LONGEST_WAIT else 0


def _wait(failures: int, free: int) -> timedelta:
    if failures < free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free + 1, 16)), LONGEST_WAIT)


def too_many_mails(seconds: int) -> Phrase:
    """Return what somebody reads who has had mails sent again and again."""
    return plural(
        'Several mails were asked for already. Look into your mails, also among the unwanted ones, or try again in one '
        'minute.',
        'Several mails were asked for already. Look into your mails, also among the unwanted ones, or try again in '
        '{count} minutes.',
        (seconds + 59) // 60,
    )


def _wait_for(seconds: int) -> Phrase:
    if seconds < 60:
        return plural(
            'Too many wrong tries. Try again in one second.',
            'Too many wrong tries. Try again in {count} seconds.',
            seconds,
        )
    return plural(
        'Too many wrong tries. Try again in one minute.',
        'Too many wrong tries. Try again in {count} minutes.',
        (seconds + 59) // 60,
    )
