"""The one clock. Moments are aware and in UTC; screens turn them into the person's own zone."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
