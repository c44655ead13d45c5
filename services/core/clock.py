"""The one clock. Moments are aware and in UTC; `zones` knows which day that is for a person."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
