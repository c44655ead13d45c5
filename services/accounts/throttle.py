"""Guessing is slowed down: five wrong guesses are free, then each one doubles the wait."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from models import Throttle
from services.core.database import Transaction
from services.core.errors import TooManyAttempts

FREE_GUESSES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def check(tx: Transaction, key: str) -> None:
    """Raise `TooManyAttempts` while the wait after the last wrong guess is not over."""
    throttle = tx.session.get(Throttle, key)
    if throttle is None:
        return
    over = throttle.last_failure_at + _wait(throttle.failures)
    # a clock that was set back must not lock anyone out for longer than the longest wait
    if tx.now < over <= tx.now + LONGEST_WAIT:
        seconds = int((over - tx.now).total_seconds()) + 1
        raise TooManyAttempts(f'Too many wrong tries. Try again in {_in_words(seconds)}.', seconds=seconds)


def failed(tx: Transaction, key: str) -> None:
    """Count a wrong guess."""
    throttle = tx.session.get(Throttle, key)
    if throttle is None:
        throttle = Throttle(key=key, failures=0, last_failure_at=tx.now)
    elif tx.now - throttle.last_failure_at > FORGOTTEN_AFTER:
        throttle.failures = 0
    throttle.failures += 1
    throttle.last_failure_at = tx.now
    tx.session.add(throttle)


def succeeded(tx: Transaction, key: str) -> None:
    """Forget the wrong guesses."""
    if throttle := tx.session.get(Throttle, key):
        tx.session.delete(throttle)


def forget_old(tx: Transaction) -> None:
    """Forget the wrong guesses that do not count any more; their keys hold what somebody typed."""
    tx.execute(delete(Throttle).where(col(Throttle.last_failure_at) < tx.now - FORGOTTEN_AFTER))


def _wait(failures: int) -> timedelta:
    if failures < FREE_GUESSES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_GUESSES + 1, 16)), LONGEST_WAIT)


def _in_words(seconds: int) -> str:
    if seconds < 60:
        return f'{seconds} seconds' if seconds > 1 else 'one second'
    minutes = (seconds + 59) // 60
    return f'{minutes} minutes' if minutes > 1 else 'one minute'
