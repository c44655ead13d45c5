"""Browsers that have signed in to an account before: others' wrong passwords do not keep its owner out there.

A browser keeps a signed cookie with a random name of its own and the people who have signed in on it. It opens
nothing: it only gives wrong passwords on this browser a count of their own (see `throttle.py`).
"""

import secrets
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from settings import settings

LIFETIME = timedelta(days=400)
"""the longest that browsers keep a cookie"""
MOST_PEOPLE = 10


def remember(cookie: str, user_id: int) -> str:
    """Return the cookie of a browser on which a person has just signed in."""
    name, people = _read(cookie) or (secrets.token_urlsafe(12), [])
    people = [*(id_ for id_ in people if id_ != user_id), user_id][-MOST_PEOPLE:]
    return str(_serializer().dumps([name, people]))


def known(cookie: str, user_id: int | None) -> str | None:
    """Return the name of a browser if this person has signed in on it before."""
    name, people = _read(cookie) or ('', [])
    return name if user_id in people else None


def _read(cookie: str) -> tuple[str, list[int]] | None:
    try:
        name, people = _serializer().loads(cookie, max_age=int(LIFETIME.total_seconds()))
    except (BadData, TypeError, ValueError):
        return None
    return str(name), [int(id_) for id_ in people]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt='known device')
